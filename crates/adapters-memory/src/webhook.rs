//! Whom to tell of events, and what is still to be told.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{DeliveryId, Revision, Webhook, WebhookId};
use doctor_booking_ports::{
    AddError, Along, Deliveries, Delivery, Event, Limit, Page, PageRequest, SaveError, SetAside, Unavailable, Webhooks,
};

use crate::MemoryStore;
use crate::page::page;
use crate::store::{State, insert};

/// [`Webhooks`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryWebhooks(MemoryStore);

/// [`Deliveries`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryDeliveries(MemoryStore);

/// A delivery, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Underway {
    webhook: WebhookId,
    event: Event,
    first_at: Option<DateTime<Utc>>,
    failures: u32,
    /// When it is due, and while it is claimed, when the claim runs out; `None`: it was put aside.
    due: Option<DateTime<Utc>>,
    claimed: bool,
    error: String,
    aside_at: DateTime<Utc>,
}

impl MemoryWebhooks {
    /// The webhooks in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl MemoryDeliveries {
    /// The deliveries in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Webhooks for MemoryWebhooks {
    fn add(&self, webhook: &Webhook, along: &Along) -> Result<(), AddError> {
        let mut state = self.0.lock();
        state.is_new(along)?;
        insert(&mut state.webhooks, "webhooks", webhook.id(), webhook.clone())?;
        let since = state.last_position();
        state.told.insert(webhook.id(), since);
        state.write(along);
        Ok(())
    }

    fn find(&self, id: WebhookId) -> Result<Option<Webhook>, Unavailable> {
        Ok(self.0.lock().webhooks.get(&id).cloned())
    }

    fn list(&self, request: &PageRequest<WebhookId>) -> Result<Page<Webhook, WebhookId>, Unavailable> {
        Ok(page(self.0.lock().webhooks.values(), request, Webhook::id))
    }

    fn save(&self, webhook: &Webhook, seen: Revision) -> Result<(), SaveError> {
        let mut state = self.0.lock();
        let stored = state.webhooks.get_mut(&webhook.id()).filter(|stored| stored.revision() == seen);
        *stored.ok_or(SaveError::Stale)? = webhook.clone();
        Ok(())
    }

    fn remove(&self, id: WebhookId, seen: Revision) -> Result<(), SaveError> {
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        state.webhooks.get(&id).filter(|stored| stored.revision() == seen).ok_or(SaveError::Stale)?;
        state.webhooks.remove(&id);
        state.told.remove(&id);
        state.deliveries.retain(|_, delivery| delivery.webhook != id);
        Ok(())
    }
}

impl Deliveries for MemoryDeliveries {
    fn enqueue(&self, now: DateTime<Utc>, limit: Limit) -> Result<usize, Unavailable> {
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        let mut looked_at = 0;
        let webhooks: Vec<Webhook> = state.webhooks.values().cloned().collect();
        for webhook in webhooks {
            let told = state.told.get(&webhook.id()).copied().unwrap_or_default();
            let events: Vec<_> = state.events_after(told).take(usize::from(limit.get())).collect();
            looked_at = looked_at.max(events.len());
            for event in events {
                state.told.insert(webhook.id(), event.position);
                if webhook.wants(event.entry.what) {
                    state.enqueued += 1;
                    let id = DeliveryId::from_u128(state.enqueued);
                    let underway = Underway {
                        webhook: webhook.id(),
                        event,
                        first_at: None,
                        failures: 0,
                        due: Some(now),
                        claimed: false,
                        error: String::new(),
                        aside_at: now,
                    };
                    state.deliveries.insert(id, underway);
                }
            }
        }
        Ok(looked_at)
    }

    fn claim(&self, now: DateTime<Utc>, until: DateTime<Utc>, limit: Limit) -> Result<Vec<Delivery>, Unavailable> {
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        let mut claimed = Vec::new();
        for webhook in state.webhooks.values().filter(|webhook| webhook.parts().active) {
            let own = || state.deliveries.iter().filter(|(_, it)| it.webhook == webhook.id());
            let is_hanging = own().any(|(_, it)| it.claimed && it.due.is_some_and(|due| due > now));
            let due = own().filter(|(_, it)| it.due.is_some_and(|due| due <= now));
            if let Some((&id, _)) = due.min_by_key(|(id, it)| (it.due, **id)).filter(|_| !is_hanging) {
                claimed.push((id, webhook.clone()));
            }
        }
        claimed.truncate(usize::from(limit.get()));
        let mut deliveries = Vec::new();
        for (id, webhook) in claimed {
            let Some(it) = state.deliveries.get_mut(&id) else { continue };
            it.claimed = true;
            it.due = Some(until);
            let first_at = *it.first_at.get_or_insert(now);
            let (event, failures) = (it.event.clone(), it.failures);
            let (url, secret) = (webhook.parts().url.clone(), webhook.parts().secret.clone());
            deliveries.push(Delivery { id, webhook: webhook.id(), url, secret, event, first_at, failures });
        }
        Ok(deliveries)
    }

    fn delivered(&self, id: DeliveryId) -> Result<(), Unavailable> {
        self.0.lock().deliveries.remove(&id);
        Ok(())
    }

    fn failed(
        &self,
        id: DeliveryId,
        error: &str,
        now: DateTime<Utc>,
        next: Option<DateTime<Utc>>,
    ) -> Result<(), Unavailable> {
        if let Some(it) = self.0.lock().deliveries.get_mut(&id) {
            it.failures += 1;
            it.claimed = false;
            it.due = next;
            error.clone_into(&mut it.error);
            it.aside_at = now;
        }
        Ok(())
    }

    fn aside(
        &self,
        webhook: WebhookId,
        request: &PageRequest<DeliveryId>,
    ) -> Result<Page<SetAside, DeliveryId>, Unavailable> {
        let state = self.0.lock();
        let of_webhook = state.deliveries.iter().filter(|(_, it)| it.webhook == webhook && it.due.is_none());
        let aside = |(&id, it): (&DeliveryId, &Underway)| {
            let Underway { event, failures, error, aside_at, .. } = it.clone();
            SetAside { id, event, failures, error, at: aside_at }
        };
        let all: Vec<_> = of_webhook.map(aside).collect();
        Ok(page(all.iter(), request, |aside| aside.id))
    }
}
