//! Something else about a webhook.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Revision, Role, Webhook, WebhookAmendment, WebhookId};
use doctor_booking_ports::{Clock, SaveError, Unavailable, Webhooks};
use thiserror::Error;

use crate::ATTEMPTS;

/// Why a webhook was not changed.
#[derive(Debug, Error)]
pub enum ChangeWebhookError {
    /// There is no such webhook.
    #[error("there is no such webhook")]
    UnknownWebhook,
    /// The webhook no longer has the expected revision.
    #[error("the webhook has changed in the meantime")]
    Changed,
    /// Others changed the same again and again.
    #[error("others changed the same again and again")]
    Contended,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Amends a webhook.
#[derive(Clone)]
pub struct AmendWebhook {
    webhooks: Arc<dyn Webhooks>,
    clock: Arc<dyn Clock>,
}

impl AmendWebhook {
    /// The use case over these ports.
    pub fn new(webhooks: Arc<dyn Webhooks>, clock: Arc<dyn Clock>) -> Self {
        Self { webhooks, clock }
    }

    /// Amends a webhook, only at the revision `expected` if that is given.
    ///
    /// # Errors
    ///
    /// [`ChangeWebhookError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: WebhookId,
        amendment: &WebhookAmendment,
        expected: Option<Revision>,
    ) -> Result<Webhook, ChangeWebhookError> {
        let Role::Administrator = actor.role;
        for _ in 0..ATTEMPTS {
            let before = self.webhooks.find(id)?.ok_or(ChangeWebhookError::UnknownWebhook)?;
            if expected.is_some_and(|expected| expected != before.revision()) {
                return Err(ChangeWebhookError::Changed);
            }
            let webhook = before.amended(amendment.clone(), self.clock.now());
            match self.webhooks.save(&webhook, before.revision()) {
                Ok(()) => return Ok(webhook),
                // Somebody else was faster: look again. No request of this kind is kept.
                Err(SaveError::Stale | SaveError::Answered) => {}
                Err(SaveError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(ChangeWebhookError::Contended)
    }
}
