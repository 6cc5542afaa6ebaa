//! A new patient.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Patient, PatientDetails, Role};
use doctor_booking_ports::{AddError, Along, Clock, Ids, Patients};

use crate::Once;

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
    /// [`AddError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        details: PatientDetails,
        once: Option<&Once<'_, Patient>>,
    ) -> Result<Patient, AddError> {
        let Role::Administrator = actor.role;
        let now = self.clock.now();
        let patient = Patient::register(self.ids.patient(), details, now);
        let answer = once.map(|once| once.answer(&patient, now));
        self.patients.add(&patient, &Along { history: vec![], answer })?;
        Ok(patient)
    }
}
