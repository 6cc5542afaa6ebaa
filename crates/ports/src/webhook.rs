//! Whom to tell of events, and what is still to be told.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{DeliveryId, Revision, Webhook, WebhookId, WebhookSecret, WebhookUrl};

use crate::{AddError, Along, Event, Limit, Page, PageRequest, SaveError, Unavailable};

/// Whom to tell of events.
///
/// # Promises of every implementation
///
/// - A webhook is found as it was stored; lists are in the order of ids.
/// - A change decided on a webhook that has since changed is refused as [`SaveError::Stale`].
/// - A webhook that is removed is gone, with all its deliveries.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Webhooks: Send + Sync {
    /// Stores a new webhook, and what goes along. It is told of what is published from then on.
    ///
    /// # Errors
    ///
    /// [`AddError`].
    fn add(&self, webhook: &Webhook, along: &Along) -> Result<(), AddError>;

    /// The webhook with this id.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, id: WebhookId) -> Result<Option<Webhook>, Unavailable>;

    /// All webhooks, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn list(&self, page: &PageRequest<WebhookId>) -> Result<Page<Webhook, WebhookId>, Unavailable>;

    /// Stores the webhook as it should be, decided at revision `seen`.
    ///
    /// # Errors
    ///
    /// [`SaveError::Stale`] when the webhook has another revision than `seen`.
    fn save(&self, webhook: &Webhook, seen: Revision) -> Result<(), SaveError>;

    /// Removes a webhook, decided at revision `seen`.
    ///
    /// # Errors
    ///
    /// [`SaveError::Stale`] when it is not there, or has another revision.
    fn remove(&self, id: WebhookId, seen: Revision) -> Result<(), SaveError>;
}

/// An event on its way to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Which delivery: the same at every attempt.
    pub id: DeliveryId,
    /// To whom.
    pub webhook: WebhookId,
    /// Where, as it is now.
    pub url: WebhookUrl,
    /// With what it is signed.
    pub secret: WebhookSecret,
    /// What is told.
    pub event: Event,
    /// When it was first claimed.
    pub first_at: DateTime<Utc>,
    /// How often it has failed.
    pub failures: u32,
}

/// A delivery that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Which delivery.
    pub id: DeliveryId,
    /// What was to be told.
    pub event: Event,
    /// How often it has failed.
    pub failures: u32,
    /// What went wrong at last.
    pub error: String,
    /// When it was given up.
    pub at: DateTime<Utc>,
}

/// What is still to be told to webhooks.
///
/// # Promises of every implementation
///
/// - Of every event published after an active webhook that wants it was entered, there is one delivery to it, whoever
///   enqueues and however often.
/// - A delivery that was claimed is nobody else's until the claim runs out. Of each webhook one delivery at most is claimed
///   at a time, the one that is due first: so one that hangs keeps no other waiting.
/// - A delivery is claimed again and again until it is delivered, put aside, or its webhook is gone or no longer active.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Deliveries: Send + Sync {
    /// Makes deliveries of the next published events, as many as the limit says at most; how many events were looked at.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn enqueue(&self, now: DateTime<Utc>, limit: Limit) -> Result<usize, Unavailable>;

    /// Claims deliveries that are due, of different webhooks, until an instant.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn claim(&self, now: DateTime<Utc>, until: DateTime<Utc>, limit: Limit) -> Result<Vec<Delivery>, Unavailable>;

    /// The delivery has come to its end well.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn delivered(&self, id: DeliveryId) -> Result<(), Unavailable>;

    /// The delivery has failed, with this error, and is due again at `next`; `None`: it is put aside.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn failed(
        &self,
        id: DeliveryId,
        error: &str,
        now: DateTime<Utc>,
        next: Option<DateTime<Utc>>,
    ) -> Result<(), Unavailable>;

    /// What was put aside of a webhook's deliveries, by id, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn aside(
        &self,
        webhook: WebhookId,
        page: &PageRequest<DeliveryId>,
    ) -> Result<Page<SetAside, DeliveryId>, Unavailable>;
}
