//! Messages to webhooks.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{EntryId, WebhookSecret, WebhookUrl};
use thiserror::Error;

/// A message to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it is about: the same at every attempt, so that a receiver can tell that it has it already.
    pub id: EntryId,
    /// Where to.
    pub url: WebhookUrl,
    /// With what it is signed.
    pub secret: WebhookSecret,
    /// When this attempt is made.
    pub at: DateTime<Utc>,
    /// What it says, as JSON.
    pub body: Vec<u8>,
}

/// Why a message was not accepted: for whoever looks why. It never has what the receiver answered, nor the URL.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct NotAccepted(pub String);

/// Messages to webhooks, signed as in the Standard Webhooks specification: headers `webhook-id`, `webhook-timestamp` and
/// `webhook-signature`.
///
/// # Promises of every implementation
///
/// - A message is accepted when the receiver answers with a status of 200–299 within a time that is bounded; redirects are
///   not followed, and no more of an answer is read than is needed.
/// - Unless it was told otherwise, nothing is sent to an address that is loopback, link-local, private or otherwise not
///   public, whatever the name in the URL; the address that was looked at is the one that is sent to.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Messenger: Send + Sync {
    /// Sends a message, once.
    ///
    /// # Errors
    ///
    /// [`NotAccepted`].
    fn send(&self, message: &Message) -> Result<(), NotAccepted>;
}
