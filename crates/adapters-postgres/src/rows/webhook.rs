//! Rows of `webhooks`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use doctor_booking_domain::{Revision, Webhook, WebhookParts, WebhookSecret, WebhookUrl, What};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::Senseless;
use crate::schema::webhooks;

/// All of a webhook but how far it has been told.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhooks, treat_none_as_null = true, check_for_backend(Pg))]
pub(crate) struct WebhookRow {
    id: Uuid,
    url: String,
    events: Option<Vec<String>>,
    secret: Vec<u8>,
    active: bool,
    revision: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<&Webhook> for WebhookRow {
    fn from(webhook: &Webhook) -> Self {
        let parts = webhook.parts();
        let names = |events: &BTreeSet<What>| events.iter().map(|what| what.as_str().to_owned()).collect();
        Self {
            id: parts.id.uuid(),
            url: parts.url.as_str().to_owned(),
            events: parts.events.as_ref().map(names),
            secret: parts.secret.as_bytes().to_vec(),
            active: parts.active,
            revision: parts.revision.number(),
            created_at: parts.created_at,
            updated_at: parts.updated_at,
        }
    }
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = Unavailable;

    fn try_from(row: WebhookRow) -> Result<Self, Unavailable> {
        let id = row.id;
        let parts = parts(row).map_err(|error| Unavailable::inconsistent("webhooks", &id, error))?;
        Ok(Self::from_parts(parts))
    }
}

fn parts(row: WebhookRow) -> Result<WebhookParts, Senseless> {
    let what = |name: String| What::find(&name).ok_or_else(|| format!("nothing that happens is called {name:?}"));
    Ok(WebhookParts {
        id: row.id.into(),
        url: WebhookUrl::parse(&row.url)?,
        events: row.events.map(|names| names.into_iter().map(what).collect()).transpose()?,
        secret: WebhookSecret::from_bytes(row.secret.try_into().map_err(|_| "a secret has 32 bytes")?),
        active: row.active,
        revision: Revision::from_number(row.revision),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
