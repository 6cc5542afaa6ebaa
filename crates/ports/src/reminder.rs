//! Reminders of visits to come.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Booking, LeadTime};

use crate::{Along, Limit, Unavailable};

/// Reminders of visits to come.
///
/// # Promises of every implementation
///
/// - Of a booking at its start there is one reminder of each lead time, whoever tries and however often. One that moves is
///   reminded of anew.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Reminders: Send + Sync {
    /// Bookings of which it is time to remind ([`LeadTime::is_due`]), and nobody has, those that start first, as many as
    /// the limit says at most.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn due(&self, lead: LeadTime, now: DateTime<Utc>, limit: Limit) -> Result<Vec<Booking>, Unavailable>;

    /// Records that the booking was reminded of, and what goes along, unless it was before, or has another revision than
    /// it was seen at; whether it was recorded.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn record(&self, booking: &Booking, lead: LeadTime, along: &Along) -> Result<bool, Unavailable>;
}
