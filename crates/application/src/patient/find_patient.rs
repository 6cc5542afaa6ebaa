//! One patient.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Patient, PatientId, Role};
use doctor_booking_ports::{Patients, Unavailable};

/// Finds a patient.
#[derive(Clone)]
pub struct FindPatient {
    patients: Arc<dyn Patients>,
}

impl FindPatient {
    /// The use case over this port.
    pub fn new(patients: Arc<dyn Patients>) -> Self {
        Self { patients }
    }

    /// The patient with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: PatientId) -> Result<Option<Patient>, Unavailable> {
        let Role::Administrator = actor.role;
        self.patients.find(id)
    }
}
