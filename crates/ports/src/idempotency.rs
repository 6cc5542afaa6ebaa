//! Requests that come again.

use chrono::{DateTime, Utc};
use doctor_booking_domain::CallerId;

use crate::{IdempotencyKey, KeptAnswer, Unavailable};

/// The answers of requests that may come again.
///
/// Whoever makes something new takes the answer along ([`Along`](crate::Along)), so that it is kept in the same
/// transaction; a refusal is kept by itself.
///
/// # Promises of every implementation
///
/// - Of one caller's key there is one answer at most, and the first stays until it is swept. It is found as it was kept.
/// - Keys of different callers have nothing to do with each other.
/// - A change whose request has been answered already is not made, however many come at once: of those with one key and
///   caller exactly one is.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Idempotency: Send + Sync {
    /// What was answered to the caller's request with this key.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, caller: CallerId, key: &IdempotencyKey) -> Result<Option<KeptAnswer>, Unavailable>;

    /// Keeps an answer that has changed nothing, unless there is one already; whether it was kept.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn keep(&self, answer: &KeptAnswer) -> Result<bool, Unavailable>;

    /// Forgets the answers given before this instant; how many.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn sweep(&self, before: DateTime<Utc>) -> Result<usize, Unavailable>;
}
