//! What [`Bookings`](doctor_booking_ports::Bookings) promise about doctors who are kept busy by more, or shared by more,
//! than one visit at a time.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Booking, BookingParts, Busy, Doctor, Footprint, Patient, Revision, Span};
use doctor_booking_ports::{SaveError, StoreBookingError};

use crate::at_once::{Answers, at_once, live, live_of};
use crate::{Fixture, given};

/// So many minutes after nine.
fn nine_and(minutes: i64) -> DateTime<Utc> {
    given::monday(9, 0) + TimeDelta::minutes(minutes)
}

/// From so many minutes after nine to so many.
fn span(from: i64, to: i64) -> Span {
    Span::new(nine_and(from), nine_and(to)).expect("forwards")
}

fn buffers(before: u16, after: u16) -> Footprint {
    Footprint { before: given::buffer(before), after: given::buffer(after), ..Footprint::default() }
}

fn try_book(
    store: &Fixture,
    doctor: &Doctor,
    patient: &Patient,
    span: Span,
    footprint: Footprint,
) -> Result<Booking, StoreBookingError> {
    let booking = Booking::from_parts(BookingParts { footprint, ..given::booking(doctor, patient, span) });
    store.put(&booking, doctor.revision()).map(|()| booking)
}

/// A visit of somebody new.
fn try_seat(store: &Fixture, doctor: &Doctor, span: Span, capacity: u8) -> Result<Booking, StoreBookingError> {
    try_book(store, doctor, &store.patient(), span, given::shared_by(capacity))
}

fn seated(store: &Fixture, doctor: &Doctor, span: Span, capacity: u8) -> Booking {
    try_seat(store, doctor, span, capacity).expect("there is room")
}

fn assert_full(store: &Fixture, doctor: &Doctor, span: Span, capacity: u8) {
    let refused = try_seat(store, doctor, span, capacity);
    assert!(matches!(refused, Err(StoreBookingError::DoctorBusy)), "{refused:?}");
}

/// At no moment are there more with the doctor than the smallest capacity among them says.
fn assert_never_too_many(bookings: &[Booking]) {
    for one in bookings {
        let start = one.busy().span.start();
        let there = bookings.iter().map(Booking::busy).filter(|it| it.span.start() <= start && start < it.span.end());
        let there: Vec<_> = there.map(|busy| usize::from(busy.capacity.get())).collect();
        assert!(there.iter().all(|&capacity| there.len() <= capacity), "{there:?} at {start}");
    }
}

// Buffers.

pub fn buffers_occupy_the_doctor_and_not_the_patient(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    try_book(store, &doctor, &patient, span(60, 90), buffers(10, 5)).expect("there is room");
    for taken in [span(50, 51), span(94, 95), span(30, 51), span(94, 120)] {
        assert!(matches!(store.try_book(&doctor, &store.patient(), taken), Err(StoreBookingError::DoctorBusy)));
    }
    // The patient is with somebody else right before and after.
    for free in [span(30, 60), span(90, 120)] {
        store.try_book(&store.doctor(), &patient, free).expect("the patient is free");
    }
    for free in [span(40, 50), span(95, 100)] {
        store.try_book(&doctor, &store.patient(), free).expect("the doctor is free");
    }
}

pub fn buffers_add_up_between_neighbours(store: &Fixture) {
    let doctor = store.doctor();
    let book = |from, to| try_book(store, &doctor, &store.patient(), span(from, to), buffers(10, 5));
    book(60, 90).expect("there is room");
    assert!(matches!(book(104, 134), Err(StoreBookingError::DoctorBusy)));
    assert!(matches!(book(16, 46), Err(StoreBookingError::DoctorBusy)));
    book(105, 135).expect("there are 15 minutes in between");
    book(15, 45).expect("there are 15 minutes in between");
}

pub fn a_calendar_has_what_occupies_with_buffers_and_capacity(store: &Fixture) {
    let (doctor, other) = (store.doctor(), store.doctor());
    let footprint = Footprint { capacity: given::shared_by(3).capacity, ..buffers(10, 5) };
    let first = try_book(store, &doctor, &store.patient(), span(60, 90), footprint).expect("there is room");
    let second = try_book(store, &doctor, &store.patient(), span(60, 90), footprint).expect("there is room");
    let alone = try_book(store, &doctor, &store.patient(), span(180, 210), buffers(1, 2)).expect("there is room");
    try_book(store, &other, &store.patient(), span(60, 90), footprint).expect("there is room");
    let expected = given::shared_calendar(&doctor, &[first.busy(), second.busy(), alone.busy()]);
    let visit_type = given::of_footprint(footprint);
    let week = given::january_week();
    let found = store.calendar(&doctor).calendar;
    assert_eq!(found.days(week, given::now()), expected.days(week, given::now()));
    let (found, expected) = (found.for_visits(&visit_type), expected.for_visits(&visit_type));
    assert_eq!(found.days(week, given::now()), expected.days(week, given::now()));
    assert!(found.offer(nine_and(60), given::now()).is_ok(), "a third fits in");
    let third = try_book(store, &doctor, &store.patient(), span(60, 90), footprint);
    third.expect("what is shown as free can be booked");
    let found = store.calendar(&doctor).calendar.for_visits(&visit_type);
    assert!(found.offer(nine_and(60), given::now()).is_err(), "a fourth does not");
}

pub fn a_calendar_has_a_buffer_that_reaches_into_its_time(store: &Fixture) {
    let doctor = store.doctor();
    try_book(store, &doctor, &store.patient(), span(0, 30), buffers(480, 480)).expect("there is room");
    for (during, taken) in
        [(span(-480, -479), true), (span(-481, -480), false), (span(509, 510), true), (span(510, 511), false)]
    {
        let calendar = store.calendars.load(doctor.id(), during).expect("the store answers").expect("there").calendar;
        let found = calendar.explain(during.start(), given::now());
        let free = found.iter().all(|found| found.passed || found.rule != doctor_booking_domain::Rule::NotTaken);
        assert_eq!(!free, taken, "{during:?}");
    }
}

pub fn an_outlook_has_no_visit_that_is_over_but_for_its_buffer(store: &Fixture) {
    let doctor = store.doctor();
    let booking = try_book(store, &doctor, &store.patient(), span(0, 30), buffers(0, 30)).expect("there is room");
    let upcoming = |as_of| {
        let outlook = store.doctors.outlook(doctor.id(), as_of).expect("the store answers").expect("there");
        outlook.upcoming.bookings
    };
    assert_eq!(upcoming(nine_and(29)), [booking]);
    assert_eq!(upcoming(nine_and(30)), []);
}

// Seats.

pub fn a_shared_doctor_has_room_for_as_many_as_the_capacity_says(store: &Fixture) {
    let doctor = store.doctor();
    for _ in 0..3 {
        seated(store, &doctor, span(0, 30), 3);
    }
    assert_full(store, &doctor, span(0, 30), 3);
    assert_full(store, &doctor, span(29, 59), 3);
    seated(store, &doctor, span(30, 60), 3);
    seated(store, &store.doctor(), span(0, 30), 3);
}

pub fn what_counts_is_how_many_are_there_at_once(store: &Fixture) {
    let doctor = store.doctor();
    seated(store, &doctor, span(0, 30), 2);
    seated(store, &doctor, span(30, 60), 2);
    seated(store, &doctor, span(15, 45), 2);
    assert_full(store, &doctor, span(15, 45), 2);
    assert_full(store, &doctor, span(0, 60), 2);
}

pub fn whoever_wants_the_doctor_alone_meets_nobody(store: &Fixture) {
    let doctor = store.doctor();
    seated(store, &doctor, span(0, 30), 3);
    assert_full(store, &doctor, span(0, 30), 1);
    seated(store, &doctor, span(30, 60), 1);
    assert_full(store, &doctor, span(30, 60), 3);
    assert_full(store, &doctor, span(45, 75), 50);
}

pub fn the_smallest_capacity_of_those_who_are_there_holds_for_all(store: &Fixture) {
    let doctor = store.doctor();
    seated(store, &doctor, span(0, 30), 2);
    seated(store, &doctor, span(0, 30), 3);
    assert_full(store, &doctor, span(0, 30), 3);
    assert_full(store, &doctor, span(0, 30), 2);
    for _ in 0..3 {
        seated(store, &doctor, span(30, 60), 3);
    }
    assert_full(store, &doctor, span(30, 60), 4);
}

pub fn a_seat_given_back_is_taken_again(store: &Fixture) {
    let doctor = store.doctor();
    let there: Vec<_> = (0..3).map(|_| seated(store, &doctor, span(0, 30), 3)).collect();
    for booking in there {
        assert_full(store, &doctor, span(0, 30), 3);
        store.cancel(&booking);
        seated(store, &doctor, span(0, 30), 3);
    }
    assert_full(store, &doctor, span(0, 30), 3);
}

/// Two who are never there together, and who need not be on the same seat.
fn apart(store: &Fixture, doctor: &Doctor) -> (Booking, Booking) {
    let early = seated(store, doctor, span(0, 30), 2);
    let beside = seated(store, doctor, span(20, 40), 2);
    let late = seated(store, doctor, span(30, 90), 2);
    store.cancel(&beside);
    let beside = seated(store, doctor, span(0, 30), 2);
    store.cancel(&early);
    (beside, late)
}

pub fn where_no_seat_is_free_throughout_others_move(store: &Fixture) {
    let doctor = store.doctor();
    apart(store, &doctor);
    seated(store, &doctor, span(15, 60), 2);
    assert_full(store, &doctor, span(20, 25), 2);
    seated(store, &doctor, span(60, 90), 2);
    assert_never_too_many(&live(store));
}

pub fn others_move_however_far_that_reaches(store: &Fixture) {
    // Each overlaps the next, so they sit on two seats in turn; without two of them, both ends of the gap do.
    let doctor = store.doctor();
    let chain: Vec<_> = (0..40).map(|hour| seated(store, &doctor, span(hour * 60, hour * 60 + 90), 2)).collect();
    store.cancel(&chain[20]);
    store.cancel(&chain[21]);
    seated(store, &doctor, span(20 * 60 + 15, 22 * 60 + 15), 2);
    assert_eq!(live_of(store, &doctor).len(), 39);
    assert_never_too_many(&live(store));
    assert_full(store, &doctor, span(20 * 60 + 20, 20 * 60 + 25), 2);
    assert_full(store, &doctor, span(22 * 60, 22 * 60 + 15), 2);
    seated(store, &doctor, span(20 * 60 + 30, 22 * 60), 2);
    assert_full(store, &doctor, span(21 * 60, 21 * 60 + 15), 2);
}

pub fn a_moved_visit_can_be_cancelled_and_its_seat_taken_again(store: &Fixture) {
    let doctor = store.doctor();
    let (early, late) = apart(store, &doctor);
    let across = seated(store, &doctor, span(15, 60), 2);
    for booking in [early, late, across] {
        let there = booking.span();
        store.cancel(&booking);
        seated(store, &doctor, there, 2);
        assert_full(store, &doctor, span(20, 25), 2);
    }
    assert_never_too_many(&live(store));
}

pub fn a_patient_has_one_seat_only(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    try_book(store, &doctor, &patient, span(0, 30), given::shared_by(3)).expect("there is room");
    let twice = try_book(store, &doctor, &patient, span(0, 30), given::shared_by(3));
    assert!(matches!(twice, Err(StoreBookingError::PatientBusy)));
}

pub fn a_visit_refused_for_the_patient_leaves_no_seat_taken(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    store.try_book(&store.doctor(), &patient, span(0, 30)).expect("there is room");
    apart(store, &doctor);
    let refused = try_book(store, &doctor, &patient, span(15, 60), given::shared_by(2));
    assert!(matches!(refused, Err(StoreBookingError::PatientBusy)));
    seated(store, &doctor, span(15, 60), 2);
    assert_full(store, &doctor, span(15, 60), 2);
}

// At once.

pub fn of_64_at_once_for_five_seats_exactly_five_get_one(store: &Fixture) {
    let doctor = store.doctor();
    let patients: Vec<_> = (0..64).map(|_| store.patient()).collect();
    let results = at_once(&patients, |patient| try_book(store, &doctor, patient, span(0, 30), given::shared_by(5)));
    assert_eq!(Answers::of(&results), Answers { stored: 5, doctor_busy: 59, ..Answers::default() });
    assert_eq!(live_of(store, &doctor).len(), 5);
}

pub fn of_64_at_once_on_many_seats_at_times_that_overlap_never_too_many_are_stored(store: &Fixture) {
    let doctor = store.doctor();
    let wanted: Vec<_> = (0..64_i64)
        .map(|number| {
            let start = number * 7 % 50;
            let capacity = [1, 2, 3, 3, 4][usize::try_from(number % 5).expect("small")];
            (store.patient(), span(start, start + 20), given::shared_by(capacity))
        })
        .collect();
    let results = at_once(&wanted, |(patient, span, footprint)| try_book(store, &doctor, patient, *span, *footprint));
    let Answers { stored, doctor_busy, .. } = Answers::of(&results);
    assert_eq!(stored + doctor_busy, 64);
    let there = live_of(store, &doctor);
    assert_eq!(there.len(), stored);
    assert_never_too_many(&there);
    // Whoever was refused met as many as could be.
    for ((_, span, footprint), result) in wanted.iter().zip(&results) {
        if result.is_err() {
            assert_full(store, &doctor, *span, footprint.capacity.get());
        }
    }
}

pub fn of_two_at_once_who_would_be_too_many_on_seats_of_their_own_exactly_one_is_stored(store: &Fixture) {
    for round in 0..32 {
        let doctor = store.doctor();
        // One stays, on the last of three seats: so the first two are free, for one of the two.
        let there = [(); 3].map(|()| seated(store, &doctor, span(0, 30), 3));
        store.cancel(&there[0]);
        store.cancel(&there[1]);
        let wanted = [(store.patient(), 2), (store.patient(), 3)];
        let results = at_once(&wanted, |(patient, capacity)| {
            try_book(store, &doctor, patient, span(0, 30), given::shared_by(*capacity))
        });
        let answers = Answers::of(&results);
        assert_eq!(answers, Answers { stored: 1, doctor_busy: 1, ..Answers::default() }, "round {round}");
    }
}

pub fn who_cancels_while_others_move_loses_nothing(store: &Fixture) {
    for round in 0..12 {
        let doctor = store.doctor();
        let (early, late) = apart(store, &doctor);
        let patient = store.patient();
        let steps: Vec<u8> = vec![0, 1, 2];
        let results = at_once(steps, |step| match step {
            0 => {
                let booked = try_book(store, &doctor, &patient, span(15, 60), given::shared_by(2));
                booked.map(|_| ()).map_err(|error| format!("{error:?}"))
            }
            1 => cancel(store, &early),
            _ => cancel(store, &late),
        });
        assert_eq!(results, [Ok(()), Ok(()), Ok(())], "round {round}");
        let there = live_of(store, &doctor);
        assert_eq!(there.len(), 1);
        let busy: Vec<Busy> = there.iter().map(Booking::busy).collect();
        let expected = given::shared_calendar(&doctor, &busy);
        let week = given::january_week();
        let found = store.calendar(&doctor).calendar;
        assert_eq!(found.days(week, given::now()), expected.days(week, given::now()), "round {round}");
        seated(store, &doctor, span(0, 90), 2);
        assert_full(store, &doctor, span(15, 60), 2);
    }
}

fn cancel(store: &Fixture, booking: &Booking) -> Result<(), String> {
    let seen: Revision = booking.revision();
    match store.save(&given::cancelled(booking), seen) {
        Ok(()) => Ok(()),
        Err(error @ (SaveError::Stale | SaveError::Answered | SaveError::Unavailable(_))) => Err(format!("{error:?}")),
    }
}
