//! Dates with windows of their own.

use std::collections::HashMap;
use std::error::Error;

use chrono::NaiveDate;
use diesel::prelude::*;
use doctor_booking_domain::{DateRange, DoctorId, Overrides, Window};
use doctor_booking_ports::Unavailable;

use crate::one_of::one_of;
use crate::schema::{override_windows, overrides};
use crate::unavailable::Abort;
use crate::value::{Id, date_bound, date_from_text, date_to_text};
use crate::working_hours::{ROWS_AT_ONCE, window};

/// One window of an override, or an override that has none.
#[derive(Queryable)]
struct OverrideRow {
    doctor_id: Id,
    date: String,
    window: Option<(i32, i32)>,
}

#[derive(Insertable)]
#[diesel(table_name = override_windows, treat_none_as_default_value = false)]
struct WindowRow<'a> {
    doctor_id: Id,
    date: &'a str,
    start_minute: i32,
    end_minute: i32,
}

/// The overrides of these doctors on these dates, in one statement; who has none is missing.
pub(crate) fn load(
    connection: &mut SqliteConnection,
    doctors: &[Id],
    dates: DateRange,
) -> Result<HashMap<Id, Overrides>, Abort<Unavailable>> {
    let windows = override_windows::table
        .on(override_windows::doctor_id.eq(overrides::doctor_id).and(override_windows::date.eq(overrides::date)));
    let rows: Vec<OverrideRow> = overrides::table
        .left_join(windows)
        .filter(one_of(overrides::doctor_id, doctors))
        .filter(overrides::date.between(date_bound(dates.from()), date_bound(dates.to())))
        .select((
            overrides::doctor_id,
            overrides::date,
            (override_windows::start_minute, override_windows::end_minute).nullable(),
        ))
        .load(connection)?;
    let mut windows: HashMap<Id, HashMap<NaiveDate, Vec<Window>>> = HashMap::new();
    for row in rows {
        let (date, window) = row.parse()?;
        windows.entry(row.doctor_id).or_default().entry(date).or_default().extend(window);
    }
    let of_one = |dates: HashMap<NaiveDate, Vec<Window>>| {
        dates.into_iter().fold(Overrides::default(), |all, (date, windows)| all.with(date, windows))
    };
    Ok(windows.into_iter().map(|(doctor, dates)| (doctor, of_one(dates))).collect())
}

/// Gives a date these windows instead of those it has.
pub(crate) fn put(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    date: NaiveDate,
    windows: &[Window],
) -> QueryResult<()> {
    remove(connection, doctor, date)?;
    let (doctor_id, text) = (Id::from(doctor), date_to_text(date));
    diesel::insert_into(overrides::table)
        .values((overrides::doctor_id.eq(doctor_id), overrides::date.eq(&text)))
        .execute(connection)?;
    // In order, and none twice.
    let windows = Overrides::default().with(date, windows.to_vec());
    let row = |window: &Window| WindowRow {
        doctor_id,
        date: &text,
        start_minute: window.start().minutes().into(),
        end_minute: window.end().minutes().into(),
    };
    let rows: Vec<_> = windows.on(date).unwrap_or_default().iter().map(row).collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        diesel::insert_into(override_windows::table).values(rows).execute(connection)?;
    }
    Ok(())
}

/// Whether the date had windows of its own, which it has no longer.
pub(crate) fn remove(connection: &mut SqliteConnection, doctor: DoctorId, date: NaiveDate) -> QueryResult<bool> {
    let (doctor, date) = (Id::from(doctor), date_to_text(date));
    let windows = override_windows::table.filter(override_windows::doctor_id.eq(doctor));
    diesel::delete(windows.filter(override_windows::date.eq(&date))).execute(connection)?;
    Ok(diesel::delete(overrides::table.find((doctor, date))).execute(connection)? > 0)
}

impl OverrideRow {
    fn parse(&self) -> Result<(NaiveDate, Option<Window>), Unavailable> {
        let parse = || -> Result<_, Box<dyn Error + Send + Sync>> {
            let window = self.window.map(|(start, end)| window(start, end)).transpose()?;
            Ok((date_from_text(&self.date)?, window))
        };
        parse().map_err(|error| {
            let key = format!("{} {}", DoctorId::from(self.doctor_id), self.date);
            Unavailable::inconsistent("overrides", &key, error)
        })
    }
}
