//! A visit at another time, or with another doctor.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use doctor_booking_domain::{
    Action, Actor, Author, Booking, BookingId, DoctorId, Entry, InvalidTransition, Reason, Revision, SetAside, What,
};
use doctor_booking_ports::{
    Along, BookingChange, Bookings, Calendars, Clock, Ids, StoreBookingError, Unavailable, VisitTypes,
};
use thiserror::Error;

use super::refused::{Elsewhere, Missed, Refused};
use crate::access::can_be_forbidden;
use crate::availability::longest_visit_at;
use crate::visit_type::for_moving;
use crate::{ATTEMPTS, Gate, Resource};

/// The booking to move, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reschedule {
    /// Which booking.
    pub booking: BookingId,
    /// When it is to start.
    pub start: DateTime<Utc>,
    /// With whom; `None`: with the same doctor.
    pub doctor: Option<DoctorId>,
    /// Why.
    pub reason: Option<Reason>,
    /// Which rules are set aside for that.
    pub set_aside: Option<SetAside>,
    /// Only if the booking still has this revision.
    pub expected: Option<Revision>,
}

/// Why a booking was not put into another place.
#[derive(Debug, Error)]
pub enum PlaceBookingError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such booking.
    #[error("there is no such booking")]
    UnknownBooking,
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// The booking no longer has the expected revision.
    #[error("the booking has changed in the meantime")]
    Changed,
    /// It cannot be put anywhere from where it stands.
    #[error(transparent)]
    InvalidTransition(#[from] InvalidTransition),
    /// The doctor's rules, or somebody else, stand in the way.
    #[error("{}", .0.refusals)]
    Refused(Box<Refused>),
    /// The patient has another visit in that time.
    #[error("the patient has another visit in that time")]
    PatientBusy,
    /// Others changed the same again and again.
    #[error("others changed the same again and again")]
    Contended,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(PlaceBookingError);

impl PlaceBookingError {
    /// What it means that a booking was not placed, unless that it has to be decided again.
    pub(super) fn unless_stale(error: StoreBookingError) -> Result<(), Self> {
        match error {
            StoreBookingError::PatientBusy => Err(Self::PatientBusy),
            StoreBookingError::Unavailable(error) => Err(error.into()),
            // The others are for bookings that are made, or for requests that are kept.
            StoreBookingError::Stale
            | StoreBookingError::DoctorBusy
            | StoreBookingError::UnknownPatient
            | StoreBookingError::HoldGone
            | StoreBookingError::Answered => Ok(()),
        }
    }
}

/// Moves a booking in one step: on refusal it is where it was.
#[derive(Clone)]
pub struct RescheduleBooking {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    bookings: Arc<dyn Bookings>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl RescheduleBooking {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        bookings: Arc<dyn Bookings>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { gate, calendars, visit_types, bookings, clock, ids }
    }

    /// Moves a booking to the slot that starts at the wanted time, for a visit of the same type as its type is now. What
    /// it occupies itself is never in its way. A type that is retired takes no new bookings, but those there are can
    /// move.
    ///
    /// # Errors
    ///
    /// [`PlaceBookingError`]; nothing was changed then.
    pub fn execute(&self, actor: &Actor, to: &Reschedule) -> Result<Booking, PlaceBookingError> {
        if to.set_aside.is_some() {
            self.gate.require(actor, Action::SetRulesAside)?;
        }
        for _ in 0..ATTEMPTS {
            let before = self.gate.pass(actor, Action::Reschedule, self.bookings.find(to.booking)?)?;
            let before = before.ok_or(PlaceBookingError::UnknownBooking)?;
            if to.expected.is_some_and(|expected| expected != before.revision()) {
                return Err(PlaceBookingError::Changed);
            }
            let now = self.clock.now();
            if let Err(refused) = before.movable(now) {
                self.gate.seen(actor, Action::ReadBookings, [Resource::from(&before)])?;
                return Err(refused.into());
            }
            let doctor = to.doctor.unwrap_or(before.doctor());
            let seen = self.calendars.load(doctor, longest_visit_at(to.start))?;
            let seen = seen.ok_or(PlaceBookingError::UnknownDoctor)?;
            let calendar = for_moving(seen.calendar, &before, &*self.visit_types)?;
            let elsewhere = Elsewhere { actor, calendars: &*self.calendars, visit_types: &*self.visit_types, now };
            let visit_type = before.parts().visit_type;
            let missed = Missed { doctor, visit_type, start: to.start, moving: Some(&before) };
            let refused = |refused: Option<Refused>| {
                refused.map_or(PlaceBookingError::UnknownDoctor, |it| PlaceBookingError::Refused(Box::new(it)))
            };
            let offer = match calendar.offer_but(to.start, to.set_aside.as_ref(), now) {
                Ok(offer) => offer,
                Err(refusals) => return Err(refused(elsewhere.instead(&calendar, missed, refusals)?)),
            };
            let booking = before.moved(&offer, now)?;
            let by = Author { who: actor.into(), at: now, why: to.reason.clone() };
            let entry = Entry::booking(self.ids.entry(), What::BookingMoved, Some(&before), &booking, &by);
            let entry = to.set_aside.iter().fold(entry, Entry::setting_aside);
            let change = BookingChange { booking, seen: before.revision(), along: Along::entry(entry) };
            match self.bookings.place(&change, seen.rules) {
                Ok(()) => return Ok(change.booking),
                Err(StoreBookingError::DoctorBusy) => return Err(refused(elsewhere.lost(missed)?)),
                Err(error) => PlaceBookingError::unless_stale(error)?,
            }
        }
        Err(PlaceBookingError::Contended)
    }
}
