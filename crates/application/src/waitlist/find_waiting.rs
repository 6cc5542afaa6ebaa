//! One place in line.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Waiting, WaitingId};
use doctor_booking_ports::Waitlist;

use crate::{AccessError, Gate};

/// Finds a place in line.
#[derive(Clone)]
pub struct FindWaiting {
    gate: Gate,
    waitlist: Arc<dyn Waitlist>,
}

impl FindWaiting {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, waitlist: Arc<dyn Waitlist>) -> Self {
        Self { gate, waitlist }
    }

    /// The place with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: WaitingId) -> Result<Option<Waiting>, AccessError> {
        self.gate.pass(actor, Action::Wait, self.waitlist.find(id)?)
    }
}
