//! Something else about a webhook.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Revision, Webhook, WebhookAmendment, WebhookId};
use doctor_booking_ports::{Clock, SaveError, Unavailable, Webhooks};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::{ATTEMPTS, Gate};

/// Why a webhook was not changed.
#[derive(Debug, Error)]
pub enum ChangeWebhookError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
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

can_be_forbidden!(ChangeWebhookError);

/// Amends a webhook.
#[derive(Clone)]
pub struct AmendWebhook {
    gate: Gate,
    webhooks: Arc<dyn Webhooks>,
    clock: Arc<dyn Clock>,
}

impl AmendWebhook {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, webhooks: Arc<dyn Webhooks>, clock: Arc<dyn Clock>) -> Self {
        Self { gate, webhooks, clock }
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
        self.gate.require(actor, Action::ManageWebhooks)?;
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
