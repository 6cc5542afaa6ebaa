//! Rows that somebody else has spoilt, and writes that fail half-way.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use doctor_booking_domain::{
    Audience, Booking, BookingParts, DateRange, DoctorParts, Hold, Rules, Span, Waiting, Webhook,
};
use doctor_booking_ports::{
    AddError, Along, BookingFilter, CalendarFilter, ClosureStep, DoctorFilter, ExceptionChange, PatientFilter,
    SaveError, StoreBookingError, StoreHoldError, Unavailable, VisitTypeFilter, WaitingFilter,
};
use doctor_booking_ports_contract::given;

use crate::database::{Database, blob};
use crate::visits::{booked, span};

/// The table and key that do not make sense any more. Nothing that is said names anybody.
pub(crate) fn inconsistent<T: std::fmt::Debug>(answer: Result<T, Unavailable>) -> (&'static str, String) {
    match answer.expect_err("it makes no sense") {
        Unavailable::Inconsistent { table, key, source } => {
            for said in [source.to_string(), format!("{source:?}")] {
                assert!(!said.contains("Bryce") && !said.contains("Nowhere"), "{said}");
            }
            (table, key)
        }
        other @ Unavailable::Unreachable(_) => panic!("{other:?}"),
    }
}

#[test]
fn a_doctor_who_makes_no_sense_is_named_by_table_and_key() {
    for (statement, table) in [
        ("UPDATE doctors SET time_zone = 'Nowhere/X'", "doctors"),
        ("UPDATE doctors SET first_name = ''", "doctors"),
        ("UPDATE doctors SET created_at = 9223372036854775807", "doctors"),
        ("PRAGMA ignore_check_constraints = ON; UPDATE doctors SET visit_types = zeroblob(15)", "doctors"),
        // Inside another one.
        (
            "INSERT INTO working_windows SELECT doctor_id, effective_from, 1, 540, 600 FROM working_hours_versions",
            "working_hours_versions",
        ),
    ] {
        let mut database = Database::new();
        let store = database.fixture();
        let doctor = store.doctor();
        database.execute(statement).expect("nothing forbids it");
        let expected = (table, doctor.id().to_string());
        let during = DateRange::day(given::january(7)).reach();
        assert_eq!(inconsistent(store.doctors.find(doctor.id())), expected);
        assert_eq!(inconsistent(store.doctors.list(&DoctorFilter::default(), &given::whole())), expected);
        assert_eq!(inconsistent(store.doctors.outlook(doctor.id(), given::now())), expected);
        assert_eq!(inconsistent(store.calendars.load(doctor.id(), during)), expected);
    }
}

#[test]
fn a_patient_who_makes_no_sense_is_named_by_table_and_key() {
    for statement in ["UPDATE patients SET email = 'Bryce'", "UPDATE patients SET last_name = 'Bryce' || char(7)"] {
        let mut database = Database::new();
        let store = database.fixture();
        let patient = store.patient();
        database.execute(statement).expect("nothing forbids it");
        let expected = ("patients", patient.id().to_string());
        assert_eq!(inconsistent(store.patients.find(patient.id())), expected);
        assert_eq!(inconsistent(store.patients.list(&PatientFilter::default(), &given::whole())), expected);
    }
}

#[test]
fn a_booking_that_makes_no_sense_is_named_by_table_and_key() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    database.execute("PRAGMA ignore_check_constraints = ON").expect("no constraints");
    for (statement, undo) in [
        ("UPDATE bookings SET time_zone = 'Nowhere/X'", "UPDATE bookings SET time_zone = 'UTC'"),
        ("UPDATE bookings SET buffer_before_minutes = -1", "UPDATE bookings SET buffer_before_minutes = 0"),
        ("UPDATE bookings SET buffer_after_minutes = 481", "UPDATE bookings SET buffer_after_minutes = 0"),
        ("UPDATE bookings SET capacity = 256", "UPDATE bookings SET capacity = 1"),
    ] {
        database.execute(statement).expect("nothing forbids it");
        let expected = ("bookings", booking.id().to_string());
        assert_eq!(inconsistent(store.bookings.find(booking.id())), expected);
        assert_eq!(inconsistent(store.bookings.list(&BookingFilter::default(), &given::whole())), expected);
        assert_eq!(inconsistent(store.doctors.outlook(doctor.id(), given::now())), expected);
        database.execute(undo).expect("as before");
    }
}

#[test]
fn what_occupies_somebody_and_makes_no_sense_is_named_by_table_and_key() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let booking = booked(&store, &doctor, span(0, 30), given::shared_by(3));
    let during = DateRange::day(given::january(7)).reach();
    database.execute("PRAGMA ignore_check_constraints = ON").expect("no constraints");
    for (statement, undo) in [
        ("UPDATE occupancy SET capacity = 51", "UPDATE occupancy SET capacity = 3"),
        ("UPDATE occupancy SET seat = 256", "UPDATE occupancy SET seat = 1"),
        ("UPDATE occupancy SET ends_at = 9223372036854775807", ""),
    ] {
        database.execute(statement).expect("nothing forbids it");
        let expected = ("occupancy", booking.id().to_string());
        assert_eq!(inconsistent(store.calendars.load(doctor.id(), during)), expected, "{statement}");
        assert_eq!(inconsistent(store.calendars.load_all(&CalendarFilter::default(), during)), expected);
        let another = given::booking(&doctor, &store.patient(), span(0, 30));
        let another = Booking::from_parts(BookingParts { footprint: given::shared_by(3), ..another });
        match store.put(&another, doctor.revision()) {
            Err(StoreBookingError::Unavailable(why)) => assert_eq!(inconsistent::<()>(Err(why)), expected),
            other => panic!("{statement}: {other:?}"),
        }
        database.execute(undo).expect("as before");
    }
}

#[test]
fn a_visit_type_that_makes_no_sense_is_named_by_table_and_key() {
    for statement in [
        "UPDATE visit_types SET name = 'Check-up' || char(7)",
        "UPDATE visit_types SET minutes = 481",
        "UPDATE visit_types SET step_minutes = 4",
        "UPDATE visit_types SET buffer_before_minutes = 65536",
        "UPDATE visit_types SET buffer_after_minutes = -1",
        "UPDATE visit_types SET min_notice_minutes = 4294967296",
        "UPDATE visit_types SET min_notice_minutes = 1441, max_days_ahead = 1",
        "UPDATE visit_types SET max_days_ahead = 3651",
        "UPDATE visit_types SET capacity = 0",
        "UPDATE visit_types SET updated_at = 9223372036854775807",
    ] {
        let mut database = Database::new();
        let store = database.fixture();
        let visit_type = store.visit_type_of(given::visit_type("Check-up"));
        database.execute("PRAGMA ignore_check_constraints = ON").expect("no constraints");
        database.execute(statement).expect("nothing forbids it");
        let expected = ("visit_types", visit_type.id().to_string());
        assert_eq!(inconsistent(store.visit_types.find(visit_type.id())), expected, "{statement}");
        assert_eq!(inconsistent(store.visit_types.find_all(&[visit_type.id()])), expected);
        assert_eq!(inconsistent(store.visit_types.list(&VisitTypeFilter::default(), &given::whole())), expected);
    }
}

#[test]
fn a_visit_type_whose_change_reaches_not_every_doctor_stays_as_it_was() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctors = [store.doctor(), store.doctor()];
    let before = store.visit_type_of(given::visit_type("Check-up"));
    let after = before.retired(given::later()).expect("it was not");
    let last = blob(doctors[1].id().uuid().as_u128());
    let fault = format!(
        "CREATE TRIGGER fault BEFORE UPDATE ON doctors WHEN NEW.id = {last} BEGIN SELECT RAISE(ABORT, 'full'); END"
    );
    database.execute(&fault).expect("a fault");
    assert!(matches!(store.visit_types.save(&after, before.revision()), Err(SaveError::Unavailable(_))));
    assert_eq!(store.visit_types.find(before.id()).expect("the store answers").as_ref(), Some(&before));
    assert_eq!(database.count("doctors WHERE revision = 1"), 2);
    database.execute("DROP TRIGGER fault").expect("no fault");
    store.visit_types.save(&after, before.revision()).expect("nothing is in the way");
    assert_eq!(database.count("doctors WHERE revision = 2"), 2);
}

#[test]
fn a_booking_says_what_the_doctors_clock_showed() {
    let mut database = Database::new();
    let store = database.fixture();
    let rules = Rules::new(given::zone("America/New_York"));
    let doctor = store.doctor_of(DoctorParts { rules, ..given::doctor() });
    store.try_book(&doctor, &store.patient(), given::stretch(given::monday(3, 30), 60)).expect("there is room");
    assert_eq!(database.count("bookings WHERE local_start = '2030-01-06T22:30:00'"), 1);
}

#[test]
fn a_booking_that_moves_is_listed_on_the_date_to_which_it_moved() {
    let database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.booked(&doctor, &patient, given::monday(9, 0));
    let parts = booking.parts().clone();
    let span = given::stretch(given::monday(3, 30) + TimeDelta::days(7), 60);
    let (revision, zone) = (parts.revision.next(), given::zone("America/New_York"));
    let moved = Booking::from_parts(BookingParts { span, zone, revision, ..parts });
    store.place(&moved, booking.revision(), doctor.revision()).expect("there is room");
    let on = |day| {
        let date = Some(given::january(day));
        let filter = BookingFilter { from_date: date, to_date: date, ..BookingFilter::default() };
        store.bookings.list(&filter, &given::whole()).expect("the store answers").items
    };
    assert_eq!((on(7), on(13), on(14)), (vec![], vec![moved], vec![]));
}

#[test]
fn a_question_may_be_finer_than_a_microsecond() {
    let database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let (start, end) = (booking.span().start(), booking.span().end());
    let moment = TimeDelta::nanoseconds(1);
    let listed = |from, to| {
        let filter = BookingFilter { from, to, ..BookingFilter::default() };
        !store.bookings.list(&filter, &given::whole()).expect("the store answers").items.is_empty()
    };
    assert!(listed(Some(start), None) && listed(Some(start - moment), None) && !listed(Some(start + moment), None));
    assert!(!listed(None, Some(start)) && !listed(None, Some(start - moment)) && listed(None, Some(start + moment)));

    let upcoming = |as_of| {
        let found = store.doctors.outlook(doctor.id(), as_of).expect("the store answers");
        !found.expect("the doctor is there").upcoming.bookings.is_empty()
    };
    assert!(upcoming(end - moment) && !upcoming(end) && !upcoming(end + moment));

    let is_busy = |from, to| {
        let during = Span::new(from, to).expect("forwards");
        let seen = store.calendars.load(doctor.id(), during).expect("the store answers").expect("the doctor is there");
        seen.calendar.offer(start, given::now()).is_err()
    };
    let (before, after) = (start - TimeDelta::days(1), end + TimeDelta::days(1));
    assert!(is_busy(before, start + moment) && !is_busy(before, start));
    assert!(is_busy(end - moment, after) && !is_busy(end, after));
}

#[test]
fn an_id_that_is_taken_makes_no_sense() {
    let database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let taken = |added| match added {
        Err(AddError::Unavailable(why)) => inconsistent::<()>(Err(why)),
        other => panic!("{other:?}"),
    };
    let along = Along::default();
    assert_eq!(taken(store.doctors.add(&doctor, &along)), ("doctors", doctor.id().to_string()));
    assert_eq!(taken(store.patients.add(&patient, &along)), ("patients", patient.id().to_string()));
    let visit_type = store.visit_type_of(given::visit_type("Check-up"));
    assert_eq!(taken(store.visit_types.add(&visit_type, &along)), ("visit_types", visit_type.id().to_string()));
    let waiting = Waiting::from_parts(given::waiting(&doctor, &patient));
    store.waitlist.add(&waiting, &along).expect("the place is added");
    assert_eq!(taken(store.waitlist.add(&waiting, &along)), ("waitlist", waiting.id().to_string()));
    let webhook = Webhook::from_parts(given::webhook());
    store.webhooks.add(&webhook, &along).expect("the webhook is added");
    assert_eq!(taken(store.webhooks.add(&webhook, &along)), ("webhooks", webhook.id().to_string()));
    let hold = store.held(&doctor, span(0, 60));
    let again = Hold { span: span(60, 120), ..given::hold(&store.doctor(), span(0, 60)) };
    match store.try_hold(&Hold { id: hold.id, ..again }, doctor.revision()) {
        Err(StoreHoldError::Unavailable(why)) => {
            assert_eq!(inconsistent::<()>(Err(why)), ("holds", hold.id.to_string()));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_write_that_fails_at_its_last_step_leaves_nothing_behind() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let (booking, rules) = store.offered(&doctor, &patient, given::monday(9, 0));
    for fault in ["ABORT", "FAIL", "ROLLBACK"] {
        let trigger = format!("CREATE TRIGGER fault AFTER INSERT ON bookings BEGIN SELECT RAISE({fault}, 'full'); END");
        database.execute(&trigger).expect("a fault");
        for _ in 0..3 {
            let answer = store.put(&booking, rules);
            assert!(matches!(answer, Err(StoreBookingError::Unavailable(_))), "{fault}: {answer:?}");
            assert_eq!((database.count("bookings"), database.count("occupancy")), (0, 0), "{fault}");
        }
        database.execute("DROP TRIGGER fault").expect("no fault");
    }
    store.put(&booking, rules).expect("nothing is in the way");
}

#[test]
fn a_change_of_rules_whose_last_mark_fails_changes_nothing() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    for hour in [9, 10] {
        store.booked(&doctor, &store.patient(), given::monday(hour, 0));
    }
    let seen = store.seen(&doctor);
    let change = given::change(doctor.with_hours(given::workdays("12:00", "18:00"), given::later()), &seen);
    let last = blob(change.marked[1].id().uuid().as_u128());
    database.execute(&format!("UPDATE bookings SET revision = 2 WHERE id = {last}")).expect("another revision");
    assert!(matches!(store.doctors.save(&change), Err(SaveError::Stale)));
    let trigger = format!(
        "UPDATE bookings SET revision = 1;
         CREATE TRIGGER fault BEFORE UPDATE ON bookings WHEN NEW.id = {last} BEGIN SELECT RAISE(ABORT, 'full'); END"
    );
    database.execute(&trigger).expect("a fault");
    assert!(matches!(store.doctors.save(&change), Err(SaveError::Unavailable(_))));
    assert_eq!(store.seen(&doctor), seen);
    database.execute("DROP TRIGGER fault").expect("no fault");
    store.doctors.save(&change).expect("nothing is in the way");
    assert_eq!(database.count("bookings WHERE outside_hours AND revision = 2"), 2);
}

#[test]
fn an_exception_that_makes_no_sense_is_named_by_table_and_key() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    store.except(&doctor, given::override_of(given::january(7), &[("08:00", "11:00")]));
    let away = store.away(&doctor, given::stretch(given::monday(9, 0), 60));
    let closure = store.closed(given::january(7));
    let during = DateRange::day(given::january(7)).reach();
    let doctors_override = format!("{} 2030-01-07", doctor.id());
    for (statement, undo, table, key) in [
        (
            "UPDATE override_windows SET end_minute = 480",
            "UPDATE override_windows SET end_minute = 660",
            "overrides",
            doctors_override.clone(),
        ),
        (
            "UPDATE time_off SET ends_at = 9223372036854775807",
            "UPDATE time_off SET ends_at = starts_at + 1",
            "time_off",
            doctor.id().to_string(),
        ),
        (
            "UPDATE closures SET date = '2030-01-07x'",
            "UPDATE closures SET date = '2030-01-07'",
            "closures",
            closure.id.to_string(),
        ),
    ] {
        database.execute("PRAGMA ignore_check_constraints = ON").expect("no constraints");
        database.execute(statement).expect("nothing forbids it");
        let expected = (table, key);
        let filter = CalendarFilter::default();
        assert_eq!(inconsistent(store.calendars.load(doctor.id(), during)), expected);
        assert_eq!(inconsistent(store.calendars.load_all(&filter, during)), expected);
        assert_eq!(inconsistent(store.doctors.outlook(doctor.id(), given::now())), expected);
        assert_eq!(inconsistent(store.closures.outlooks(given::january(7), given::now())), expected);
        database.execute(undo).expect("as before");
    }
    database.execute("UPDATE time_off SET reason = 'Bryce' || char(7)").expect("nothing forbids it");
    let expected = ("time_off", away.id.to_string());
    assert_eq!(inconsistent(store.calendars.find_time_off(away.id)), expected);
    assert_eq!(inconsistent(store.calendars.time_off(doctor.id(), &given::whole())), expected);
    database.execute("UPDATE closures SET name = ''").expect("nothing forbids it");
    let expected = ("closures", closure.id.to_string());
    assert_eq!(inconsistent(store.closures.find(closure.id)), expected);
    assert_eq!(inconsistent(store.closures.list(&given::whole())), expected);
}

#[test]
fn a_closure_whose_last_mark_fails_changes_nothing() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctors = [store.doctor(), store.doctor()];
    for doctor in &doctors {
        store.booked(doctor, &store.patient(), given::monday(9, 0));
    }
    let change = store.closing(ClosureStep::Add(given::closure(given::january(7))));
    let last = blob(change.marked[1].id().uuid().as_u128());
    let trigger = format!(
        "CREATE TRIGGER fault BEFORE UPDATE ON bookings WHEN NEW.id = {last} BEGIN SELECT RAISE(ABORT, 'full'); END"
    );
    database.execute(&trigger).expect("a fault");
    assert!(matches!(store.closures.save(&change), Err(SaveError::Unavailable(_))));
    assert_eq!((database.count("closures"), database.count("bookings WHERE outside_hours")), (0, 0));
    assert_eq!(database.count("doctors WHERE revision = 1"), 2);
    database.execute("DROP TRIGGER fault").expect("no fault");
    store.closures.save(&change).expect("nothing is in the way");
    assert_eq!((database.count("closures"), database.count("bookings WHERE outside_hours")), (1, 2));
}

#[test]
fn an_exception_whose_mark_fails_is_not_stored() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let all_day = given::stretch(given::monday(0, 0), 24 * 60);
    let changes = [
        given::override_of(given::january(7), &[("12:00", "18:00")]),
        ExceptionChange::TimeOff(given::time_off(&doctor, all_day)),
    ]
    .map(|what| store.exception(&doctor, what));
    let fault = "CREATE TRIGGER fault BEFORE UPDATE ON bookings BEGIN SELECT RAISE(ABORT, 'full'); END";
    database.execute(fault).expect("a fault");
    for change in changes {
        assert!(matches!(store.doctors.save(&change), Err(SaveError::Unavailable(_))));
    }
    for table in ["overrides", "override_windows", "time_off"] {
        assert_eq!(database.count(table), 0, "{table}");
    }
    assert_eq!(database.count("doctors WHERE revision = 1"), 1);
}

#[test]
fn any_time_there_is_can_be_asked_about() {
    let database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    store.except(&doctor, given::override_of(given::january(7), &[]));
    store.away(&doctor, given::stretch(given::monday(9, 0), 60));
    let all = DateRange::new(NaiveDate::MIN, NaiveDate::MAX).expect("forwards");
    let never = DateRange::day(NaiveDate::MAX);
    let overrides = |dates| store.calendars.overrides(doctor.id(), dates).expect("the store answers").iter().count();
    assert_eq!((overrides(all), overrides(never), overrides(DateRange::day(NaiveDate::MIN))), (1, 0, 0));
    assert!(store.calendars.load(doctor.id(), all.reach()).expect("the store answers").is_some());
    for (as_of, expected) in [(DateTime::<Utc>::MIN_UTC, 1), (DateTime::<Utc>::MAX_UTC, 0)] {
        let seen = store.doctors.outlook(doctor.id(), as_of).expect("the store answers").expect("the doctor is there");
        assert_eq!((seen.exceptions.overrides.iter().count(), seen.exceptions.time_off.len()), (expected, expected));
        assert_eq!(store.closures.outlooks(as_of.date_naive(), as_of).expect("the store answers"), []);
    }
}

#[test]
fn what_belongs_to_the_life_of_a_booking_and_makes_no_sense_is_named_by_table_and_key() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let hold = store.held(&doctor, given::stretch(given::monday(10, 0), 60));
    let entry = store.events.after(0, Audience::Everybody, given::limit(1)).expect("the store answers").remove(0).entry;
    let waiting = Waiting::from_parts(given::waiting(&doctor, &store.patient()));
    store.waitlist.add(&waiting, &Along::default()).expect("the place is added");
    let webhook = Webhook::from_parts(given::webhook());
    store.webhooks.add(&webhook, &Along::default()).expect("the webhook is added");
    let answer = given::answer("Bryce");
    store.idempotency.keep(&answer).expect("the store answers");
    database
        .execute("PRAGMA ignore_check_constraints = ON; DROP TRIGGER history_update")
        .expect("neither constraints nor triggers");
    let january = (given::january(1), given::limit(9));
    for (table, key, column, nonsense) in [
        ("holds", hold.id.to_string(), "time_zone", "'Nowhere/X'"),
        ("holds", hold.id.to_string(), "capacity", "51"),
        ("holds", hold.id.to_string(), "expires_at", "9223372036854775807"),
        ("history", entry.id.to_string(), "what", "'booking.eaten'"),
        ("history", entry.id.to_string(), "why", "'Bryce' || char(7)"),
        ("history", entry.id.to_string(), "before", "'{\"Bryce\":1}'"),
        ("history", entry.id.to_string(), "after", "'[\"Bryce\"]'"),
        ("idempotency", answer.claim.caller.to_string(), "fingerprint", "x''"),
        ("idempotency", answer.claim.caller.to_string(), "headers", "'[1]'"),
        ("idempotency", answer.claim.caller.to_string(), "status", "70000"),
        ("waitlist", waiting.id().to_string(), "specialty", "'Bryce'"),
        ("waitlist", waiting.id().to_string(), "to_date", "'2029-12-31'"),
        ("waitlist", waiting.id().to_string(), "hold_id", "zeroblob(16)"),
        ("webhooks", webhook.id().to_string(), "url", "'Bryce'"),
        ("webhooks", webhook.id().to_string(), "events", "'[\"Bryce\"]'"),
        ("webhooks", webhook.id().to_string(), "secret", "x''"),
    ] {
        let keep = format!("CREATE TEMP TABLE kept AS SELECT {column} FROM {table}");
        database.execute(&keep).expect("a copy");
        database.execute(&format!("UPDATE {table} SET {column} = {nonsense}")).expect("nothing forbids it");
        let expected = (table, key);
        match table {
            "holds" => {
                assert_eq!(inconsistent(store.holds.find(hold.id)), expected, "{column}");
                assert_eq!(inconsistent(store.doctors.outlook(doctor.id(), given::now())), expected);
                assert_eq!(inconsistent(store.closures.outlooks(given::january(7), given::now())), expected);
            }
            "history" => {
                let page = given::whole();
                assert_eq!(inconsistent(store.history.of_booking(booking.id(), &page)), expected, "{column}");
                assert_eq!(inconsistent(store.events.after(0, Audience::Everybody, given::limit(1))), expected);
            }
            "idempotency" => {
                let found = store.idempotency.find(answer.claim.caller, &answer.claim.key);
                assert_eq!(inconsistent(found), expected, "{column}");
            }
            "waitlist" => {
                assert_eq!(inconsistent(store.waitlist.find(waiting.id())), expected, "{column}");
                let list = store.waitlist.list(&WaitingFilter::default(), &given::whole());
                assert_eq!(inconsistent(list), expected);
                if column != "to_date" {
                    assert_eq!(inconsistent(store.waitlist.in_line(january.0, None, january.1)), expected);
                }
            }
            _ => {
                assert_eq!(inconsistent(store.webhooks.find(webhook.id())), expected, "{column}");
                assert_eq!(inconsistent(store.webhooks.list(&given::whole())), expected);
            }
        }
        let undo = format!("UPDATE {table} SET {column} = (SELECT {column} FROM kept); DROP TABLE kept");
        database.execute(&undo).expect("as before");
    }
    let booked = store.bookings.find(booking.id()).expect("the store answers");
    assert_eq!(booked, Some(booking));
}
