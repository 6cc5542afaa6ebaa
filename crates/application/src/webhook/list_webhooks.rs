//! Many webhooks.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Webhook, WebhookId};
use doctor_booking_ports::{Page, PageRequest, Webhooks};

use crate::{AccessError, Gate};

/// Lists webhooks.
#[derive(Clone)]
pub struct ListWebhooks {
    gate: Gate,
    webhooks: Arc<dyn Webhooks>,
}

impl ListWebhooks {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, webhooks: Arc<dyn Webhooks>) -> Self {
        Self { gate, webhooks }
    }

    /// All webhooks, in the order in which they were entered, a page at a time.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        page: &PageRequest<WebhookId>,
    ) -> Result<Page<Webhook, WebhookId>, AccessError> {
        self.gate.require(actor, Action::ManageWebhooks)?;
        Ok(self.webhooks.list(page)?)
    }
}
