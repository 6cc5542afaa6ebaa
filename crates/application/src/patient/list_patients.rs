//! Many patients.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Patient, PatientId, Role};
use doctor_booking_ports::{Page, PageRequest, PatientFilter, Patients, Unavailable};

/// Lists and searches patients.
#[derive(Clone)]
pub struct ListPatients {
    patients: Arc<dyn Patients>,
}

impl ListPatients {
    /// The use case over this port.
    pub fn new(patients: Arc<dyn Patients>) -> Self {
        Self { patients }
    }

    /// The patients that pass the filter, in the order of registration, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &PatientFilter,
        page: &PageRequest<PatientId>,
    ) -> Result<Page<Patient, PatientId>, Unavailable> {
        let Role::Administrator = actor.role;
        self.patients.list(filter, page)
    }
}
