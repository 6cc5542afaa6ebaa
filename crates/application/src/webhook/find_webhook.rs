//! One webhook.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Role, Webhook, WebhookId};
use doctor_booking_ports::{Unavailable, Webhooks};

/// Finds a webhook.
#[derive(Clone)]
pub struct FindWebhook {
    webhooks: Arc<dyn Webhooks>,
}

impl FindWebhook {
    /// The use case over this port.
    pub fn new(webhooks: Arc<dyn Webhooks>) -> Self {
        Self { webhooks }
    }

    /// The webhook with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: WebhookId) -> Result<Option<Webhook>, Unavailable> {
        let Role::Administrator = actor.role;
        self.webhooks.find(id)
    }
}
