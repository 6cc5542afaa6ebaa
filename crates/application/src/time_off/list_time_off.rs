//! All of a doctor's time off.

use std::sync::Arc;

use doctor_booking_domain::{Actor, DoctorId, Role, TimeOff, Zone};
use doctor_booking_ports::{Calendars, Doctors, Page, PageRequest, TimeOffPosition, Unavailable};

/// Lists a doctor's time off.
#[derive(Clone)]
pub struct ListTimeOff {
    doctors: Arc<dyn Doctors>,
    calendars: Arc<dyn Calendars>,
}

impl ListTimeOff {
    /// The use case over these ports.
    pub fn new(doctors: Arc<dyn Doctors>, calendars: Arc<dyn Calendars>) -> Self {
        Self { doctors, calendars }
    }

    /// The doctor's zone and time off, by start, a page at a time; `None` when there is no such doctor.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    #[expect(clippy::type_complexity, reason = "a page, with the zone to show it in")]
    pub fn execute(
        &self,
        actor: &Actor,
        doctor: DoctorId,
        page: &PageRequest<TimeOffPosition>,
    ) -> Result<Option<(Zone, Page<TimeOff, TimeOffPosition>)>, Unavailable> {
        let Role::Administrator = actor.role;
        let Some(found) = self.doctors.find(doctor)? else { return Ok(None) };
        Ok(Some((found.rules().zone.clone(), self.calendars.time_off(doctor, page)?)))
    }
}
