//! Whether what is stored fits together.

use chrono::{DateTime, Utc};

use crate::Unavailable;

/// How many inconsistencies are told at most.
pub const MOST_INCONSISTENCIES: usize = 1_000;

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inconsistency {
    /// In which table.
    pub table: &'static str,
    /// Under which key. Never a name.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
}

/// Whether what is stored fits together.
///
/// # Promises of every implementation
///
/// - Where only the other ports have written, nothing is found.
/// - What occupies doctors and patients is, to the row, what the live bookings and the holds say: anything missing, left
///   over, or other is found. So are two that overlap, and a booking of a patient or doctor who is not there.
/// - At most [`MOST_INCONSISTENCIES`] are told.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Verification: Send + Sync {
    /// Looks through everything, as it is at one moment.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn verify(&self, now: DateTime<Utc>) -> Result<Vec<Inconsistency>, Unavailable>;
}
