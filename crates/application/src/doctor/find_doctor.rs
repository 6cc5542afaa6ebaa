//! One doctor.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Doctor, DoctorId, Role};
use doctor_booking_ports::{Doctors, Unavailable};

/// Finds a doctor.
#[derive(Clone)]
pub struct FindDoctor {
    doctors: Arc<dyn Doctors>,
}

impl FindDoctor {
    /// The use case over this port.
    pub fn new(doctors: Arc<dyn Doctors>) -> Self {
        Self { doctors }
    }

    /// The doctor with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: DoctorId) -> Result<Option<Doctor>, Unavailable> {
        let Role::Administrator = actor.role;
        self.doctors.find(id)
    }
}
