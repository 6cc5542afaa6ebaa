//! One closure.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Closure, ClosureId};
use doctor_booking_ports::Closures;

use crate::{AccessError, Gate};

/// Finds a closure.
#[derive(Clone)]
pub struct FindClosure {
    gate: Gate,
    closures: Arc<dyn Closures>,
}

impl FindClosure {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, closures: Arc<dyn Closures>) -> Self {
        Self { gate, closures }
    }

    /// The closure with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: ClosureId) -> Result<Option<Closure>, AccessError> {
        self.gate.require(actor, Action::ReadClosures)?;
        Ok(self.closures.find(id)?)
    }
}
