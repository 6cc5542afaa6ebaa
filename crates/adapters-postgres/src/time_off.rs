//! When doctors are away.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use doctor_booking_domain::{DoctorId, Span, TimeOff, TimeOffId};
use doctor_booking_ports::{Page, PageRequest, SaveError, TimeOffPosition, Unavailable};
use uuid::Uuid;

use crate::instant;
use crate::rows::{AwayRow, TimeOffRow};
use crate::schema::time_off;
use crate::transaction::Abort;

/// When these doctors are away, as far as it ends after one instant and starts before another, in one statement; who is
/// not is missing.
pub(crate) fn load(
    connection: &mut PgConnection,
    doctors: &[Uuid],
    after: DateTime<Utc>,
    before: DateTime<Utc>,
) -> Result<HashMap<DoctorId, Vec<Span>>, Unavailable> {
    let rows: Vec<AwayRow> = time_off::table
        .filter(time_off::doctor_id.eq_any(doctors))
        .filter(time_off::ends_at.gt(instant::floor(after)).and(time_off::starts_at.lt(instant::ceil(before))))
        .select(AwayRow::as_select())
        .load(connection)
        .map_err(Unavailable::unreachable)?;
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let (doctor, span) = row.parse()?;
        found.entry(doctor).or_default().push(span);
    }
    Ok(found)
}

/// The time off of a doctor, a page at a time.
pub(crate) fn list(
    connection: &mut PgConnection,
    doctor: DoctorId,
    page: &PageRequest<TimeOffPosition>,
) -> Result<Page<TimeOff, TimeOffPosition>, Unavailable> {
    let mut query = time_off::table.filter(time_off::doctor_id.eq(doctor.uuid())).into_boxed();
    if let Some(TimeOffPosition { start, id }) = page.after {
        let start = instant::floor(start);
        // The first half says nothing new, but lets the index be entered at the right place.
        let after = time_off::starts_at.gt(start).or(time_off::id.gt(id.uuid()));
        query = query.filter(time_off::starts_at.ge(start).and(after));
    }
    let rows = query
        .select(TimeOffRow::as_select())
        .order((time_off::starts_at, time_off::id))
        .limit(i64::from(page.limit.get()) + 1)
        .load(connection)
        .map_err(Unavailable::unreachable)?;
    let items = rows.into_iter().map(TimeOff::try_from).collect::<Result<_, _>>()?;
    Ok(Page::cut(items, page.limit, |away| TimeOffPosition::from(away)))
}

/// The time off with this id.
pub(crate) fn find(connection: &mut PgConnection, id: TimeOffId) -> Result<Option<TimeOff>, Unavailable> {
    let row = time_off::table
        .filter(time_off::id.eq(id.uuid()))
        .select(TimeOffRow::as_select())
        .first(connection)
        .optional()
        .map_err(Unavailable::unreachable)?;
    row.map(TimeOff::try_from).transpose()
}

/// Writes time off that was not there before.
///
/// The key tells only one doctor's apart, and on Citus no constraint could say more: whether another doctor has the same
/// id is looked up. New ids are random, so this is about mistakes, not about races.
pub(crate) fn add(connection: &mut PgConnection, away: &TimeOff) -> Result<(), Abort<SaveError>> {
    let taken = exists(time_off::table.filter(time_off::id.eq(away.id.uuid())));
    if diesel::select(taken).get_result(connection)? {
        let taken = Unavailable::inconsistent("time_off", &away.id, "it is there already");
        return Err(Abort::Refused(taken.into()));
    }
    diesel::insert_into(time_off::table).values(TimeOffRow::from(away)).execute(connection)?;
    Ok(())
}

/// Whether the doctor had this time off, and has it no longer.
pub(crate) fn remove(connection: &mut PgConnection, doctor: DoctorId, id: TimeOffId) -> QueryResult<bool> {
    Ok(diesel::delete(time_off::table.find((doctor.uuid(), id.uuid()))).execute(connection)? == 1)
}
