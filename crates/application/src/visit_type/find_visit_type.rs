//! One kind of visit.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, VisitType, VisitTypeId};
use doctor_booking_ports::VisitTypes;

use crate::{AccessError, Gate};

/// Finds a visit type.
#[derive(Clone)]
pub struct FindVisitType {
    gate: Gate,
    visit_types: Arc<dyn VisitTypes>,
}

impl FindVisitType {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, visit_types: Arc<dyn VisitTypes>) -> Self {
        Self { gate, visit_types }
    }

    /// The visit type with this id, retired or not, if there is one.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: VisitTypeId) -> Result<Option<VisitType>, AccessError> {
        self.gate.require(actor, Action::ReadVisitTypes)?;
        Ok(self.visit_types.find(id)?)
    }
}
