//! The clock and the ids of doctor booking, from the operating system.
//!
//! The only place that reads the clock: everything else asks the [`Clock`] port, so that a test can say what time it
//! is.

use chrono::{DateTime, SubsecRound, Utc};
use doctor_booking_domain::{
    BookingId, ClosureId, DoctorId, EntryId, HoldId, PatientId, SeriesId, TimeOffId, TokenId, VisitTypeId, WaitingId,
    WebhookId,
};
use doctor_booking_ports::{Clock, Ids};
use uuid::Uuid;

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock adapter")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// UUIDv7 (RFC 9562): the time in milliseconds, then a counter and random bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct UuidIds;

impl Ids for UuidIds {
    fn doctor(&self) -> DoctorId {
        Uuid::now_v7().into()
    }

    fn patient(&self) -> PatientId {
        Uuid::now_v7().into()
    }

    fn booking(&self) -> BookingId {
        Uuid::now_v7().into()
    }

    fn time_off(&self) -> TimeOffId {
        Uuid::now_v7().into()
    }

    fn closure(&self) -> ClosureId {
        Uuid::now_v7().into()
    }

    fn visit_type(&self) -> VisitTypeId {
        Uuid::now_v7().into()
    }

    fn hold(&self) -> HoldId {
        Uuid::now_v7().into()
    }

    fn series(&self) -> SeriesId {
        Uuid::now_v7().into()
    }

    fn waiting(&self) -> WaitingId {
        Uuid::now_v7().into()
    }

    fn webhook(&self) -> WebhookId {
        Uuid::now_v7().into()
    }

    fn token(&self) -> TokenId {
        Uuid::now_v7().into()
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        // Without randomness there is nothing that could be kept secret.
        getrandom::fill(&mut secret).expect("the operating system has random bytes");
        secret
    }

    fn entry(&self) -> EntryId {
        Uuid::now_v7().into()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_clock_tells_whole_microseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000, 0);
    }

    #[test]
    fn ids_are_of_version_7_sort_by_time_and_never_come_twice() {
        let ids: Vec<_> = (0..10_000).map(|_| UuidIds.booking()).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 7));
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    }
}
