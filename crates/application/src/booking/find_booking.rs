//! One booking.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Booking, BookingId};
use doctor_booking_ports::Bookings;

use crate::{AccessError, Gate, Resource};

/// Finds a booking.
#[derive(Clone)]
pub struct FindBooking {
    gate: Gate,
    bookings: Arc<dyn Bookings>,
}

impl FindBooking {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, bookings: Arc<dyn Bookings>) -> Self {
        Self { gate, bookings }
    }

    /// The booking with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: BookingId) -> Result<Option<Booking>, AccessError> {
        let found = self.gate.pass(actor, Action::ReadBookings, self.bookings.find(id)?)?;
        self.gate.seen(actor, Action::ReadBookings, found.as_ref().map(Resource::from))?;
        Ok(found)
    }
}
