//! The database itself refuses what must never be stored, whoever writes: each constraint alone, by raw SQL.

mod common;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{Connection, QueryResult};
use doctor_booking_test_postgres::TestDatabase;

const DOCTOR: &str = "00000000-0000-0000-0000-00000000000d";
const PATIENT: &str = "00000000-0000-0000-0000-00000000000f";

struct Raw {
    connection: PgConnection,
    _database: TestDatabase,
}

impl Raw {
    /// Tables with one doctor in them, and a version of hours without windows.
    fn new() -> Self {
        let database = common::database();
        let connection = PgConnection::establish(database.url()).expect("the database is there");
        let mut raw = Self { connection, _database: database };
        raw.doctor(DOCTOR, 60, 1).expect("a doctor");
        raw.execute(&format!("INSERT INTO working_hours_versions VALUES ('{DOCTOR}', '0001-01-01')")).expect("a week");
        raw
    }

    fn execute(&mut self, statement: &str) -> QueryResult<()> {
        self.connection.batch_execute(statement)
    }

    fn doctor(&mut self, id: &str, slot_minutes: i32, revision: i64) -> QueryResult<()> {
        self.execute(&format!(
            "INSERT INTO doctors VALUES ('{id}', 'Miranda', 'Bailey', 'bailey miranda', 'Surgery', 'surgery', 'UTC', \
             {slot_minutes}, true, {revision}, '2030-01-01Z', '2030-01-01Z')"
        ))
    }

    fn window(&mut self, weekday: i32, start: i32, end: i32) -> QueryResult<()> {
        self.execute(&format!(
            "INSERT INTO working_windows VALUES ('{DOCTOR}', '0001-01-01', {weekday}, {start}, {end})"
        ))
    }

    fn booking(&mut self, doctor: &str, starts_at: &str, ends_at: &str, status: &str) -> QueryResult<()> {
        self.execute(&format!(
            "INSERT INTO bookings VALUES ('{doctor}', gen_random_uuid(), '{PATIENT}', '{starts_at}', '{ends_at}', 'UTC', \
             '2030-01-07', '{status}', NULL, NULL, false, 1, '2030-01-01Z', '2030-01-01Z')"
        ))
    }

    /// `kind` 1 is a doctor, 2 a patient.
    fn occupy(&mut self, kind: i32, subject: &str, during: &str, live: bool) -> QueryResult<()> {
        self.execute(&format!(
            "INSERT INTO occupancy VALUES ({kind}, '{subject}', '{during}', gen_random_uuid(), {live})"
        ))
    }
}

/// The constraint that something was refused by.
fn refused_by(result: QueryResult<()>) -> String {
    match result {
        Err(Error::DatabaseError(_, told)) => told.constraint_name().expect("a constraint").to_owned(),
        other => panic!("it was not refused: {other:?}"),
    }
}

const NINE: &str = "[2030-01-07 09:00Z, 2030-01-07 10:00Z)";
const HALF_PAST_NINE: &str = "[2030-01-07 09:30Z, 2030-01-07 10:30Z)";
const TEN: &str = "[2030-01-07 10:00Z, 2030-01-07 11:00Z)";

#[test]
fn nobody_is_occupied_twice_at_a_time_be_it_doctor_or_patient() {
    let mut raw = Raw::new();
    for (kind, subject) in [(1, DOCTOR), (2, PATIENT)] {
        raw.occupy(kind, subject, NINE, true).expect("the first");
        let overlapping = raw.occupy(kind, subject, HALF_PAST_NINE, true);
        assert!(matches!(&overlapping, Err(Error::DatabaseError(DatabaseErrorKind::ExclusionViolation, _))));
        assert_eq!(refused_by(overlapping), "occupancy_no_overlap");
        assert_eq!(refused_by(raw.occupy(kind, subject, NINE, true)), "occupancy_no_overlap");
    }
}

#[test]
fn stretches_that_touch_do_not_overlap() {
    let mut raw = Raw::new();
    raw.occupy(1, DOCTOR, NINE, true).expect("the first");
    raw.occupy(1, DOCTOR, TEN, true).expect("the next");
}

#[test]
fn different_subjects_are_not_in_each_others_way_nor_is_a_patient_who_has_a_doctors_id() {
    let mut raw = Raw::new();
    raw.occupy(1, DOCTOR, NINE, true).expect("a doctor");
    raw.occupy(1, PATIENT, NINE, true).expect("another doctor");
    raw.occupy(2, DOCTOR, NINE, true).expect("a patient");
}

#[test]
fn what_is_not_live_is_in_nobodys_way_until_it_comes_alive() {
    let mut raw = Raw::new();
    raw.occupy(1, DOCTOR, NINE, false).expect("was cancelled");
    raw.occupy(1, DOCTOR, NINE, false).expect("was cancelled, too");
    raw.occupy(1, DOCTOR, HALF_PAST_NINE, true).expect("is live");
    assert_eq!(refused_by(raw.execute("UPDATE occupancy SET live = true")), "occupancy_no_overlap");
}

#[test]
fn what_is_moved_must_not_overlap_either() {
    let mut raw = Raw::new();
    raw.occupy(1, DOCTOR, NINE, true).expect("the first");
    raw.occupy(1, DOCTOR, TEN, true).expect("the next");
    let moved = format!("UPDATE occupancy SET during = '{HALF_PAST_NINE}' WHERE during = '{TEN}'");
    assert_eq!(refused_by(raw.execute(&moved)), "occupancy_no_overlap");
}

#[test]
fn a_stretch_is_half_open_and_never_empty_or_endless() {
    let mut raw = Raw::new();
    for during in [
        "empty",
        "[2030-01-07 09:00Z, 2030-01-07 09:00Z)",
        "[2030-01-07 09:00Z, 2030-01-07 10:00Z]",
        "(2030-01-07 09:00Z, 2030-01-07 10:00Z)",
        "[2030-01-07 09:00Z,)",
        "(,2030-01-07 10:00Z)",
        "(,)",
    ] {
        assert_eq!(refused_by(raw.occupy(1, DOCTOR, during, true)), "occupancy_half_open", "{during}");
    }
    assert_eq!(refused_by(raw.occupy(3, DOCTOR, NINE, true)), "occupancy_kind_known");
}

#[test]
fn a_window_has_two_different_times_on_a_day_of_the_week() {
    let mut raw = Raw::new();
    for (weekday, start, end) in [(1, 0, 1440), (7, 1439, 1440), (2, 1320, 360), (3, 1320, 0), (4, 540, 541)] {
        raw.window(weekday, start, end).expect("a window");
    }
    for (weekday, start, end, constraint) in [
        (0, 540, 600, "working_windows_weekday_in_range"),
        (8, 540, 600, "working_windows_weekday_in_range"),
        (5, -1, 600, "working_windows_start_in_range"),
        (5, 1440, 600, "working_windows_start_in_range"),
        (5, 540, 1441, "working_windows_end_in_range"),
        (5, 540, -1, "working_windows_end_in_range"),
        (5, 540, 540, "working_windows_not_empty"),
        (5, 0, 0, "working_windows_not_empty"),
        (4, 540, 900, "working_windows_pkey"),
    ] {
        assert_eq!(refused_by(raw.window(weekday, start, end)), constraint, "{weekday}: {start}-{end}");
    }
}

#[test]
fn windows_belong_to_a_version_and_a_version_to_a_doctor() {
    let mut raw = Raw::new();
    raw.window(1, 540, 600).expect("a window");
    for statement in [
        format!("INSERT INTO working_windows VALUES ('{DOCTOR}', '2030-01-01', 1, 540, 600)"),
        format!("INSERT INTO working_hours_versions VALUES ('{PATIENT}', '2030-01-01')"),
        "DELETE FROM working_hours_versions".to_owned(),
        "DELETE FROM doctors".to_owned(),
    ] {
        let refused = raw.execute(&statement);
        assert!(matches!(refused, Err(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _))), "{statement}");
    }
}

#[test]
fn a_doctor_has_slots_of_5_to_480_minutes_and_a_revision() {
    let mut raw = Raw::new();
    for slot_minutes in [4, 481, 0, -60] {
        let refused = raw.doctor(PATIENT, slot_minutes, 1);
        assert_eq!(refused_by(refused), "doctors_slot_minutes_in_range");
    }
    assert_eq!(refused_by(raw.doctor(PATIENT, 60, 0)), "doctors_revision_positive");
    raw.doctor(PATIENT, 5, 1).expect("a doctor");
}

#[test]
fn a_booking_has_a_doctor_and_a_status_and_ends_after_it_starts() {
    let mut raw = Raw::new();
    let (nine, ten) = ("2030-01-07 09:00Z", "2030-01-07 10:00Z");
    raw.booking(DOCTOR, nine, ten, "booked").expect("a booking");
    raw.booking(DOCTOR, nine, ten, "cancelled").expect("a booking");
    assert_eq!(refused_by(raw.booking(DOCTOR, nine, ten, "Booked")), "bookings_status_known");
    assert_eq!(refused_by(raw.booking(DOCTOR, ten, nine, "booked")), "bookings_forwards");
    assert_eq!(refused_by(raw.booking(DOCTOR, nine, nine, "booked")), "bookings_forwards");
    assert_eq!(refused_by(raw.booking(PATIENT, nine, ten, "booked")), "bookings_doctor_id_fkey");
}

#[test]
fn a_date_is_overridden_once_by_windows_that_have_two_different_times() {
    let mut raw = Raw::new();
    let date =
        |raw: &mut Raw, doctor: &str| raw.execute(&format!("INSERT INTO overrides VALUES ('{doctor}', '2030-01-07')"));
    date(&mut raw, DOCTOR).expect("a date without windows");
    assert_eq!(refused_by(date(&mut raw, DOCTOR)), "overrides_pkey");
    assert_eq!(refused_by(date(&mut raw, PATIENT)), "overrides_doctor_id_fkey");
    let mut window = |date: &str, start: i32, end: i32| {
        raw.execute(&format!("INSERT INTO override_windows VALUES ('{DOCTOR}', '{date}', {start}, {end})"))
    };
    for (start, end) in [(0, 1440), (1439, 1440), (1320, 360), (1320, 0), (540, 600), (540, 720), (570, 630)] {
        window("2030-01-07", start, end).expect("a window");
    }
    for (date, start, end, constraint) in [
        ("2030-01-07", -1, 600, "override_windows_start_in_range"),
        ("2030-01-07", 1440, 600, "override_windows_start_in_range"),
        ("2030-01-07", 540, 1441, "override_windows_end_in_range"),
        ("2030-01-07", 540, -1, "override_windows_end_in_range"),
        ("2030-01-07", 0, 0, "override_windows_not_empty"),
        ("2030-01-07", 540, 600, "override_windows_pkey"),
        ("2030-01-08", 540, 600, "override_windows_doctor_id_date_fkey"),
    ] {
        assert_eq!(refused_by(window(date, start, end)), constraint, "{date}: {start}-{end}");
    }
    assert_eq!(refused_by(raw.execute("DELETE FROM overrides")), "override_windows_doctor_id_date_fkey");
}

#[test]
fn time_off_has_a_doctor_and_ends_after_it_starts() {
    let mut raw = Raw::new();
    let mut away = |doctor: &str, starts_at: &str, ends_at: &str| {
        raw.execute(&format!(
            "INSERT INTO time_off VALUES ('{doctor}', '{PATIENT}', '{starts_at}', '{ends_at}', NULL, '2030-01-01Z')"
        ))
    };
    let (nine, ten) = ("2030-01-07 09:00Z", "2030-01-07 10:00Z");
    assert_eq!(refused_by(away(DOCTOR, ten, nine)), "time_off_forwards");
    assert_eq!(refused_by(away(DOCTOR, nine, nine)), "time_off_forwards");
    assert_eq!(refused_by(away(PATIENT, nine, ten)), "time_off_doctor_id_fkey");
    away(DOCTOR, nine, ten).expect("time off");
    assert_eq!(refused_by(away(DOCTOR, nine, ten)), "time_off_pkey");
}

#[test]
fn a_date_may_be_closed_twice_but_each_closure_is_there_once() {
    let mut raw = Raw::new();
    let mut closure = |id: &str| {
        raw.execute(&format!("INSERT INTO closures VALUES ('{id}', '2030-01-07', 'Staff outing', '2030-01-01Z')"))
    };
    closure(DOCTOR).expect("a closure");
    closure(PATIENT).expect("another");
    assert_eq!(refused_by(closure(DOCTOR)), "closures_pkey");
}
