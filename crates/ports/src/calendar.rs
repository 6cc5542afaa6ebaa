//! What a decision about a doctor's time needs.

use doctor_booking_domain::{Calendar, DoctorId, Revision, Span};

use crate::Unavailable;

/// A doctor's calendar, and the rules revision it was seen at.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The rules, and what is occupied.
    pub calendar: Calendar,
    /// What a booking decided on it has to be stored with.
    pub rules: Revision,
}

/// Doctors' calendars.
///
/// # Promises of every implementation
///
/// - The calendar has everything that occupies the doctor in `during`, also what begins before or ends after it.
/// - What a booking occupied is free again once it is cancelled.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Calendars: Send + Sync {
    /// The calendar of a doctor, with what is occupied `during` that time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn load(&self, doctor: DoctorId, during: Span) -> Result<Option<Snapshot>, Unavailable>;
}
