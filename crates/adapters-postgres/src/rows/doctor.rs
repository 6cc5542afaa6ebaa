//! Rows of `doctors`, and of the tables that have their working hours.

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use diesel::pg::Pg;
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use doctor_booking_domain::{
    Doctor, DoctorParts, Name, OfferedTypes, PersonName, Revision, Rules, SlotLength, Specialty, VisitTypeId, Weekly,
    Window, WorkingHours,
};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::Senseless;
use super::window::{minutes, window};
use crate::schema::{doctors, working_hours_versions, working_windows};

/// The windows of each version.
type Weeks = Vec<(NaiveDate, Vec<WindowRow>)>;

/// Stands for "since ever" in a column that is part of a key, and so cannot be null.
const SINCE_EVER: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("a date");

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = doctors, treat_none_as_null = true, check_for_backend(Pg))]
pub(crate) struct DoctorRow {
    id: Uuid,
    first_name: String,
    last_name: String,
    name_key: String,
    specialty: String,
    specialty_key: String,
    time_zone: String,
    slot_minutes: i32,
    active: bool,
    revision: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    visit_types: Option<Vec<Uuid>>,
}

#[derive(Insertable)]
#[diesel(table_name = working_hours_versions)]
pub(crate) struct VersionRow {
    doctor_id: Uuid,
    effective_from: NaiveDate,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = working_windows, check_for_backend(Pg))]
pub(crate) struct WindowRow {
    doctor_id: Uuid,
    effective_from: NaiveDate,
    weekday: i16,
    start_minute: i16,
    end_minute: i16,
}

/// A doctor, with one of his or her versions if there is any, and one of its windows if there is any.
pub(crate) type HoursRow = (DoctorRow, Option<NaiveDate>, Option<WindowRow>);

impl From<&Doctor> for DoctorRow {
    fn from(doctor: &Doctor) -> Self {
        let (name, specialty, rules) = (doctor.name(), doctor.specialty(), doctor.rules());
        Self {
            id: doctor.id().uuid(),
            first_name: name.first.as_str().to_owned(),
            last_name: name.last.as_str().to_owned(),
            name_key: name.key().as_str().to_owned(),
            specialty: specialty.as_str().to_owned(),
            specialty_key: specialty.key().as_str().to_owned(),
            time_zone: rules.zone.name().to_owned(),
            slot_minutes: rules.slot.minutes().into(),
            active: rules.active,
            revision: doctor.revision().number(),
            created_at: doctor.created_at(),
            updated_at: doctor.updated_at(),
            visit_types: match &rules.visit_types {
                OfferedTypes::All => None,
                OfferedTypes::Only(these) => Some(these.iter().map(|id| id.uuid()).collect()),
            },
        }
    }
}

impl VersionRow {
    /// All versions of a doctor's hours.
    pub(crate) fn all(doctor: &Doctor) -> Vec<Self> {
        let doctor_id = doctor.id().uuid();
        let versions = doctor.rules().hours.versions().iter();
        versions.map(|version| Self { doctor_id, effective_from: column(version.effective_from()) }).collect()
    }
}

impl WindowRow {
    /// All windows in all versions of a doctor's hours.
    pub(crate) fn all(doctor: &Doctor) -> Vec<Self> {
        let mut rows = Vec::new();
        for version in doctor.rules().hours.versions() {
            for (day, windows) in version.weekly().days() {
                rows.extend(windows.iter().map(|window| Self {
                    doctor_id: doctor.id().uuid(),
                    effective_from: column(version.effective_from()),
                    weekday: iso(day),
                    start_minute: minutes(window.start()),
                    end_minute: minutes(window.end()),
                }));
            }
        }
        rows
    }

    fn window(&self) -> Result<(Weekday, Window), Senseless> {
        let day = self.weekday.checked_sub(1).map(u8::try_from).ok_or("there is no such weekday")??;
        Ok((Weekday::try_from(day)?, window(self.start_minute, self.end_minute)?))
    }
}

fn column(effective_from: Option<NaiveDate>) -> NaiveDate {
    effective_from.unwrap_or(SINCE_EVER)
}

fn iso(day: Weekday) -> i16 {
    i16::try_from(day.number_from_monday()).expect("from 1 to 7")
}

/// The doctors that these rows are, in their order. Rows of one doctor, and of one version, come one after the other.
pub(crate) fn doctors(rows: Vec<HoursRow>) -> Result<Vec<Doctor>, Unavailable> {
    let mut found: Vec<(DoctorRow, Weeks)> = Vec::new();
    for (doctor, version, window) in rows {
        if found.last().is_none_or(|(last, _)| last.id != doctor.id) {
            found.push((doctor, vec![]));
        }
        let (Some(version), Some((_, versions))) = (version, found.last_mut()) else { continue };
        if versions.last().is_none_or(|(last, _)| *last != version) {
            versions.push((version, vec![]));
        }
        if let Some((_, windows)) = versions.last_mut() {
            windows.extend(window);
        }
    }
    found.into_iter().map(|(doctor, versions)| parse(&doctor, versions)).collect()
}

fn parse(row: &DoctorRow, versions: Weeks) -> Result<Doctor, Unavailable> {
    let id = row.id;
    let mut weeks = Vec::new();
    for (effective_from, windows) in versions {
        let week = weekly(&windows).map_err(|error| {
            Unavailable::inconsistent("working_windows", &format!("{id} from {effective_from}"), error)
        })?;
        weeks.push(((effective_from != SINCE_EVER).then_some(effective_from), week));
    }
    let hours = WorkingHours::from_versions(weeks)
        .map_err(|error| Unavailable::inconsistent("working_hours_versions", &id, error))?;
    let parts = parts(row, hours).map_err(|error| Unavailable::inconsistent("doctors", &id, error))?;
    Ok(Doctor::from_parts(parts))
}

fn weekly(windows: &[WindowRow]) -> Result<Weekly, Senseless> {
    let windows = windows.iter().map(WindowRow::window).collect::<Result<Vec<_>, _>>()?;
    Ok(Weekly::new(windows)?)
}

fn parts(row: &DoctorRow, hours: WorkingHours) -> Result<DoctorParts, Senseless> {
    Ok(DoctorParts {
        id: row.id.into(),
        name: PersonName { first: Name::parse(&row.first_name)?, last: Name::parse(&row.last_name)? },
        specialty: Specialty::parse(&row.specialty)?,
        rules: Rules {
            active: row.active,
            zone: row.time_zone.parse()?,
            slot: SlotLength::from_minutes(row.slot_minutes.try_into()?)?,
            visit_types: row.visit_types.as_ref().map_or(OfferedTypes::All, |these| {
                OfferedTypes::Only(these.iter().copied().map(VisitTypeId::from).collect())
            }),
            hours,
        },
        revision: Revision::from_number(row.revision),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
