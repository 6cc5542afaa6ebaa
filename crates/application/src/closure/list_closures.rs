//! All closures.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Closure};
use doctor_booking_ports::{ClosurePosition, Closures, Page, PageRequest};

use crate::{AccessError, Gate};

/// Lists closures.
#[derive(Clone)]
pub struct ListClosures {
    gate: Gate,
    closures: Arc<dyn Closures>,
}

impl ListClosures {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, closures: Arc<dyn Closures>) -> Self {
        Self { gate, closures }
    }

    /// All closures, by date, a page at a time.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        page: &PageRequest<ClosurePosition>,
    ) -> Result<Page<Closure, ClosurePosition>, AccessError> {
        self.gate.require(actor, Action::ReadClosures)?;
        Ok(self.closures.list(page)?)
    }
}
