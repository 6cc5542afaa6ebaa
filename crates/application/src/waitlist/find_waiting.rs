//! One place in line.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Role, Waiting, WaitingId};
use doctor_booking_ports::{Unavailable, Waitlist};

/// Finds a place in line.
#[derive(Clone)]
pub struct FindWaiting {
    waitlist: Arc<dyn Waitlist>,
}

impl FindWaiting {
    /// The use case over this port.
    pub fn new(waitlist: Arc<dyn Waitlist>) -> Self {
        Self { waitlist }
    }

    /// The place with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: WaitingId) -> Result<Option<Waiting>, Unavailable> {
        let Role::Administrator = actor.role;
        self.waitlist.find(id)
    }
}
