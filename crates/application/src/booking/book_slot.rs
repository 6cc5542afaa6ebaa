//! A patient's visit to a doctor.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use doctor_booking_domain::{
    Action, Actor, Author, Booking, Calendar, DoctorId, Entry, HoldId, PatientId, Reason, Refusals, SetAside,
    VisitTypeId, What,
};
use doctor_booking_ports::{
    Along, Bookings, Calendars, Clock, Holds, Ids, NewBooking, StoreBookingError, Unavailable, VisitTypes,
};
use thiserror::Error;

use super::refused::{Elsewhere, Missed, Refused, as_told};
use crate::access::can_be_forbidden;
use crate::availability::longest_visit_at;
use crate::visit_type::for_wanted;
use crate::{ATTEMPTS, Gate, Once, Resource};

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
    /// The slot that the caller holds, and that is to become the booking.
    pub hold: Option<HoldId>,
    /// What for.
    pub reason: Option<Reason>,
    /// Which rules are set aside for it.
    pub set_aside: Option<SetAside>,
}

/// Why there is no booking.
#[derive(Debug, Error)]
pub enum BookSlotError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// There is no such patient.
    #[error("there is no such patient")]
    UnknownPatient,
    /// There is no such visit type.
    #[error("there is no such visit type")]
    UnknownVisitType,
    /// The doctor's rules, or somebody else, stand in the way.
    #[error("{}", .0.refusals)]
    Refused(Box<Refused>),
    /// The caller holds no such slot, or no longer.
    #[error("the hold is not there, or has expired")]
    HoldGone,
    /// The hold is for another doctor, start or visit type than is wanted.
    #[error("the hold is for another doctor, start or visit type")]
    HoldForAnother,
    /// The doctor's hours have changed since the slot was held, so that it cannot be had any more.
    #[error("the slot was held, but cannot be had any more: {0}")]
    HoldVoid(Refusals),
    /// The patient has another visit in that time.
    #[error("the patient has another visit in that time")]
    PatientBusy,
    /// The doctor's rules changed again and again.
    #[error("the doctor's rules changed again and again")]
    Contended,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(BookSlotError);

/// Books a slot.
#[derive(Clone)]
pub struct BookSlot {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    holds: Arc<dyn Holds>,
    bookings: Arc<dyn Bookings>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl BookSlot {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        holds: Arc<dyn Holds>,
        bookings: Arc<dyn Bookings>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { gate, calendars, visit_types, holds, bookings, clock, ids }
    }

    /// Books the slot that starts at the wanted time, or that the caller holds.
    ///
    /// # Errors
    ///
    /// [`BookSlotError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        wanted: &Wanted,
        once: Option<&Once<'_, Booking>>,
    ) -> Result<Booking, BookSlotError> {
        if !self.gate.admit(actor, Action::Book, Resource::of_patient(wanted.patient))? {
            return Err(BookSlotError::UnknownPatient);
        }
        if wanted.set_aside.is_some() {
            self.gate.require(actor, Action::SetRulesAside)?;
        }
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let seen = self.calendars.load(wanted.doctor, longest_visit_at(wanted.start))?;
            let seen = seen.ok_or(BookSlotError::UnknownDoctor)?;
            let booking = match wanted.hold {
                Some(hold) => self.of_hold(actor, wanted, hold, seen.calendar, now)?,
                None => self.of_offer(actor, wanted, seen.calendar, now)?,
            };
            let by = Author { who: actor.into(), at: now, why: None };
            let entry = Entry::booking(self.ids.entry(), What::BookingCreated, None, &booking, &by);
            let history = vec![wanted.set_aside.iter().fold(entry, Entry::setting_aside)];
            let answer = once.map(|once| once.answer(&booking, now));
            let along = Along { history, answer };
            let new = NewBooking { booking, decided_on: seen.rules, hold: wanted.hold, along };
            match self.bookings.store(&new) {
                Ok(()) => return Ok(new.booking),
                Err(StoreBookingError::Stale) => {} // the rules changed under us: look again
                Err(StoreBookingError::DoctorBusy) => return Err(self.lost(actor, wanted)?),
                Err(StoreBookingError::PatientBusy) => return Err(BookSlotError::PatientBusy),
                Err(StoreBookingError::UnknownPatient) => return Err(BookSlotError::UnknownPatient),
                Err(StoreBookingError::HoldGone) => return Err(BookSlotError::HoldGone),
                Err(StoreBookingError::Answered) => return Err(BookSlotError::Answered),
                Err(StoreBookingError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(BookSlotError::Contended)
    }

    /// The booking of a slot that is offered.
    fn of_offer(
        &self,
        actor: &Actor,
        wanted: &Wanted,
        calendar: Calendar,
        now: DateTime<Utc>,
    ) -> Result<Booking, BookSlotError> {
        let calendar = for_wanted(calendar, wanted.visit_type, &*self.visit_types)?;
        let calendar = calendar.ok_or(BookSlotError::UnknownVisitType)?;
        match calendar.offer_but(wanted.start, wanted.set_aside.as_ref(), now) {
            Ok(offer) => Ok(offer.for_patient(self.ids.booking(), wanted.patient, wanted.reason.clone(), now)),
            Err(refusals) => {
                Err(Self::missed(self.elsewhere(actor, now).instead(&calendar, wanted.missed(), refusals)?))
            }
        }
    }

    /// The booking of the slot that the caller holds: grid, notice and horizon were kept when it was held.
    fn of_hold(
        &self,
        actor: &Actor,
        wanted: &Wanted,
        hold: HoldId,
        calendar: Calendar,
        now: DateTime<Utc>,
    ) -> Result<Booking, BookSlotError> {
        let hold = self.holds.find(hold)?.filter(|hold| hold.is_live(now));
        let hold = self.gate.pass(actor, Action::Hold, hold)?.ok_or(BookSlotError::HoldGone)?;
        let is_other_type = wanted.visit_type.is_some() && wanted.visit_type != hold.visit_type;
        if hold.doctor != wanted.doctor || hold.span.start() != wanted.start || is_other_type {
            return Err(BookSlotError::HoldForAnother);
        }
        let calendar = calendar.without(hold.busy());
        let marks = calendar.keeps_but(hold.span, hold.footprint, wanted.set_aside.as_ref(), now);
        let marks = marks.map_err(|refusals| BookSlotError::HoldVoid(as_told(actor, refusals)))?;
        let booking = hold.for_patient(self.ids.booking(), wanted.patient, wanted.reason.clone(), now);
        Ok(booking.with_marks(marks))
    }

    fn lost(&self, actor: &Actor, wanted: &Wanted) -> Result<BookSlotError, BookSlotError> {
        Ok(Self::missed(self.elsewhere(actor, self.clock.now()).lost(wanted.missed())?))
    }

    fn elsewhere<'a>(&'a self, actor: &'a Actor, now: DateTime<Utc>) -> Elsewhere<'a> {
        Elsewhere { actor, calendars: &*self.calendars, visit_types: &*self.visit_types, now }
    }

    fn missed(refused: Option<Refused>) -> BookSlotError {
        // Doctors never go; a doctor and a type that were there just now are there still.
        refused.map_or(BookSlotError::UnknownDoctor, |refused| BookSlotError::Refused(Box::new(refused)))
    }
}

impl Wanted {
    fn missed(&self) -> Missed<'_> {
        Missed { doctor: self.doctor, visit_type: self.visit_type, start: self.start, moving: None }
    }
}
