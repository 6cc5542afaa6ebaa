//! What has happened, in the order in which everybody learns of it.

use doctor_booking_domain::{Audience, EntryId};
use doctor_booking_ports::{Event, Events, Limit, Unavailable};

use crate::MemoryStore;
use crate::store::State;

/// [`Events`] in memory: what is written is published at once, since one lock is around every change.
#[derive(Clone, Debug)]
pub struct MemoryEvents(MemoryStore);

impl MemoryEvents {
    /// What has happened in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Events for MemoryEvents {
    fn publish(&self) -> Result<usize, Unavailable> {
        Ok(0)
    }

    fn after(&self, position: i64, audience: Audience, limit: Limit) -> Result<Vec<Event>, Unavailable> {
        let state = self.0.lock();
        let told = state.events_after(position).filter(|event| audience.may_know(&event.entry));
        Ok(told.take(usize::from(limit.get())).collect())
    }

    fn position_of(&self, entry: EntryId) -> Result<Option<i64>, Unavailable> {
        let state = self.0.lock();
        Ok((1..).zip(&state.history).find(|(_, written)| written.id == entry).map(|(position, _)| position))
    }

    fn last(&self) -> Result<i64, Unavailable> {
        Ok(self.0.lock().last_position())
    }
}

impl State {
    pub(crate) fn events_after(&self, position: i64) -> impl Iterator<Item = Event> {
        let numbered = (1..).zip(&self.history);
        numbered
            .skip_while(move |&(at, _)| at <= position)
            .map(|(position, entry)| Event { position, entry: entry.clone() })
    }

    pub(crate) fn last_position(&self) -> i64 {
        i64::try_from(self.history.len()).unwrap_or(i64::MAX)
    }
}
