//! Whom to tell of events.

use std::collections::BTreeSet;
use std::error::Error;

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{Revision, Webhook, WebhookId, WebhookParts, WebhookSecret, WebhookUrl, What};
use doctor_booking_ports::{AddError, Along, Page, PageRequest, SaveError, Unavailable, Webhooks};
use thiserror::Error;

use crate::pools::Pools;
use crate::schema::{deliveries, webhooks};
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros};
use crate::{SqliteStore, along, event};

/// [`Webhooks`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteWebhooks(Pools);

impl SqliteWebhooks {
    /// The webhooks in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Webhooks for SqliteWebhooks {
    fn add(&self, webhook: &Webhook, along: &Along) -> Result<(), AddError> {
        self.0.write(|connection| {
            // Before what goes along, which it is told of.
            let last = event::last(connection)?;
            along::write(connection, along)?;
            diesel::insert_into(webhooks::table)
                .values((WebhookRow::from(webhook), webhooks::told_up_to.eq(last)))
                .execute(connection)
                .map_err(|error| not_added("webhooks", &webhook.id(), error))?;
            Ok(())
        })
    }

    fn find(&self, id: WebhookId) -> Result<Option<Webhook>, Unavailable> {
        self.0.read(|connection| {
            let query = webhooks::table.find(Id::from(id)).select(WebhookRow::as_select());
            let row = query.first(connection).optional()?;
            Ok(row.map(Webhook::try_from).transpose()?)
        })
    }

    fn list(&self, page: &PageRequest<WebhookId>) -> Result<Page<Webhook, WebhookId>, Unavailable> {
        self.0.read(|connection| {
            let mut query = webhooks::table.select(WebhookRow::as_select()).into_boxed();
            if let Some(after) = page.after {
                query = query.filter(webhooks::id.gt(Id::from(after)));
            }
            let one_more = i64::from(page.limit.get()) + 1;
            let rows = query.order(webhooks::id).limit(one_more).load(connection)?;
            let found = rows.into_iter().map(Webhook::try_from).collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(found, page.limit, Webhook::id))
        })
    }

    fn save(&self, webhook: &Webhook, seen: Revision) -> Result<(), SaveError> {
        let row = WebhookRow::from(webhook);
        self.0.write(|connection| {
            let as_seen = webhooks::table.find(row.id).filter(webhooks::revision.eq(seen.number()));
            let saved = diesel::update(as_seen).set(row).execute(connection)?;
            if saved == 0 { Err(Abort::Refused(SaveError::Stale)) } else { Ok(()) }
        })
    }

    fn remove(&self, id: WebhookId, seen: Revision) -> Result<(), SaveError> {
        let id = Id::from(id);
        self.0.write(|connection| {
            // First, since they refer to it; a change that is refused takes nothing away.
            diesel::delete(deliveries::table.filter(deliveries::webhook_id.eq(id))).execute(connection)?;
            let as_seen = webhooks::table.find(id).filter(webhooks::revision.eq(seen.number()));
            let removed = diesel::delete(as_seen).execute(connection)?;
            if removed == 0 { Err(Abort::Refused(SaveError::Stale)) } else { Ok(()) }
        })
    }
}

/// Every column but `told_up_to`, which deliveries are about.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhooks, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct WebhookRow {
    id: Id,
    url: String,
    events: Option<String>,
    secret: Vec<u8>,
    active: bool,
    revision: i64,
    created_at: Micros,
    updated_at: Micros,
}

impl From<&Webhook> for WebhookRow {
    fn from(webhook: &Webhook) -> Self {
        let WebhookParts { id, url, events, secret, active, revision, created_at, updated_at } = webhook.parts();
        Self {
            id: (*id).into(),
            url: url.as_str().to_owned(),
            events: events.as_ref().map(events_to_text),
            secret: secret.as_bytes().to_vec(),
            active: *active,
            revision: revision.number(),
            created_at: Micros::floor(*created_at),
            updated_at: Micros::floor(*updated_at),
        }
    }
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = Unavailable;

    fn try_from(row: WebhookRow) -> Result<Self, Unavailable> {
        let id = WebhookId::from(row.id);
        parse(id, row).map(Webhook::from_parts).map_err(|error| Unavailable::inconsistent("webhooks", &id, error))
    }
}

#[derive(Debug, Error)]
enum Unfit {
    #[error("it wants to be told of something unknown")]
    What,
    #[error("its secret has not 32 bytes")]
    Secret,
}

fn parse(id: WebhookId, row: WebhookRow) -> Result<WebhookParts, Box<dyn Error + Send + Sync>> {
    Ok(WebhookParts {
        id,
        url: WebhookUrl::parse(&row.url)?,
        events: row.events.as_deref().map(events_from_text).transpose()?,
        secret: WebhookSecret::from_bytes(row.secret.try_into().map_err(|_| Unfit::Secret)?),
        active: row.active,
        revision: Revision::from_number(row.revision),
        created_at: row.created_at.instant()?,
        updated_at: row.updated_at.instant()?,
    })
}

/// As a JSON array. The names have nothing in them that JSON would write otherwise.
fn events_to_text(events: &BTreeSet<What>) -> String {
    let names: Vec<_> = events.iter().map(|what| format!("\"{}\"", what.as_str())).collect();
    format!("[{}]", names.join(","))
}

fn events_from_text(text: &str) -> Result<BTreeSet<What>, Box<dyn Error + Send + Sync>> {
    let names: Vec<String> = serde_json::from_str(text)?;
    Ok(names.iter().map(|name| What::find(name).ok_or(Unfit::What)).collect::<Result<_, _>>()?)
}
