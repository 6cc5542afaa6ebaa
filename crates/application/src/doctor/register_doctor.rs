//! A new doctor.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Doctor, PersonName, Rules, Specialty};
use doctor_booking_ports::{Clock, Doctors, Ids, Unavailable};

/// A doctor to register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDoctor {
    /// What the doctor is called.
    pub name: PersonName,
    /// What the doctor does.
    pub specialty: Specialty,
    /// When the doctor can be booked.
    pub rules: Rules,
}

/// Registers a doctor.
#[derive(Clone)]
pub struct RegisterDoctor {
    doctors: Arc<dyn Doctors>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl RegisterDoctor {
    /// The use case over these ports.
    pub fn new(doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { doctors, clock, ids }
    }

    /// Registers a doctor, who then is found, listed and can be booked.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, new: NewDoctor) -> Result<Doctor, Unavailable> {
        let Actor::Administrator = actor;
        let doctor = Doctor::register(self.ids.doctor(), new.name, new.specialty, new.rules, self.clock.now());
        self.doctors.add(&doctor)?;
        Ok(doctor)
    }
}
