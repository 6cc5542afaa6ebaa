//! A visit that will not take place.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Booking, BookingId, Reason, Revision, What};
use doctor_booking_ports::{Bookings, Clock, Ids};

use super::booking_change::{ChangeBookingError, ChangeStatus};
use crate::Gate;

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

/// Cancels a booking; its time is free again.
#[derive(Clone)]
pub struct CancelBooking(ChangeStatus);

impl CancelBooking {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, bookings: Arc<dyn Bookings>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self(ChangeStatus { gate, bookings, clock, ids })
    }

    /// Cancels a booking. One that is cancelled already stays as it is.
    ///
    /// # Errors
    ///
    /// [`ChangeBookingError`]; nothing was changed then.
    pub fn execute(&self, actor: &Actor, cancel: &Cancellation) -> Result<Booking, ChangeBookingError> {
        let Cancellation { booking, reason, expected } = cancel;
        let why = (What::BookingCancelled, Some(reason));
        self.0.make((actor, Action::Cancel), (*booking, *expected), why, |before, now| {
            before.cancelled(reason.clone(), now)
        })
    }
}
