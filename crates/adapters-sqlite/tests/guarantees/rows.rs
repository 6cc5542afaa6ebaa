//! Rows that somebody else has spoilt, and writes that fail half-way.

use chrono::TimeDelta;
use doctor_booking_domain::{DateRange, Doctor, DoctorParts, Overrides, Rules, Span, Window, Zone};
use doctor_booking_ports::{BookingFilter, DoctorFilter, PatientFilter, SaveError, StoreBookingError, Unavailable};
use doctor_booking_ports_contract::given;

use crate::database::{Database, blob};

/// The table and key that do not make sense any more. Nothing that is said names anybody.
fn inconsistent<T: std::fmt::Debug>(answer: Result<T, Unavailable>) -> (&'static str, String) {
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
        assert_eq!(inconsistent(store.doctors.find_with_upcoming(doctor.id(), given::now())), expected);
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
    database.execute("UPDATE bookings SET time_zone = 'Nowhere/X'").expect("nothing forbids it");
    let expected = ("bookings", booking.id().to_string());
    assert_eq!(inconsistent(store.bookings.find(booking.id())), expected);
    assert_eq!(inconsistent(store.bookings.list(&BookingFilter::default(), &given::whole())), expected);
    assert_eq!(inconsistent(store.doctors.find_with_upcoming(doctor.id(), given::now())), expected);
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
        let found = store.doctors.find_with_upcoming(doctor.id(), as_of).expect("the store answers");
        !found.expect("the doctor is there").1.bookings.is_empty()
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
    assert_eq!(inconsistent(store.doctors.add(&doctor)), ("doctors", doctor.id().to_string()));
    assert_eq!(inconsistent(store.patients.add(&patient)), ("patients", patient.id().to_string()));
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
            let answer = store.bookings.store(&booking, rules);
            assert!(matches!(answer, Err(StoreBookingError::Unavailable(_))), "{fault}: {answer:?}");
            assert_eq!((database.count("bookings"), database.count("occupancy")), (0, 0), "{fault}");
        }
        database.execute("DROP TRIGGER fault").expect("no fault");
    }
    store.bookings.store(&booking, rules).expect("nothing is in the way");
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
fn overrides_are_refused_rather_than_lost() {
    let database = Database::new();
    let store = database.fixture();
    let window = Window::parse("08:00", "11:00").expect("a window");
    let rules =
        Rules { overrides: Overrides::default().with(given::january(7), vec![window]), ..Rules::new(Zone::utc()) };
    let doctor = Doctor::from_parts(DoctorParts { rules, ..given::doctor() });
    assert!(store.doctors.add(&doctor).is_err());
    assert_eq!(store.doctors.find(doctor.id()).expect("the store answers"), None);
}
