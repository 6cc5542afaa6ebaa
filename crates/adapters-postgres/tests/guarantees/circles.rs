//! Whoever could wait in a circle with others comes before or after them: moves, series, and what clears away holds.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use chrono::TimeDelta;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{Booking, BookingParts, Doctor, Hold, Patient, Span};
use doctor_booking_ports::{Along, NewSeries, StoreBookingError};
use doctor_booking_ports_contract::{Fixture, given};

use crate::seats::minutes;
use crate::{common, deadlocks, store_and_connection};

/// Everybody dawdles before each stretch that is taken: by then others have given back what they give back, and taken
/// what they take before.
const DAWDLE: &str = "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$;
    CREATE TRIGGER dawdle BEFORE INSERT ON occupancy FOR EACH ROW EXECUTE FUNCTION dawdle()";

type Act<'a> = Box<dyn FnOnce() + Send + 'a>;

/// All of them at once, in a database of their own; there was no deadlock.
fn no_deadlock(acts: impl for<'a> FnOnce(&'a Fixture) -> Vec<Act<'a>>) {
    let database = common::database();
    let mut other = PgConnection::establish(database.url()).expect("the database is there");
    let store = Fixture::new(common::connect(&PgOptions::new(database.url())).stores(), ());
    let acts = acts(&store);
    other.batch_execute(DAWDLE).expect("they dawdle");
    let start = Barrier::new(acts.len());
    thread::scope(|scope| {
        for act in acts {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                act();
            });
        }
    });
    store.assert_consistent();
    assert_eq!(deadlocks(store, &mut other), 0);
}

fn at(hour: i64) -> Span {
    minutes(60 * (hour - 9), 60)
}

fn moved(booking: &Booking, doctor: &Doctor, span: Span) -> Booking {
    let revision = booking.revision().next();
    Booking::from_parts(BookingParts { doctor: doctor.id(), span, revision, ..booking.parts().clone() })
}

fn moving(store: &Fixture, booking: Booking, doctor: Doctor, span: Span) -> Act<'_> {
    Box::new(move || {
        let result = store.place(&moved(&booking, &doctor, span), booking.revision(), doctor.revision());
        let fine = matches!(result, Ok(()) | Err(StoreBookingError::DoctorBusy | StoreBookingError::PatientBusy));
        assert!(fine, "{result:?}");
    })
}

fn series(doctor: &Doctor, patient: &Patient, spans: &[Span]) -> NewSeries {
    let bookings = spans.iter().map(|span| Booking::from_parts(given::booking(doctor, patient, *span))).collect();
    NewSeries { bookings, decided_on: doctor.revision(), along: Along::default() }
}

#[test]
fn two_who_swap_slots_of_one_doctor() {
    no_deadlock(|store| {
        let doctor = store.doctor();
        let [one, two] =
            [9, 10].map(|hour| store.try_book(&doctor, &store.patient(), at(hour)).expect("there is room"));
        vec![moving(store, one, doctor.clone(), at(10)), moving(store, two, doctor, at(9))]
    });
}

#[test]
fn two_who_swap_doctors() {
    no_deadlock(|store| {
        let [one, other] = [store.doctor(), store.doctor()];
        let mine = store.try_book(&one, &store.patient(), at(9)).expect("there is room");
        let yours = store.try_book(&other, &store.patient(), at(9)).expect("there is room");
        vec![moving(store, mine, other, at(9)), moving(store, yours, one, at(9))]
    });
}

#[test]
fn a_patients_two_visits_that_swap_times_with_two_doctors() {
    no_deadlock(|store| {
        let patient = store.patient();
        let [early, late] = [9, 10].map(|hour| {
            let doctor = store.doctor();
            (store.try_book(&doctor, &patient, at(hour)).expect("there is room"), doctor)
        });
        vec![moving(store, early.0, early.1, at(10)), moving(store, late.0, late.1, at(9))]
    });
}

#[test]
fn a_move_and_a_series_of_one_doctor() {
    no_deadlock(|store| {
        let doctor = store.doctor();
        let booking = store.try_book(&doctor, &store.patient(), at(10)).expect("there is room");
        let new = series(&doctor, &store.patient(), &[at(9), at(10)]);
        vec![moving(store, booking, doctor, at(9)), Box::new(move || drop(store.bookings.store_all(&new)))]
    });
}

#[test]
fn a_move_and_a_series_of_one_patient() {
    no_deadlock(|store| {
        let (doctor, patient) = (store.doctor(), store.patient());
        let booking = store.try_book(&doctor, &patient, at(10)).expect("there is room");
        let new = series(&store.doctor(), &patient, &[at(9), at(10)]);
        let moving = moving(store, booking, doctor, at(9));
        let moving = move || {
            // By now the series has taken the doctor's time, and begins with the patient's.
            thread::sleep(Duration::from_millis(150));
            moving();
        };
        vec![Box::new(moving), Box::new(move || drop(store.bookings.store_all(&new)))]
    });
}

#[test]
fn a_move_and_whoever_clears_away_what_is_in_its_place() {
    no_deadlock(|store| {
        let doctor = store.doctor();
        let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
        let hold = store.held(&doctor, at(10));
        // By the one's clock it has expired, by the other's it has not.
        let across = Hold { created_at: hold.expires_at, ..given::hold(&doctor, minutes(30, 60)) };
        let across = Hold { expires_at: hold.expires_at + TimeDelta::minutes(5), ..across };
        let decided_on = doctor.revision();
        vec![moving(store, booking, doctor, at(10)), Box::new(move || drop(store.try_hold(&across, decided_on)))]
    });
}

/// Holds the seats of the doctor, as the store does.
fn holding_seats(doctor: &Doctor) -> String {
    format!("BEGIN; SELECT pg_advisory_xact_lock(uuid_hash_extended('{}', 1))", doctor.id())
}

/// It does not come to its end before `BEGIN…` has.
fn waits(other: &mut PgConnection, begin: &str, act: impl FnOnce() + Send) {
    other.batch_execute(begin).expect("it is under way");
    thread::scope(|scope| {
        let act = scope.spawn(act);
        thread::sleep(Duration::from_millis(300));
        assert!(!act.is_finished());
        other.batch_execute("ROLLBACK").expect("it has ended");
    });
}

#[test]
fn whoever_moves_holds_what_he_has_until_it_is_his_turn_with_both_doctors_and_the_patient() {
    let (store, mut other) = store_and_connection(|options| options);
    let (doctor, colleague, patient) = (store.doctor(), store.doctor(), store.patient());
    let mut booking = store.try_book(&doctor, &patient, at(9)).expect("there is room");
    let visits = format!("BEGIN; SELECT pg_advisory_xact_lock(uuid_hash_extended('{}', 2))", patient.id());
    for (begin, to) in [(holding_seats(&doctor), &colleague), (holding_seats(&doctor), &doctor), (visits, &colleague)] {
        let there = moved(&booking, to, at(9));
        waits(&mut other, &begin, || {
            store.place(&there, booking.revision(), to.revision()).expect("there is room");
        });
        booking = there;
    }
}

#[test]
fn holds_that_have_expired_are_cleared_away_by_one_at_a_time_and_nobody_else_waits_for_that() {
    let (store, mut other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let hold = store.held(&doctor, at(9));
    let late = |span| Hold {
        created_at: hold.expires_at,
        expires_at: hold.expires_at + TimeDelta::minutes(5),
        ..given::hold(&doctor, span)
    };
    let free = late(at(10));
    waits(&mut other, &holding_seats(&doctor), || {
        store.try_hold(&free, doctor.revision()).expect("nothing is in the way");
        let taken = store.try_hold(&late(at(10)), doctor.revision());
        assert!(taken.is_err(), "what is in the way has not expired");
        store.try_hold(&late(at(9)), doctor.revision()).expect("what was in the way has expired");
    });
    waits(&mut other, &holding_seats(&doctor), || {
        assert_eq!(store.holds.sweep(free.expires_at).expect("the store answers"), 2);
    });
}

#[test]
fn of_those_who_hold_many_slots_each_is_counted_after_the_other() {
    let (store, mut other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let hold = given::hold(&doctor, at(9));
    let begin = format!("BEGIN; SELECT pg_advisory_xact_lock(uuid_hash_extended('{}', 3))", hold.owner);
    waits(&mut other, &begin, || {
        // Somebody else is not kept waiting.
        store.held(&doctor, at(10));
        store.try_hold(&hold, doctor.revision()).expect("there is room");
    });
}
