//! A doctor's free time on given dates.

use std::sync::Arc;

use doctor_booking_domain::{Actor, DateRange, Day, DoctorId, Role, VisitTypeId, Zone};
use doctor_booking_ports::{Calendars, Clock, Unavailable, VisitTypes};
use thiserror::Error;

use crate::visit_type::for_wanted;

/// The longest range of dates that is answered at once.
pub const MOST_DAYS: u64 = 92;

/// A doctor's dates, with what is free on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Whose.
    pub doctor: DoctorId,
    /// On whose clock the dates are.
    pub zone: Zone,
    /// Every date of the range.
    pub days: Vec<Day>,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum FindAvailabilityError {
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// There is no such visit type.
    #[error("there is no such visit type")]
    UnknownVisitType,
    /// The doctor does not offer visits of this type, or nobody does any more.
    #[error("the doctor does not offer visits of this type")]
    NotOffered,
    /// The range has more than [`MOST_DAYS`] dates.
    #[error("a range of dates has at most {MOST_DAYS} days")]
    RangeTooLong,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Finds a doctor's free time.
#[derive(Clone)]
pub struct FindAvailability {
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
}

impl FindAvailability {
    /// The use case over these ports.
    pub fn new(calendars: Arc<dyn Calendars>, visit_types: Arc<dyn VisitTypes>, clock: Arc<dyn Clock>) -> Self {
        Self { calendars, visit_types, clock }
    }

    /// Every date of the range with its openings and the slots for visits of a type, or of no particular one, and a
    /// reason where nothing is free.
    ///
    /// # Errors
    ///
    /// [`FindAvailabilityError`].
    pub fn execute(
        &self,
        actor: &Actor,
        doctor: DoctorId,
        range: DateRange,
        visit_type: Option<VisitTypeId>,
    ) -> Result<Availability, FindAvailabilityError> {
        let Role::Administrator = actor.role;
        if range.count() > MOST_DAYS {
            return Err(FindAvailabilityError::RangeTooLong);
        }
        let seen = self.calendars.load(doctor, range.reach())?.ok_or(FindAvailabilityError::UnknownDoctor)?;
        let calendar = for_wanted(seen.calendar, visit_type, &*self.visit_types)?;
        let calendar = calendar.ok_or(FindAvailabilityError::UnknownVisitType)?;
        if !calendar.is_offered() {
            return Err(FindAvailabilityError::NotOffered);
        }
        let days = calendar.days(range, self.clock.now());
        Ok(Availability { doctor, zone: calendar.rules().zone.clone(), days })
    }
}
