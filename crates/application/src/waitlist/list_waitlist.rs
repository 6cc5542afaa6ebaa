//! Everybody who waits.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Role, Waiting, WaitingId};
use doctor_booking_ports::{Page, PageRequest, Unavailable, WaitingFilter, Waitlist};

/// Lists those who wait.
#[derive(Clone)]
pub struct ListWaitlist {
    waitlist: Arc<dyn Waitlist>,
}

impl ListWaitlist {
    /// The use case over this port.
    pub fn new(waitlist: Arc<dyn Waitlist>) -> Self {
        Self { waitlist }
    }

    /// The places that pass the filter, in the order in which they were entered, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &WaitingFilter,
        page: &PageRequest<WaitingId>,
    ) -> Result<Page<Waiting, WaitingId>, Unavailable> {
        let Role::Administrator = actor.role;
        self.waitlist.list(filter, page)
    }
}
