//! Who waits for whom.

use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{Doctor, DoctorAmendment, VisitTypeAmendment};
use doctor_booking_ports::{ClosureStep, SaveError, StoreBookingError, Unavailable};
use doctor_booking_ports_contract::given;

use crate::store_and_connection;

#[test]
fn bookings_of_one_doctor_at_different_times_do_not_wait_for_each_other() {
    let (store, mut other) =
        store_and_connection(|options| PgOptions { lock_timeout: Duration::from_millis(300), ..options });
    let (doctor, patient) = (store.doctor(), store.patient());
    let id = doctor.id();

    // Somebody else is just about to book nine o'clock.
    let under_way = format!(
        "BEGIN; SELECT revision FROM doctors WHERE id = '{id}' FOR SHARE;
         INSERT INTO occupancy VALUES (1, '{id}', '[2030-01-07 09:00Z, 2030-01-07 10:00Z)', gen_random_uuid())"
    );
    other.batch_execute(&under_way).expect("a booking under way");

    store.booked(&doctor, &patient, given::monday(10, 0));
    // The same time has to wait for how that ends, and so does a change of rules.
    let nine = given::stretch(given::monday(9, 0), 60);
    let same_time = store.try_book(&doctor, &store.patient(), nine);
    assert!(matches!(same_time, Err(StoreBookingError::Unavailable(Unavailable::Unreachable(_)))), "{same_time:?}");
    let change = given::change(doctor.amended(DoctorAmendment::default(), given::later()), &store.seen(&doctor));
    let changed = store.doctors.save(&change);
    assert!(matches!(changed, Err(SaveError::Unavailable(Unavailable::Unreachable(_)))), "{changed:?}");

    other.batch_execute("ROLLBACK").expect("it came to nothing");
    store.try_book(&doctor, &store.patient(), nine).expect("the time is free");
}

#[test]
fn a_booking_waits_for_a_change_of_rules_and_is_then_stale() {
    let (store, mut other) = store_and_connection(|options| options);
    let (doctor, patient) = (store.doctor(), store.patient());
    let changing = format!("BEGIN; UPDATE doctors SET revision = 2 WHERE id = '{}'", doctor.id());
    other.batch_execute(&changing).expect("a change under way");

    thread::scope(|scope| {
        let booking = scope.spawn(|| store.try_book(&doctor, &patient, given::stretch(given::monday(9, 0), 60)));
        thread::sleep(Duration::from_millis(300));
        assert!(!booking.is_finished());
        other.batch_execute("COMMIT").expect("the change is saved");
        let booking = booking.join().expect("no panic");
        assert!(matches!(booking, Err(StoreBookingError::Stale)), "{booking:?}");
    });
}

/// A booking under way, as the store's own: it has locked the doctor, and is not done yet.
pub(crate) fn booking_under_way(doctor: &Doctor) -> String {
    format!(
        "BEGIN; SELECT revision FROM doctors WHERE id = '{}'
         AND pg_advisory_xact_lock_shared(uuid_hash_extended(id, 0)) IS NOT NULL FOR SHARE",
        doctor.id()
    )
}

#[test]
fn no_booking_overtakes_a_change_of_rules_that_waits() {
    let (store, mut other) = store_and_connection(|options| options);
    let (doctor, patient) = (store.doctor(), store.patient());
    let change = given::change(doctor.amended(DoctorAmendment::default(), given::later()), &store.seen(&doctor));
    other.batch_execute(&booking_under_way(&doctor)).expect("a booking under way");

    thread::scope(|scope| {
        let changing = scope.spawn(|| store.doctors.save(&change));
        thread::sleep(Duration::from_millis(300));
        let booking = scope.spawn(|| store.try_book(&doctor, &patient, given::stretch(given::monday(9, 0), 60)));
        // Nobody waits but those who come for the same doctor.
        store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
        thread::sleep(Duration::from_millis(300));
        assert!(!changing.is_finished() && !booking.is_finished());
        other.batch_execute("COMMIT").expect("the booking is made");
        changing.join().expect("no panic").expect("the change is saved");
        let booking = booking.join().expect("no panic");
        assert!(matches!(booking, Err(StoreBookingError::Stale)), "{booking:?}");
    });
}

#[test]
fn no_booking_overtakes_a_closure_that_waits() {
    let (store, mut other) = store_and_connection(|options| options);
    let (doctor, colleague, patient) = (store.doctor(), store.doctor(), store.patient());
    let change = store.closing(ClosureStep::Add(given::closure(given::january(7))));
    other.batch_execute(&booking_under_way(&doctor)).expect("a booking under way");

    thread::scope(|scope| {
        let closing = scope.spawn(|| store.closures.save(&change));
        thread::sleep(Duration::from_millis(300));
        let booking = scope.spawn(|| store.try_book(&colleague, &patient, given::stretch(given::monday(9, 0), 60)));
        // Who only reads does not wait.
        assert!(store.is_free(&doctor, given::monday(9, 0)));
        thread::sleep(Duration::from_millis(300));
        assert!(!closing.is_finished() && !booking.is_finished());
        other.batch_execute("COMMIT").expect("the booking is made");
        closing.join().expect("no panic").expect("the closure is saved");
        let booking = booking.join().expect("no panic");
        assert!(matches!(booking, Err(StoreBookingError::Stale)), "{booking:?}");
    });
}

#[test]
fn a_closure_does_not_miss_a_doctor_who_is_being_added() {
    let (store, mut other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let change = store.closing(ClosureStep::Add(given::closure(given::january(7))));
    let new = given::doctor_id();
    let adding = format!(
        "BEGIN; INSERT INTO doctors SELECT '{new}', first_name, last_name, name_key, specialty, specialty_key, time_zone,
         slot_minutes, active, revision, created_at, updated_at FROM doctors"
    );
    other.batch_execute(&adding).expect("a doctor being added");

    thread::scope(|scope| {
        let closing = scope.spawn(|| store.closures.save(&change));
        thread::sleep(Duration::from_millis(300));
        assert!(!closing.is_finished());
        other.batch_execute("COMMIT").expect("the doctor is added");
        closing.join().expect("no panic").expect("the closure is saved");
    });
    for id in [doctor.id(), new] {
        let found = store.doctors.find(id).expect("the store answers").expect("the doctor is there");
        assert_eq!(found.revision().number(), 2);
    }
}

#[test]
fn a_closure_and_a_change_of_rules_that_has_begun_do_not_block_each_other() {
    let (store, mut other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let change = store.closing(ClosureStep::Add(given::closure(given::january(7))));
    let id = doctor.id();
    let changing = format!("BEGIN; SELECT revision FROM doctors WHERE id = '{id}' FOR UPDATE");
    other.batch_execute(&changing).expect("a change under way");

    thread::scope(|scope| {
        let closing = scope.spawn(|| store.closures.save(&change));
        thread::sleep(Duration::from_millis(300));
        assert!(!closing.is_finished());
        // It needs the table in a stronger mode now, which the closure waits to have alone.
        let rest = format!("UPDATE doctors SET revision = 2 WHERE id = '{id}'; COMMIT");
        other.batch_execute(&rest).expect("it goes before whoever waits for it");
        closing.join().expect("no panic").expect("the closure is saved");
    });
    assert_eq!(store.seen(&doctor).doctor.revision().number(), 3);
}

#[test]
fn a_change_of_a_visit_type_waits_for_bookings_and_they_for_it() {
    let (store, mut other) = store_and_connection(|options| options);
    let (doctor, colleague, patient) = (store.doctor(), store.doctor(), store.patient());
    let check_up = store.visit_type_of(given::visit_type("Check-up"));
    let longer = check_up.amended(VisitTypeAmendment::default(), given::later()).expect("it can be booked");
    other.batch_execute(&booking_under_way(&doctor)).expect("a booking under way");

    thread::scope(|scope| {
        let changing = scope.spawn(|| store.visit_types.save(&longer, check_up.revision()));
        thread::sleep(Duration::from_millis(300));
        let booking = scope.spawn(|| store.try_book(&colleague, &patient, given::stretch(given::monday(9, 0), 60)));
        // Who only reads does not wait.
        assert!(store.is_free(&doctor, given::monday(9, 0)));
        assert_eq!(store.visit_types.find(check_up.id()).expect("the store answers").as_ref(), Some(&check_up));
        thread::sleep(Duration::from_millis(300));
        assert!(!changing.is_finished() && !booking.is_finished());
        other.batch_execute("COMMIT").expect("the booking is made");
        changing.join().expect("no panic").expect("the change is saved");
        let booking = booking.join().expect("no panic");
        assert!(matches!(booking, Err(StoreBookingError::Stale)), "{booking:?}");
    });
}
