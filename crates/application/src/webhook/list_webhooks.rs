//! Many webhooks.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Role, Webhook, WebhookId};
use doctor_booking_ports::{Page, PageRequest, Unavailable, Webhooks};

/// Lists webhooks.
#[derive(Clone)]
pub struct ListWebhooks {
    webhooks: Arc<dyn Webhooks>,
}

impl ListWebhooks {
    /// The use case over this port.
    pub fn new(webhooks: Arc<dyn Webhooks>) -> Self {
        Self { webhooks }
    }

    /// All webhooks, in the order in which they were entered, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        page: &PageRequest<WebhookId>,
    ) -> Result<Page<Webhook, WebhookId>, Unavailable> {
        let Role::Administrator = actor.role;
        self.webhooks.list(page)
    }
}
