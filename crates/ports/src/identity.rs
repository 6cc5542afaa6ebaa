//! Who others say that a caller is.

use chrono::{DateTime, Utc};
use doctor_booking_domain::Role;
use thiserror::Error;

/// Who an identity provider says that a caller is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who says so, and what it calls the caller: what tells one caller from another.
    pub issuer: String,
    /// What the issuer calls the caller.
    pub subject: String,
    /// What the caller is.
    pub role: Role,
}

/// Why nobody knows who a caller is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotIdentified {
    /// What was brought proves nothing: for the log, in words that neither repeat nor help to forge it.
    #[error("{0}")]
    Refused(&'static str),
    /// The keys of the identity provider cannot be had at the moment.
    #[error("the keys of the identity provider cannot be had: {0}")]
    Unavailable(String),
}

/// Identity providers, whose signed statements (JWTs, RFC 7519) say who a caller is.
///
/// # Promises of every implementation
///
/// - Somebody is identified only by a statement that is signed with a key of the provider's, by an algorithm that fits that
///   key and is asymmetric, for this service, and at a time at which it holds, give or take a minute.
/// - A key that the provider has begun to use is known soon, and one that it uses no longer is not; without a restart.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Identities: Send + Sync {
    /// Who the statement says that the caller is.
    ///
    /// # Errors
    ///
    /// [`NotIdentified`].
    fn identify(&self, statement: &str, now: DateTime<Utc>) -> Result<Identity, NotIdentified>;
}
