//! A slot that need not be kept any longer.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Author, Entry, HoldId, Role, What};
use doctor_booking_ports::{Along, Clock, Holds, Ids, Unavailable};

/// Gives a hold back.
#[derive(Clone)]
pub struct ReleaseHold {
    holds: Arc<dyn Holds>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl ReleaseHold {
    /// The use case over these ports.
    pub fn new(holds: Arc<dyn Holds>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { holds, clock, ids }
    }

    /// Gives the caller's hold back; whether the caller had it and it was live. Its slot is free again.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: HoldId) -> Result<bool, Unavailable> {
        let Role::Administrator = actor.role;
        let now = self.clock.now();
        let there = self.holds.find(id)?.filter(|hold| hold.owner == actor.caller && hold.is_live(now));
        let Some(hold) = there else { return Ok(false) };
        let by = Author { who: actor.into(), at: now, why: None };
        let entry = Entry::hold(self.ids.entry(), What::HoldReleased, &hold, &by);
        self.holds.release(id, &Along::entry(entry))
    }
}
