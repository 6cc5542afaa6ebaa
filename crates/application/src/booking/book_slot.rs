//! A patient's visit to a doctor.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Actor, Booking, DateRange, DoctorId, PatientId, Reason, Refusal, Refusals, VisitTypeId};
use doctor_booking_ports::{Bookings, Calendars, Clock, Ids, StoreBookingError, Unavailable, VisitTypes};
use thiserror::Error;

use crate::ATTEMPTS;
use crate::availability::longest_visit_at;
use crate::visit_type::for_wanted;

/// How many other starts are offered at most when the wanted one cannot be had.
pub const MOST_ALTERNATIVES: usize = 3;
/// How many days before and after the wanted date other starts are looked for.
const ALTERNATIVES_WITHIN: TimeDelta = TimeDelta::days(7);

/// The visit that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// With whom.
    pub doctor: DoctorId,
    /// For whom.
    pub patient: PatientId,
    /// From when on.
    pub start: DateTime<Utc>,
    /// What kind of visit; `None`: no particular kind, as long as the doctor's slots.
    pub visit_type: Option<VisitTypeId>,
    /// What for.
    pub reason: Option<Reason>,
}

/// Why there is no booking.
#[derive(Debug, Error)]
pub enum BookSlotError {
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// There is no such patient.
    #[error("there is no such patient")]
    UnknownPatient,
    /// There is no such visit type.
    #[error("there is no such visit type")]
    UnknownVisitType,
    /// The doctor's rules, or another booking, stand in the way.
    #[error("{refusals}")]
    Refused {
        /// Everything that stands in the way.
        refusals: Refusals,
        /// The free starts nearest to the wanted one, at most [`MOST_ALTERNATIVES`], the earliest first.
        alternatives: Vec<DateTime<Utc>>,
        /// On whose clock those are.
        zone: doctor_booking_domain::Zone,
    },
    /// The patient has another visit in that time.
    #[error("the patient has another visit in that time")]
    PatientBusy,
    /// The doctor's rules changed again and again.
    #[error("the doctor's rules changed again and again")]
    Contended,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Books a slot.
#[derive(Clone)]
pub struct BookSlot {
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    bookings: Arc<dyn Bookings>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl BookSlot {
    /// The use case over these ports.
    pub fn new(
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        bookings: Arc<dyn Bookings>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { calendars, visit_types, bookings, clock, ids }
    }

    /// Books the slot that starts at the wanted time.
    ///
    /// # Errors
    ///
    /// [`BookSlotError`]; nothing was changed then.
    pub fn execute(&self, actor: &Actor, wanted: &Wanted) -> Result<Booking, BookSlotError> {
        let Actor::Administrator = actor;
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let seen = self.calendars.load(wanted.doctor, longest_visit_at(wanted.start))?;
            let seen = seen.ok_or(BookSlotError::UnknownDoctor)?;
            let calendar = for_wanted(seen.calendar, wanted.visit_type, &*self.visit_types)?;
            let calendar = calendar.ok_or(BookSlotError::UnknownVisitType)?;
            let offer = match calendar.offer(wanted.start, now) {
                Ok(offer) => offer,
                Err(refusals) => return Err(self.refused(wanted, refusals)?),
            };
            let booking = offer.for_patient(self.ids.booking(), wanted.patient, wanted.reason.clone(), now);
            match self.bookings.store(&booking, seen.rules) {
                Ok(()) => return Ok(booking),
                Err(StoreBookingError::Stale) => {} // the rules changed under us: look again
                Err(StoreBookingError::DoctorBusy) => return Err(self.refused(wanted, Refusal::SlotTaken.into())?),
                Err(StoreBookingError::PatientBusy) => return Err(BookSlotError::PatientBusy),
                Err(StoreBookingError::UnknownPatient) => return Err(BookSlotError::UnknownPatient),
                Err(StoreBookingError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(BookSlotError::Contended)
    }

    /// The refusal together with the nearest free starts within a week of the wanted one, or of the nearest time at which
    /// such a visit can be booked.
    fn refused(&self, wanted: &Wanted, refusals: Refusals) -> Result<BookSlotError, BookSlotError> {
        let now = self.clock.now();
        let seen = self.calendars.load(wanted.doctor, longest_visit_at(wanted.start))?;
        let seen = seen.ok_or(BookSlotError::UnknownDoctor)?;
        let calendar = for_wanted(seen.calendar, wanted.visit_type, &*self.visit_types)?;
        let around = calendar.ok_or(BookSlotError::UnknownVisitType)?.nearest_bookable(wanted.start, now);
        let first = around.checked_sub_signed(ALTERNATIVES_WITHIN).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let last = around.checked_add_signed(ALTERNATIVES_WITHIN).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let reach = DateRange::new(first.date_naive(), last.date_naive()).map(|dates| dates.reach());
        let reach = reach.unwrap_or_else(|_| longest_visit_at(around));
        let seen = self.calendars.load(wanted.doctor, reach)?.ok_or(BookSlotError::UnknownDoctor)?;
        let calendar = for_wanted(seen.calendar, wanted.visit_type, &*self.visit_types)?;
        let calendar = calendar.ok_or(BookSlotError::UnknownVisitType)?;
        let zone = calendar.rules().zone.clone();
        let alternatives = DateRange::new(zone.date(first), zone.date(last))
            .map(|dates| calendar.alternatives(wanted.start, dates, MOST_ALTERNATIVES, now))
            .unwrap_or_default();
        Ok(BookSlotError::Refused { refusals, alternatives, zone })
    }
}
