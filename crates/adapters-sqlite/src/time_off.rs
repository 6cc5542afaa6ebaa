//! When doctors are away.

use std::collections::HashMap;
use std::error::Error;
use std::ops::Range;

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{DoctorId, Reason, Span, TimeOff, TimeOffId};
use doctor_booking_ports::{Page, PageRequest, SaveError, TimeOffPosition, Unavailable};

use crate::one_of::one_of;
use crate::schema::time_off;
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros};

/// When these doctors are away, each as far as it ends after the start of `during` and starts before its end; who is
/// not is missing.
pub(crate) fn load(
    connection: &mut SqliteConnection,
    doctors: &[Id],
    during: Range<Micros>,
) -> Result<HashMap<Id, Vec<Span>>, Abort<Unavailable>> {
    let rows: Vec<(Id, Micros, Micros)> = time_off::table
        .filter(one_of(time_off::doctor_id, doctors))
        .filter(time_off::ends_at.gt(during.start).and(time_off::starts_at.lt(during.end)))
        .select((time_off::doctor_id, time_off::starts_at, time_off::ends_at))
        .load(connection)?;
    let mut found: HashMap<Id, Vec<Span>> = HashMap::new();
    for (doctor, starts_at, ends_at) in rows {
        let span = span(starts_at, ends_at);
        let span = span.map_err(|error| Unavailable::inconsistent("time_off", &DoctorId::from(doctor), error))?;
        found.entry(doctor).or_default().push(span);
    }
    Ok(found)
}

/// The time off of a doctor, a page at a time.
pub(crate) fn list(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    page: &PageRequest<TimeOffPosition>,
) -> Result<Page<TimeOff, TimeOffPosition>, Abort<Unavailable>> {
    let mut query = time_off::table.filter(time_off::doctor_id.eq(Id::from(doctor))).into_boxed();
    if let Some(TimeOffPosition { start, id }) = page.after {
        let start = Micros::floor(start);
        // The first condition is for the index.
        query = query.filter(time_off::starts_at.ge(start));
        query = query.filter(time_off::starts_at.gt(start).or(time_off::id.gt(Id::from(id))));
    }
    let one_more = i64::from(page.limit.get()) + 1;
    let rows: Vec<TimeOffRow> = query
        .order((time_off::starts_at, time_off::id))
        .limit(one_more)
        .select(TimeOffRow::as_select())
        .load(connection)?;
    let found = rows.into_iter().map(TimeOff::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(found, page.limit, |away| TimeOffPosition::from(away)))
}

/// The time off with this id.
pub(crate) fn find(connection: &mut SqliteConnection, id: TimeOffId) -> Result<Option<TimeOff>, Abort<Unavailable>> {
    let query = time_off::table.filter(time_off::id.eq(Id::from(id))).select(TimeOffRow::as_select());
    let row = query.first(connection).optional()?;
    Ok(row.map(TimeOff::try_from).transpose()?)
}

/// Writes time off that was not there before.
pub(crate) fn add(connection: &mut SqliteConnection, away: &TimeOff) -> Result<(), Abort<SaveError>> {
    let inserted = diesel::insert_into(time_off::table).values(TimeOffRow::from(away)).execute(connection);
    inserted.map(|_| ()).map_err(|error| not_added("time_off", &away.id, error))
}

/// Whether the doctor had this time off, and has it no longer.
pub(crate) fn remove(connection: &mut SqliteConnection, doctor: DoctorId, id: TimeOffId) -> QueryResult<bool> {
    Ok(diesel::delete(time_off::table.find((Id::from(doctor), Id::from(id)))).execute(connection)? > 0)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = time_off, check_for_backend(Sqlite), treat_none_as_default_value = false)]
struct TimeOffRow {
    doctor_id: Id,
    id: Id,
    starts_at: Micros,
    ends_at: Micros,
    reason: Option<String>,
    created_at: Micros,
}

impl From<&TimeOff> for TimeOffRow {
    fn from(away: &TimeOff) -> Self {
        Self {
            doctor_id: away.doctor.into(),
            id: away.id.into(),
            starts_at: Micros::floor(away.span.start()),
            ends_at: Micros::floor(away.span.end()),
            reason: away.reason.as_ref().map(|reason| reason.as_str().to_owned()),
            created_at: Micros::floor(away.created_at),
        }
    }
}

impl TryFrom<TimeOffRow> for TimeOff {
    type Error = Unavailable;

    fn try_from(row: TimeOffRow) -> Result<Self, Unavailable> {
        let id = TimeOffId::from(row.id);
        parse(id, &row).map_err(|error| Unavailable::inconsistent("time_off", &id, error))
    }
}

fn parse(id: TimeOffId, row: &TimeOffRow) -> Result<TimeOff, Box<dyn Error + Send + Sync>> {
    Ok(TimeOff {
        id,
        doctor: DoctorId::from(row.doctor_id),
        span: span(row.starts_at, row.ends_at)?,
        reason: row.reason.as_deref().map(Reason::parse).transpose()?,
        created_at: row.created_at.instant()?,
    })
}

fn span(starts_at: Micros, ends_at: Micros) -> Result<Span, Box<dyn Error + Send + Sync>> {
    Ok(Span::new(starts_at.instant()?, ends_at.instant()?)?)
}
