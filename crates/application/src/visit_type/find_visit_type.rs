//! One kind of visit.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Role, VisitType, VisitTypeId};
use doctor_booking_ports::{Unavailable, VisitTypes};

/// Finds a visit type.
#[derive(Clone)]
pub struct FindVisitType {
    visit_types: Arc<dyn VisitTypes>,
}

impl FindVisitType {
    /// The use case over this port.
    pub fn new(visit_types: Arc<dyn VisitTypes>) -> Self {
        Self { visit_types }
    }

    /// The visit type with this id, retired or not, if there is one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: VisitTypeId) -> Result<Option<VisitType>, Unavailable> {
        let Role::Administrator = actor.role;
        self.visit_types.find(id)
    }
}
