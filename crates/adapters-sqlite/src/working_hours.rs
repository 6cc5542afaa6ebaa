//! The weeks in which doctors work.

use std::collections::HashMap;
use std::error::Error;

use chrono::{NaiveDate, Weekday};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{DoctorId, TimeOfDay, Version, Weekly, Window, WorkingHours};
use doctor_booking_ports::Unavailable;
use thiserror::Error;

use crate::one_of::one_of;
use crate::schema::{working_hours_versions, working_windows};
use crate::value::{Id, date_from_text, date_to_text};

/// What stands for "since ever", since a part of a key cannot be null.
const SINCE_EVER: &str = "0001-01-01";

/// SQLite takes only so many values in a statement; a row has five at most.
pub(crate) const ROWS_AT_ONCE: usize = 1_000;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = working_hours_versions, check_for_backend(Sqlite), treat_none_as_default_value = false)]
struct VersionRow {
    doctor_id: Id,
    effective_from: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = working_windows, check_for_backend(Sqlite), treat_none_as_default_value = false)]
struct WindowRow {
    doctor_id: Id,
    effective_from: String,
    weekday: i32,
    start_minute: i32,
    end_minute: i32,
}

/// The rows of one doctor, not parsed yet.
#[derive(Default)]
pub(crate) struct Rows {
    versions: Vec<VersionRow>,
    windows: Vec<WindowRow>,
}

/// The rows of these doctors; who has none is missing.
pub(crate) fn load(connection: &mut SqliteConnection, doctors: &[Id]) -> QueryResult<HashMap<Id, Rows>> {
    let versions = working_hours_versions::table
        .filter(one_of(working_hours_versions::doctor_id, doctors))
        .select(VersionRow::as_select())
        .load(connection)?;
    let windows = working_windows::table
        .filter(one_of(working_windows::doctor_id, doctors))
        .select(WindowRow::as_select())
        .load(connection)?;
    let mut found: HashMap<Id, Rows> = HashMap::new();
    for version in versions {
        found.entry(version.doctor_id).or_default().versions.push(version);
    }
    for window in windows {
        found.entry(window.doctor_id).or_default().windows.push(window);
    }
    Ok(found)
}

/// Writes a doctor's working hours in the place of those that are there.
pub(crate) fn replace(connection: &mut SqliteConnection, doctor: DoctorId, hours: &WorkingHours) -> QueryResult<()> {
    let id = Id::from(doctor);
    diesel::delete(working_windows::table.filter(working_windows::doctor_id.eq(id))).execute(connection)?;
    diesel::delete(working_hours_versions::table.filter(working_hours_versions::doctor_id.eq(id)))
        .execute(connection)?;
    let Rows { versions, windows } = Rows::of(id, hours);
    for rows in versions.chunks(ROWS_AT_ONCE) {
        diesel::insert_into(working_hours_versions::table).values(rows).execute(connection)?;
    }
    for rows in windows.chunks(ROWS_AT_ONCE) {
        diesel::insert_into(working_windows::table).values(rows).execute(connection)?;
    }
    Ok(())
}

impl Rows {
    fn of(doctor_id: Id, hours: &WorkingHours) -> Self {
        let mut rows = Self::default();
        for version in hours.versions() {
            let effective_from = effective_from_to_text(version);
            for (day, windows) in version.weekly().days() {
                rows.windows.extend(windows.iter().map(|window| WindowRow {
                    doctor_id,
                    effective_from: effective_from.clone(),
                    weekday: weekday_to_number(day),
                    start_minute: window.start().minutes().into(),
                    end_minute: window.end().minutes().into(),
                }));
            }
            rows.versions.push(VersionRow { doctor_id, effective_from });
        }
        rows
    }

    /// What the rows of `doctor` say.
    pub(crate) fn parse(self, doctor: DoctorId) -> Result<WorkingHours, Unavailable> {
        let mut windows: HashMap<&str, Vec<(Weekday, Window)>> = HashMap::new();
        for row in &self.windows {
            let window = row.parse().map_err(|error| Unavailable::inconsistent("working_windows", &doctor, error))?;
            windows.entry(&row.effective_from).or_default().push(window);
        }
        let version = |row: &VersionRow| {
            let weekly = Weekly::new(windows.remove(row.effective_from.as_str()).unwrap_or_default())?;
            Ok((effective_from_from_text(&row.effective_from)?, weekly))
        };
        let versions: Result<Vec<_>, Box<dyn Error + Send + Sync>> = self.versions.iter().map(version).collect();
        versions
            .and_then(|versions| Ok(WorkingHours::from_versions(versions)?))
            .map_err(|error| Unavailable::inconsistent("working_hours_versions", &doctor, error))
    }
}

#[derive(Debug, Error)]
#[error("a week has 7 days, of 1440 minutes each")]
struct NotInAWeek;

impl WindowRow {
    fn parse(&self) -> Result<(Weekday, Window), Box<dyn Error + Send + Sync>> {
        let window = window(self.start_minute, self.end_minute)?;
        Ok((weekday_from_number(self.weekday).ok_or(NotInAWeek)?, window))
    }
}

/// The window between two minutes since midnight.
pub(crate) fn window(start_minute: i32, end_minute: i32) -> Result<Window, Box<dyn Error + Send + Sync>> {
    let time = |minute: i32| -> Result<_, Box<dyn Error + Send + Sync>> {
        Ok(TimeOfDay::from_minutes(u16::try_from(minute).map_err(|_| NotInAWeek)?)?)
    };
    Ok(Window::new(time(start_minute)?, time(end_minute)?)?)
}

/// As in ISO 8601: 1 is Monday, 7 is Sunday.
fn weekday_to_number(day: Weekday) -> i32 {
    i32::try_from(day.number_from_monday()).expect("7 at most")
}

fn weekday_from_number(number: i32) -> Option<Weekday> {
    let from_monday = u8::try_from(number).ok()?.checked_sub(1)?;
    Weekday::try_from(from_monday).ok()
}

fn effective_from_to_text(version: &Version) -> String {
    version.effective_from().map_or_else(|| SINCE_EVER.to_owned(), date_to_text)
}

fn effective_from_from_text(text: &str) -> Result<Option<NaiveDate>, chrono::ParseError> {
    if text == SINCE_EVER { Ok(None) } else { date_from_text(text).map(Some) }
}
