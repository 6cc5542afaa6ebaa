//! When the whole hospital is closed.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{ClosureId, ClosureName};

/// A date on which the whole hospital is closed, from midnight to midnight on each doctor's own clock. It always wins
/// over working hours and overrides: a night shift that begins the day before ends at midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// Which.
    pub id: ClosureId,
    /// The date.
    pub date: NaiveDate,
    /// What it is called, such as `Christmas Day`.
    pub name: ClosureName,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}
