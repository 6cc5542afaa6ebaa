//! A doctor's free time on given dates.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, DateRange, Day, DoctorId, VisitTypeId, Zone};
use doctor_booking_ports::{Calendars, Clock, Unavailable, VisitTypes};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::visit_type::for_wanted;
use crate::{Gate, Resource, authorize};

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
    /// Whether the dates have what is not free as well.
    pub is_whole: bool,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum FindAvailabilityError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
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

can_be_forbidden!(FindAvailabilityError);

/// Finds a doctor's free time.
#[derive(Clone)]
pub struct FindAvailability {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
}

impl FindAvailability {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { gate, calendars, visit_types, clock }
    }

    /// Every date of the range with its openings and the slots for visits of a type, or of no particular one, and a
    /// reason where nothing is free; for an actor who must not know what is taken, [without](Day::without_what_is_taken)
    /// that.
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
        self.gate.require(actor, Action::FindFreeSlots)?;
        if range.count() > MOST_DAYS {
            return Err(FindAvailabilityError::RangeTooLong);
        }
        let seen = self.calendars.load(doctor, range.reach())?.ok_or(FindAvailabilityError::UnknownDoctor)?;
        let calendar = for_wanted(seen.calendar, visit_type, &*self.visit_types)?;
        let calendar = calendar.ok_or(FindAvailabilityError::UnknownVisitType)?;
        if !calendar.is_offered() {
            return Err(FindAvailabilityError::NotOffered);
        }
        let mut days = calendar.days(range, self.clock.now());
        let is_whole = authorize(actor, Action::SeeWhyNotFree, Resource::OfDoctor(doctor)).is_ok();
        if !is_whole {
            days = days.into_iter().map(Day::without_what_is_taken).collect();
        }
        Ok(Availability { doctor, zone: calendar.rules().zone.clone(), days, is_whole })
    }
}
