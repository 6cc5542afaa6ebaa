//! Many bookings.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Booking, Role};
use doctor_booking_ports::{BookingFilter, BookingPosition, Bookings, Page, PageRequest, Unavailable};

/// Lists bookings.
#[derive(Clone)]
pub struct ListBookings {
    bookings: Arc<dyn Bookings>,
}

impl ListBookings {
    /// The use case over this port.
    pub fn new(bookings: Arc<dyn Bookings>) -> Self {
        Self { bookings }
    }

    /// The bookings that pass the filter, by start, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &BookingFilter,
        page: &PageRequest<BookingPosition>,
    ) -> Result<Page<Booking, BookingPosition>, Unavailable> {
        let Role::Administrator = actor.role;
        self.bookings.list(filter, page)
    }
}
