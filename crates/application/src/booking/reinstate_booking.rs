//! A cancelled visit that will take place after all.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Author, Booking, BookingId, Entry, Refusals, Revision, What};
use doctor_booking_ports::{Along, BookingChange, Bookings, Calendars, Clock, Ids, StoreBookingError, VisitTypes};

use super::refused::{Elsewhere, Missed, Refused};
use super::reschedule_booking::PlaceBookingError;
use crate::availability::longest_visit_at;
use crate::{ATTEMPTS, Gate, Resource};

/// Reinstates a cancelled booking, when its slot is still free.
#[derive(Clone)]
pub struct ReinstateBooking {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    bookings: Arc<dyn Bookings>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl ReinstateBooking {
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

    /// Reinstates a booking, only at the revision `expected` if that is given. Its length was agreed when it was made, so
    /// it need not be on the grid of today's slots.
    ///
    /// # Errors
    ///
    /// [`PlaceBookingError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: BookingId,
        expected: Option<Revision>,
    ) -> Result<Booking, PlaceBookingError> {
        for _ in 0..ATTEMPTS {
            let before = self.gate.pass(actor, Action::Reinstate, self.bookings.find(id)?)?;
            let before = before.ok_or(PlaceBookingError::UnknownBooking)?;
            if expected.is_some_and(|expected| expected != before.revision()) {
                return Err(PlaceBookingError::Changed);
            }
            let now = self.clock.now();
            let booking = match before.reinstated(now) {
                Ok(booking) => booking,
                Err(refused) => {
                    self.gate.seen(actor, Action::ReadBookings, [Resource::from(&before)])?;
                    return Err(refused.into());
                }
            };
            let seen = self.calendars.load(before.doctor(), longest_visit_at(before.span().start()))?;
            let seen = seen.ok_or(PlaceBookingError::UnknownDoctor)?;
            let elsewhere = Elsewhere { actor, calendars: &*self.calendars, visit_types: &*self.visit_types, now };
            if let Err(refusals) = seen.calendar.readmits(&before, now) {
                return Err(Self::missed(elsewhere.refused(missed(&before), refusals.clone())?, refusals, &before));
            }
            let by = Author { who: actor.into(), at: now, why: None };
            let what = What::BookingReinstated;
            let along = Along::entry(Entry::booking(self.ids.entry(), what, Some(&before), &booking, &by));
            let change = BookingChange { booking, seen: before.revision(), along };
            match self.bookings.place(&change, seen.rules) {
                Ok(()) => return Ok(change.booking),
                Err(StoreBookingError::DoctorBusy) => {
                    // Taken or held in between: decided again, the calendar says which.
                }
                Err(error) => PlaceBookingError::unless_stale(error)?,
            }
        }
        Err(PlaceBookingError::Contended)
    }

    fn missed(refused: Option<Refused>, refusals: Refusals, before: &Booking) -> PlaceBookingError {
        // Its type may be gone; then there is nothing to offer instead.
        let nothing = || Refused { refusals, alternatives: vec![], zone: before.parts().zone.clone() };
        PlaceBookingError::Refused(Box::new(refused.unwrap_or_else(nothing)))
    }
}

fn missed(booking: &Booking) -> Missed<'_> {
    let (doctor, visit_type) = (booking.doctor(), booking.parts().visit_type);
    Missed { doctor, visit_type, start: booking.span().start(), moving: None }
}
