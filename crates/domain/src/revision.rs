//! How often something has changed.

use std::fmt;

/// How often a thing has changed: 1 when it is made, one more with every change.
///
/// A doctor's revision is also the **rules revision**: a booking decided at one revision is stored
/// only while it still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(i64);

impl Revision {
    /// The revision of a thing just made.
    pub const FIRST: Self = Self(1);

    /// The revision with this number: 1 or more for a thing that is there, 0 for what nothing has.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// Its number, 1 or more.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
