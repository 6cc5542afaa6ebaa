//! Whom to tell of events.

use diesel::prelude::*;
use doctor_booking_domain::{Revision, Webhook, WebhookId};
use doctor_booking_ports::{AddError, Along, Page, PageRequest, SaveError, Unavailable, Webhooks};

use crate::event;
use crate::pool::Pool;
use crate::rows::WebhookRow;
use crate::schema::webhooks;

/// [`Webhooks`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgWebhooks(Pool);

impl PgWebhooks {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Webhooks for PgWebhooks {
    fn add(&self, webhook: &Webhook, along: &Along) -> Result<(), AddError> {
        self.0.change(along, |connection| {
            let told = webhooks::told.eq(event::last(connection)?);
            diesel::insert_into(webhooks::table).values((WebhookRow::from(webhook), told)).execute(connection)?;
            Ok(())
        })
    }

    fn find(&self, id: WebhookId) -> Result<Option<Webhook>, Unavailable> {
        let row = webhooks::table
            .find(id.uuid())
            .select(WebhookRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(Webhook::try_from).transpose()
    }

    fn list(&self, page: &PageRequest<WebhookId>) -> Result<Page<Webhook, WebhookId>, Unavailable> {
        let mut query = webhooks::table.select(WebhookRow::as_select()).into_boxed();
        if let Some(after) = page.after {
            query = query.filter(webhooks::id.gt(after.uuid()));
        }
        let rows = query
            .order(webhooks::id)
            .limit(i64::from(page.limit.get()) + 1)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(Webhook::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, Webhook::id))
    }

    fn save(&self, webhook: &Webhook, seen: Revision) -> Result<(), SaveError> {
        let as_seen = webhooks::table.find(webhook.id().uuid()).filter(webhooks::revision.eq(seen.number()));
        let changed = diesel::update(as_seen)
            .set(WebhookRow::from(webhook))
            .execute(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        if changed == 1 { Ok(()) } else { Err(SaveError::Stale) }
    }

    /// Its deliveries go with it.
    fn remove(&self, id: WebhookId, seen: Revision) -> Result<(), SaveError> {
        let as_seen = webhooks::table.find(id.uuid()).filter(webhooks::revision.eq(seen.number()));
        let removed = diesel::delete(as_seen).execute(&mut self.0.get()?).map_err(Unavailable::unreachable)?;
        if removed == 1 { Ok(()) } else { Err(SaveError::Stale) }
    }
}
