//! Bookings, and what they occupy.

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_domain::{Booking, BookingId, BookingStatus, DoctorId, PatientId, Revision};
use thiserror::Error;

use crate::{Page, PageRequest, SaveError, Unavailable};

/// Which bookings to list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BookingFilter {
    /// Only this doctor's.
    pub doctor: Option<DoctorId>,
    /// Only this patient's.
    pub patient: Option<PatientId>,
    /// Only those that start at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Only those that start before this instant.
    pub to: Option<DateTime<Utc>>,
    /// Only those that start on this date or later, on the clock on which they were agreed.
    pub from_date: Option<NaiveDate>,
    /// Only those that start on this date or earlier, on the clock on which they were agreed.
    pub to_date: Option<NaiveDate>,
    /// Only those that stand here.
    pub status: Option<BookingStatus>,
}

/// Where a booking stands in a list: by start, then id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BookingPosition {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// Which booking.
    pub id: BookingId,
}

impl From<&Booking> for BookingPosition {
    fn from(booking: &Booking) -> Self {
        Self { start: booking.span().start(), id: booking.id() }
    }
}

/// Why a new booking was not stored.
#[derive(Debug, Error)]
pub enum StoreBookingError {
    /// The doctor's rules have changed since it was decided: load and decide again.
    #[error("the doctor's rules have changed in the meantime")]
    Stale,
    /// There is no such patient.
    #[error("there is no such patient")]
    UnknownPatient,
    /// Something else occupies the doctor in that time, or there are as many visits as can be at some moment of it.
    #[error("the doctor is occupied in that time")]
    DoctorBusy,
    /// Something else occupies the patient in that time.
    #[error("the patient is occupied in that time")]
    PatientBusy,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Bookings, and what they occupy.
///
/// # Promises of every implementation
///
/// - [`store`](Self::store) writes the booking and its occupancy, or nothing. What it answered stays, whatever happens
///   to the process.
/// - Nothing live ever overlaps for one doctor or one patient, whatever a caller tries. Stretches that touch do not
///   overlap. The doctor is occupied from the buffer before a visit to that after it, the patient during the visit.
/// - A doctor is shared by visits of a greater capacity than 1: at any moment by as many at most as the smallest
///   capacity among them says. Where there is room for one more by that rule, it is stored; and each is kept on a seat of
///   its own, so that the store guards it like a doctor who is not shared.
/// - A booking decided on rules that have since changed is refused as [`StoreBookingError::Stale`].
/// - Bookings that do not overlap never make each other fail.
/// - Lists are in the order of [`BookingPosition`], and stay right while bookings are added.
/// - A booking that is saved as cancelled no longer occupies anybody.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Bookings: Send + Sync {
    /// Stores a new booking, decided on the rules of revision `decided_on`.
    ///
    /// # Errors
    ///
    /// [`StoreBookingError`]; a doctor who is not there has no rules that could still stand, so that is `Stale`. Where
    /// both doctor and patient are occupied, the answer is `DoctorBusy`.
    fn store(&self, booking: &Booking, decided_on: Revision) -> Result<(), StoreBookingError>;

    /// The booking with this id.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, id: BookingId) -> Result<Option<Booking>, Unavailable>;

    /// The bookings that pass the filter, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn list(
        &self,
        filter: &BookingFilter,
        page: &PageRequest<BookingPosition>,
    ) -> Result<Page<Booking, BookingPosition>, Unavailable>;

    /// Stores a booking's new status and reasons, decided at its revision `seen`; where it is no longer live, it gives
    /// back what it occupied. When and with whom it is stays.
    ///
    /// # Errors
    ///
    /// [`SaveError::Stale`] when the booking has another revision than `seen`.
    fn save(&self, booking: &Booking, seen: Revision) -> Result<(), SaveError>;
}
