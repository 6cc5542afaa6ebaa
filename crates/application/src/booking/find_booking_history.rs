//! What has happened to a booking.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, BookingId, Entry, Role};
use doctor_booking_ports::{Bookings, EntryPosition, History, Page, PageRequest};

use crate::{AccessError, Gate, Resource};

/// Tells what has happened to a booking.
#[derive(Clone)]
pub struct FindBookingHistory {
    gate: Gate,
    bookings: Arc<dyn Bookings>,
    history: Arc<dyn History>,
}

impl FindBookingHistory {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, bookings: Arc<dyn Bookings>, history: Arc<dyn History>) -> Self {
        Self { gate, bookings, history }
    }

    /// Everything that has happened to a booking, from the beginning, a page at a time; `None` when there is no such
    /// booking.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        id: BookingId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Option<Page<Entry, EntryPosition>>, AccessError> {
        let there = self.gate.pass(actor, Action::ReadBookingHistory, self.bookings.find(id)?)?;
        let Some(booking) = there else { return Ok(None) };
        let history = self.history.of_booking(id, page)?;
        self.gate.seen(actor, Action::ReadBookingHistory, [Resource::from(&booking)])?;
        // Where it was before it came to a doctor is other doctors' business.
        Ok(Some(match actor.role {
            Role::Doctor(doctor) => {
                let told = history.items.into_iter().map(|entry| entry.as_told_to(doctor)).collect();
                Page { items: told, next: history.next }
            }
            _ => history,
        }))
    }
}
