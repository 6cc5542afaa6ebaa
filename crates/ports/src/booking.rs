//! Bookings, and what they occupy.

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_domain::{Booking, BookingId, BookingStatus, DoctorId, HoldId, PatientId, Revision};
use thiserror::Error;

use crate::{Along, Page, PageRequest, SaveError, Unavailable};

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

/// A booking to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBooking {
    /// The booking, made at its `updated_at`.
    pub booking: Booking,
    /// The revision of the doctor's rules on which it was decided.
    pub decided_on: Revision,
    /// The hold that becomes this booking.
    pub hold: Option<HoldId>,
    /// What is written with it.
    pub along: Along,
}

/// Bookings to store together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSeries {
    /// The bookings, all of one patient with one doctor, made at their `updated_at`. No two overlap, and none may be beside
    /// others.
    pub bookings: Vec<Booking>,
    /// The revision of the doctor's rules on which they were decided.
    pub decided_on: Revision,
    /// What is written with them.
    pub along: Along,
}

/// Who is occupied when a booking of a series should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupied {
    /// The doctor, and perhaps the patient too.
    Doctor,
    /// The patient.
    Patient,
}

/// Why no booking of a series was stored.
#[derive(Debug, Error)]
pub enum StoreSeriesError {
    /// The doctor's rules have changed since they were decided: load and decide again.
    #[error("the doctor's rules have changed in the meantime")]
    Stale,
    /// There is no such patient.
    #[error("there is no such patient")]
    UnknownPatient,
    /// Of these bookings, all that cannot be had, something else occupies the doctor or the patient.
    #[error("{} of the visits cannot be had", .0.len())]
    Occupied(Vec<(BookingId, Occupied)>),
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// A booking as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingChange {
    /// The booking, changed at its `updated_at`.
    pub booking: Booking,
    /// The revision at which that was decided.
    pub seen: Revision,
    /// What is written with it.
    pub along: Along,
}

/// Why a booking was not stored, or not put into another place.
#[derive(Debug, Error)]
pub enum StoreBookingError {
    /// The doctor's rules, or the booking itself, have changed since it was decided: load and decide again.
    #[error("the doctor's rules, or the booking, have changed in the meantime")]
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
    /// The hold is not there, or has expired.
    #[error("the hold is not there, or has expired")]
    HoldGone,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Bookings, and what they occupy.
///
/// # Promises of every implementation
///
/// - [`store`](Self::store), [`place`](Self::place) and [`save`](Self::save) write the booking, what it occupies, and
///   what goes along, or nothing. What they answered stays, whatever happens to the process.
/// - Nothing live ever overlaps for one doctor or one patient, whatever a caller tries, but as the next promise says.
///   Stretches that touch do not overlap. The doctor is occupied from the buffer before a visit to that after it, the patient during the visit.
/// - A booking that may be beside others, as [`BookingParts::beside_others`](doctor_booking_domain::BookingParts) says, is
///   stored whatever occupies its patient, up to 49 of them at the same time; its doctor is guarded all the same. Whatever
///   comes later and may not, is refused where they overlap: so of two at once only the ordinary one can be.
/// - A doctor is shared by visits of a greater capacity than 1: at any moment by as many at most as the smallest
///   capacity among them says. Where there is room for one more by that rule, it is stored; and each is kept on a seat of
///   its own, so that the store guards it like a doctor who is not shared.
/// - A booking decided on rules that have since changed is refused as [`StoreBookingError::Stale`].
/// - Bookings that do not overlap never make each other fail.
/// - Lists are in the order of [`BookingPosition`], and stay right while bookings are added.
/// - A booking that is saved where it is no longer live no longer occupies anybody.
/// - Of bookings stored together all are, or none is, and every one that cannot be had is named.
/// - A hold that becomes a booking gives it its place, for everybody without a moment in between; so it does once.
/// - A booking that is put into another place is never in its own way, and where that place cannot be had it stays where
///   it is, as it was.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Bookings: Send + Sync {
    /// Stores a new booking.
    ///
    /// # Errors
    ///
    /// [`StoreBookingError`]; a doctor who is not there has no rules that could still stand, so that is `Stale`. Where
    /// both doctor and patient are occupied, the answer is `DoctorBusy`.
    fn store(&self, new: &NewBooking) -> Result<(), StoreBookingError>;

    /// Stores many new bookings, or none of them.
    ///
    /// # Errors
    ///
    /// [`StoreSeriesError`], with every booking that cannot be had.
    fn store_all(&self, new: &NewSeries) -> Result<(), StoreSeriesError>;

    /// Puts a booking that is live from now on into its place, decided on the rules of revision `decided_on` of the doctor
    /// with whom it is to be: it may have been at another time, with another doctor, or cancelled.
    ///
    /// # Errors
    ///
    /// [`StoreBookingError`], but neither `UnknownPatient` nor `HoldGone`.
    fn place(&self, change: &BookingChange, decided_on: Revision) -> Result<(), StoreBookingError>;

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

    /// Stores a booking's new status and reasons; where it is no longer live, it gives back what it occupied. When and
    /// with whom it is stays.
    ///
    /// # Errors
    ///
    /// [`SaveError::Stale`] when the booking has another revision than `seen`, or would come alive.
    fn save(&self, change: &BookingChange) -> Result<(), SaveError>;
}
