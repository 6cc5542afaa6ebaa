//! What all changes of a booking have in common.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use doctor_booking_domain::{
    Action, Actor, Author, Booking, BookingId, Entry, InvalidTransition, Reason, Revision, What,
};
use doctor_booking_ports::{Along, BookingChange, Bookings, Clock, Ids, SaveError, Unavailable};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::{ATTEMPTS, Gate, Resource};

/// Why a booking was not changed.
#[derive(Debug, Error)]
pub enum ChangeBookingError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such booking.
    #[error("there is no such booking")]
    UnknownBooking,
    /// The booking no longer has the expected revision.
    #[error("the booking has changed in the meantime")]
    Changed,
    /// It cannot go there from where it stands.
    #[error(transparent)]
    InvalidTransition(#[from] InvalidTransition),
    /// Others changed the same again and again.
    #[error("others changed the same again and again")]
    Contended,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(ChangeBookingError);

/// Changes where bookings stand, without taking anybody's time.
#[derive(Clone)]
pub(super) struct ChangeStatus {
    pub(super) gate: Gate,
    pub(super) bookings: Arc<dyn Bookings>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
}

impl ChangeStatus {
    /// Makes of the booking what `decide` says; nothing where it says nothing.
    pub(super) fn make(
        &self,
        (actor, action): (&Actor, Action),
        (id, expected): (BookingId, Option<Revision>),
        (what, why): (What, Option<&Reason>),
        decide: impl Fn(&Booking, DateTime<Utc>) -> Result<Option<Booking>, InvalidTransition>,
    ) -> Result<Booking, ChangeBookingError> {
        for _ in 0..ATTEMPTS {
            let before = self.gate.pass(actor, action, self.bookings.find(id)?)?;
            let before = before.ok_or(ChangeBookingError::UnknownBooking)?;
            if expected.is_some_and(|expected| expected != before.revision()) {
                return Err(ChangeBookingError::Changed);
            }
            let now = self.clock.now();
            let booking = match decide(&before, now) {
                Ok(Some(booking)) => booking,
                // Nothing changes, so the history tells nothing; but what is there is shown.
                unchanged => {
                    self.gate.seen(actor, Action::ReadBookings, [Resource::from(&before)])?;
                    return Ok(unchanged.map(|_| before)?);
                }
            };
            let by = Author { who: actor.into(), at: now, why: why.cloned() };
            let along = Along::entry(Entry::booking(self.ids.entry(), what, Some(&before), &booking, &by));
            let change = BookingChange { booking, seen: before.revision(), along };
            match self.bookings.save(&change) {
                Ok(()) => return Ok(change.booking),
                // It changed under us: look again. No request of this kind is kept, so none has been answered already.
                Err(SaveError::Stale | SaveError::Answered) => {}
                Err(SaveError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(ChangeBookingError::Contended)
    }
}
