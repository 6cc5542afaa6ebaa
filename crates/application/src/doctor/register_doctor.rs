//! A new doctor.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Author, Doctor, Entry, PersonName, Rules, Specialty};
use doctor_booking_ports::{Along, Clock, Doctors, Ids};

use crate::{Gate, MakeError, Once};

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
    gate: Gate,
    doctors: Arc<dyn Doctors>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl RegisterDoctor {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { gate, doctors, clock, ids }
    }

    /// Registers a doctor, who then is found, listed and can be booked.
    ///
    /// # Errors
    ///
    /// [`MakeError`]; nothing was changed then.
    pub fn execute(&self, actor: &Actor, new: NewDoctor, once: Option<&Once<'_, Doctor>>) -> Result<Doctor, MakeError> {
        self.gate.require(actor, Action::RegisterDoctors)?;
        let now = self.clock.now();
        let doctor = Doctor::register(self.ids.doctor(), new.name, new.specialty, new.rules, now);
        let by = Author { who: actor.into(), at: now, why: None };
        let history = vec![Entry::doctor(self.ids.entry(), None, &doctor, &by)];
        let answer = once.map(|once| once.answer(&doctor, now));
        self.doctors.add(&doctor, &Along { history, answer })?;
        Ok(doctor)
    }
}
