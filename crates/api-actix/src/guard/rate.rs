//! How much each may ask for: requests a second, in the long run and at once.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use doctor_booking_domain::CallerId;
use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::GuardSettings;
use super::address::Address;
use crate::code::Code;
use crate::problem::Problem;

/// After how many questions those are forgotten who have asked nothing for a while: as many are known at most who could
/// have been forgotten.
const QUESTIONS_BETWEEN_UPKEEP: u32 = 8192;

/// How much each may ask for.
pub(super) struct Rates {
    addresses: Limiter<Address>,
    staff: Limiter<CallerId>,
    patients: Limiter<CallerId>,
}

impl Rates {
    pub(super) fn new(settings: &GuardSettings) -> Self {
        Self {
            addresses: Limiter::new(settings.address_rate, 2, MonotonicClock),
            staff: Limiter::new(settings.staff_rate, 2, MonotonicClock),
            patients: Limiter::new(settings.patients_rate, 10, MonotonicClock),
        }
    }

    pub(super) fn admit_address(&self, address: Address) -> Result<(), Problem> {
        self.addresses.admit(&address).map_err(|wait| too_many("from this address", wait))
    }

    pub(super) fn admit_caller(&self, caller: CallerId, is_staff: bool) -> Result<(), Problem> {
        let limiter = if is_staff { &self.staff } else { &self.patients };
        limiter.admit(&caller).map_err(|wait| too_many("by this caller", wait))
    }
}

fn too_many(whose: &str, wait: Duration) -> Problem {
    // Rounded up: whoever comes again then is let in.
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let seconds = u16::try_from(seconds).unwrap_or(u16::MAX).max(1);
    let detail = format!("too many requests {whose}; the next one is answered in {seconds} s");
    Problem::new(Code::TooManyRequests, detail).retry_after(seconds)
}

type Known<K, C> = RateLimiter<K, HashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// How much each of one kind may ask for.
struct Limiter<K: Hash + Eq + Clone, C: Clock = MonotonicClock> {
    /// `None`: as much as it likes.
    known: Option<Known<K, C>>,
    clock: C,
    since_upkeep: AtomicU32,
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Limiter<K, C> {
    /// So many a second in the long run, and that times `burst` at once; 0: as many as it likes.
    fn new(a_second: u32, burst: u32, clock: C) -> Self {
        let quota = NonZeroU32::new(a_second).map(|a_second| {
            let at_once = a_second.saturating_mul(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN));
            Quota::per_second(a_second).allow_burst(at_once)
        });
        let known = quota.map(|quota| RateLimiter::hashmap_with_clock(quota, clock.clone()));
        Self { known, clock, since_upkeep: AtomicU32::new(0) }
    }

    /// Whether it may ask; if not, how long until it may.
    fn admit(&self, key: &K) -> Result<(), Duration> {
        let Some(known) = &self.known else { return Ok(()) };
        if self.since_upkeep.fetch_add(1, Ordering::Relaxed) >= QUESTIONS_BETWEEN_UPKEEP {
            self.since_upkeep.store(0, Ordering::Relaxed);
            known.retain_recent();
            known.shrink_to_fit();
        }
        known.check_key(key).map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn each_has_its_own_measure_and_it_fills_again() {
        let clock = FakeRelativeClock::default();
        let limiter = Limiter::new(4, 2, clock.clone());
        for _ in 0..8 {
            assert_eq!(limiter.admit(&"arya"), Ok(()));
        }
        let wait = limiter.admit(&"arya").expect_err("it is empty");
        assert_eq!(wait, Duration::from_millis(250));
        assert_eq!(limiter.admit(&"sansa"), Ok(()));
        clock.advance(wait.checked_sub(Duration::from_nanos(1)).expect("it is longer"));
        assert!(limiter.admit(&"arya").is_err(), "the wait is not longer than it has to be");
        clock.advance(Duration::from_nanos(1));
        assert_eq!(limiter.admit(&"arya"), Ok(()), "nor shorter");
        assert!(limiter.admit(&"arya").is_err());
    }

    #[test]
    fn zero_is_no_limit() {
        let limiter = Limiter::new(0, 2, FakeRelativeClock::default());
        assert!((0..10_000).all(|_| limiter.admit(&1).is_ok()));
    }

    #[test]
    fn a_limit_may_be_as_large_as_there_are_numbers() {
        let limiter = Limiter::new(u32::MAX, 10, FakeRelativeClock::default());
        assert!((0..10_000).all(|_| limiter.admit(&1).is_ok()));
    }

    #[test]
    fn who_asks_no_more_is_forgotten() {
        let clock = FakeRelativeClock::default();
        let limiter = Limiter::new(10, 10, clock.clone());
        for key in 0..5 * QUESTIONS_BETWEEN_UPKEEP {
            assert_eq!(limiter.admit(&key), Ok(()));
            clock.advance(Duration::from_millis(1));
        }
        let known = limiter.known.as_ref().map(RateLimiter::len).expect("it has a limit");
        assert!(known <= QUESTIONS_BETWEEN_UPKEEP as usize + 200, "{known} are known");
    }

    #[test]
    fn staff_and_patients_are_measured_apart() {
        let settings = GuardSettings { staff_rate: 3, patients_rate: 1, ..GuardSettings::default() };
        let rates = Rates::new(&settings);
        let admitted = |caller: u128, is_staff: bool| {
            (0..100).take_while(|_| rates.admit_caller(CallerId::from_u128(caller), is_staff).is_ok()).count()
        };
        assert_eq!((admitted(1, true), admitted(2, false), admitted(3, false)), (6, 10, 10));
        let refused = rates.admit_caller(CallerId::from_u128(2), false).expect_err("too many");
        assert_eq!(refused.code(), Code::TooManyRequests);
        assert_eq!(refused.answer("id").headers().get("Retry-After").and_then(|it| it.to_str().ok()), Some("1"));
    }

    #[test]
    fn the_wait_is_told_in_seconds_rounded_up() {
        for (millis, seconds) in [(1, "1"), (999, "1"), (1000, "1"), (1001, "2"), (u64::MAX, "65535")] {
            let answer = too_many("by this caller", Duration::from_millis(millis)).answer("id");
            assert_eq!(answer.headers().get("Retry-After").and_then(|it| it.to_str().ok()), Some(seconds));
        }
    }
}
