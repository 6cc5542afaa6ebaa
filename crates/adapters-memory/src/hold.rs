//! Slots that are held for a little while.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Hold, HoldId};
use doctor_booking_ports::{Along, Holds, NewHold, StoreHoldError, Unavailable};

use crate::MemoryStore;
use crate::occupancy::{By, Subject};
use crate::store::{State, insert};

/// [`Holds`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryHolds(MemoryStore);

impl MemoryHolds {
    /// The holds in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Holds for MemoryHolds {
    fn store(&self, new: &NewHold) -> Result<(), StoreHoldError> {
        self.0.lock().store_hold(new)
    }

    fn find(&self, id: HoldId) -> Result<Option<Hold>, Unavailable> {
        Ok(self.0.lock().holds.get(&id).cloned())
    }

    fn release(&self, id: HoldId, along: &Along) -> Result<bool, Unavailable> {
        let mut state = self.0.lock();
        let Some(hold) = state.take_hold(id) else { return Ok(false) };
        let now = along.history.first().map_or(hold.created_at, |entry| entry.at);
        state.settle(&hold, |waiting| waiting.back_in_line(now));
        state.write(along);
        Ok(true)
    }

    fn sweep(&self, now: DateTime<Utc>) -> Result<usize, Unavailable> {
        Ok(self.0.lock().clear_expired(now))
    }
}

impl State {
    pub(crate) fn store_hold(&mut self, new: &NewHold) -> Result<(), StoreHoldError> {
        let NewHold { hold, decided_on, most, along } = new;
        self.is_new(along)?;
        if !self.has_rules(hold.doctor, *decided_on) {
            return Err(StoreHoldError::Stale);
        }
        let now = hold.created_at;
        let counts = |there: &&Hold| there.owner == hold.owner && there.waiting.is_none() && there.is_live(now);
        if hold.waiting.is_none() && self.holds.values().filter(counts).count() >= *most {
            return Err(StoreHoldError::TooMany);
        }
        let (subject, by) = (Subject::Doctor(hold.doctor), By::Hold(hold.id));
        let placement = self.occupancy.room(subject, hold.busy(), by, now).ok_or(StoreHoldError::DoctorBusy)?;
        insert(&mut self.holds, "holds", hold.id, hold.clone())?;
        self.clear_expired(now);
        self.occupancy.occupy(subject, by, hold.busy(), &placement);
        self.write(along);
        Ok(())
    }

    /// The hold, which is no longer there.
    pub(crate) fn take_hold(&mut self, id: HoldId) -> Option<Hold> {
        let hold = self.holds.remove(&id)?;
        self.occupancy.release(Subject::Doctor(hold.doctor), By::Hold(id), hold.busy());
        Some(hold)
    }

    /// Clears away every hold that has expired; how many.
    pub(crate) fn clear_expired(&mut self, now: DateTime<Utc>) -> usize {
        let expired: Vec<_> = self.holds.values().filter(|hold| !hold.is_live(now)).map(|hold| hold.id).collect();
        expired.iter().filter_map(|&id| self.take_hold(id)).count()
    }

    /// The holds that are live after `moment`.
    pub(crate) fn live_holds(&self, moment: DateTime<Utc>) -> impl Iterator<Item = &Hold> {
        self.holds.values().filter(move |hold| hold.expires_at > moment)
    }
}
