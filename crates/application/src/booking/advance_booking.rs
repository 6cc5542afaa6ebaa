//! A visit that takes place, or to which nobody comes.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Booking, BookingId, Revision, What};
use doctor_booking_ports::{Bookings, Clock, Ids};

use super::booking_change::{ChangeBookingError, ChangeStatus};
use crate::Gate;

/// What has become of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// The patient is there.
    Arrive,
    /// It has taken place.
    Fulfil,
    /// The patient did not come.
    NoShow,
}

/// Tells what has become of a visit.
#[derive(Clone)]
pub struct AdvanceBooking(ChangeStatus);

impl AdvanceBooking {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, bookings: Arc<dyn Bookings>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self(ChangeStatus { gate, bookings, clock, ids })
    }

    /// Moves a booking on, only at the revision `expected` if that is given.
    ///
    /// # Errors
    ///
    /// [`ChangeBookingError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: BookingId,
        advance: Advance,
        expected: Option<Revision>,
    ) -> Result<Booking, ChangeBookingError> {
        let what = match advance {
            Advance::Arrive => What::BookingArrived,
            Advance::Fulfil => What::BookingFulfilled,
            Advance::NoShow => What::BookingNoShow,
        };
        self.0.make((actor, Action::AdvanceBookings), (id, expected), (what, None), |before, now| {
            let after = match advance {
                Advance::Arrive => before.arrived(now),
                Advance::Fulfil => before.fulfilled(now),
                Advance::NoShow => before.no_show(now),
            };
            after.map(Some)
        })
    }
}
