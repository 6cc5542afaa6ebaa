//! Patients who wait for a slot to become free.

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_domain::{DoctorId, PatientId, Revision, Waiting, WaitingId};

use crate::{AddError, Along, Limit, NewHold, Page, PageRequest, StoreHoldError, Unavailable};

/// Which of those who wait to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct WaitingFilter {
    /// Only this patient.
    pub patient: Option<PatientId>,
    /// Only who waits for this very doctor.
    pub doctor: Option<DoctorId>,
}

/// A slot for somebody who waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offering {
    /// The place as it should be: offered.
    pub waiting: Waiting,
    /// The revision at which that was decided.
    pub seen: Revision,
    /// The hold; how many its owner has does not count.
    pub hold: NewHold,
}

/// Patients who wait for a slot to become free.
///
/// # Promises of every implementation
///
/// - A place is found as it was stored; lists are in the order of ids.
/// - Those in line come in the order of `since`, then id.
/// - An offer stores the hold and the place, or nothing. A place that has since changed is refused as
///   [`StoreHoldError::Stale`].
/// - Whoever books what was offered is booked, in the very transaction. Whose hold is given back or has expired is in line
///   again, at the end.
/// - Holds for those who wait do not count among the holds of their owner.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Waitlist: Send + Sync {
    /// Puts somebody in line, and writes what goes along.
    ///
    /// # Errors
    ///
    /// [`AddError`].
    fn add(&self, waiting: &Waiting, along: &Along) -> Result<(), AddError>;

    /// The place with this id.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, id: WaitingId) -> Result<Option<Waiting>, Unavailable>;

    /// The places that pass the filter, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn list(
        &self,
        filter: &WaitingFilter,
        page: &PageRequest<WaitingId>,
    ) -> Result<Page<Waiting, WaitingId>, Unavailable>;

    /// Removes a place, and gives back what is held for it; whether it was there. Nothing is written where it was not.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn remove(&self, id: WaitingId, along: &Along) -> Result<bool, Unavailable>;

    /// Those in line whose dates do not end before `today`, the first ones, after a place in the line, as many as the
    /// limit says at most.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn in_line(
        &self,
        today: NaiveDate,
        after: Option<(DateTime<Utc>, WaitingId)>,
        limit: Limit,
    ) -> Result<Vec<Waiting>, Unavailable>;

    /// Offers a slot to somebody in line.
    ///
    /// # Errors
    ///
    /// [`StoreHoldError`], but neither `TooMany` nor `Answered`.
    fn offer(&self, offering: &Offering) -> Result<(), StoreHoldError>;

    /// Puts everybody back in line whose hold has expired at this instant; how many.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn lapse(&self, now: DateTime<Utc>) -> Result<usize, Unavailable>;
}
