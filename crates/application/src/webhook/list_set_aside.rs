//! What could not be told to a webhook.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, DeliveryId, WebhookId};
use doctor_booking_ports::{Deliveries, Page, PageRequest, SetAside, Webhooks};

use crate::{AccessError, Gate};

/// Lists what could not be told to a webhook within a day.
#[derive(Clone)]
pub struct ListSetAside {
    gate: Gate,
    webhooks: Arc<dyn Webhooks>,
    deliveries: Arc<dyn Deliveries>,
}

impl ListSetAside {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, webhooks: Arc<dyn Webhooks>, deliveries: Arc<dyn Deliveries>) -> Self {
        Self { gate, webhooks, deliveries }
    }

    /// What was put aside, a page at a time; `None` when there is no such webhook.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        id: WebhookId,
        page: &PageRequest<DeliveryId>,
    ) -> Result<Option<Page<SetAside, DeliveryId>>, AccessError> {
        self.gate.require(actor, Action::ManageWebhooks)?;
        let there = self.webhooks.find(id)?;
        Ok(there.map(|_| self.deliveries.aside(id, page)).transpose()?)
    }
}
