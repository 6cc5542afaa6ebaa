//! What is still to be told to webhooks.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{DeliveryId, Webhook, WebhookId};
use doctor_booking_ports::{Deliveries, Delivery, Limit, Page, PageRequest, SetAside, Unavailable};
use thiserror::Error;

use crate::event::event;
use crate::history::EntryRow;
use crate::one_of::one_of;
use crate::pools::Pools;
use crate::schema::{deliveries, history, webhooks};
use crate::value::{Id, Micros};
use crate::webhook::WebhookRow;
use crate::{SqliteStore, event};

/// [`Deliveries`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteDeliveries(Pools);

impl SqliteDeliveries {
    /// The deliveries in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

/// Makes the deliveries, due at ?1, of at most ?2 events each of which webhooks have not been told, to those that want
/// them.
const ENQUEUE: &str = "
    INSERT INTO deliveries (id, webhook_id, position, due_at, claimed, failures)
    SELECT unhex(printf('%016x', history.position) || hex(randomblob(8))), webhooks.id, history.position, ?1, 0, 0
    FROM webhooks JOIN history ON history.position BETWEEN told_up_to + 1 AND told_up_to + ?2
    WHERE active AND (events IS NULL OR what IN (SELECT value FROM json_each(events)))";

/// Claims what is due at ?1 until ?2: of at most ?3 webhooks, none of which has a claim that has not run out, what is due
/// first.
const CLAIM: &str = "
    UPDATE deliveries SET claimed = 1, due_at = ?2, first_at = coalesce(first_at, ?1)
    WHERE id IN (
        SELECT first FROM (
            SELECT (
                SELECT id FROM deliveries AS due
                WHERE due.webhook_id = webhooks.id AND due.due_at <= ?1
                ORDER BY due.due_at, due.id
                LIMIT 1
            ) AS first
            FROM webhooks
            WHERE active AND NOT EXISTS (
                SELECT 1 FROM deliveries AS hanging
                WHERE hanging.webhook_id = webhooks.id AND hanging.claimed AND hanging.due_at > ?1
            )
        )
        WHERE first IS NOT NULL
        LIMIT ?3
    )
    RETURNING id";

/// A delivery that was claimed.
#[derive(QueryableByName)]
#[diesel(check_for_backend(Sqlite))]
struct Claimed {
    #[diesel(sql_type = Binary)]
    id: Id,
}

impl Deliveries for SqliteDeliveries {
    fn enqueue(&self, now: DateTime<Utc>, limit: Limit) -> Result<usize, Unavailable> {
        let most = i64::from(limit.get());
        self.0.write(|connection| {
            let last = event::last(connection)?;
            let behind: Option<i64> = webhooks::table
                .filter(webhooks::told_up_to.lt(last))
                .select(diesel::dsl::min(webhooks::told_up_to))
                .get_result(connection)?;
            let Some(behind) = behind else { return Ok(0) };
            // Diesel has no words for an insert of what is calculated, nor for JSON.
            diesel::sql_query(ENQUEUE)
                .bind::<BigInt, _>(Micros::floor(now))
                .bind::<BigInt, _>(most)
                .execute(connection)?;
            // In this order, since those who come near the end are not to go any further.
            let near = webhooks::table.filter(webhooks::told_up_to.ge(last - most));
            diesel::update(near).set(webhooks::told_up_to.eq(last)).execute(connection)?;
            let far = webhooks::table.filter(webhooks::told_up_to.lt(last));
            diesel::update(far).set(webhooks::told_up_to.eq(webhooks::told_up_to + most)).execute(connection)?;
            Ok(usize::try_from(most.min(last - behind)).unwrap_or_default())
        })
    }

    fn claim(&self, now: DateTime<Utc>, until: DateTime<Utc>, limit: Limit) -> Result<Vec<Delivery>, Unavailable> {
        self.0.write(|connection| {
            // Diesel has no words for a question within the list of what is selected.
            let claimed: Vec<Claimed> = diesel::sql_query(CLAIM)
                .bind::<BigInt, _>(Micros::floor(now))
                .bind::<BigInt, _>(Micros::floor(until))
                .bind::<BigInt, _>(i64::from(limit.get()))
                .load(connection)?;
            if claimed.is_empty() {
                return Ok(vec![]);
            }
            let ids: Vec<Id> = claimed.iter().map(|claimed| claimed.id).collect();
            let rows: Vec<(DeliveryRow, WebhookRow, EntryRow)> = deliveries::table
                .inner_join(webhooks::table)
                .inner_join(history::table)
                .filter(one_of(deliveries::id, &ids))
                .order(deliveries::id)
                .select((DeliveryRow::as_select(), WebhookRow::as_select(), EntryRow::as_select()))
                .load(connection)?;
            Ok(rows.into_iter().map(delivery).collect::<Result<_, _>>()?)
        })
    }

    fn delivered(&self, id: DeliveryId) -> Result<(), Unavailable> {
        self.0.write(|connection| {
            diesel::delete(deliveries::table.find(Id::from(id))).execute(connection)?;
            Ok(())
        })
    }

    fn failed(
        &self,
        id: DeliveryId,
        error: &str,
        now: DateTime<Utc>,
        next: Option<DateTime<Utc>>,
    ) -> Result<(), Unavailable> {
        let failed = (
            deliveries::failures.eq(deliveries::failures + 1),
            deliveries::claimed.eq(false),
            deliveries::due_at.eq(next.map(Micros::floor)),
            deliveries::error.eq(Some(error)),
            deliveries::failed_at.eq(Some(Micros::floor(now))),
        );
        self.0.write(|connection| {
            diesel::update(deliveries::table.find(Id::from(id))).set(failed).execute(connection)?;
            Ok(())
        })
    }

    fn aside(
        &self,
        webhook: WebhookId,
        page: &PageRequest<DeliveryId>,
    ) -> Result<Page<SetAside, DeliveryId>, Unavailable> {
        self.0.read(|connection| {
            let mut query = deliveries::table
                .inner_join(history::table)
                .filter(deliveries::webhook_id.eq(Id::from(webhook)).and(deliveries::due_at.is_null()))
                .select((DeliveryRow::as_select(), EntryRow::as_select()))
                .into_boxed();
            if let Some(after) = page.after {
                query = query.filter(deliveries::id.gt(Id::from(after)));
            }
            let one_more = i64::from(page.limit.get()) + 1;
            let rows: Vec<(DeliveryRow, EntryRow)> = query.order(deliveries::id).limit(one_more).load(connection)?;
            let found = rows.into_iter().map(set_aside).collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(found, page.limit, |aside| aside.id))
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = deliveries, check_for_backend(Sqlite))]
struct DeliveryRow {
    id: Id,
    position: i64,
    first_at: Option<Micros>,
    failures: i64,
    error: Option<String>,
    failed_at: Option<Micros>,
}

#[derive(Debug, Error)]
enum Unfit {
    #[error("it was claimed, but never for the first time")]
    NeverClaimed,
    #[error("it was put aside, but has never failed")]
    NeverFailed,
}

impl DeliveryRow {
    fn inconsistent(&self, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Unavailable {
        Unavailable::inconsistent("deliveries", &DeliveryId::from(self.id), why)
    }

    fn failures(&self) -> Result<u32, Unavailable> {
        u32::try_from(self.failures).map_err(|error| self.inconsistent(error))
    }
}

fn delivery((row, webhook, entry): (DeliveryRow, WebhookRow, EntryRow)) -> Result<Delivery, Unavailable> {
    let webhook = Webhook::try_from(webhook)?;
    let first_at = row.first_at.ok_or_else(|| row.inconsistent(Unfit::NeverClaimed))?;
    Ok(Delivery {
        id: row.id.into(),
        webhook: webhook.id(),
        url: webhook.parts().url.clone(),
        secret: webhook.parts().secret.clone(),
        event: event(row.position, entry)?,
        first_at: first_at.instant().map_err(|error| row.inconsistent(error))?,
        failures: row.failures()?,
    })
}

fn set_aside((row, entry): (DeliveryRow, EntryRow)) -> Result<SetAside, Unavailable> {
    let failed_at = row.failed_at.ok_or_else(|| row.inconsistent(Unfit::NeverFailed))?;
    Ok(SetAside {
        id: row.id.into(),
        event: event(row.position, entry)?,
        failures: row.failures()?,
        at: failed_at.instant().map_err(|error| row.inconsistent(error))?,
        error: row.error.unwrap_or_default(),
    })
}
