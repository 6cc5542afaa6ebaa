//! Dates on which the whole hospital is closed.

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_domain::{Booking, BookingId, Closure, ClosureId, DoctorId, HoldId, Revision};

use crate::{Along, Outlook, Page, PageRequest, SaveError, Unavailable};

/// Where a closure stands in a list: by date, then id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClosurePosition {
    /// The date.
    pub date: NaiveDate,
    /// Which.
    pub id: ClosureId,
}

impl From<&Closure> for ClosurePosition {
    fn from(closure: &Closure) -> Self {
        Self { date: closure.date, id: closure.id }
    }
}

/// A closure that comes or goes, with what that does to bookings there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureChange {
    /// What changes.
    pub step: ClosureStep,
    /// When it was decided: bookings that end, and holds that expire, after this instant were looked at.
    pub as_of: DateTime<Utc>,
    /// The doctors who were looked at, with their revisions: all who have a booking or hold that was.
    pub doctors: Vec<(DoctorId, Revision)>,
    /// The bookings that were looked at, as they were then, by id.
    pub bookings: Vec<(BookingId, Revision)>,
    /// The holds that were looked at, by id.
    pub holds: Vec<HoldId>,
    /// Bookings whose mark changes, as they should be: each one revision later than it was looked at.
    pub marked: Vec<Booking>,
    /// What is written with it.
    pub along: Along,
}

/// Whether a closure comes or goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosureStep {
    /// It comes.
    Add(Closure),
    /// It goes.
    Remove(Closure),
}

impl ClosureStep {
    /// Which closure.
    #[must_use]
    pub fn closure(&self) -> &Closure {
        match self {
            Self::Add(closure) | Self::Remove(closure) => closure,
        }
    }
}

/// Dates on which the whole hospital is closed.
///
/// # Promises of every implementation
///
/// - A closure is found as it was stored; lists are in the order of [`ClosurePosition`], and stay right while closures
///   are added.
/// - [`save`](Self::save) adds or removes the closure, raises the revision of **every** doctor, since every doctor's
///   rules are others since `as_of`, and stores every mark and what goes along; or nothing.
/// - A change that did not look at every booking and hold that may lie on the date, or looked at doctors who have since changed,
///   is refused as [`SaveError::Stale`]: a closure and a booking never miss each other.
/// - The number of questions to the store does not depend on how many doctors and bookings there are.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Closures: Send + Sync {
    /// The closure with this id.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, id: ClosureId) -> Result<Option<Closure>, Unavailable>;

    /// All closures, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn list(&self, page: &PageRequest<ClosurePosition>) -> Result<Page<Closure, ClosurePosition>, Unavailable>;

    /// Every doctor who has live bookings that overlap
    /// [`DateRange::reach`](doctor_booking_domain::DateRange::reach) of the date and end after `as_of`, or holds that
    /// overlap it and expire after `as_of`, with those bookings and holds and the exceptions that can matter to them.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn outlooks(&self, date: NaiveDate, as_of: DateTime<Utc>) -> Result<Vec<Outlook>, Unavailable>;

    /// Stores what was decided.
    ///
    /// # Errors
    ///
    /// [`SaveError::Stale`] when a doctor has another revision than was seen, when the live bookings that overlap the
    /// date's reach and end, or the holds that do and expire, after `as_of` are others than those looked at, or when a closure to remove is not there.
    fn save(&self, change: &ClosureChange) -> Result<(), SaveError>;
}
