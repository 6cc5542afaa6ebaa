//! What [`Bookings`](doctor_booking_ports::Bookings) promise about bookings that may be beside others of their patient's.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::TimeDelta;
use doctor_booking_domain::{Booking, BookingParts, Doctor, Patient, Span};
use doctor_booking_ports::{Along, NewBooking, NewSeries, Occupied, StoreBookingError, StoreSeriesError};

use crate::at_once::{Answers, at_once, live, together};
use crate::{Fixture, given};

/// So many minutes, from so many after nine on.
fn span(from: i64, minutes: i64) -> Span {
    given::stretch(given::monday(9, 0) + TimeDelta::minutes(from), minutes)
}

fn beside(doctor: &Doctor, patient: &Patient, span: Span) -> Booking {
    Booking::from_parts(BookingParts { beside_others: true, ..given::booking(doctor, patient, span) })
}

fn try_beside(store: &Fixture, doctor: &Doctor, patient: &Patient, span: Span) -> Result<Booking, StoreBookingError> {
    let booking = beside(doctor, patient, span);
    store.put(&booking, doctor.revision()).map(|()| booking)
}

/// With a doctor who has nothing else to do.
fn put_beside(store: &Fixture, patient: &Patient, span: Span) -> Booking {
    try_beside(store, &store.doctor(), patient, span).expect("it may be beside others")
}

/// Whether an ordinary booking of the patient would be refused for the patient.
fn is_busy(store: &Fixture, patient: &Patient, span: Span) -> bool {
    match store.try_book(&store.doctor(), patient, span) {
        Err(StoreBookingError::PatientBusy) => true,
        Ok(booking) => {
            store.cancel(&booking);
            false
        }
        Err(other) => panic!("the doctor is free: {other:?}"),
    }
}

/// The booking at another time with the same doctor, one revision later.
fn moved(booking: &Booking, span: Span, beside_others: bool) -> Booking {
    let revision = booking.revision().next();
    let parts = BookingParts { span, beside_others, revision, updated_at: given::later(), ..booking.parts().clone() };
    Booking::from_parts(parts)
}

pub fn a_booking_that_may_be_beside_others_is_found_as_stored_and_leaves_them_as_they_are(store: &Fixture) {
    let patient = store.patient();
    let around = [0, 60].map(|from| store.try_book(&store.doctor(), &patient, span(from, 60)).expect("it is free"));
    let between = put_beside(store, &patient, span(30, 60));
    for booking in around.iter().chain([&between]) {
        assert_eq!(store.found(booking).as_ref(), Some(booking));
    }
}

pub fn nothing_ordinary_is_stored_beside_it_but_what_touches_it_is(store: &Fixture) {
    let patient = store.patient();
    put_beside(store, &patient, span(30, 60));
    for (from, minutes) in [(30, 60), (0, 31), (89, 30), (40, 5), (0, 120)] {
        assert!(is_busy(store, &patient, span(from, minutes)), "{from}, {minutes}");
    }
    for (from, minutes) in [(0, 30), (90, 30)] {
        store.try_book(&store.doctor(), &patient, span(from, minutes)).expect("it only touches");
    }
}

pub fn many_are_beside_each_other_and_beside_ordinary_ones(store: &Fixture) {
    let patient = store.patient();
    store.try_book(&store.doctor(), &patient, span(0, 60)).expect("it is free");
    for from in 0..20 {
        put_beside(store, &patient, span(from, 30));
    }
    assert_eq!(live(store).len(), 21);
    assert!(is_busy(store, &patient, span(0, 60)));
}

pub fn whatever_is_set_aside_the_doctor_is_guarded(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let there = store.try_book(&doctor, &store.patient(), span(0, 60)).expect("it is free");
    let refused = try_beside(store, &doctor, &patient, span(30, 60));
    assert!(matches!(refused, Err(StoreBookingError::DoctorBusy)), "{refused:?}");
    assert_eq!(live(store), [there]);
    assert!(!is_busy(store, &patient, span(30, 60)), "nothing was left behind");
}

pub fn a_patient_is_busy_until_the_last_of_those_beside_each_other_is_cancelled(store: &Fixture) {
    let patient = store.patient();
    let ordinary = store.try_book(&store.doctor(), &patient, span(0, 60)).expect("it is free");
    let others = [put_beside(store, &patient, span(0, 60)), put_beside(store, &patient, span(0, 60))];
    for booking in [&others[0], &ordinary, &others[1]] {
        assert!(is_busy(store, &patient, span(0, 60)));
        store.cancel(booking);
    }
    assert!(!is_busy(store, &patient, span(0, 60)));
}

pub fn an_ordinary_booking_left_alone_again_is_still_in_the_way(store: &Fixture) {
    let patient = store.patient();
    store.try_book(&store.doctor(), &patient, span(0, 60)).expect("it is free");
    store.cancel(&put_beside(store, &patient, span(30, 60)));
    assert!(is_busy(store, &patient, span(59, 60)) && !is_busy(store, &patient, span(60, 60)));
    put_beside(store, &patient, span(59, 60));
}

pub fn a_booking_moves_beside_others_only_where_it_says_so(store: &Fixture) {
    let patient = store.patient();
    let ordinary = store.try_book(&store.doctor(), &patient, span(0, 60)).expect("it is free");
    let doctor = store.doctor();
    let booking = store.try_book(&doctor, &patient, span(120, 60)).expect("it is free");
    let place = |to: &Booking, from: &Booking| store.place(to, from.revision(), doctor.revision());
    let refused = place(&moved(&booking, span(30, 60), false), &booking);
    assert!(matches!(refused, Err(StoreBookingError::PatientBusy)), "{refused:?}");
    assert_eq!(store.found(&booking).as_ref(), Some(&booking));
    let there = moved(&booking, span(30, 60), true);
    place(&there, &booking).expect("it may be beside others");
    assert_eq!(store.found(&booking).as_ref(), Some(&there));
    assert!(is_busy(store, &patient, span(60, 30)) && !is_busy(store, &patient, span(120, 60)));
    // It moves on as an ordinary one, and then nothing is beside it any more.
    let refused = place(&moved(&there, span(15, 60), false), &there);
    assert!(matches!(refused, Err(StoreBookingError::PatientBusy)), "{refused:?}");
    let away = moved(&there, span(60, 60), false);
    place(&away, &there).expect("it only touches");
    assert_eq!(store.found(&booking), Some(away));
    let back = moved(&ordinary, span(0, 61), false);
    let refused = store.place(&back, ordinary.revision(), doctor.revision());
    assert!(matches!(refused, Err(StoreBookingError::PatientBusy)), "{refused:?}");
}

pub fn a_cancelled_booking_comes_back_beside_others_only_where_it_says_so(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = try_beside(store, &doctor, &patient, span(0, 60)).expect("it is free");
    let cancelled = given::cancelled(&booking);
    store.save(&cancelled, booking.revision()).expect("it is cancelled");
    assert_eq!(store.found(&booking).as_ref(), Some(&cancelled));
    store.try_book(&store.doctor(), &patient, span(30, 60)).expect("the patient is free");
    let back = cancelled.reinstated(given::later()).expect("it was cancelled");
    let refused = store.place(&back, cancelled.revision(), doctor.revision());
    assert!(matches!(refused, Err(StoreBookingError::PatientBusy)), "{refused:?}");
    let back = Booking::from_parts(BookingParts { beside_others: true, ..back.parts().clone() });
    store.place(&back, cancelled.revision(), doctor.revision()).expect("it may be beside others");
    assert_eq!(store.found(&booking), Some(back));
}

pub fn a_hold_becomes_a_booking_beside_others(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    store.try_book(&store.doctor(), &patient, span(0, 60)).expect("it is free");
    let hold = store.held(&doctor, span(0, 60));
    let ordinary = store.confirm(&hold, &patient, doctor.revision(), given::now());
    assert!(matches!(ordinary, Err(StoreBookingError::PatientBusy)), "{ordinary:?}");
    let booking = beside(&doctor, &patient, span(0, 60));
    let new = NewBooking {
        booking: booking.clone(),
        decided_on: doctor.revision(),
        hold: Some(hold.id),
        along: Along::default(),
    };
    store.bookings.store(&new).expect("it is held");
    assert_eq!(store.found(&booking), Some(booking));
    assert!(store.try_book(&doctor, &store.patient(), span(0, 60)).is_err());
}

pub fn a_series_is_never_beside_others(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    put_beside(store, &patient, span(30, 60));
    let visit = |from| Booking::from_parts(given::booking(&doctor, &patient, span(from, 60)));
    let bookings = vec![visit(0), visit(24 * 60)];
    let new = NewSeries { bookings: bookings.clone(), decided_on: doctor.revision(), along: Along::default() };
    let Err(StoreSeriesError::Occupied(named)) = store.bookings.store_all(&new) else { panic!("one is taken") };
    assert_eq!(named, [(bookings[0].id(), Occupied::Patient)]);
}

pub fn of_an_ordinary_booking_and_one_beside_it_at_once_only_the_ordinary_one_can_be_refused(store: &Fixture) {
    let (patient, doctors) = (store.patient(), [store.doctor(), store.doctor()]);
    let mut both = 0;
    for round in 0..40 {
        let (ordinary, other) = (span(round * 200, 60), span(round * 200 + 30, 60));
        let (ordinary, other) = together(
            || store.try_book(&doctors[0], &patient, ordinary),
            || try_beside(store, &doctors[1], &patient, other),
        );
        let other = other.expect("it may be beside others, whoever was first");
        assert_eq!(store.found(&other), Some(other));
        match ordinary {
            Ok(booking) => {
                both += 1;
                assert_eq!(store.found(&booking), Some(booking));
            }
            Err(StoreBookingError::PatientBusy) => {}
            Err(error) => panic!("in round {round}: {error:?}"),
        }
    }
    assert_eq!(live(store).len(), 40 + both);
}

pub fn of_many_at_once_all_that_may_be_beside_others_are_stored_and_one_ordinary_at_most(store: &Fixture) {
    let patient = store.patient();
    for round in 0..4 {
        let wanted: Vec<_> = (0..24).map(|number| (number % 3 == 0, store.doctor(), number)).collect();
        let results = at_once(&wanted, |(is_ordinary, doctor, number)| {
            let span = span(round * 24 * 60 + number, 60);
            if *is_ordinary {
                store.try_book(doctor, &patient, span)
            } else {
                try_beside(store, doctor, &patient, span)
            }
        });
        let answers = Answers::of(&results);
        assert_eq!((answers.stale, answers.doctor_busy), (0, 0));
        let stored = |ordinary: bool| {
            wanted.iter().zip(&results).filter(|((it, ..), result)| *it == ordinary && result.is_ok()).count()
        };
        assert_eq!(stored(false), 16);
        assert!(stored(true) <= 1, "{} ordinary ones", stored(true));
    }
}

pub fn who_moves_or_cancels_while_others_are_put_beside_blocks_nobody(store: &Fixture) {
    let patient = store.patient();
    for round in 0..10 {
        let at = |from: i64| span(round * 24 * 60 + from, 60);
        let doctors: Vec<_> = (0..4).map(|_| store.doctor()).collect();
        let leaving = store.try_book(&doctors[0], &patient, at(0)).expect("it is free");
        let moving = store.try_book(&doctors[1], &patient, at(60)).expect("it is free");
        let there = moved(&moving, at(180), false);
        let answers = at_once(0..4, |number| match number {
            0 => {
                store.cancel(&leaving);
                Ok(())
            }
            1 => store.place(&there, moving.revision(), doctors[1].revision()),
            _ => try_beside(store, &doctors[number], &patient, at(30)).map(|_| ()),
        });
        assert_eq!(Answers::of(&answers).stored, 4, "in round {round}");
        assert_eq!(store.found(&moving), Some(there));
        assert!(is_busy(store, &patient, at(30)));
    }
}
