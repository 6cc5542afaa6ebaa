//! Whether the store is there.

use crate::Unavailable;

/// Whether the store is there.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Health: Send + Sync {
    /// Asks the store a trivial question.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when it cannot answer.
    fn check(&self) -> Result<(), Unavailable>;
}
