//! A patient who waits no longer.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Author, Entry, WaitingId, What};
use doctor_booking_ports::{Along, Clock, Ids, Waitlist};

use crate::{AccessError, Gate};

/// Takes a patient out of the line.
#[derive(Clone)]
pub struct LeaveWaitlist {
    gate: Gate,
    waitlist: Arc<dyn Waitlist>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl LeaveWaitlist {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, waitlist: Arc<dyn Waitlist>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { gate, waitlist, clock, ids }
    }

    /// Removes a place; what was held for it is free again. Whether it was there.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: WaitingId) -> Result<bool, AccessError> {
        let Some(waiting) = self.gate.pass(actor, Action::Wait, self.waitlist.find(id)?)? else { return Ok(false) };
        let by = Author { who: actor.into(), at: self.clock.now(), why: None };
        let entry = Entry::waiting(self.ids.entry(), What::WaitlistLeft, &waiting, None, &by);
        Ok(self.waitlist.remove(id, &Along::entry(entry))?)
    }
}
