//! What could not be told to a webhook.

use std::sync::Arc;

use doctor_booking_domain::{Actor, DeliveryId, Role, WebhookId};
use doctor_booking_ports::{Deliveries, Page, PageRequest, SetAside, Unavailable, Webhooks};

/// Lists what could not be told to a webhook within a day.
#[derive(Clone)]
pub struct ListSetAside {
    webhooks: Arc<dyn Webhooks>,
    deliveries: Arc<dyn Deliveries>,
}

impl ListSetAside {
    /// The use case over these ports.
    pub fn new(webhooks: Arc<dyn Webhooks>, deliveries: Arc<dyn Deliveries>) -> Self {
        Self { webhooks, deliveries }
    }

    /// What was put aside, a page at a time; `None` when there is no such webhook.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        id: WebhookId,
        page: &PageRequest<DeliveryId>,
    ) -> Result<Option<Page<SetAside, DeliveryId>>, Unavailable> {
        let Role::Administrator = actor.role;
        let there = self.webhooks.find(id)?;
        there.map(|_| self.deliveries.aside(id, page)).transpose()
    }
}
