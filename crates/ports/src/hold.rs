//! Slots that are held for a little while.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Hold, HoldId, Revision};
use thiserror::Error;

use crate::{Along, Unavailable};

/// A hold to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHold {
    /// What is to be held, from its `created_at` on.
    pub hold: Hold,
    /// The revision of the doctor's rules on which it was decided.
    pub decided_on: Revision,
    /// How many live holds its owner may have at most, this one included.
    pub most: usize,
    /// What is written with it.
    pub along: Along,
}

/// Why a hold was not stored.
#[derive(Debug, Error)]
pub enum StoreHoldError {
    /// The doctor's rules have changed since it was decided: load and decide again.
    #[error("the doctor's rules have changed in the meantime")]
    Stale,
    /// Something else occupies the doctor in that time.
    #[error("the doctor is occupied in that time")]
    DoctorBusy,
    /// The owner has as many live holds as can be.
    #[error("the caller holds as many slots as can be held at once")]
    TooMany,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Slots that are held for a little while.
///
/// # Promises of every implementation
///
/// - A live hold occupies its doctor like a booking, for everybody; nobody's patient.
/// - A hold occupies nobody from the instant on at which it expires, whether it was cleared away or not.
/// - No owner ever has more live holds than `most` says, however many come at once; those for somebody who waits do not
///   count.
/// - A hold that is given back, or has become a booking, is not found any more.
/// - A hold becomes one booking at most ([`Bookings::store`](crate::Bookings::store)).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Holds: Send + Sync {
    /// Stores a hold.
    ///
    /// # Errors
    ///
    /// [`StoreHoldError`]; a doctor who is not there has no rules that could still stand, so that is `Stale`.
    fn store(&self, new: &NewHold) -> Result<(), StoreHoldError>;

    /// The hold with this id, live or expired.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, id: HoldId) -> Result<Option<Hold>, Unavailable>;

    /// Gives a hold back; whether it was there. Nothing is written where it was not.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn release(&self, id: HoldId, along: &Along) -> Result<bool, Unavailable>;

    /// Clears away the holds that have expired at this instant; how many.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn sweep(&self, now: DateTime<Utc>) -> Result<usize, Unavailable>;
}
