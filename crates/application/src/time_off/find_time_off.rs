//! One stretch of time off.

use std::sync::Arc;

use doctor_booking_domain::{Actor, DoctorId, Role, TimeOff, TimeOffId};
use doctor_booking_ports::{Calendars, Unavailable};

/// Finds time off.
#[derive(Clone)]
pub struct FindTimeOff {
    calendars: Arc<dyn Calendars>,
}

impl FindTimeOff {
    /// The use case over this port.
    pub fn new(calendars: Arc<dyn Calendars>) -> Self {
        Self { calendars }
    }

    /// The doctor's time off with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, doctor: DoctorId, id: TimeOffId) -> Result<Option<TimeOff>, Unavailable> {
        let Role::Administrator = actor.role;
        Ok(self.calendars.find_time_off(id)?.filter(|away| away.doctor == doctor))
    }
}
