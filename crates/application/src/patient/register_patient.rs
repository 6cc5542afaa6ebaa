//! A new patient.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Patient, PatientDetails};
use doctor_booking_ports::{Clock, Ids, Patients, Unavailable};

/// Registers a patient.
#[derive(Clone)]
pub struct RegisterPatient {
    patients: Arc<dyn Patients>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl RegisterPatient {
    /// The use case over these ports.
    pub fn new(patients: Arc<dyn Patients>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { patients, clock, ids }
    }

    /// Registers a patient, who then is found, listed and can be booked for.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, details: PatientDetails) -> Result<Patient, Unavailable> {
        let Actor::Administrator = actor;
        let patient = Patient::register(self.ids.patient(), details, self.clock.now());
        self.patients.add(&patient)?;
        Ok(patient)
    }
}
