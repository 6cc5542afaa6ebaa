//! The keys that are at hand, and when to read them again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use doctor_booking_ports::NotIdentified;

use crate::key::KeySet;
use crate::source::{Source, Stamp};

/// How old keys are before they are read again.
const FRESH: Duration = Duration::from_mins(5);
/// How old they may become when they cannot be read again.
const KEPT: Duration = Duration::from_hours(1);
/// How long nothing is read after something was, whoever wants it.
const PAUSE: Duration = Duration::from_secs(5);

/// What keys have to be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// As good as any.
    Fresh,
    /// Others than those at hand: what is wanted is not among them.
    Others,
}

/// The keys of an identity provider, at hand.
pub(crate) struct Keys {
    source: Source,
    state: Mutex<State>,
    /// Held by whoever reads. Never waited for while the state is locked.
    reading: Mutex<()>,
}

#[derive(Default)]
struct State {
    at_hand: Option<AtHand>,
    /// When reading was last over, well or not, and what the source's stamp was before.
    tried: Option<(Instant, Option<Stamp>)>,
    /// Why that did not go well, unless it did.
    trouble: Option<String>,
}

struct AtHand {
    keys: Arc<KeySet>,
    /// When reading them began.
    since: Instant,
    stamp: Option<Stamp>,
}

impl State {
    /// The keys at hand, unless they are too old.
    fn usable(&self, at: Instant) -> Option<&Arc<KeySet>> {
        let it = self.at_hand.as_ref()?;
        (at.saturating_duration_since(it.since) < KEPT).then_some(&it.keys)
    }

    /// Whether to read.
    fn is_due(&self, wanted: Wanted, stamp: Option<Stamp>, at: Instant) -> bool {
        let needed = wanted == Wanted::Others
            || self
                .at_hand
                .as_ref()
                .is_none_or(|it| at.saturating_duration_since(it.since) >= FRESH || it.stamp != stamp);
        // A file that has changed is not made up by a caller: it need not wait.
        needed && self.tried.is_none_or(|(last, seen)| at.saturating_duration_since(last) >= PAUSE || seen != stamp)
    }
}

impl Keys {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, state: Mutex::default(), reading: Mutex::default() }
    }

    /// The keys at hand, after reading them again if it is time.
    pub(crate) fn get(&self, wanted: Wanted, at: Instant) -> Result<Arc<KeySet>, NotIdentified> {
        if self.is_due(wanted, at)
            && let Some(_reading) = self.begin_to_read(at)
            // Somebody else may have read since.
            && self.is_due(wanted, at)
        {
            self.read(at);
        }
        let state = self.lock();
        state.usable(at).cloned().ok_or_else(|| {
            let trouble = state.trouble.as_deref().unwrap_or("they are being read");
            NotIdentified::Unavailable(format!("{}: {trouble}", self.source.name()))
        })
    }

    fn is_due(&self, wanted: Wanted, at: Instant) -> bool {
        let stamp = self.source.stamp();
        self.lock().is_due(wanted, stamp, at)
    }

    /// The right to read, which one caller has at a time. The others go on with what is there, so that a slow provider
    /// holds up one thread and not all. They wait where nothing is there and nothing is known to be wrong: when a service
    /// has begun, or was left alone for long.
    fn begin_to_read(&self, at: Instant) -> Option<MutexGuard<'_, ()>> {
        let waits = {
            let state = self.lock();
            state.usable(at).is_none() && state.trouble.is_none()
        };
        if waits {
            return Some(self.reading.lock().unwrap_or_else(PoisonError::into_inner));
        }
        match self.reading.try_lock() {
            Ok(reading) => Some(reading),
            Err(TryLockError::Poisoned(reading)) => Some(reading.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn read(&self, at: Instant) {
        // Before what it tells about: should that change while it is read, it is read once more.
        let stamp = self.source.stamp();
        let began = Instant::now();
        let read = self.source.read();
        let name = self.source.name();
        let mut state = self.lock();
        // The pause begins when reading is over: a provider that lets us wait is not asked all the time.
        state.tried = Some((at + began.elapsed(), stamp));
        match read {
            Ok(keys) => {
                if keys.len() == 0 {
                    tracing::warn!(from = name, "the identity provider has no key that statements may be signed with");
                }
                state.trouble = None;
                state.at_hand = Some(AtHand { keys: Arc::new(keys), since: at, stamp });
            }
            Err(trouble) => {
                tracing::warn!(from = name, trouble, "the identity provider's keys cannot be read");
                state.trouble = Some(trouble);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
