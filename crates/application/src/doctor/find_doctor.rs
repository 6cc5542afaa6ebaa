//! One doctor.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Doctor, DoctorId};
use doctor_booking_ports::Doctors;

use crate::{AccessError, Gate};

/// Finds a doctor.
#[derive(Clone)]
pub struct FindDoctor {
    gate: Gate,
    doctors: Arc<dyn Doctors>,
}

impl FindDoctor {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>) -> Self {
        Self { gate, doctors }
    }

    /// The doctor with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: DoctorId) -> Result<Option<Doctor>, AccessError> {
        self.gate.require(actor, Action::ReadDoctors)?;
        Ok(self.doctors.find(id)?)
    }
}
