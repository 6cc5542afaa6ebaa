//! What has happened, in the order in which everybody learns of it.

use doctor_booking_domain::{Audience, Entry, EntryId};

use crate::{Limit, Unavailable};

/// An entry of the history as it is told to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place among all events: 1, 2, 3, … without gaps.
    pub position: i64,
    /// What has happened.
    pub entry: Entry,
}

/// What has happened, in the order in which everybody learns of it.
///
/// # Promises of every implementation
///
/// - Every entry that was written becomes one event: at the latest when [`publish`](Self::publish) is called after that.
/// - Positions are 1, 2, 3, … without gaps, whatever was rolled back, however many write at once, and in whatever order
///   they come to an end. An event that can be seen stays where it is: whoever has read up to a position misses nothing
///   that comes before it.
/// - What was written before another change began comes before it.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Events: Send + Sync {
    /// Gives a position to what was written since, as far as it has come to its end; how many there were.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn publish(&self) -> Result<usize, Unavailable>;

    /// The events after a position that the audience [may know](Audience::may_know) of, in order, as many as the limit says
    /// at most.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn after(&self, position: i64, audience: Audience, limit: Limit) -> Result<Vec<Event>, Unavailable>;

    /// The position of the event that tells of this entry, once it has one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn position_of(&self, entry: EntryId) -> Result<Option<i64>, Unavailable>;

    /// The position of the last event, 0 when there is none.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn last(&self) -> Result<i64, Unavailable>;
}
