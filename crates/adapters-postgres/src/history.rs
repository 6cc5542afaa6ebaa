//! What has happened.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use doctor_booking_domain::{BookingId, DoctorId, Entry, PatientId, Reason, Who};
use doctor_booking_ports::{EntryPosition, History, Page, PageRequest, Unavailable};
use uuid::Uuid;

use crate::instant;
use crate::pool::Pool;
use crate::rows::{EntryRow, Facts, all};
use crate::schema::history;

/// [`History`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgHistory(Pool);

impl PgHistory {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl History for PgHistory {
    fn of_booking(
        &self,
        booking: BookingId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Page<Entry, EntryPosition>, Unavailable> {
        self.list(history::table.filter(history::booking_id.eq(booking.uuid())).into_boxed(), page)
    }

    fn of_doctor(
        &self,
        doctor: DoctorId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Page<Entry, EntryPosition>, Unavailable> {
        // SQL, since the index has only such entries: it serves here as long as these are no parameters.
        let of_rules = sql::<Bool>("what NOT IN ('hold.created', 'hold.released')");
        let own = history::doctor_id.eq(doctor.uuid()).and(history::patient_id.is_null()).and(of_rules);
        self.list(history::table.filter(own).into_boxed(), page)
    }
}

impl PgHistory {
    fn list(
        &self,
        mut wanted: history::BoxedQuery<'_, diesel::pg::Pg>,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Page<Entry, EntryPosition>, Unavailable> {
        if let Some(EntryPosition { at, id }) = page.after {
            let at = instant::floor(at);
            // The first half says nothing new, but lets the index be entered at the right place.
            let after = history::at.gt(at).or(history::id.gt(id.uuid()));
            wanted = wanted.filter(history::at.ge(at).and(after));
        }
        let rows: Vec<EntryRow> = wanted
            .order((history::at, history::id))
            .limit(i64::from(page.limit.get()) + 1)
            .select(EntryRow::as_select())
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(Entry::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, |entry| EntryPosition::from(entry)))
    }
}

/// Writes entries, in their order, and puts them where they wait to be published.
pub(crate) fn write(connection: &mut PgConnection, entries: &[Entry]) -> QueryResult<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let who = |entry: &Entry| match entry.who {
        Who::Caller(caller) => Some(caller.uuid()),
        Who::Service => None,
    };
    // SQL, since Diesel has no words for rows from lists of values: one by one they would have more parameters than a
    // statement can, for a closure tells of every booking that it marks. One statement for all, while others wait.
    diesel::sql_query(
        "WITH written AS (
             INSERT INTO history (id, what, at, who, why, doctor_id, patient_id, booking_id, before, after)
             SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         )
         INSERT INTO outbox (entry_id) SELECT id FROM unnest($1) WITH ORDINALITY AS entry (id, nr) ORDER BY nr",
    )
    .bind::<Array<SqlUuid>, Vec<Uuid>>(all(entries, |entry| entry.id.uuid()))
    .bind::<Array<Text>, Vec<&str>>(all(entries, |entry| entry.what.as_str()))
    .bind::<Array<Timestamptz>, Vec<DateTime<Utc>>>(all(entries, |entry| entry.at))
    .bind::<Array<Nullable<SqlUuid>>, Vec<Option<Uuid>>>(all(entries, who))
    .bind::<Array<Nullable<Text>>, Vec<Option<&str>>>(all(entries, |entry| entry.why.as_ref().map(Reason::as_str)))
    .bind::<Array<Nullable<SqlUuid>>, Vec<Option<Uuid>>>(all(entries, |entry| entry.doctor.map(DoctorId::uuid)))
    .bind::<Array<Nullable<SqlUuid>>, Vec<Option<Uuid>>>(all(entries, |entry| entry.patient.map(PatientId::uuid)))
    .bind::<Array<Nullable<SqlUuid>>, Vec<Option<Uuid>>>(all(entries, |entry| entry.booking.map(BookingId::uuid)))
    .bind::<Array<Jsonb>, Vec<serde_json::Value>>(all(entries, |entry| Facts::value(&entry.before)))
    .bind::<Array<Jsonb>, Vec<serde_json::Value>>(all(entries, |entry| Facts::value(&entry.after)))
    .execute(connection)?;
    Ok(())
}
