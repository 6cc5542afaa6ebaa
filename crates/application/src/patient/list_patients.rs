//! Many patients.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Patient, PatientId};
use doctor_booking_ports::{Page, PageRequest, PatientFilter, Patients};

use crate::{AccessError, Gate, Resource, Scope};

/// Lists and searches patients.
#[derive(Clone)]
pub struct ListPatients {
    gate: Gate,
    patients: Arc<dyn Patients>,
}

impl ListPatients {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, patients: Arc<dyn Patients>) -> Self {
        Self { gate, patients }
    }

    /// The patients that pass the filter, in the order of registration, a page at a time.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &PatientFilter,
        page: &PageRequest<PatientId>,
    ) -> Result<Page<Patient, PatientId>, AccessError> {
        let filter = match self.gate.scope(actor, Action::ReadPatients)? {
            Scope::All => filter.clone(),
            Scope::OfDoctor(doctor) => PatientFilter { seen_by: Some(doctor), ..filter.clone() },
            Scope::OfPatient(patient) => PatientFilter { only: Some(patient), ..filter.clone() },
        };
        let found = self.patients.list(&filter, page)?;
        let seen = found.items.iter().map(|patient| Resource::of_patient(patient.id()));
        self.gate.seen(actor, Action::ReadPatients, seen)?;
        Ok(found)
    }
}
