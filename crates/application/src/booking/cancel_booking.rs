//! A visit that will not take place.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Booking, BookingId, Reason, Revision};
use doctor_booking_ports::{Bookings, Clock, SaveError, Unavailable};
use thiserror::Error;

use crate::ATTEMPTS;

/// The booking to cancel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// Which booking.
    pub booking: BookingId,
    /// Why.
    pub reason: Reason,
    /// Only if the booking still has this revision.
    pub expected: Option<Revision>,
}

/// Why a booking was not cancelled.
#[derive(Debug, Error)]
pub enum CancelBookingError {
    /// There is no such booking.
    #[error("there is no such booking")]
    UnknownBooking,
    /// The booking no longer has the expected revision.
    #[error("the booking has changed in the meantime")]
    Changed,
    /// Others changed the same again and again.
    #[error("others changed the same again and again")]
    Contended,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Cancels a booking; its time is free again.
#[derive(Clone)]
pub struct CancelBooking {
    bookings: Arc<dyn Bookings>,
    clock: Arc<dyn Clock>,
}

impl CancelBooking {
    /// The use case over these ports.
    pub fn new(bookings: Arc<dyn Bookings>, clock: Arc<dyn Clock>) -> Self {
        Self { bookings, clock }
    }

    /// Cancels a booking. One that is cancelled already stays as it is.
    ///
    /// # Errors
    ///
    /// [`CancelBookingError`]; nothing was changed then.
    pub fn execute(&self, actor: &Actor, cancel: &Cancellation) -> Result<Booking, CancelBookingError> {
        let Actor::Administrator = actor;
        for _ in 0..ATTEMPTS {
            let before = self.bookings.find(cancel.booking)?.ok_or(CancelBookingError::UnknownBooking)?;
            if cancel.expected.is_some_and(|expected| expected != before.revision()) {
                return Err(CancelBookingError::Changed);
            }
            let Some(cancelled) = before.cancelled(cancel.reason.clone(), self.clock.now()) else { return Ok(before) };
            match self.bookings.save(&cancelled, before.revision()) {
                Ok(()) => return Ok(cancelled),
                Err(SaveError::Stale) => {} // it changed under us: look again
                Err(SaveError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(CancelBookingError::Contended)
    }
}
