//! Something else is known about a patient.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Patient, PatientAmendment, PatientId, Revision};
use doctor_booking_ports::{Clock, Patients, SaveError, Unavailable};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::{ATTEMPTS, Gate, Resource};

/// Why a patient was not amended.
#[derive(Debug, Error)]
pub enum AmendPatientError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such patient.
    #[error("there is no such patient")]
    UnknownPatient,
    /// The patient no longer has the expected revision.
    #[error("the patient has changed in the meantime")]
    Changed,
    /// Others changed the same again and again.
    #[error("others changed the same again and again")]
    Contended,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(AmendPatientError);

/// Amends what is known about a patient.
#[derive(Clone)]
pub struct AmendPatient {
    gate: Gate,
    patients: Arc<dyn Patients>,
    clock: Arc<dyn Clock>,
}

impl AmendPatient {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, patients: Arc<dyn Patients>, clock: Arc<dyn Clock>) -> Self {
        Self { gate, patients, clock }
    }

    /// Amends a patient, only at the revision `expected` if that is given.
    ///
    /// # Errors
    ///
    /// [`AmendPatientError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: PatientId,
        amendment: &PatientAmendment,
        expected: Option<Revision>,
    ) -> Result<Patient, AmendPatientError> {
        if !self.gate.admit(actor, Action::AmendPatients, Resource::of_patient(id))? {
            return Err(AmendPatientError::UnknownPatient);
        }
        for _ in 0..ATTEMPTS {
            let before = self.patients.find(id)?.ok_or(AmendPatientError::UnknownPatient)?;
            if expected.is_some_and(|expected| expected != before.revision()) {
                return Err(AmendPatientError::Changed);
            }
            let patient = before.amended(amendment.clone(), self.clock.now());
            // Who changes a record sees it: that is written down first.
            self.gate.seen(actor, Action::AmendPatients, [Resource::of_patient(id)])?;
            match self.patients.save(&patient, before.revision()) {
                Ok(()) => return Ok(patient),
                // No request of this kind is kept, so none has been answered already.
                Err(SaveError::Stale | SaveError::Answered) => {} // someone else was faster: look again
                Err(SaveError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(AmendPatientError::Contended)
    }
}
