//! One patient.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Patient, PatientId, Role};
use doctor_booking_ports::Patients;

use crate::{AccessError, Gate, Resource};

/// Finds a patient.
#[derive(Clone)]
pub struct FindPatient {
    gate: Gate,
    patients: Arc<dyn Patients>,
}

impl FindPatient {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, patients: Arc<dyn Patients>) -> Self {
        Self { gate, patients }
    }

    /// The patient with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: PatientId) -> Result<Option<Patient>, AccessError> {
        let seen_by = match actor.role {
            Role::Doctor(doctor) if self.patients.is_seen_by(id, doctor)? => Some(doctor),
            _ => None,
        };
        let there = self.patients.find(id)?;
        let on = if there.is_some() { Resource::OfPatient { patient: id, seen_by } } else { Resource::Absent };
        if !self.gate.admit(actor, Action::ReadPatients, on)? {
            return Ok(None);
        }
        self.gate.seen(actor, Action::ReadPatients, there.as_ref().map(|_| on))?;
        Ok(there)
    }
}
