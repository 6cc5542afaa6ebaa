//! Visits with buffers, and visits that share a doctor: what the store makes of them.

use chrono::TimeDelta;
use doctor_booking_domain::{
    Booking, BookingParts, BookingStatus, Capacity, DateRange, Doctor, Footprint, Patient, Span,
};
use doctor_booking_ports::{ClosureStep, StoreBookingError};
use doctor_booking_ports_contract::{Fixture, given};

use crate::database::{Database, blob};

/// From so many minutes after nine o'clock on Monday to so many.
pub(crate) fn span(from: i64, to: i64) -> Span {
    let nine = given::monday(9, 0);
    Span::new(nine + TimeDelta::minutes(from), nine + TimeDelta::minutes(to)).expect("forwards")
}

/// Buffers of 20 minutes before and 10 minutes after, and the doctor shared by so many.
fn with_buffers(capacity: u8) -> Footprint {
    Footprint { before: given::buffer(20), after: given::buffer(10), ..given::shared_by(capacity) }
}

/// A visit that is not in the store yet.
fn visit(doctor: &Doctor, patient: &Patient, span: Span, footprint: Footprint) -> Booking {
    Booking::from_parts(BookingParts { footprint, ..given::booking(doctor, patient, span) })
}

/// A visit of somebody new.
pub(crate) fn booked(store: &Fixture, doctor: &Doctor, span: Span, footprint: Footprint) -> Booking {
    let booking = visit(doctor, &store.patient(), span, footprint);
    store.put(&booking, doctor.revision()).expect("there is room");
    booking
}

/// Visits before 9:30 and visits after it, which together take every seat that there is: nobody can sit from 9:15 to
/// 10:00 unless some of them move, but then there is room.
pub(crate) fn apart(store: &Fixture, doctor: &Doctor, capacity: u8) -> Vec<Booking> {
    let shared = given::shared_by(capacity);
    let half = usize::from(capacity) / 2;
    let book = |span, many| -> Vec<_> { (0..many).map(|_| booked(store, doctor, span, shared)).collect() };
    // The early ones are on the last seats, since others sat on the first when they came.
    let first = book(span(0, 30), half);
    let early = book(span(0, 30), usize::from(capacity) - half);
    for booking in &first {
        store.cancel(booking);
    }
    let late = book(span(30, 90), half);
    early.into_iter().chain(late).collect()
}

/// Who sits where, of those who are there.
fn seats(database: &mut Database, bookings: &[Booking]) -> Vec<i64> {
    let live = |seat: i64, booking: &Booking| {
        let booking = blob(booking.id().uuid().as_u128());
        format!("occupancy WHERE kind = 1 AND booking = {booking} AND live AND seat = {seat}")
    };
    let most = i64::from(Capacity::MOST);
    let seat_of = |booking: &Booking| (0..=most).find(|&seat| database.count(&live(seat, booking)) == 1);
    bookings.iter().map(seat_of).map(|seat| seat.expect("it is live")).collect()
}

#[test]
fn a_visit_occupies_its_doctor_with_buffers_and_its_patient_without() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let booking = booked(&store, &doctor, span(0, 30), with_buffers(3));
    let micros = |span: Span| (span.start().timestamp_micros(), span.end().timestamp_micros());
    for (kind, span, capacity, seat) in [(1, span(-20, 40), 3, 1), (2, span(0, 30), 1, 0)] {
        let (start, end) = micros(span);
        let expected = format!(
            "occupancy WHERE kind = {kind} AND starts_at = {start} AND ends_at = {end} AND capacity = {capacity}
             AND seat = {seat} AND live AND booking = {}",
            blob(booking.id().uuid().as_u128())
        );
        assert_eq!(database.count(&expected), 1, "{kind}");
    }
    assert_eq!(database.count("occupancy"), 2);
    store.cancel(&booking);
    assert_eq!(database.count("occupancy WHERE live"), 0);
}

#[test]
fn a_visit_that_was_cancelled_before_it_came_is_in_nobodys_way() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let there = [(); 2].map(|()| booked(&store, &doctor, span(0, 30), given::shared_by(2)));
    let over = visit(&doctor, &store.patient(), span(0, 30), given::shared_by(2));
    let over = Booking::from_parts(BookingParts { status: BookingStatus::Cancelled, ..over.parts().clone() });
    store.put(&over, doctor.revision()).expect("it takes no seat");
    assert_eq!(seats(&mut database, &there), [1, 2]);
    assert_eq!(database.count("occupancy WHERE live"), 4);
}

#[test]
fn when_a_booking_fails_whoever_moved_for_it_sits_where_he_or_she_sat() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let there = apart(&store, &doctor, 2);
    let before = seats(&mut database, &there);
    assert_eq!(before, [2, 1]);
    let wanted = visit(&doctor, &patient, span(15, 60), given::shared_by(2));

    let fault = "CREATE TRIGGER fault AFTER INSERT ON bookings BEGIN SELECT RAISE(ABORT, 'full'); END";
    database.execute(fault).expect("a fault");
    let answer = store.put(&wanted, doctor.revision());
    assert!(matches!(answer, Err(StoreBookingError::Unavailable(_))), "{answer:?}");
    assert_eq!(seats(&mut database, &there), before);
    database.execute("DROP TRIGGER fault").expect("no fault");

    let elsewhere = store.try_book(&store.doctor(), &patient, span(15, 60)).expect("there is room");
    let answer = store.put(&wanted, doctor.revision());
    assert!(matches!(answer, Err(StoreBookingError::PatientBusy)), "{answer:?}");
    assert_eq!(seats(&mut database, &there), before);
    store.cancel(&elsewhere);

    store.put(&wanted, doctor.revision()).expect("nothing is in the way");
    let after = seats(&mut database, &there);
    assert_eq!(after[0], after[1], "one after the other, on one seat");
}

#[test]
fn a_closure_meets_visits_and_not_their_buffers() {
    let database = Database::new();
    let store = database.fixture();
    let reach = DateRange::day(given::january(7)).reach();
    let doctor = store.doctor();
    let beside = |minutes| given::stretch(reach.end() + TimeDelta::minutes(minutes), 30);
    let met = booked(&store, &doctor, beside(-1), Footprint::default());
    booked(&store, &store.doctor(), beside(0), with_buffers(1));
    let before = given::stretch(reach.start() - TimeDelta::minutes(30), 30);
    booked(&store, &store.doctor(), before, with_buffers(1));
    let change = store.closing(ClosureStep::Add(given::closure(given::january(7))));
    assert_eq!(change.bookings, [(met.id(), met.revision())]);
    booked(&store, &store.doctor(), beside(19), with_buffers(1));
    store.closures.save(&change).expect("nobody else is met");

    // One that is over, but for its buffer, is not met any more.
    let over = booked(&store, &store.doctor(), span(0, 30), with_buffers(1));
    let met = |as_of| {
        let seen = store.closures.outlooks(given::january(7), as_of).expect("the store answers");
        seen.iter().flat_map(|seen| &seen.upcoming.bookings).any(|booking| booking.id() == over.id())
    };
    assert!(met(span(29, 30).start()) && !met(span(30, 31).start()));
}
