//! Who waits for whom where a doctor is shared.

use std::thread;
use std::time::Duration;

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use doctor_booking_domain::{Booking, BookingParts, BookingStatus, Doctor, Patient, Span};
use doctor_booking_ports::{SaveError, StoreBookingError};
use doctor_booking_ports_contract::{Fixture, given};

use crate::locks::booking_under_way;
use crate::{number, store_and_connection};

/// From so many minutes after nine on, so many minutes.
pub(crate) fn minutes(from: i64, long: i64) -> Span {
    given::stretch(given::monday(9, 0) + TimeDelta::minutes(from), long)
}

/// Tries to book a seat of a doctor who is shared by so many.
pub(crate) fn try_seat(
    store: &Fixture,
    doctor: &Doctor,
    patient: &Patient,
    span: Span,
    capacity: u8,
) -> Result<Booking, StoreBookingError> {
    let parts = BookingParts { footprint: given::shared_by(capacity), ..given::booking(doctor, patient, span) };
    let booking = Booking::from_parts(parts);
    store.put(&booking, doctor.revision()).map(|()| booking)
}

pub(crate) fn seat(store: &Fixture, doctor: &Doctor, span: Span, capacity: u8) -> Booking {
    try_seat(store, doctor, &store.patient(), span, capacity).expect("there is room")
}

/// Two half hours with half an hour in between, on different seats of two: who comes from the one to the other has to
/// have one of them move.
pub(crate) fn apart(store: &Fixture, doctor: &Doctor) -> (Booking, Booking) {
    let early = seat(store, doctor, minutes(0, 30), 2);
    let beside = seat(store, doctor, minutes(60, 30), 2);
    let late = seat(store, doctor, minutes(60, 30), 2);
    store.cancel(&beside);
    (early, late)
}

/// A booking under way, as the store's own, that has taken one of the doctor's seats, or with 0 the doctor.
fn seating_under_way(doctor: &Doctor, span: Span, capacity: u8, seat: u8) -> String {
    let id = doctor.id();
    let hold =
        if seat == 0 { String::new() } else { format!("SELECT pg_advisory_xact_lock(uuid_hash_extended('{id}', 1));") };
    format!(
        "{}; {hold} INSERT INTO occupancy VALUES
             (1, '{id}', '[{}, {})', gen_random_uuid(), true, {capacity}, {seat}) ON CONFLICT DO NOTHING",
        booking_under_way(doctor),
        span.start(),
        span.end()
    )
}

#[test]
fn who_shares_a_doctor_waits_for_another_who_does_and_sees_what_became_of_that() {
    let (store, mut other) = store_and_connection(|options| options);
    let (doctor, patient) = (store.doctor(), store.patient());
    let [first, second] = [(); 2].map(|()| seat(&store, &doctor, minutes(0, 30), 3));
    seat(&store, &doctor, minutes(0, 30), 3);
    store.cancel(&first);
    store.cancel(&second);
    // The third seat is taken, the second is just being taken, and the first is free; but then there are two at most.
    other.batch_execute(&seating_under_way(&doctor, minutes(0, 30), 2, 2)).expect("a booking under way");

    thread::scope(|scope| {
        let third = scope.spawn(|| try_seat(&store, &doctor, &patient, minutes(0, 30), 3));
        thread::sleep(Duration::from_millis(300));
        // Nobody waits but those who share the doctor.
        store.try_book(&doctor, &store.patient(), minutes(60, 30)).expect("the doctor is free");
        seat(&store, &store.doctor(), minutes(0, 30), 3);
        assert!(!third.is_finished());
        other.batch_execute("COMMIT").expect("the booking is made");
        let third = third.join().expect("no panic");
        assert!(matches!(third, Err(StoreBookingError::DoctorBusy)), "{third:?}");
    });
}

#[test]
fn who_shares_a_doctor_waits_for_whoever_is_about_to_be_alone_and_finds_the_time_taken_or_not() {
    for (ends, taken) in [("COMMIT", true), ("ROLLBACK", false)] {
        let (store, mut other) = store_and_connection(|options| options);
        let (doctor, patient) = (store.doctor(), store.patient());
        let (early, late) = apart(&store, &doctor);
        // Between the two, so that one has moved by the time that it is found.
        other.batch_execute(&seating_under_way(&doctor, minutes(40, 10), 1, 0)).expect("a booking under way");

        thread::scope(|scope| {
            let between = scope.spawn(|| try_seat(&store, &doctor, &patient, minutes(15, 60), 2));
            thread::sleep(Duration::from_millis(300));
            assert!(!between.is_finished());
            other.batch_execute(ends).expect("it has ended");
            let between = between.join().expect("no panic");
            assert_eq!(matches!(between, Err(StoreBookingError::DoctorBusy)), taken, "{between:?}");
            assert_eq!(between.is_ok(), !taken, "{between:?}");
        });
        let seats = "SELECT sum(seat) AS number FROM occupancy WHERE live AND kind = 1 AND booking IN";
        let seats = format!("{seats} ('{}', '{}')", early.id(), late.id());
        // On the first and the second, or both on one.
        assert_eq!(number(&mut other, &seats) == 3, taken, "a refusal leaves no move behind");
    }
}

#[test]
fn whoever_has_to_move_may_be_about_to_cancel() {
    for (ends, live) in [("COMMIT", 2), ("ROLLBACK", 3)] {
        let (store, mut other) = store_and_connection(|options| options);
        let (doctor, patient) = (store.doctor(), store.patient());
        let (early, late) = apart(&store, &doctor);
        let cancelling = format!(
            "BEGIN; UPDATE bookings SET status = 'cancelled', revision = 2 WHERE id = '{id}';
             UPDATE occupancy SET live = false WHERE booking = '{id}'",
            id = late.id()
        );
        other.batch_execute(&cancelling).expect("a cancellation under way");

        thread::scope(|scope| {
            let between = scope.spawn(|| try_seat(&store, &doctor, &patient, minutes(15, 60), 2));
            thread::sleep(Duration::from_millis(300));
            assert!(!between.is_finished());
            other.batch_execute(ends).expect("it has ended");
            between.join().expect("no panic").expect("there is room");
        });
        let there = "SELECT count(*) AS number FROM occupancy WHERE live AND kind = 1";
        assert_eq!(number(&mut other, there), live, "{ends}");
        // Whoever is left can still cancel.
        store.cancel(&early);
        assert_eq!(number(&mut other, there), live - 1, "{ends}");
    }
}

#[test]
fn nobody_comes_back_alive_to_a_seat_that_is_free_where_there_is_no_room() {
    let (store, _other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let three = [(); 3].map(|()| seat(&store, &doctor, minutes(0, 30), 3));
    for booking in &three {
        store.cancel(booking);
    }
    let two = [(); 2].map(|()| seat(&store, &doctor, minutes(0, 30), 2));

    let [.., third] = three.map(|booking| given::cancelled(&booking));
    let revived =
        BookingParts { status: BookingStatus::Booked, revision: third.revision().next(), ..third.parts().clone() };
    let revived = store.save(&Booking::from_parts(revived), third.revision());
    assert!(matches!(revived, Err(SaveError::Stale)), "{revived:?}");

    assert_eq!(store.found(&third), Some(third));
    store.cancel(&two[0]);
    seat(&store, &doctor, minutes(0, 30), 2);
}
