//! What the database itself refuses, whoever writes to it: each constraint alone, by raw SQL.

use doctor_booking_ports_contract::given;

use crate::database::{Database, SUBJECT, blob, is_overlap};

/// The statement that occupies [`SUBJECT`], not shared by anybody, from one instant to another.
fn occupy(kind: u8, start: i64, end: i64, booking: u128, live: bool) -> String {
    let (subject, booking, live) = (blob(SUBJECT), blob(booking), u8::from(live));
    format!(
        "INSERT INTO occupancy (kind, subject, starts_at, ends_at, booking, live, capacity, seat)
         VALUES ({kind}, {subject}, {start}, {end}, {booking}, {live}, 1, 0)"
    )
}

/// Every stretch between 0 and 10.
fn stretches() -> impl Iterator<Item = (i64, i64)> {
    (0..10).flat_map(|start| (start + 1..=10).map(move |end| (start, end)))
}

fn overlap((start, end): (i64, i64), (other_start, other_end): (i64, i64)) -> bool {
    start < other_end && other_start < end
}

#[test]
fn whatever_overlaps_something_live_is_refused_and_what_touches_is_not() {
    let live = [(2, 4), (6, 8)];
    for kind in [1, 2] {
        for stretch @ (start, end) in stretches() {
            let database = &mut Database::new();
            for (booking, (start, end)) in (1..).zip(live) {
                database.execute(&occupy(kind, start, end, booking, true)).expect("there is room");
            }
            let expected = live.iter().any(|&other| overlap(stretch, other));
            assert_eq!(is_overlap(database, &occupy(kind, start, end, 9, true)), expected, "{stretch:?}");
            assert_eq!(database.count("occupancy"), if expected { 2 } else { 3 });
        }
    }
}

#[test]
fn nothing_can_be_moved_where_it_overlaps() {
    let database = &mut Database::new();
    for (booking, (start, end)) in (1..).zip([(2, 4), (6, 8), (20, 21)]) {
        database.execute(&occupy(1, start, end, booking, true)).expect("there is room");
    }
    for stretch @ (start, end) in stretches() {
        // A stranger, and a neighbour, which may overlap where it was itself.
        for (booking, others) in [(3, &[(2, 4), (6, 8)][..]), (1, &[(6, 8)])] {
            database.execute("SAVEPOINT before").expect("a savepoint");
            let booking = blob(booking);
            let moved = format!("UPDATE occupancy SET starts_at = {start}, ends_at = {end} WHERE booking = {booking}");
            let expected = others.iter().any(|&other| overlap(stretch, other));
            assert_eq!(is_overlap(database, &moved), expected, "{booking} to {stretch:?}");
            database.execute("ROLLBACK TO before; RELEASE before").expect("as before");
        }
    }
}

#[test]
fn nothing_can_be_revived_or_given_to_somebody_else_where_it_overlaps() {
    let database = &mut Database::new();
    let other = blob(8);
    database.execute(&occupy(1, 2, 4, 1, true)).expect("there is room");
    database.execute(&occupy(1, 3, 5, 2, false)).expect("it is not live");
    database.execute(&occupy(2, 3, 5, 3, true)).expect("a patient is no doctor");
    database.execute(&occupy(1, 13, 15, 4, true)).expect("there is room");
    database
        .execute(&format!("UPDATE occupancy SET subject = {other}, starts_at = 3, ends_at = 5 WHERE starts_at = 13"))
        .expect("somebody else is free");
    for statement in [
        "UPDATE occupancy SET live = 1".to_owned(),
        "UPDATE occupancy SET kind = 1 WHERE kind = 2".to_owned(),
        format!("UPDATE occupancy SET subject = {} WHERE subject = {other}", blob(SUBJECT)),
        "UPDATE OR IGNORE occupancy SET live = 1".to_owned(),
        "UPDATE OR REPLACE occupancy SET live = 1".to_owned(),
        occupy(1, 3, 5, 9, true).replace("INSERT", "INSERT OR IGNORE"),
        occupy(1, 3, 5, 9, true).replace("INSERT", "INSERT OR REPLACE"),
        occupy(1, 3, 5, 9, true).replace("(1,", "('1',"),
        occupy(1, 3, 5, 2, true) + " ON CONFLICT DO UPDATE SET live = 1",
    ] {
        assert!(is_overlap(database, &statement), "{statement}");
    }
    assert_eq!(database.count("occupancy WHERE live"), 3);
}

#[test]
fn what_is_no_longer_live_is_in_nobodys_way() {
    let database = &mut Database::new();
    for booking in 1..=3 {
        database.execute(&occupy(1, 2, 4, booking, false)).expect("it is not live");
    }
    database.execute(&occupy(1, 1, 5, 4, true)).expect("nothing live is there");
    database.execute("UPDATE occupancy SET live = 0").expect("given back");
    database.execute(&occupy(1, 3, 6, 5, true)).expect("nothing live is there");
}

/// What is put beside others says so by a seat from 2 on, and what it meets by seat 1.
#[test]
fn of_one_patients_visits_no_two_ordinary_ones_overlap_whatever_is_beside_them() {
    let database = &mut Database::new();
    let on_seat = |start: i64, end: i64, booking: u128, seat: i32| {
        let (subject, booking) = (blob(SUBJECT), blob(booking));
        format!("INSERT INTO occupancy VALUES (2, {subject}, {start}, {end}, {booking}, 1, 1, {seat}, NULL)")
    };
    database.execute(&on_seat(2, 6, 1, 0)).expect("nobody is there");
    // An ordinary visit has room for another only when it is told so.
    for seat in 0..=50 {
        assert!(is_overlap(database, &on_seat(4, 8, 2, seat)), "{seat}");
    }
    database.execute("UPDATE occupancy SET seat = 1").expect("nobody is beside it");
    database.execute(&on_seat(4, 8, 2, 2)).expect("another seat");
    for seat in [0, 1, 2] {
        assert!(is_overlap(database, &on_seat(5, 6, 3, seat)), "{seat}");
    }
    assert!(is_overlap(database, &on_seat(3, 4, 3, 1)) && is_overlap(database, &on_seat(7, 9, 3, 0)));
    database.execute(&on_seat(6, 9, 3, 1)).expect("the ordinary one is over");
    for statement in ["UPDATE occupancy SET seat = 0", "UPDATE occupancy SET seat = 1 WHERE seat = 2"] {
        assert!(is_overlap(database, statement), "{statement}");
    }
    database.execute(&on_seat(5, 7, 4, 50)).expect("another seat");
    assert_eq!(database.count("occupancy WHERE live"), 4);
}

/// A row of every table, and with it everything a row of another table can refer to.
fn with_a_doctor_and_a_patient() -> Database {
    let mut database = Database::new();
    database
        .execute(
            "INSERT INTO doctors VALUES (zeroblob(16), 'a', 'b', 'b a', 's', 's', 'UTC', 60, 1, 1, 0, 0, NULL);
             INSERT INTO visit_types VALUES (zeroblob(16), 't', 't', 30, NULL, 0, 0, 0, NULL, 1, 0, 1, 0, 0);
             INSERT INTO working_hours_versions VALUES (zeroblob(16), '0001-01-01');
             INSERT INTO overrides VALUES (zeroblob(16), '2030-01-07');
             INSERT INTO override_windows VALUES (zeroblob(16), '2030-01-07', 480, 600);
             INSERT INTO time_off VALUES (zeroblob(16), zeroblob(16), 0, 1, NULL, 0);
             INSERT INTO closures VALUES (zeroblob(16), '2030-01-07', 'n', 0);
             INSERT INTO patients VALUES (zeroblob(16), 'c', 'd', 'd c', NULL, NULL, NULL, NULL, 1, 0, 0);
             INSERT INTO bookings VALUES
                 (zeroblob(16), zeroblob(16), zeroblob(16), 0, 1, 'UTC', '', 'booked', NULL, NULL, 0, 1, 0, 0,
                 NULL, 0, 0, 1, NULL, 0);
             INSERT INTO occupancy VALUES (1, zeroblob(16), 0, 1, zeroblob(16), 1, 1, 0, NULL);
             INSERT INTO holds VALUES
                 (zeroblob(16), zeroblob(16), 0, 1, 'UTC', NULL, 0, 0, 1, zeroblob(16), NULL, 2, 0);
             INSERT INTO occupancy VALUES (1, x'00000000000000000000000000000001', 0, 1, x'00000000000000000000000000000001', 1, 1, 0, 2);
             INSERT INTO history VALUES
                 (1, zeroblob(16), 'booking.created', 0, NULL, NULL, NULL, NULL, NULL, '{}', '{}');
             INSERT INTO idempotency VALUES (zeroblob(16), 'k', zeroblob(32), 201, '[]', x'', 0);
             INSERT INTO waitlist VALUES
                 (zeroblob(16), zeroblob(16), zeroblob(16), NULL, NULL, '2030-01-07', '2030-01-07', zeroblob(16), 0,
                 'waiting', NULL, NULL, 1, 0, 0);
             INSERT INTO reminders VALUES (zeroblob(16), 0, 60);
             INSERT INTO webhooks VALUES (zeroblob(16), 'https://a', NULL, zeroblob(32), 1, 1, 0, 0, 0);
             INSERT INTO deliveries VALUES (zeroblob(16), zeroblob(16), 1, 0, 0, NULL, 0, NULL, NULL);",
        )
        .expect("rows that make sense");
    database
}

fn is_refused(database: &mut Database, statement: &str, why: &str) {
    let refused = database.execute(statement).expect_err(statement).to_string();
    assert!(refused.contains(why), "{statement}: {refused}");
}

#[test]
fn rows_that_make_no_sense_are_refused() {
    let database = &mut with_a_doctor_and_a_patient();
    for (statement, why) in [
        ("UPDATE doctors SET id = zeroblob(15)", "length(id)"),
        ("UPDATE doctors SET id = '0123456789abcdef'", "TEXT value in BLOB"),
        ("UPDATE doctors SET slot_minutes = 4", "slot_minutes"),
        ("UPDATE doctors SET slot_minutes = 481", "slot_minutes"),
        ("UPDATE doctors SET slot_minutes = 'hour'", "TEXT value in INTEGER"),
        ("UPDATE doctors SET active = 2", "active"),
        ("UPDATE doctors SET revision = 0", "revision"),
        ("UPDATE doctors SET created_at = 0.5", "REAL value in INTEGER"),
        ("UPDATE doctors SET time_zone = NULL", "NOT NULL"),
        ("UPDATE doctors SET visit_types = zeroblob(15)", "length(visit_types)"),
        ("UPDATE doctors SET visit_types = zeroblob(17)", "length(visit_types)"),
        ("UPDATE doctors SET visit_types = '0123456789abcdef'", "TEXT value in BLOB"),
        ("DELETE FROM doctors", "FOREIGN KEY"),
        ("UPDATE working_hours_versions SET effective_from = '2030-02-30'", "effective_from"),
        ("UPDATE working_hours_versions SET effective_from = '2030-2-3'", "effective_from"),
        ("UPDATE working_hours_versions SET effective_from = ''", "effective_from"),
        ("UPDATE working_hours_versions SET doctor_id = randomblob(16)", "FOREIGN KEY"),
        ("INSERT INTO working_hours_versions VALUES (zeroblob(16), '0001-01-01')", "UNIQUE"),
        ("INSERT INTO working_windows VALUES (zeroblob(16), '0001-01-01', 0, 480, 600)", "weekday"),
        ("INSERT INTO working_windows VALUES (zeroblob(16), '0001-01-01', 8, 480, 600)", "weekday"),
        ("INSERT INTO working_windows VALUES (zeroblob(16), '0001-01-01', 1, -1, 600)", "start_minute"),
        ("INSERT INTO working_windows VALUES (zeroblob(16), '0001-01-01', 1, 1440, 600)", "start_minute"),
        ("INSERT INTO working_windows VALUES (zeroblob(16), '0001-01-01', 1, 480, 1441)", "end_minute"),
        ("INSERT INTO working_windows VALUES (zeroblob(16), '0001-01-01', 1, 480, -1)", "end_minute"),
        ("INSERT INTO working_windows VALUES (zeroblob(16), '0001-01-01', 1, 480, 480)", "start_minute <> end_minute"),
        ("INSERT INTO working_windows VALUES (zeroblob(16), '0001-01-01', 1, 0, 0)", "start_minute <> end_minute"),
        ("INSERT INTO working_windows VALUES (zeroblob(16), '2030-01-01', 1, 480, 600)", "FOREIGN KEY"),
        ("UPDATE overrides SET date = '2030-02-30'", "date"),
        ("UPDATE overrides SET date = '2030-1-7'", "date"),
        ("UPDATE overrides SET doctor_id = randomblob(16)", "FOREIGN KEY"),
        ("INSERT INTO overrides VALUES (zeroblob(16), '2030-01-07')", "UNIQUE"),
        ("DELETE FROM overrides", "FOREIGN KEY"),
        ("INSERT INTO override_windows VALUES (zeroblob(16), '2030-01-07', 480, 600)", "UNIQUE"),
        ("INSERT INTO override_windows VALUES (zeroblob(16), '2030-01-08', 480, 600)", "FOREIGN KEY"),
        ("UPDATE override_windows SET start_minute = -1", "start_minute"),
        ("UPDATE override_windows SET start_minute = 1440", "start_minute"),
        ("UPDATE override_windows SET end_minute = 1441", "end_minute"),
        ("UPDATE override_windows SET end_minute = -1", "end_minute"),
        ("UPDATE override_windows SET end_minute = start_minute", "start_minute <> end_minute"),
        ("UPDATE time_off SET id = zeroblob(15)", "length(id)"),
        ("UPDATE time_off SET doctor_id = randomblob(16)", "FOREIGN KEY"),
        ("UPDATE time_off SET ends_at = starts_at", "starts_at < ends_at"),
        ("UPDATE time_off SET created_at = NULL", "NOT NULL"),
        ("INSERT INTO time_off VALUES (zeroblob(16), zeroblob(16), 0, 1, NULL, 0)", "UNIQUE"),
        ("UPDATE closures SET id = zeroblob(17)", "length(id)"),
        ("UPDATE closures SET date = '2030-13-01'", "date"),
        ("UPDATE closures SET date = 20300107", "date"),
        ("UPDATE closures SET name = NULL", "NOT NULL"),
        ("INSERT INTO closures VALUES (zeroblob(16), '2030-01-08', 'n', 0)", "UNIQUE"),
        ("UPDATE patients SET id = zeroblob(17)", "length(id)"),
        ("UPDATE patients SET birth_date = '1999-02-29'", "birth_date"),
        ("UPDATE patients SET revision = 0", "revision"),
        ("DELETE FROM patients", "FOREIGN KEY"),
        ("UPDATE bookings SET id = zeroblob(15)", "length(id)"),
        ("UPDATE bookings SET doctor_id = randomblob(16)", "FOREIGN KEY"),
        ("UPDATE bookings SET patient_id = randomblob(16)", "FOREIGN KEY"),
        ("UPDATE bookings SET ends_at = starts_at", "starts_at < ends_at"),
        ("UPDATE bookings SET status = 'held'", "status"),
        ("UPDATE bookings SET outside_hours = 2", "outside_hours"),
        ("UPDATE bookings SET revision = 0", "revision"),
        ("UPDATE bookings SET visit_type_id = zeroblob(15)", "length(visit_type_id)"),
        ("UPDATE bookings SET buffer_before_minutes = -1", "buffer_before_minutes"),
        ("UPDATE bookings SET buffer_before_minutes = 481", "buffer_before_minutes"),
        ("UPDATE bookings SET buffer_after_minutes = -1", "buffer_after_minutes"),
        ("UPDATE bookings SET buffer_after_minutes = 481", "buffer_after_minutes"),
        ("UPDATE bookings SET capacity = 0", "capacity"),
        ("UPDATE bookings SET capacity = 51", "capacity"),
        ("UPDATE occupancy SET kind = 3", "kind"),
        ("UPDATE occupancy SET subject = zeroblob(15)", "length(subject)"),
        ("UPDATE occupancy SET booking = zeroblob(15)", "length(booking)"),
        ("UPDATE occupancy SET ends_at = starts_at", "starts_at < ends_at"),
        ("UPDATE occupancy SET live = 2", "live"),
        ("UPDATE occupancy SET live = NULL", "NOT NULL"),
        ("UPDATE occupancy SET ends_at = starts_at + 86400000001", "ends_at - starts_at <= 86400000000"),
        ("UPDATE occupancy SET capacity = 0", "capacity"),
        ("UPDATE occupancy SET capacity = 51, seat = 1", "capacity"),
        ("UPDATE occupancy SET capacity = 2", "capacity = 1 AND seat = 0"),
        ("UPDATE occupancy SET seat = 1", "capacity = 1 AND seat = 0"),
        ("UPDATE occupancy SET capacity = 2, seat = 3", "seat BETWEEN 1 AND capacity"),
        ("UPDATE occupancy SET capacity = 2, seat = -1", "seat BETWEEN 1 AND capacity"),
        ("UPDATE occupancy SET kind = 2, capacity = 2, seat = 1", "kind = 1 OR capacity = 1"),
        ("UPDATE occupancy SET kind = 2, seat = 51 WHERE held_until IS NULL", "seat BETWEEN 0 AND 50"),
        ("UPDATE occupancy SET kind = 2, seat = -1 WHERE held_until IS NULL", "seat BETWEEN 0 AND 50"),
        ("UPDATE bookings SET beside_others = 2", "beside_others"),
        ("UPDATE bookings SET beside_others = NULL", "NOT NULL"),
        ("UPDATE occupancy SET seat = NULL", "NOT NULL"),
        (
            "INSERT OR REPLACE INTO occupancy SELECT 1, subject, 5, 6, booking, 1, 1, NULL, NULL FROM occupancy",
            "NOT NULL",
        ),
        (
            "INSERT OR REPLACE INTO occupancy SELECT 1, subject, 5, 6, booking, 1, NULL, 1, NULL FROM occupancy",
            "NOT NULL",
        ),
    ] {
        is_refused(database, statement, why);
    }
}

#[test]
fn rows_of_the_life_of_a_booking_that_make_no_sense_are_refused() {
    let database = &mut with_a_doctor_and_a_patient();
    for (statement, why) in [
        ("UPDATE bookings SET status = 'noshow'", "status"),
        ("UPDATE bookings SET series_id = zeroblob(15)", "length(series_id)"),
        ("UPDATE occupancy SET kind = 2 WHERE held_until IS NOT NULL", "held_until IS NULL OR kind = 1"),
        ("UPDATE occupancy SET held_until = 'x'", "TEXT value in INTEGER"),
        ("UPDATE holds SET id = zeroblob(15)", "length(id)"),
        ("UPDATE holds SET doctor_id = randomblob(16)", "FOREIGN KEY"),
        ("UPDATE holds SET ends_at = starts_at", "starts_at < ends_at"),
        ("UPDATE holds SET visit_type_id = zeroblob(15)", "length(visit_type_id)"),
        ("UPDATE holds SET buffer_before_minutes = 481", "buffer_before_minutes"),
        ("UPDATE holds SET buffer_after_minutes = -1", "buffer_after_minutes"),
        ("UPDATE holds SET capacity = 51", "capacity"),
        ("UPDATE holds SET owner = zeroblob(15)", "length(owner)"),
        ("UPDATE holds SET waiting_id = zeroblob(15)", "length(waiting_id)"),
        ("UPDATE holds SET expires_at = NULL", "NOT NULL"),
        (
            "INSERT INTO history SELECT 2, zeroblob(15), what, at, who, why, NULL, NULL, NULL, '{}', '{}' FROM history",
            "length(id)",
        ),
        (
            "INSERT INTO history SELECT 2, x'01', what, at, x'01', why, NULL, NULL, NULL, '{}', '{}' FROM history",
            "length",
        ),
        (
            "INSERT INTO history SELECT 2, randomblob(16), what, at, x'01', why, NULL, NULL, NULL, '{}', '{}' FROM history",
            "length(who)",
        ),
        (
            "INSERT INTO history SELECT 2, randomblob(16), what, at, who, why, x'01', NULL, NULL, '{}', '{}' FROM history",
            "length(doctor_id)",
        ),
        (
            "INSERT INTO history SELECT 2, randomblob(16), what, at, who, why, NULL, x'01', NULL, '{}', '{}' FROM history",
            "length(patient_id)",
        ),
        (
            "INSERT INTO history SELECT 2, randomblob(16), what, at, who, why, NULL, NULL, x'01', '{}', '{}' FROM history",
            "length(booking_id)",
        ),
        (
            "INSERT INTO history SELECT 2, randomblob(16), what, at, who, why, NULL, NULL, NULL, '[]', '{}' FROM history",
            "json_type(before)",
        ),
        (
            "INSERT INTO history SELECT 2, randomblob(16), what, at, who, why, NULL, NULL, NULL, '{}', '{' FROM history",
            "malformed JSON",
        ),
        (
            "INSERT INTO history SELECT 2, randomblob(16), NULL, at, who, why, NULL, NULL, NULL, '{}', '{}' FROM history",
            "NOT NULL",
        ),
        ("UPDATE idempotency SET caller = zeroblob(15)", "length(caller)"),
        ("UPDATE idempotency SET key = ''", "length(key)"),
        ("UPDATE idempotency SET key = printf('%256d', 1)", "length(key)"),
        ("UPDATE idempotency SET fingerprint = zeroblob(31)", "length(fingerprint)"),
        ("UPDATE idempotency SET status = 199", "status"),
        ("UPDATE idempotency SET status = 600", "status"),
        ("UPDATE idempotency SET headers = '{}'", "json_type(headers)"),
        ("UPDATE idempotency SET body = 'text'", "TEXT value in BLOB"),
        ("INSERT INTO idempotency SELECT * FROM idempotency", "UNIQUE"),
        ("UPDATE waitlist SET id = zeroblob(15)", "length(id)"),
        ("UPDATE waitlist SET patient_id = randomblob(16)", "FOREIGN KEY"),
        ("UPDATE waitlist SET doctor_id = randomblob(16)", "FOREIGN KEY"),
        ("UPDATE waitlist SET doctor_id = NULL", "(doctor_id IS NULL) <> (specialty IS NULL)"),
        ("UPDATE waitlist SET specialty = 's'", "(doctor_id IS NULL) <> (specialty IS NULL)"),
        ("UPDATE waitlist SET from_date = '2030-02-30'", "from_date"),
        ("UPDATE waitlist SET to_date = '2030-1-8'", "to_date"),
        ("UPDATE waitlist SET to_date = '2030-01-06'", "from_date <= to_date"),
        ("UPDATE waitlist SET status = 'away'", "status"),
        ("UPDATE waitlist SET status = 'offered'", "status = 'offered'"),
        ("UPDATE waitlist SET status = 'offered', hold_id = zeroblob(16)", "status = 'offered'"),
        ("UPDATE waitlist SET status = 'offered', offered_until = 1", "status = 'offered'"),
        ("UPDATE waitlist SET hold_id = zeroblob(16), offered_until = 1", "status = 'offered'"),
        ("UPDATE waitlist SET revision = 0", "revision"),
        ("UPDATE reminders SET lead_minutes = 0", "lead_minutes"),
        ("UPDATE reminders SET lead_minutes = 43201", "lead_minutes"),
        ("INSERT INTO reminders SELECT * FROM reminders", "UNIQUE"),
        ("UPDATE webhooks SET events = '{}'", "json_type(events)"),
        ("UPDATE webhooks SET secret = zeroblob(31)", "length(secret)"),
        ("UPDATE webhooks SET active = 2", "active"),
        ("UPDATE webhooks SET revision = 0", "revision"),
        ("UPDATE webhooks SET told_up_to = -1", "told_up_to"),
        ("DELETE FROM webhooks", "FOREIGN KEY"),
        ("UPDATE deliveries SET webhook_id = randomblob(16)", "FOREIGN KEY"),
        ("UPDATE deliveries SET position = 2", "FOREIGN KEY"),
        ("UPDATE deliveries SET due_at = NULL", "due_at IS NOT NULL"),
        ("UPDATE deliveries SET claimed = 2", "claimed"),
        ("UPDATE deliveries SET failures = -1", "failures"),
        ("UPDATE deliveries SET error = 'x'", "(error IS NULL) = (failed_at IS NULL)"),
        (
            "INSERT INTO deliveries SELECT randomblob(16), webhook_id, position, 0, 0, NULL, 0, NULL, NULL FROM deliveries",
            "UNIQUE",
        ),
    ] {
        is_refused(database, statement, why);
    }
}

#[test]
fn what_is_held_and_what_is_booked_never_overlap() {
    let held = |booking: u128, start, end, until: &str| {
        occupy(1, start, end, booking, true)
            .replace("seat)", "seat, held_until)")
            .replace("1, 0)", &format!("1, 0, {until})"))
    };
    let database = &mut Database::new();
    database.execute(&held(1, 2, 4, "1")).expect("there is room");
    database.execute(&occupy(1, 6, 8, 2, true)).expect("there is room");
    // A database does not look at the clock: what has expired has to be given back first.
    assert!(is_overlap(database, &occupy(1, 3, 5, 9, true)));
    assert!(is_overlap(database, &held(9, 3, 5, "100")));
    assert!(is_overlap(database, &held(9, 7, 9, "100")));
    database.execute(&occupy(1, 4, 6, 9, true)).expect("what touches does not overlap");
    let booked = format!("UPDATE occupancy SET booking = {}, held_until = NULL WHERE booking = {}", blob(3), blob(1));
    database.execute(&booked).expect("it is in its own place");
    assert!(is_overlap(database, &occupy(1, 3, 4, 8, true)));
}

#[test]
fn visit_types_outside_the_bounds_of_the_domain_are_refused() {
    let database = &mut with_a_doctor_and_a_patient();
    for (statement, why) in [
        ("UPDATE visit_types SET id = zeroblob(15)", "length(id)"),
        ("INSERT INTO visit_types SELECT * FROM visit_types", "UNIQUE"),
        ("UPDATE visit_types SET name = NULL", "NOT NULL"),
        ("UPDATE visit_types SET minutes = 4", "minutes BETWEEN 5 AND 480"),
        ("UPDATE visit_types SET minutes = 481", "minutes BETWEEN 5 AND 480"),
        ("UPDATE visit_types SET step_minutes = 4", "step_minutes"),
        ("UPDATE visit_types SET step_minutes = 481", "step_minutes"),
        ("UPDATE visit_types SET buffer_before_minutes = -1", "buffer_before_minutes"),
        ("UPDATE visit_types SET buffer_before_minutes = 481", "buffer_before_minutes"),
        ("UPDATE visit_types SET buffer_after_minutes = -1", "buffer_after_minutes"),
        ("UPDATE visit_types SET buffer_after_minutes = 481", "buffer_after_minutes"),
        ("UPDATE visit_types SET min_notice_minutes = -1", "min_notice_minutes"),
        ("UPDATE visit_types SET min_notice_minutes = 525601", "min_notice_minutes"),
        ("UPDATE visit_types SET max_days_ahead = -1", "max_days_ahead"),
        ("UPDATE visit_types SET max_days_ahead = 3651", "max_days_ahead"),
        ("UPDATE visit_types SET min_notice_minutes = 1441, max_days_ahead = 0", "max(max_days_ahead, 1)"),
        ("UPDATE visit_types SET min_notice_minutes = 1441, max_days_ahead = 1", "max(max_days_ahead, 1)"),
        ("UPDATE visit_types SET min_notice_minutes = 2881, max_days_ahead = 2", "max(max_days_ahead, 1)"),
        ("UPDATE visit_types SET capacity = 0", "capacity"),
        ("UPDATE visit_types SET capacity = 51", "capacity"),
        ("UPDATE visit_types SET retired = 2", "retired"),
        ("UPDATE visit_types SET revision = 0", "revision"),
    ] {
        is_refused(database, statement, why);
    }
}

#[test]
fn everything_may_be_as_much_as_the_domain_allows_and_as_little() {
    let database = &mut with_a_doctor_and_a_patient();
    for statement in [
        "UPDATE doctors SET visit_types = zeroblob(0)",
        "UPDATE doctors SET visit_types = zeroblob(48)",
        "UPDATE bookings SET visit_type_id = randomblob(16), buffer_before_minutes = 480, buffer_after_minutes = 480,
         capacity = 50",
        "UPDATE occupancy SET ends_at = starts_at + 86400000000, capacity = 50, seat = 50",
        "UPDATE occupancy SET capacity = 2, seat = 1",
        "UPDATE visit_types SET minutes = 480, step_minutes = 480, buffer_before_minutes = 480,
         buffer_after_minutes = 480, min_notice_minutes = 525600, max_days_ahead = 3650, capacity = 50, retired = 1",
        "UPDATE visit_types SET min_notice_minutes = 2880, max_days_ahead = 2",
        "UPDATE visit_types SET min_notice_minutes = 1440, max_days_ahead = 0",
        "UPDATE visit_types SET minutes = 5, step_minutes = 5, min_notice_minutes = 525600, max_days_ahead = NULL",
    ] {
        database.execute(statement).expect(statement);
    }
}

#[test]
fn windows_may_end_at_midnight_and_on_the_next_day() {
    let database = &mut with_a_doctor_and_a_patient();
    for (day, (start, end)) in (1..).zip([(0, 1440), (1320, 0), (1439, 1438), (0, 1)]) {
        let window = format!("INSERT INTO working_windows VALUES (zeroblob(16), '0001-01-01', {day}, {start}, {end})");
        database.execute(&window).expect("a window");
    }
}

#[test]
fn windows_of_an_override_may_overlap_and_end_at_midnight_and_on_the_next_day() {
    let database = &mut with_a_doctor_and_a_patient();
    for (start, end) in [(480, 601), (500, 520), (0, 1440), (1320, 0), (1439, 1438), (0, 1)] {
        let window = format!("INSERT INTO override_windows VALUES (zeroblob(16), '2030-01-07', {start}, {end})");
        database.execute(&window).expect("a window");
    }
}

#[test]
fn time_off_and_closures_may_be_there_at_the_same_time_twice() {
    let database = &mut with_a_doctor_and_a_patient();
    database
        .execute(
            "INSERT INTO time_off VALUES (zeroblob(16), randomblob(16), 0, 1, NULL, 0);
             INSERT INTO closures VALUES (randomblob(16), '2030-01-07', 'n', 0);",
        )
        .expect("other ids");
}

#[test]
fn an_id_belongs_to_one_booking_or_time_off_whoever_the_doctor_is() {
    let mut database = Database::new();
    let store = database.fixture();
    let booking = store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    let other = store.doctor();
    let copied = format!("UPDATE bookings SET doctor_id = {}", blob(other.id().uuid().as_u128()));
    database.execute(&copied).expect("it is still one");
    let twice = format!(
        "INSERT INTO bookings SELECT {}, id, patient_id, starts_at, ends_at, time_zone, local_start, status, reason,
         cancel_reason, outside_hours, revision, created_at, updated_at, visit_type_id, buffer_before_minutes,
         buffer_after_minutes, capacity, series_id, beside_others FROM bookings",
        blob(booking.parts().doctor.uuid().as_u128())
    );
    assert!(database.execute(&twice).expect_err("the id is taken").to_string().contains("bookings.id"));
    assert_eq!(database.count("bookings"), 1);
    let away = store.away(&other, given::stretch(given::monday(9, 0), 60));
    let twice = format!(
        "INSERT INTO time_off SELECT {}, id, starts_at, ends_at, reason, created_at FROM time_off",
        blob(booking.parts().doctor.uuid().as_u128())
    );
    assert!(database.execute(&twice).expect_err("the id is taken").to_string().contains("time_off.id"));
    assert_eq!(store.calendars.find_time_off(away.id).expect("the store answers"), Some(away));
}
