//! What has happened to a booking.

use std::sync::Arc;

use doctor_booking_domain::{Actor, BookingId, Entry, Role};
use doctor_booking_ports::{Bookings, EntryPosition, History, Page, PageRequest, Unavailable};

/// Tells what has happened to a booking.
#[derive(Clone)]
pub struct FindBookingHistory {
    bookings: Arc<dyn Bookings>,
    history: Arc<dyn History>,
}

impl FindBookingHistory {
    /// The use case over these ports.
    pub fn new(bookings: Arc<dyn Bookings>, history: Arc<dyn History>) -> Self {
        Self { bookings, history }
    }

    /// Everything that has happened to a booking, from the beginning, a page at a time; `None` when there is no such
    /// booking.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        id: BookingId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Option<Page<Entry, EntryPosition>>, Unavailable> {
        let Role::Administrator = actor.role;
        let there = self.bookings.find(id)?;
        there.map(|_| self.history.of_booking(id, page)).transpose()
    }
}
