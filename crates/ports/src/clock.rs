//! The time, and new ids: what a decision must not take from the air.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{
    BookingId, ClosureId, DoctorId, EntryId, HoldId, PatientId, SeriesId, TimeOffId, TokenId, VisitTypeId, WaitingId,
    WebhookId,
};

/// What time it is.
///
/// # Promises of every implementation
///
/// - Whole microseconds: what every store can keep.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The current instant, in whole microseconds.
    fn now(&self) -> DateTime<Utc>;
}

/// Ids for new things.
///
/// # Promises of every implementation
///
/// - No id comes twice.
/// - Ids are `UUIDv7` (RFC 9562), so that they sort by the time at which they were made.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Ids: Send + Sync {
    /// An id for a new doctor.
    fn doctor(&self) -> DoctorId;
    /// An id for a new patient.
    fn patient(&self) -> PatientId;
    /// An id for a new booking.
    fn booking(&self) -> BookingId;
    /// An id for new time off.
    fn time_off(&self) -> TimeOffId;
    /// An id for a new closure.
    fn closure(&self) -> ClosureId;
    /// An id for a new visit type.
    fn visit_type(&self) -> VisitTypeId;
    /// An id for a new hold.
    fn hold(&self) -> HoldId;
    /// An id for a new series of bookings.
    fn series(&self) -> SeriesId;
    /// An id for a new place in line.
    fn waiting(&self) -> WaitingId;
    /// An id for a new webhook.
    fn webhook(&self) -> WebhookId;
    /// An id for a new token.
    fn token(&self) -> TokenId;
    /// A new secret: 32 bytes that nobody can guess.
    fn secret(&self) -> [u8; 32];
    /// An id for a new entry in the history.
    fn entry(&self) -> EntryId;
}
