//! Many bookings.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Booking};
use doctor_booking_ports::{BookingFilter, BookingPosition, Bookings, Page, PageRequest};

use crate::{AccessError, Gate, Resource, Scope};

/// What of the filter lies within what the actor may see; `None`: nothing.
fn within(scope: Scope, filter: &BookingFilter) -> Option<BookingFilter> {
    let filter = filter.clone();
    match scope {
        Scope::All => Some(filter),
        Scope::OfDoctor(own) if filter.doctor.is_none_or(|wanted| wanted == own) => {
            Some(BookingFilter { doctor: Some(own), ..filter })
        }
        Scope::OfPatient(own) if filter.patient.is_none_or(|wanted| wanted == own) => {
            Some(BookingFilter { patient: Some(own), ..filter })
        }
        Scope::OfDoctor(_) | Scope::OfPatient(_) => None,
    }
}

/// Lists bookings.
#[derive(Clone)]
pub struct ListBookings {
    gate: Gate,
    bookings: Arc<dyn Bookings>,
}

impl ListBookings {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, bookings: Arc<dyn Bookings>) -> Self {
        Self { gate, bookings }
    }

    /// The bookings that pass the filter, by start, a page at a time.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &BookingFilter,
        page: &PageRequest<BookingPosition>,
    ) -> Result<Page<Booking, BookingPosition>, AccessError> {
        let scope = self.gate.scope(actor, Action::ReadBookings)?;
        let Some(filter) = within(scope, filter) else { return Ok(Page { items: vec![], next: None }) };
        let found = self.bookings.list(&filter, page)?;
        self.gate.seen(actor, Action::ReadBookings, found.items.iter().map(Resource::from))?;
        Ok(found)
    }
}
