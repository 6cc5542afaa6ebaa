//! Rows of `overrides`, and of the table that has their windows.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::{Insertable, Queryable, Selectable};
use doctor_booking_domain::{DoctorId, Overrides, Window};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::window::{minutes, window};
use crate::schema::{override_windows, overrides};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = overrides, check_for_backend(Pg))]
pub(crate) struct OverrideRow {
    doctor_id: Uuid,
    date: NaiveDate,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = override_windows, check_for_backend(Pg))]
pub(crate) struct OverrideWindowRow {
    doctor_id: Uuid,
    date: NaiveDate,
    start_minute: i16,
    end_minute: i16,
}

impl OverrideRow {
    pub(crate) fn new(doctor: DoctorId, date: NaiveDate) -> Self {
        Self { doctor_id: doctor.uuid(), date }
    }
}

impl OverrideWindowRow {
    /// The windows of a doctor's date.
    pub(crate) fn all(doctor: DoctorId, date: NaiveDate, windows: &[Window]) -> Vec<Self> {
        let row = |window: &Window| Self {
            doctor_id: doctor.uuid(),
            date,
            start_minute: minutes(window.start()),
            end_minute: minutes(window.end()),
        };
        windows.iter().map(row).collect()
    }
}

/// The overrides that these rows are, each with one of its windows if it has any, by doctor.
pub(crate) fn overrides(
    rows: Vec<(OverrideRow, Option<OverrideWindowRow>)>,
) -> Result<HashMap<DoctorId, Overrides>, Unavailable> {
    let mut windows: HashMap<(DoctorId, NaiveDate), Vec<Window>> = HashMap::new();
    for (OverrideRow { doctor_id, date }, row) in rows {
        let row = row.map(|row| window(row.start_minute, row.end_minute)).transpose();
        let row = row
            .map_err(|error| Unavailable::inconsistent("override_windows", &format!("{doctor_id} on {date}"), error))?;
        windows.entry((doctor_id.into(), date)).or_default().extend(row);
    }
    let mut found: HashMap<DoctorId, Overrides> = HashMap::new();
    for ((doctor, date), windows) in windows {
        let overrides = found.entry(doctor).or_default();
        *overrides = std::mem::take(overrides).with(date, windows);
    }
    Ok(found)
}
