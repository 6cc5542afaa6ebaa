//! Rows of `deliveries`.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Queryable, Selectable};
use doctor_booking_domain::Webhook;
use doctor_booking_ports::{Delivery, SetAside, Unavailable};
use uuid::Uuid;

use super::{EntryRow, WebhookRow, event};
use crate::schema::deliveries;

/// A delivery that is claimed.
#[derive(Queryable, Selectable)]
#[diesel(table_name = deliveries, check_for_backend(Pg))]
pub(crate) struct DeliveryRow {
    position: i64,
    id: Uuid,
    first_at: Option<DateTime<Utc>>,
    failures: i32,
}

/// A delivery that was put aside.
#[derive(Queryable, Selectable)]
#[diesel(table_name = deliveries, check_for_backend(Pg))]
pub(crate) struct AsideRow {
    position: i64,
    id: Uuid,
    failures: i32,
    error: String,
    failed_at: Option<DateTime<Utc>>,
}

impl DeliveryRow {
    /// The delivery of this entry to this webhook.
    pub(crate) fn parse(self, entry: EntryRow, webhook: WebhookRow) -> Result<Delivery, Unavailable> {
        let Self { position, id, first_at, failures } = self;
        let webhook = Webhook::try_from(webhook)?.parts().clone();
        Ok(Delivery {
            id: id.into(),
            webhook: webhook.id,
            url: webhook.url,
            secret: webhook.secret,
            event: event((position, entry))?,
            first_at: first_at.ok_or_else(|| Unavailable::inconsistent("deliveries", &id, "it was never claimed"))?,
            failures: count(id, failures)?,
        })
    }
}

impl AsideRow {
    /// The delivery of this entry.
    pub(crate) fn parse(self, entry: EntryRow) -> Result<SetAside, Unavailable> {
        let Self { position, id, failures, error, failed_at } = self;
        Ok(SetAside {
            id: id.into(),
            event: event((position, entry))?,
            failures: count(id, failures)?,
            error,
            at: failed_at.ok_or_else(|| Unavailable::inconsistent("deliveries", &id, "it has never failed"))?,
        })
    }
}

fn count(id: Uuid, failures: i32) -> Result<u32, Unavailable> {
    failures.try_into().map_err(|error: std::num::TryFromIntError| Unavailable::inconsistent("deliveries", &id, error))
}
