//! What is still to be told to webhooks.
//!
//! Whoever makes deliveries to a webhook or claims one holds the webhook's row, and passes over those that others hold:
//! so each is one's at a time, and nobody waits for anybody.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Timestamptz, Uuid as SqlUuid};
use doctor_booking_domain::{DeliveryId, WebhookId};
use doctor_booking_ports::{Deliveries, Delivery, Limit, Page, PageRequest, SetAside, Unavailable};
use uuid::Uuid;

use crate::instant;
use crate::pool::Pool;
use crate::rows::{AsideRow, DeliveryRow, EntryRow, WebhookRow};
use crate::schema::{deliveries, events, history, webhooks};
use crate::transaction::Abort;

/// [`Deliveries`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgDeliveries(Pool);

impl PgDeliveries {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

impl Deliveries for PgDeliveries {
    fn enqueue(&self, now: DateTime<Utc>, limit: Limit) -> Result<usize, Unavailable> {
        // SQL, since Diesel has no words for rows that are made of others, nor for a number of rows for each of others.
        // One statement, so that what was looked at is what is counted as told.
        let enqueued = diesel::sql_query(
            "WITH seen AS (
                 SELECT webhook.id, event.position,
                     webhook.active AND (webhook.events IS NULL OR history.what = ANY (webhook.events)) AS wanted
                 FROM (SELECT * FROM webhooks FOR NO KEY UPDATE SKIP LOCKED) AS webhook
                 CROSS JOIN LATERAL (
                     SELECT position, entry_id FROM events WHERE position > webhook.told ORDER BY position LIMIT $2
                 ) AS event
                 JOIN history ON history.id = event.entry_id
             ), made AS (
                 INSERT INTO deliveries (webhook_id, position, id, due_at)
                 SELECT id, position, gen_random_uuid(), $1 FROM seen WHERE wanted
             ), last AS (
                 SELECT id, max(position) AS position, count(*) AS number FROM seen GROUP BY id
             ), told AS (
                 UPDATE webhooks SET told = last.position FROM last WHERE webhooks.id = last.id
             )
             SELECT coalesce(max(number), 0) AS number FROM last",
        );
        let enqueued = enqueued.bind::<Timestamptz, _>(instant::floor(now)).bind::<BigInt, _>(i64::from(limit.get()));
        let Count { number } = enqueued.get_result(&mut self.0.get()?).map_err(Unavailable::unreachable)?;
        Ok(usize::try_from(number).unwrap_or_default())
    }

    fn claim(&self, now: DateTime<Utc>, until: DateTime<Utc>, limit: Limit) -> Result<Vec<Delivery>, Unavailable> {
        let (now, until) = (instant::floor(now), instant::floor(until));
        let rows: Vec<(DeliveryRow, EntryRow, WebhookRow)> = self.0.transaction(|connection| {
            let free = free(connection, now, limit)?;
            if free.is_empty() {
                return Ok(vec![]);
            }
            let claimed = claim(connection, &free, now, until)?;
            if claimed.is_empty() {
                return Ok(vec![]);
            }
            let rows = deliveries::table
                .inner_join(webhooks::table.on(webhooks::id.eq(deliveries::webhook_id)))
                .inner_join(events::table.on(events::position.eq(deliveries::position)))
                .inner_join(history::table.on(history::id.eq(events::entry_id)))
                .filter(deliveries::id.eq_any(claimed))
                .order(deliveries::webhook_id)
                .select((DeliveryRow::as_select(), EntryRow::as_select(), WebhookRow::as_select()))
                .load(connection)?;
            Ok::<_, Abort<Unavailable>>(rows)
        })?;
        rows.into_iter().map(|(delivery, entry, webhook)| delivery.parse(entry, webhook)).collect()
    }

    fn delivered(&self, id: DeliveryId) -> Result<(), Unavailable> {
        let done = deliveries::table.filter(deliveries::id.eq(id.uuid()));
        diesel::delete(done).execute(&mut self.0.get()?).map_err(Unavailable::unreachable)?;
        Ok(())
    }

    fn failed(
        &self,
        id: DeliveryId,
        error: &str,
        now: DateTime<Utc>,
        next: Option<DateTime<Utc>>,
    ) -> Result<(), Unavailable> {
        diesel::update(deliveries::table.filter(deliveries::id.eq(id.uuid())))
            .set((
                deliveries::failures.eq(deliveries::failures + 1),
                deliveries::claimed.eq(false),
                deliveries::due_at.eq(next.map(instant::floor)),
                // No text in the database has a NUL.
                deliveries::error.eq(error.replace('\0', "")),
                deliveries::failed_at.eq(instant::floor(now)),
            ))
            .execute(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        Ok(())
    }

    fn aside(
        &self,
        webhook: WebhookId,
        page: &PageRequest<DeliveryId>,
    ) -> Result<Page<SetAside, DeliveryId>, Unavailable> {
        let mut query = deliveries::table
            .inner_join(events::table.on(events::position.eq(deliveries::position)))
            .inner_join(history::table.on(history::id.eq(events::entry_id)))
            .filter(deliveries::webhook_id.eq(webhook.uuid()).and(deliveries::due_at.is_null()))
            .select((AsideRow::as_select(), EntryRow::as_select()))
            .into_boxed();
        if let Some(after) = page.after {
            query = query.filter(deliveries::id.gt(after.uuid()));
        }
        let rows: Vec<(AsideRow, EntryRow)> = query
            .order(deliveries::id)
            .limit(i64::from(page.limit.get()) + 1)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(|(aside, entry)| aside.parse(entry)).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, |aside| aside.id))
    }
}

/// Active webhooks with a delivery that is due and none that is claimed, those first that are due first. Their rows are
/// held from now on.
fn free(connection: &mut PgConnection, now: DateTime<Utc>, limit: Limit) -> QueryResult<Vec<Uuid>> {
    // SQL, since Diesel has no words for the first row for each of others.
    let free: Vec<Id> = diesel::sql_query(
        "SELECT webhooks.id FROM webhooks
         CROSS JOIN LATERAL (
             SELECT due_at FROM deliveries WHERE webhook_id = webhooks.id AND due_at <= $1 ORDER BY due_at LIMIT 1
         ) AS first
         WHERE active AND NOT EXISTS (
             SELECT FROM deliveries WHERE webhook_id = webhooks.id AND claimed AND due_at > $1
         )
         ORDER BY first.due_at, webhooks.id LIMIT $2 FOR NO KEY UPDATE OF webhooks SKIP LOCKED",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(i64::from(limit.get()))
    .load(connection)?;
    Ok(free.into_iter().map(|Id { id }| id).collect())
}

/// Claims the first delivery of each of these webhooks, whose rows are held; which they are.
fn claim(
    connection: &mut PgConnection,
    free: &[Uuid],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> QueryResult<Vec<Uuid>> {
    // SQL, since Diesel has no words for an update from a query. Only now that the rows are held is it certain what
    // others have claimed: so that is looked at once more.
    let claimed: Vec<Id> = diesel::sql_query(
        "UPDATE deliveries SET claimed = true, due_at = $2, first_at = coalesce(first_at, $1)
         FROM (
             SELECT DISTINCT ON (webhook_id) webhook_id, position FROM deliveries
             WHERE webhook_id = ANY ($3) AND due_at <= $1 AND NOT EXISTS (
                 SELECT FROM deliveries AS other
                 WHERE other.webhook_id = deliveries.webhook_id AND other.claimed AND other.due_at > $1
             )
             ORDER BY webhook_id, due_at, position
         ) AS first
         WHERE deliveries.webhook_id = first.webhook_id AND deliveries.position = first.position
         RETURNING deliveries.id",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(until)
    .bind::<Array<SqlUuid>, _>(free)
    .load(connection)?;
    Ok(claimed.into_iter().map(|Id { id }| id).collect())
}
