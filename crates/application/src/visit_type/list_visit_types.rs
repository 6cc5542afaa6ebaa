//! Many kinds of visits.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, VisitType};
use doctor_booking_ports::{Page, PageRequest, VisitTypeFilter, VisitTypePosition, VisitTypes};

use crate::{AccessError, Gate};

/// Lists visit types.
#[derive(Clone)]
pub struct ListVisitTypes {
    gate: Gate,
    visit_types: Arc<dyn VisitTypes>,
}

impl ListVisitTypes {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, visit_types: Arc<dyn VisitTypes>) -> Self {
        Self { gate, visit_types }
    }

    /// The visit types that pass the filter, by name, a page at a time.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &VisitTypeFilter,
        page: &PageRequest<VisitTypePosition>,
    ) -> Result<Page<VisitType, VisitTypePosition>, AccessError> {
        self.gate.require(actor, Action::ReadVisitTypes)?;
        Ok(self.visit_types.list(filter, page)?)
    }
}
