//! What has happened.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{BookingId, DoctorId, Entry, EntryId};

use crate::{Page, PageRequest, Unavailable};

/// Where an entry stands: by time, then id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryPosition {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Which entry.
    pub id: EntryId,
}

impl From<&Entry> for EntryPosition {
    fn from(entry: &Entry) -> Self {
        Self { at: entry.at, id: entry.id }
    }
}

/// What has happened. Entries are written together with what they tell of ([`Along`](crate::Along)).
///
/// # Promises of every implementation
///
/// - An entry is found as it was written, and never changes or goes; a database that can refuses whoever tries.
/// - Where a change is not made, nothing is told of it.
/// - Lists are in the order of [`EntryPosition`].
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait History: Send + Sync {
    /// What has happened to a booking, a page at a time; nothing where there is no such booking.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn of_booking(
        &self,
        booking: BookingId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Page<Entry, EntryPosition>, Unavailable>;

    /// What has happened to a doctor's rules: everything that concerns the doctor but no patient and no hold, a page at a
    /// time; closures, which concern every doctor, are not among it. Nothing where there is no such doctor.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn of_doctor(
        &self,
        doctor: DoctorId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Page<Entry, EntryPosition>, Unavailable>;
}
