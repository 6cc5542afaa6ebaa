//! One hold.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Hold, HoldId};
use doctor_booking_ports::{Clock, Holds};

use crate::{AccessError, Gate};

/// Finds a hold.
#[derive(Clone)]
pub struct FindHold {
    gate: Gate,
    holds: Arc<dyn Holds>,
    clock: Arc<dyn Clock>,
}

impl FindHold {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, holds: Arc<dyn Holds>, clock: Arc<dyn Clock>) -> Self {
        Self { gate, holds, clock }
    }

    /// The caller's hold with this id, if there is one that is live.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: HoldId) -> Result<Option<Hold>, AccessError> {
        let now = self.clock.now();
        self.gate.pass(actor, Action::Hold, self.holds.find(id)?.filter(|hold| hold.is_live(now)))
    }
}
