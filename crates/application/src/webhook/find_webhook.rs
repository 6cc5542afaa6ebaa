//! One webhook.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Webhook, WebhookId};
use doctor_booking_ports::Webhooks;

use crate::{AccessError, Gate};

/// Finds a webhook.
#[derive(Clone)]
pub struct FindWebhook {
    gate: Gate,
    webhooks: Arc<dyn Webhooks>,
}

impl FindWebhook {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, webhooks: Arc<dyn Webhooks>) -> Self {
        Self { gate, webhooks }
    }

    /// The webhook with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: WebhookId) -> Result<Option<Webhook>, AccessError> {
        self.gate.require(actor, Action::ManageWebhooks)?;
        Ok(self.webhooks.find(id)?)
    }
}
