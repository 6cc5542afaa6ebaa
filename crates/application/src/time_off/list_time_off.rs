//! All of a doctor's time off.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, DoctorId, TimeOff, Zone};
use doctor_booking_ports::{Calendars, Doctors, Page, PageRequest, TimeOffPosition};

use crate::{AccessError, Gate, Resource};

/// Lists a doctor's time off.
#[derive(Clone)]
pub struct ListTimeOff {
    gate: Gate,
    doctors: Arc<dyn Doctors>,
    calendars: Arc<dyn Calendars>,
}

impl ListTimeOff {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>, calendars: Arc<dyn Calendars>) -> Self {
        Self { gate, doctors, calendars }
    }

    /// The doctor's zone and time off, by start, a page at a time; `None` when there is no such doctor.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    #[expect(clippy::type_complexity, reason = "a page, with the zone to show it in")]
    pub fn execute(
        &self,
        actor: &Actor,
        doctor: DoctorId,
        page: &PageRequest<TimeOffPosition>,
    ) -> Result<Option<(Zone, Page<TimeOff, TimeOffPosition>)>, AccessError> {
        if !self.gate.admit(actor, Action::ReadHours, Resource::OfDoctor(doctor))? {
            return Ok(None);
        }
        let Some(found) = self.doctors.find(doctor)? else { return Ok(None) };
        Ok(Some((found.rules().zone.clone(), self.calendars.time_off(doctor, page)?)))
    }
}
