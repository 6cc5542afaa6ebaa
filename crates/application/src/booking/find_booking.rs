//! One booking.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Booking, BookingId, Role};
use doctor_booking_ports::{Bookings, Unavailable};

/// Finds a booking.
#[derive(Clone)]
pub struct FindBooking {
    bookings: Arc<dyn Bookings>,
}

impl FindBooking {
    /// The use case over this port.
    pub fn new(bookings: Arc<dyn Bookings>) -> Self {
        Self { bookings }
    }

    /// The booking with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: BookingId) -> Result<Option<Booking>, Unavailable> {
        let Role::Administrator = actor.role;
        self.bookings.find(id)
    }
}
