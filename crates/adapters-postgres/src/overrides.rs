//! Dates with windows of their own.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use doctor_booking_domain::{DateRange, DoctorId, Overrides, Window};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use crate::instant;
use crate::rows::{self, OverrideRow, OverrideWindowRow};
use crate::schema::{override_windows, overrides};

/// The overrides of these doctors on these dates, in one statement; who has none is missing.
pub(crate) fn load(
    connection: &mut PgConnection,
    doctors: &[Uuid],
    dates: DateRange,
) -> Result<HashMap<DoctorId, Overrides>, Unavailable> {
    let windows = override_windows::table
        .on(override_windows::doctor_id.eq(overrides::doctor_id).and(override_windows::date.eq(overrides::date)));
    let rows = overrides::table
        .left_join(windows)
        .filter(overrides::doctor_id.eq_any(doctors))
        .filter(overrides::date.between(instant::date(dates.from()), instant::date(dates.to())))
        .select((OverrideRow::as_select(), Option::<OverrideWindowRow>::as_select()))
        .load(connection)
        .map_err(Unavailable::unreachable)?;
    rows::overrides(rows)
}

/// Gives a date these windows instead of those it has.
pub(crate) fn put(
    connection: &mut PgConnection,
    doctor: DoctorId,
    date: NaiveDate,
    windows: &[Window],
) -> QueryResult<()> {
    diesel::insert_into(overrides::table)
        .values(OverrideRow::new(doctor, date))
        .on_conflict_do_nothing()
        .execute(connection)?;
    diesel::delete(windows_of(doctor, date)).execute(connection)?;
    // One that is given twice is one.
    diesel::insert_into(override_windows::table)
        .values(OverrideWindowRow::all(doctor, date, windows))
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(())
}

/// Whether the date had windows of its own, which it has no longer.
pub(crate) fn remove(connection: &mut PgConnection, doctor: DoctorId, date: NaiveDate) -> QueryResult<bool> {
    diesel::delete(windows_of(doctor, date)).execute(connection)?;
    Ok(diesel::delete(overrides::table.find((doctor.uuid(), date))).execute(connection)? == 1)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn windows_of(doctor: DoctorId, date: NaiveDate) -> _ {
    let doctor: Uuid = doctor.uuid();
    override_windows::table.filter(override_windows::doctor_id.eq(doctor)).filter(override_windows::date.eq(date))
}
