//! A new patient.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Patient, PatientDetails};
use doctor_booking_ports::{Along, Clock, Ids, Patients};

use crate::{Gate, MakeError, Once};

/// Registers a patient.
#[derive(Clone)]
pub struct RegisterPatient {
    gate: Gate,
    patients: Arc<dyn Patients>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl RegisterPatient {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, patients: Arc<dyn Patients>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { gate, patients, clock, ids }
    }

    /// Registers a patient, who then is found, listed and can be booked for.
    ///
    /// # Errors
    ///
    /// [`MakeError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        details: PatientDetails,
        once: Option<&Once<'_, Patient>>,
    ) -> Result<Patient, MakeError> {
        self.gate.require(actor, Action::RegisterPatients)?;
        let now = self.clock.now();
        let patient = Patient::register(self.ids.patient(), details, now);
        let answer = once.map(|once| once.answer(&patient, now));
        self.patients.add(&patient, &Along { history: vec![], answer })?;
        Ok(patient)
    }
}
