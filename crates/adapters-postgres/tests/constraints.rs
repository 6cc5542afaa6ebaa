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

    /// A visit of this capacity on a seat of the doctor's; on 0 it is alone with the doctor.
    fn seat(&mut self, during: &str, capacity: i32, seat: i32) -> QueryResult<()> {
        self.execute(&format!(
            "INSERT INTO occupancy VALUES (1, '{DOCTOR}', '{during}', gen_random_uuid(), true, {capacity}, {seat})"
        ))
    }

    /// A visit type of 30 minutes about which nothing is said but `column`.
    fn visit_type(&mut self, column: &str, value: i32) -> QueryResult<()> {
        self.execute(&format!(
            "CREATE TEMPORARY TABLE wanted AS SELECT gen_random_uuid() AS id, 'Check-up' AS name, 'check-up' AS name_key,
                30 AS minutes, NULL::integer AS step_minutes, 0 AS buffer_before_minutes, 0 AS buffer_after_minutes,
                0 AS min_notice_minutes, NULL::integer AS max_days_ahead, 1 AS capacity, false AS retired,
                1 AS revision, timestamptz '2030-01-01Z' AS created_at, timestamptz '2030-01-01Z' AS updated_at;
             UPDATE wanted SET {column} = {value};
             INSERT INTO visit_types TABLE wanted;
             DROP TABLE wanted"
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
fn nobody_sits_on_anothers_seat_but_there_may_be_somebody_on_every_seat() {
    let mut raw = Raw::new();
    for seat in 1..=50 {
        raw.seat(NINE, 50, seat).expect("the first there");
    }
    for seat in [1, 2, 25, 50] {
        assert_eq!(refused_by(raw.seat(NINE, 50, seat)), "occupancy_no_overlap", "{seat}");
        assert_eq!(refused_by(raw.seat(HALF_PAST_NINE, 50, seat)), "occupancy_no_overlap", "{seat}");
        raw.seat(TEN, 50, seat).expect("the next there");
    }
    let changed = format!("UPDATE occupancy SET seat = 2 WHERE seat = 1 AND during = '{TEN}'");
    assert_eq!(refused_by(raw.execute(&changed)), "occupancy_no_overlap");
}

#[test]
fn whoever_is_alone_with_a_doctor_takes_every_seat_from_the_first_to_the_last() {
    let mut raw = Raw::new();
    for (during, seat) in [(NINE, 1), (TEN, 50)] {
        raw.seat(during, 50, seat).expect("a seat");
        assert_eq!(refused_by(raw.seat(during, 1, 0)), "occupancy_no_overlap");
        assert_eq!(refused_by(raw.occupy(1, DOCTOR, during, true)), "occupancy_no_overlap");
    }
    raw.execute("UPDATE occupancy SET live = false").expect("they are cancelled");
    raw.seat(HALF_PAST_NINE, 1, 0).expect("the doctor is free");
    for seat in [1, 2, 50] {
        assert_eq!(refused_by(raw.seat(NINE, 50, seat)), "occupancy_no_overlap");
    }
    assert_eq!(refused_by(raw.execute("UPDATE occupancy SET live = true")), "occupancy_no_overlap");
}

#[test]
fn a_seat_is_one_of_as_many_as_the_capacity_says_and_there_is_none_for_whoever_is_alone() {
    let mut raw = Raw::new();
    for (capacity, seat) in [(1, 1), (2, 0), (2, 3), (2, -1), (50, 51), (51, 1), (51, 51), (0, 0), (-1, 0), (-1, -1)] {
        let refused = refused_by(raw.seat(NINE, capacity, seat));
        assert_eq!(refused, "occupancy_seat_within_capacity", "{seat} of {capacity}");
    }
    let shared_patient = format!("INSERT INTO occupancy VALUES (2, '{PATIENT}', '{NINE}', '{PATIENT}', true, 2, 1)");
    assert_eq!(refused_by(raw.execute(&shared_patient)), "occupancy_patient_alone");
}

/// What is put beside others says so by a seat from 2 on, and what it meets by seat 1.
#[test]
fn of_one_patients_visits_no_two_ordinary_ones_overlap_whatever_is_beside_them() {
    let mut raw = Raw::new();
    let on_seat = |during: &str, seat: i32| {
        format!("INSERT INTO occupancy VALUES (2, '{PATIENT}', '{during}', gen_random_uuid(), true, 1, {seat})")
    };
    raw.execute(&on_seat(NINE, 0)).expect("nobody is there");
    // An ordinary visit has room for another only when it is told so.
    for seat in 0..=50 {
        assert_eq!(refused_by(raw.execute(&on_seat(HALF_PAST_NINE, seat))), "occupancy_no_overlap", "{seat}");
    }
    raw.execute("UPDATE occupancy SET seat = 1").expect("nobody is beside it");
    raw.execute(&on_seat(HALF_PAST_NINE, 2)).expect("another seat");
    for seat in [0, 1, 2] {
        assert_eq!(refused_by(raw.execute(&on_seat(NINE, seat))), "occupancy_no_overlap", "{seat}");
    }
    raw.execute(&on_seat(TEN, 1)).expect("the ordinary one is over");
    for statement in ["UPDATE occupancy SET seat = 0", "UPDATE occupancy SET seat = 1 WHERE seat = 2"] {
        assert_eq!(refused_by(raw.execute(statement)), "occupancy_no_overlap", "{statement}");
    }
    for seat in [-1, 51] {
        assert_eq!(refused_by(raw.execute(&on_seat(TEN, seat))), "occupancy_seat_within_capacity", "{seat}");
    }
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
    for status in ["booked", "arrived", "fulfilled", "cancelled", "no-show"] {
        raw.booking(DOCTOR, nine, ten, status).expect("a booking");
    }
    assert_eq!(refused_by(raw.booking(DOCTOR, nine, ten, "Booked")), "bookings_status_known");
    assert_eq!(refused_by(raw.booking(DOCTOR, ten, nine, "booked")), "bookings_forwards");
    assert_eq!(refused_by(raw.booking(DOCTOR, nine, nine, "booked")), "bookings_forwards");
    assert_eq!(refused_by(raw.booking(PATIENT, nine, ten, "booked")), "bookings_doctor_id_fkey");
}

#[test]
fn what_a_booking_takes_of_its_doctor_is_in_range() {
    let mut raw = Raw::new();
    raw.booking(DOCTOR, "2030-01-07 09:00Z", "2030-01-07 10:00Z", "booked").expect("a booking");
    let mut becomes = |column: &str, value: i32| raw.execute(&format!("UPDATE bookings SET {column} = {value}"));
    for (column, least, most, constraint) in [
        ("buffer_before_minutes", 0, 480, "bookings_buffer_before_in_range"),
        ("buffer_after_minutes", 0, 480, "bookings_buffer_after_in_range"),
        ("capacity", 1, 50, "bookings_capacity_in_range"),
    ] {
        for value in [least, most] {
            becomes(column, value).expect("in range");
        }
        for value in [least - 1, most + 1] {
            assert_eq!(refused_by(becomes(column, value)), constraint, "{value}");
        }
    }
}

#[test]
fn a_visit_type_has_numbers_in_range_and_a_revision() {
    let mut raw = Raw::new();
    for (column, least, most, constraint) in [
        ("minutes", 5, 480, "visit_types_minutes_in_range"),
        ("step_minutes", 5, 480, "visit_types_step_minutes_in_range"),
        ("buffer_before_minutes", 0, 480, "visit_types_buffer_before_in_range"),
        ("buffer_after_minutes", 0, 480, "visit_types_buffer_after_in_range"),
        ("min_notice_minutes", 0, 525_600, "visit_types_notice_in_range"),
        ("max_days_ahead", 0, 3_650, "visit_types_days_ahead_in_range"),
        ("capacity", 1, 50, "visit_types_capacity_in_range"),
    ] {
        for value in [least, most] {
            raw.visit_type(column, value).expect("in range");
        }
        for value in [least - 1, most + 1] {
            assert_eq!(refused_by(raw.visit_type(column, value)), constraint, "{value}");
        }
    }
    assert_eq!(refused_by(raw.visit_type("revision", 0)), "visit_types_revision_positive");
    let twice = raw.execute("INSERT INTO visit_types SELECT * FROM visit_types LIMIT 1");
    assert_eq!(refused_by(twice), "visit_types_pkey");
}

#[test]
fn a_visit_type_can_be_booked_before_it_is_too_late() {
    let mut raw = Raw::new();
    raw.visit_type("max_days_ahead", 0).expect("a visit type");
    let mut becomes = |notice: i32, days: i32| {
        raw.execute(&format!("UPDATE visit_types SET min_notice_minutes = {notice}, max_days_ahead = {days}"))
    };
    for (notice, days) in [(1440, 0), (1440, 1), (2880, 2), (525_600, 365)] {
        becomes(notice, days).expect("it can be booked");
        assert_eq!(
            refused_by(becomes(notice + 1, days)),
            match notice {
                525_600 => "visit_types_notice_in_range",
                _ => "visit_types_notice_within_horizon",
            }
        );
    }
    assert_eq!(refused_by(becomes(525_600, 364)), "visit_types_notice_within_horizon");
    raw.execute("UPDATE visit_types SET max_days_ahead = NULL, min_notice_minutes = 525600").expect("any time ahead");
}

#[test]
fn a_doctor_offers_types_that_have_an_id_or_all() {
    let mut raw = Raw::new();
    let mut offers = |types: &str| raw.execute(&format!("UPDATE doctors SET visit_types = {types}"));
    for types in ["NULL", "'{}'", &format!("'{{{DOCTOR}}}'"), &format!("'{{{DOCTOR},{PATIENT}}}'")] {
        offers(types).expect("types");
    }
    assert_eq!(refused_by(offers(&format!("'{{{DOCTOR},NULL}}'"))), "doctors_visit_types_known");
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

#[test]
fn what_is_held_is_in_the_way_like_what_is_booked_and_no_patient_is_held() {
    let mut raw = Raw::new();
    let mut hold = |kind: i32, during: &str, until: &str| {
        raw.execute(&format!(
            "INSERT INTO occupancy VALUES
                 ({kind}, '{DOCTOR}', '{during}', gen_random_uuid(), true, 1, 0, '{until}')"
        ))
    };
    hold(1, NINE, "2030-01-01 00:05Z").expect("the first");
    // The constraint knows no clock: it may have expired long ago.
    assert_eq!(refused_by(hold(1, HALF_PAST_NINE, "2031-01-01Z")), "occupancy_no_overlap");
    hold(1, TEN, "2030-01-01 00:05Z").expect("the next");
    assert_eq!(refused_by(hold(2, NINE, "2030-01-01 00:05Z")), "occupancy_patient_not_held");
    assert_eq!(refused_by(raw.occupy(1, DOCTOR, HALF_PAST_NINE, true)), "occupancy_no_overlap");
    raw.execute("UPDATE occupancy SET booking = gen_random_uuid(), held_until = NULL").expect("it is booked");
}

#[test]
fn a_hold_has_a_doctor_and_numbers_in_range_and_expires_after_it_was_made() {
    let mut raw = Raw::new();
    raw.execute(&format!(
        "INSERT INTO holds VALUES ('{DOCTOR}', '{PATIENT}', '2030-01-07 09:00Z', '2030-01-07 10:00Z', NULL, 0, 0, 1,
             'UTC', '{PATIENT}', NULL, '2030-01-01 00:05Z', '2030-01-01Z')"
    ))
    .expect("a hold");
    let mut becomes = |change: &str| raw.execute(&format!("UPDATE holds SET {change}"));
    for (change, constraint) in [
        ("buffer_before_minutes = -1", "holds_buffer_before_in_range"),
        ("buffer_before_minutes = 481", "holds_buffer_before_in_range"),
        ("buffer_after_minutes = -1", "holds_buffer_after_in_range"),
        ("buffer_after_minutes = 481", "holds_buffer_after_in_range"),
        ("capacity = 0", "holds_capacity_in_range"),
        ("capacity = 51", "holds_capacity_in_range"),
        ("ends_at = starts_at", "holds_forwards"),
        ("expires_at = created_at", "holds_expire_later"),
    ] {
        assert_eq!(refused_by(becomes(change)), constraint, "{change}");
    }
    assert_eq!(refused_by(becomes(&format!("doctor_id = '{PATIENT}'"))), "holds_doctor_id_fkey");
    becomes("buffer_before_minutes = 480, buffer_after_minutes = 480, capacity = 50").expect("in range");
    assert_eq!(refused_by(raw.execute("INSERT INTO holds TABLE holds")), "holds_pkey");
}

/// An entry of the history that concerns nobody.
const ENTRY: &str = "INSERT INTO history (id, what, at, before, after)
    VALUES ('00000000-0000-0000-0000-00000000000e', 'closure.added', '2030-01-01Z', '{}', '{\"date\": \"2030-01-07\"}')";

#[test]
fn history_is_only_ever_added_to() {
    let mut raw = Raw::new();
    raw.execute(ENTRY).expect("an entry");
    for statement in [
        "UPDATE history SET what = 'closure.removed'",
        "UPDATE history SET why = 'because' WHERE false",
        "DELETE FROM history",
        "DELETE FROM history WHERE false",
        "TRUNCATE history CASCADE",
        "INSERT INTO history TABLE history ON CONFLICT (id) DO UPDATE SET why = 'because'",
        "MERGE INTO history USING doctors ON true WHEN MATCHED THEN DELETE",
    ] {
        let Err(Error::DatabaseError(_, told)) = raw.execute(statement) else { panic!("{statement} was not refused") };
        assert_eq!(told.message(), "history is only ever added to", "{statement}");
    }
    assert_eq!(refused_by(raw.execute(ENTRY)), "history_pkey");
    let nameless = "INSERT INTO history (id, what, at, before, after)
        VALUES (gen_random_uuid(), 'closure.added', '2030-01-01Z', '{}', '[]')";
    assert_eq!(refused_by(raw.execute(nameless)), "history_after_named");
    raw.execute(
        "INSERT INTO history (id, what, at, before, after)
        SELECT gen_random_uuid(), what, at, after, before FROM history",
    )
    .expect("another");
}

#[test]
fn of_one_callers_key_there_is_one_answer() {
    let mut raw = Raw::new();
    let mut answer = |caller: &str, key: &str, bytes: usize, status: i32, headers: &str| {
        raw.execute(&format!(
            "INSERT INTO idempotency
             VALUES ('{caller}', '{key}', repeat('x', {bytes})::bytea, {status}, '{headers}', '', '2030-01-01Z')"
        ))
    };
    answer(DOCTOR, "key", 32, 201, "[]").expect("an answer");
    assert_eq!(refused_by(answer(DOCTOR, "key", 32, 422, "[]")), "idempotency_pkey");
    answer(DOCTOR, "KEY", 32, 200, "[]").expect("another key");
    answer(PATIENT, "key", 32, 599, "[]").expect("another's key");
    for bytes in [0, 31, 33] {
        assert_eq!(refused_by(answer(DOCTOR, "a", bytes, 201, "[]")), "idempotency_fingerprint_whole");
    }
    for status in [199, 600] {
        assert_eq!(refused_by(answer(DOCTOR, "a", 32, status, "[]")), "idempotency_status_in_range");
    }
    assert_eq!(refused_by(answer(DOCTOR, "a", 32, 201, "{}")), "idempotency_headers_listed");
}

#[test]
fn each_position_is_one_entrys_and_each_entry_is_one_event() {
    let mut raw = Raw::new();
    raw.execute(ENTRY).expect("an entry");
    raw.execute(
        "INSERT INTO history (id, what, at, before, after)
        SELECT gen_random_uuid(), what, at, after, before FROM history",
    )
    .expect("another");
    raw.execute("INSERT INTO events SELECT 1, id FROM history LIMIT 1").expect("an event");
    let twice = raw.execute("INSERT INTO events SELECT 2, entry_id FROM events");
    assert_eq!(refused_by(twice), "events_entry_id_key");
    let other = "SELECT id FROM history WHERE id NOT IN (SELECT entry_id FROM events)";
    assert_eq!(refused_by(raw.execute(&format!("INSERT INTO events SELECT 1, id FROM ({other}) AS _"))), "events_pkey");
    assert_eq!(
        refused_by(raw.execute(&format!("INSERT INTO events SELECT 0, id FROM ({other}) AS _"))),
        "events_from_one"
    );
    let nothing = raw.execute("INSERT INTO events VALUES (2, gen_random_uuid())");
    assert_eq!(refused_by(nothing), "events_entry_id_fkey");
}

#[test]
fn a_booking_is_reminded_of_once_at_its_start() {
    let mut raw = Raw::new();
    let mut remind = |starts_at: &str, lead: i32| {
        raw.execute(&format!("INSERT INTO reminders VALUES ('{PATIENT}', '{starts_at}', {lead})"))
    };
    remind("2030-01-07 09:00Z", 1).expect("a reminder");
    remind("2030-01-07 09:00Z", 43_200).expect("another lead time");
    remind("2030-01-07 10:00Z", 1).expect("another start");
    assert_eq!(refused_by(remind("2030-01-07 09:00Z", 1)), "reminders_pkey");
    for lead in [0, 43_201] {
        assert_eq!(refused_by(remind("2030-01-07 09:00Z", lead)), "reminders_lead_in_range");
    }
}

#[test]
fn a_delivery_is_one_webhooks_of_one_event_and_goes_with_the_webhook() {
    let mut raw = Raw::new();
    raw.execute(ENTRY).expect("an entry");
    raw.execute("INSERT INTO events SELECT 1, id FROM history").expect("an event");
    let mut webhook = |bytes: usize, revision: i64, told: i64, events: &str| {
        raw.execute(&format!(
            "INSERT INTO webhooks VALUES (gen_random_uuid(), 'https://example.org', {events}, repeat('x', {bytes})::bytea,
                 true, {revision}, '2030-01-01Z', '2030-01-01Z', {told})"
        ))
    };
    assert_eq!(refused_by(webhook(31, 1, 0, "NULL")), "webhooks_secret_whole");
    assert_eq!(refused_by(webhook(32, 0, 0, "NULL")), "webhooks_revision_positive");
    assert_eq!(refused_by(webhook(32, 1, -1, "NULL")), "webhooks_told_forwards");
    assert_eq!(refused_by(webhook(32, 1, 0, "ARRAY[NULL]")), "webhooks_events_known");
    webhook(32, 1, 0, "ARRAY['booking.created']").expect("a webhook");
    let mut deliver = |position: i64, due_at: &str| {
        raw.execute(&format!(
            "INSERT INTO deliveries (webhook_id, position, id, due_at)
             SELECT id, {position}, gen_random_uuid(), {due_at} FROM webhooks"
        ))
    };
    deliver(1, "'2030-01-01Z'").expect("a delivery");
    assert_eq!(refused_by(deliver(1, "'2030-01-01Z'")), "deliveries_pkey");
    assert_eq!(refused_by(deliver(2, "'2030-01-01Z'")), "deliveries_position_fkey");
    assert_eq!(refused_by(deliver(2, "NULL")), "deliveries_aside_failed");
    let stray = raw.execute(
        "INSERT INTO deliveries (webhook_id, position, id, due_at)
        VALUES (gen_random_uuid(), 1, gen_random_uuid(), '2030-01-01Z')",
    );
    assert_eq!(refused_by(stray), "deliveries_webhook_id_fkey");
    assert_eq!(refused_by(raw.execute("UPDATE deliveries SET failures = -1")), "deliveries_failures_counted");
    assert_eq!(refused_by(raw.execute("DELETE FROM events")), "deliveries_position_fkey");
    raw.execute("DELETE FROM webhooks").expect("it goes");
    raw.execute("DELETE FROM events").expect("nothing is delivered any more");
}

#[test]
fn whoever_waits_does_so_for_one_thing_on_dates_and_is_offered_what_is_held() {
    let mut raw = Raw::new();
    raw.execute(&format!(
        "INSERT INTO waitlist VALUES ('{PATIENT}', '{PATIENT}', '{DOCTOR}', NULL, NULL, '2030-01-07', '2030-01-07',
             '{PATIENT}', '2030-01-01Z', 'waiting', NULL, NULL, 1, '2030-01-01Z', '2030-01-01Z')"
    ))
    .expect("a place");
    let mut becomes = |change: &str| raw.execute(&format!("UPDATE waitlist SET {change}"));
    for (change, constraint) in [
        ("specialty = 'Surgery'", "waitlist_for_one"),
        ("doctor_id = NULL", "waitlist_for_one"),
        ("to_date = '2030-01-06'", "waitlist_forwards"),
        ("status = 'offered'", "waitlist_offered_is_held"),
        ("hold_id = id", "waitlist_offered_is_held"),
        ("status = 'offered', hold_id = id", "waitlist_offered_is_held"),
        ("status = 'booked', hold_id = id, held_until = since", "waitlist_offered_is_held"),
        ("status = 'gone'", "waitlist_status_known"),
        ("revision = 0", "waitlist_revision_positive"),
    ] {
        assert_eq!(refused_by(becomes(change)), constraint, "{change}");
    }
    becomes("status = 'offered', hold_id = id, held_until = since").expect("offered");
    becomes("status = 'booked', hold_id = NULL, held_until = NULL").expect("booked");
    becomes("doctor_id = NULL, specialty = 'Surgery', to_date = '2030-01-08'").expect("for any of them");
}

#[test]
fn audit_is_only_ever_added_to() {
    let mut raw = Raw::new();
    let line = "INSERT INTO audit (id, at, role, action, outcome) VALUES
        ('00000000-0000-0000-0000-00000000000e', '2030-01-01Z', 'nobody', 'sign-in', 'refused')";
    raw.execute(line).expect("a line");
    for statement in [
        "UPDATE audit SET outcome = 'seen'",
        "UPDATE audit SET request = 'r' WHERE false",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE false",
        "TRUNCATE audit",
        "INSERT INTO audit TABLE audit ON CONFLICT (id) DO UPDATE SET request = 'r'",
        "MERGE INTO audit USING doctors ON true WHEN MATCHED THEN DELETE",
    ] {
        let Err(Error::DatabaseError(_, told)) = raw.execute(statement) else { panic!("{statement} was not refused") };
        assert_eq!(told.message(), "audit is only ever added to", "{statement}");
    }
    assert_eq!(refused_by(raw.execute(line)), "audit_pkey");
    let mut another = |role: &str, outcome: &str| {
        raw.execute(&format!(
            "INSERT INTO audit (id, at, role, action, outcome)
             VALUES (gen_random_uuid(), '2030-01-01Z', '{role}', 'sign-in', '{outcome}')"
        ))
    };
    assert_eq!(refused_by(another("chief", "seen")), "audit_role_known");
    assert_eq!(refused_by(another("nobody", "lost")), "audit_outcome_known");
    another("administrator", "seen").expect("another");
}

#[test]
fn a_token_has_a_role_says_whose_it_is_and_is_found_by_a_digest_of_its_own() {
    let mut raw = Raw::new();
    for (id, byte, of) in [(DOCTOR, "01", "NULL"), (PATIENT, "02", &format!("'{DOCTOR}'"))] {
        raw.execute(&format!(
            "INSERT INTO tokens VALUES ('{id}', 'Tablet', 'doctor', '{DOCTOR}', NULL,
                 decode(repeat('{byte}', 32), 'hex'), {of}, NULL, NULL, NULL, NULL, '2030-01-01Z')"
        ))
        .expect("a token and its session");
    }
    let mut becomes = |change: &str| raw.execute(&format!("UPDATE tokens SET {change} WHERE id = '{PATIENT}'"));
    for (change, constraint) in [
        ("role = 'chief'", "tokens_role_known"),
        ("role = 'nobody', doctor_id = NULL", "tokens_role_known"),
        ("role = 'front-desk'", "tokens_role_says_whose"),
        ("role = 'patient'", "tokens_role_says_whose"),
        ("doctor_id = NULL", "tokens_role_says_whose"),
        ("patient_id = id", "tokens_role_says_whose"),
        ("digest = substr(digest, 1, 31)", "tokens_digest_whole"),
        ("digest = digest || digest", "tokens_digest_whole"),
        ("session_of = id", "tokens_session_of_another"),
        ("session_of = gen_random_uuid()", "tokens_session_of_fkey"),
        // Only the second half is another.
        ("digest = decode(repeat('01', 16) || repeat('03', 16), 'hex')", "tokens_by_locator"),
    ] {
        assert_eq!(refused_by(becomes(change)), constraint, "{change}");
    }
    becomes("role = 'patient', doctor_id = NULL, patient_id = id").expect("a patient's");
    becomes("role = 'administrator', patient_id = NULL").expect("nobody's own");
    assert_eq!(refused_by(raw.execute("INSERT INTO tokens TABLE tokens")), "tokens_pkey");
    let token = raw.execute(&format!("DELETE FROM tokens WHERE id = '{DOCTOR}'"));
    assert_eq!(refused_by(token), "tokens_session_of_fkey");
}
