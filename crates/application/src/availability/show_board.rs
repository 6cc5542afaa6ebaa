//! A day of many doctors, side by side.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Action, Actor, Calendar, DateRange, Day, Doctor, DoctorId, VisitTypeId};
use doctor_booking_ports::{
    CalendarFilter, Calendars, Clock, DoctorFilter, DoctorPosition, Doctors, Page, PageRequest, VisitTypes,
};

use super::SearchAvailabilityError;
use crate::{Gate, Resource, authorize};

/// A doctor, and a civil date at that doctor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoctorDay {
    /// Whose.
    pub doctor: Doctor,
    /// The date, with what is free on it.
    pub day: Day,
    /// Whether it has what is not free as well.
    pub is_whole: bool,
}

/// Shows a day of many doctors.
#[derive(Clone)]
pub struct ShowBoard {
    gate: Gate,
    doctors: Arc<dyn Doctors>,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
}

impl ShowBoard {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        doctors: Arc<dyn Doctors>,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { gate, doctors, calendars, visit_types, clock }
    }

    /// The date at each of the doctors who pass the filter and take bookings, by name, a page of doctors at a time, with
    /// the slots for visits of a type, or of no particular one; without what is taken, where the actor must not know it.
    /// Who does not offer the type is left out, so that a page can have fewer doctors than its limit, or none, and others
    /// come after it all the same.
    ///
    /// # Errors
    ///
    /// [`SearchAvailabilityError`]; a single date is never too long a range.
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &DoctorFilter,
        date: NaiveDate,
        visit_type: Option<VisitTypeId>,
        page: &PageRequest<DoctorPosition>,
    ) -> Result<Page<DoctorDay, DoctorPosition>, SearchAvailabilityError> {
        self.gate.require(actor, Action::ReadDoctors)?;
        self.gate.require(actor, Action::FindFreeSlots)?;
        let visit_type = match visit_type {
            Some(id) => Some(self.visit_types.find(id)?.ok_or(SearchAvailabilityError::UnknownVisitType)?),
            None => None,
        };
        let filter = DoctorFilter { active: Some(true), ..filter.clone() };
        let Page { items: doctors, next } = self.doctors.list(&filter, page)?;
        let mut calendars = self.calendars_of(&doctors, DateRange::day(date))?;
        let now = self.clock.now();
        let mut items = Vec::with_capacity(doctors.len());
        for doctor in doctors {
            // Who has stopped taking bookings in between has no calendar any more.
            let Some(calendar) = calendars.remove(&doctor.id()) else { continue };
            let calendar = match &visit_type {
                Some(visit_type) => calendar.for_visits(visit_type),
                None => calendar,
            };
            if !calendar.is_offered() {
                continue;
            }
            let is_whole = authorize(actor, Action::SeeWhyNotFree, Resource::OfDoctor(doctor.id())).is_ok();
            for day in calendar.days(DateRange::day(date), now) {
                let day = if is_whole { day } else { day.without_what_is_taken() };
                items.push(DoctorDay { doctor: doctor.clone(), day, is_whole });
            }
        }
        Ok(Page { items, next })
    }

    /// All of them at once, and no question where there is nobody: to the port, no doctor named means every doctor.
    fn calendars_of(
        &self,
        doctors: &[Doctor],
        dates: DateRange,
    ) -> Result<HashMap<DoctorId, Calendar>, SearchAvailabilityError> {
        if doctors.is_empty() {
            return Ok(HashMap::new());
        }
        let which = CalendarFilter { doctors: doctors.iter().map(Doctor::id).collect(), specialty: None };
        let all = self.calendars.load_all(&which, dates.reach())?;
        Ok(all.into_iter().map(|seen| (seen.calendar.doctor(), seen.calendar)).collect())
    }
}
