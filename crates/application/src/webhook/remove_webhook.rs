//! Somebody who is not to be told of events any more.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Revision, WebhookId};
use doctor_booking_ports::{SaveError, Webhooks};

use super::ChangeWebhookError;
use crate::{ATTEMPTS, Gate};

/// Removes a webhook.
#[derive(Clone)]
pub struct RemoveWebhook {
    gate: Gate,
    webhooks: Arc<dyn Webhooks>,
}

impl RemoveWebhook {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, webhooks: Arc<dyn Webhooks>) -> Self {
        Self { gate, webhooks }
    }

    /// Removes a webhook with all that is still to be told to it, only at the revision `expected` if that is given.
    ///
    /// # Errors
    ///
    /// [`ChangeWebhookError`]; nothing was changed then.
    pub fn execute(&self, actor: &Actor, id: WebhookId, expected: Option<Revision>) -> Result<(), ChangeWebhookError> {
        self.gate.require(actor, Action::ManageWebhooks)?;
        for _ in 0..ATTEMPTS {
            let there = self.webhooks.find(id)?.ok_or(ChangeWebhookError::UnknownWebhook)?;
            if expected.is_some_and(|expected| expected != there.revision()) {
                return Err(ChangeWebhookError::Changed);
            }
            match self.webhooks.remove(id, there.revision()) {
                Ok(()) => return Ok(()),
                // Somebody else was faster: look again. No request of this kind is kept.
                Err(SaveError::Stale | SaveError::Answered) => {}
                Err(SaveError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(ChangeWebhookError::Contended)
    }
}
