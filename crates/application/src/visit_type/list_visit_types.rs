//! Many kinds of visits.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Role, VisitType};
use doctor_booking_ports::{Page, PageRequest, Unavailable, VisitTypeFilter, VisitTypePosition, VisitTypes};

/// Lists visit types.
#[derive(Clone)]
pub struct ListVisitTypes {
    visit_types: Arc<dyn VisitTypes>,
}

impl ListVisitTypes {
    /// The use case over this port.
    pub fn new(visit_types: Arc<dyn VisitTypes>) -> Self {
        Self { visit_types }
    }

    /// The visit types that pass the filter, by name, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &VisitTypeFilter,
        page: &PageRequest<VisitTypePosition>,
    ) -> Result<Page<VisitType, VisitTypePosition>, Unavailable> {
        let Role::Administrator = actor.role;
        self.visit_types.list(filter, page)
    }
}
