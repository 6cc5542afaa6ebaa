//! By what callers are known.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Token, TokenDigest, TokenId};

use crate::{AddError, Along, Page, PageRequest, Unavailable};

/// Tokens, and the sessions of browsers that have signed in with one.
///
/// # Promises of every implementation
///
/// - A token is found as it was stored, by the first half of its digest; lists are in the order of ids, without sessions,
///   and stay right while tokens are added.
/// - [`add_first`](Self::add_first) adds a token only where there has never been any: of many that come at once, one.
/// - A session is only added while the token that it is of is live, and never to another session. Where the token is
///   revoked, so are all of its sessions, also one that is added at the same time.
/// - What is revoked stays revoked, since when it first was.
/// - A secret is nowhere, only its digest; no two tokens have the same.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Tokens: Send + Sync {
    /// Stores a new token, and what goes along.
    ///
    /// # Errors
    ///
    /// [`AddError`].
    fn add(&self, token: &Token, digest: &TokenDigest, along: &Along) -> Result<(), AddError>;

    /// Stores the very first token; whether it was: nothing is stored where there is, or was, another.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn add_first(&self, token: &Token, digest: &TokenDigest) -> Result<bool, Unavailable>;

    /// Stores a session; whether the token that it is of is live at `created_at`, and it was stored.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn add_session(&self, session: &Token, digest: &TokenDigest) -> Result<bool, Unavailable>;

    /// The token, or session, whose digest begins so, live or not, and its digest.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn locate(&self, locator: [u8; 16]) -> Result<Option<(Token, TokenDigest)>, Unavailable>;

    /// The token, or session, with this id.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, id: TokenId) -> Result<Option<Token>, Unavailable>;

    /// All tokens but sessions, live or not, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn list(&self, page: &PageRequest<TokenId>) -> Result<Page<Token, TokenId>, Unavailable>;

    /// Revokes a token, and its sessions, or one session; whether it is there.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn revoke(&self, id: TokenId, at: DateTime<Utc>) -> Result<bool, Unavailable>;

    /// Notes that a token was used, unless it was later; nothing where there is none.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn used(&self, id: TokenId, at: DateTime<Utc>) -> Result<(), Unavailable>;

    /// Forgets sessions that were revoked, or had expired, before this instant; how many.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn sweep(&self, before: DateTime<Utc>) -> Result<usize, Unavailable>;
}
