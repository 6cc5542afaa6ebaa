//! Somebody new to be told of events.

use std::collections::BTreeSet;
use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Webhook, WebhookSecret, WebhookUrl, What};
use doctor_booking_ports::{Along, Clock, Ids, Webhooks};

use crate::{Gate, MakeError, Once};

/// A webhook to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWebhook {
    /// Where it is told.
    pub url: WebhookUrl,
    /// Of what; `None`: of everything.
    pub events: Option<BTreeSet<What>>,
}

/// Enters a webhook.
#[derive(Clone)]
pub struct AddWebhook {
    gate: Gate,
    webhooks: Arc<dyn Webhooks>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl AddWebhook {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, webhooks: Arc<dyn Webhooks>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { gate, webhooks, clock, ids }
    }

    /// Enters a webhook with a secret of its own, which is told of what happens from now on.
    ///
    /// # Errors
    ///
    /// [`MakeError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        new: NewWebhook,
        once: Option<&Once<'_, Webhook>>,
    ) -> Result<Webhook, MakeError> {
        self.gate.require(actor, Action::ManageWebhooks)?;
        let now = self.clock.now();
        let secret = WebhookSecret::from_bytes(self.ids.secret());
        let webhook = Webhook::new(self.ids.webhook(), new.url, new.events, secret, now);
        let answer = once.map(|once| once.answer(&webhook, now));
        self.webhooks.add(&webhook, &Along { history: vec![], answer })?;
        Ok(webhook)
    }
}
