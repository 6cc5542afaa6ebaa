//! What has happened.

use std::collections::BTreeMap;
use std::error::Error;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{BookingId, CallerId, DoctorId, Entry, EntryId, Facts, PatientId, Reason, What, Who};
use doctor_booking_ports::{EntryPosition, History, Page, PageRequest, Unavailable};
use thiserror::Error;

use crate::SqliteStore;
use crate::pools::Pools;
use crate::schema::history;
use crate::unavailable::{Abort, not_written};
use crate::value::{Id, Micros};

/// [`History`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteHistory(Pools);

impl SqliteHistory {
    /// What has happened in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl History for SqliteHistory {
    fn of_booking(
        &self,
        booking: BookingId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Page<Entry, EntryPosition>, Unavailable> {
        let wanted = history::table.filter(history::booking_id.eq(Id::from(booking))).into_boxed();
        self.0.read(|connection| list(connection, wanted, page))
    }

    fn of_doctor(
        &self,
        doctor: DoctorId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Page<Entry, EntryPosition>, Unavailable> {
        let wanted = history::table
            .filter(history::doctor_id.eq(Id::from(doctor)).and(history::patient_id.is_null()))
            // In the very words of the index, which has nothing else; Diesel would put values there.
            .filter(diesel::dsl::sql::<Bool>("what NOT IN ('hold.created', 'hold.released')"))
            .into_boxed();
        self.0.read(|connection| list(connection, wanted, page))
    }
}

fn list(
    connection: &mut SqliteConnection,
    wanted: history::BoxedQuery<'_, Sqlite>,
    page: &PageRequest<EntryPosition>,
) -> Result<Page<Entry, EntryPosition>, Abort<Unavailable>> {
    let mut query = wanted;
    if let Some(EntryPosition { at, id }) = page.after {
        let at = Micros::floor(at);
        // The first condition is for the index.
        query = query.filter(history::at.ge(at));
        query = query.filter(history::at.gt(at).or(history::id.gt(Id::from(id))));
    }
    let one_more = i64::from(page.limit.get()) + 1;
    let query = query.order((history::at, history::id)).limit(one_more);
    let rows = query.select(EntryRow::as_select()).load(connection)?;
    let found = rows.into_iter().map(Entry::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(found, page.limit, |entry| EntryPosition::from(entry)))
}

/// Writes the entries in ?1, a JSON array of arrays, at the next positions. There is one writer at a time, and what is
/// rolled back was never there: no gaps.
const TELL: &str = "
    INSERT INTO history (position, id, what, at, who, why, doctor_id, patient_id, booking_id, before, after)
    SELECT (SELECT coalesce(max(position), 0) FROM history) + 1 + key, unhex(value ->> 0), value ->> 1, value ->> 2,
        unhex(value ->> 3), value ->> 4, unhex(value ->> 5), unhex(value ->> 6), unhex(value ->> 7), value ->> 8,
        value ->> 9
    FROM json_each(?1)";

/// Tells of what has happened, in this order: one statement, however many entries there are.
pub(crate) fn tell(connection: &mut SqliteConnection, entries: &[Entry]) -> QueryResult<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let hex = |id: Option<Id>| id.map(Id::hex);
    let row = |entry: &Entry| {
        let Entry { id, what, at, who, why, doctor, patient, booking, before, after } = entry;
        let who = match who {
            Who::Caller(caller) => Some(Id::from(*caller)),
            Who::Service => None,
        };
        (
            Id::from(*id).hex(),
            what.as_str(),
            Micros::floor(*at).number(),
            hex(who),
            why.as_ref().map(|why| why.as_str().to_owned()),
            hex(doctor.map(Id::from)),
            hex(patient.map(Id::from)),
            hex(booking.map(Id::from)),
            facts_to_map(before),
            facts_to_map(after),
        )
    };
    let rows: Vec<_> = entries.iter().map(row).collect();
    let rows = serde_json::to_string(&rows).map_err(not_written)?;
    // Diesel has no words for rows made of a value.
    diesel::sql_query(TELL).bind::<Text, _>(rows).execute(connection)?;
    Ok(())
}

fn facts_to_map(facts: &Facts) -> BTreeMap<String, String> {
    facts.iter().map(|(name, fact)| (name.to_owned(), fact.to_owned())).collect()
}

fn facts_from_text(text: &str) -> serde_json::Result<Facts> {
    Ok(serde_json::from_str::<BTreeMap<String, String>>(text)?.into_iter().collect())
}

/// Every column but `position`, which is about events.
#[derive(Queryable, Selectable)]
#[diesel(table_name = history, check_for_backend(Sqlite))]
pub(crate) struct EntryRow {
    id: Id,
    what: String,
    at: Micros,
    who: Option<Id>,
    why: Option<String>,
    doctor_id: Option<Id>,
    patient_id: Option<Id>,
    booking_id: Option<Id>,
    before: String,
    after: String,
}

impl TryFrom<EntryRow> for Entry {
    type Error = Unavailable;

    fn try_from(row: EntryRow) -> Result<Self, Unavailable> {
        let id = EntryId::from(row.id);
        parse(id, &row).map_err(|error| Unavailable::inconsistent("history", &id, error))
    }
}

#[derive(Debug, Error)]
#[error("what has happened is unknown")]
struct UnknownWhat;

fn parse(id: EntryId, row: &EntryRow) -> Result<Entry, Box<dyn Error + Send + Sync>> {
    Ok(Entry {
        id,
        what: What::find(&row.what).ok_or(UnknownWhat)?,
        at: row.at.instant()?,
        who: row.who.map_or(Who::Service, |caller| Who::Caller(CallerId::from(caller))),
        why: row.why.as_deref().map(Reason::parse).transpose()?,
        doctor: row.doctor_id.map(DoctorId::from),
        patient: row.patient_id.map(PatientId::from),
        booking: row.booking_id.map(BookingId::from),
        before: facts_from_text(&row.before)?,
        after: facts_from_text(&row.after)?,
    })
}
