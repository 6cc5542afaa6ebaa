//! A patient who waits no longer.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Author, Entry, Role, WaitingId, What};
use doctor_booking_ports::{Along, Clock, Ids, Unavailable, Waitlist};

/// Takes a patient out of the line.
#[derive(Clone)]
pub struct LeaveWaitlist {
    waitlist: Arc<dyn Waitlist>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl LeaveWaitlist {
    /// The use case over these ports.
    pub fn new(waitlist: Arc<dyn Waitlist>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { waitlist, clock, ids }
    }

    /// Removes a place; what was held for it is free again. Whether it was there.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: WaitingId) -> Result<bool, Unavailable> {
        let Role::Administrator = actor.role;
        let Some(waiting) = self.waitlist.find(id)? else { return Ok(false) };
        let by = Author { who: actor.into(), at: self.clock.now(), why: None };
        let entry = Entry::waiting(self.ids.entry(), What::WaitlistLeft, &waiting, None, &by);
        self.waitlist.remove(id, &Along::entry(entry))
    }
}
