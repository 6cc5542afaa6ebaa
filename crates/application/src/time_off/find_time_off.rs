//! One stretch of time off.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, DoctorId, TimeOff, TimeOffId};
use doctor_booking_ports::Calendars;

use crate::{AccessError, Gate, Resource};

/// Finds time off.
#[derive(Clone)]
pub struct FindTimeOff {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
}

impl FindTimeOff {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, calendars: Arc<dyn Calendars>) -> Self {
        Self { gate, calendars }
    }

    /// The doctor's time off with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, doctor: DoctorId, id: TimeOffId) -> Result<Option<TimeOff>, AccessError> {
        if !self.gate.admit(actor, Action::ReadHours, Resource::OfDoctor(doctor))? {
            return Ok(None);
        }
        Ok(self.calendars.find_time_off(id)?.filter(|away| away.doctor == doctor))
    }
}
