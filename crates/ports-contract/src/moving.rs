//! What [`Bookings::place`](doctor_booking_ports::Bookings::place) promises: bookings that move, and that come back.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Booking, BookingParts, BookingStatus, Doctor, Footprint, Revision, Span};
use doctor_booking_ports::{BookingFilter, SaveError, StoreBookingError};

use crate::at_once::{Answers, at_once, live, live_of, together};
use crate::{Fixture, given};

fn at(hour: u32) -> Span {
    given::stretch(given::monday(hour, 0), 60)
}

/// The booking at another time, with another doctor, one revision later.
fn moved(booking: &Booking, doctor: &Doctor, span: Span) -> Booking {
    let revision = booking.revision().next();
    let parts =
        BookingParts { doctor: doctor.id(), span, revision, updated_at: given::later(), ..booking.parts().clone() };
    Booking::from_parts(parts)
}

/// The cancelled booking as it is once it takes place after all.
fn reinstated(booking: &Booking) -> Booking {
    booking.reinstated(given::later()).expect("it was cancelled")
}

fn is_free(store: &Fixture, doctor: &Doctor, span: Span) -> bool {
    let booked = store.try_book(doctor, &store.patient(), span);
    if let Ok(booking) = &booked {
        store.cancel(booking);
    }
    booked.is_ok()
}

pub fn a_moved_booking_is_found_in_its_new_place_and_the_old_one_is_free(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.try_book(&doctor, &patient, at(9)).expect("there is room");
    let other = Booking::from_parts(BookingParts {
        visit_type: Some(given::visit_type_id()),
        footprint: Footprint { before: given::buffer(5), after: given::buffer(10), ..Footprint::default() },
        zone: given::zone("Asia/Kathmandu"),
        ..moved(&booking, &doctor, given::stretch(given::monday(11, 0), 30)).parts().clone()
    });
    store.place(&other, booking.revision(), doctor.revision()).expect("there is room");
    assert_eq!(store.found(&booking), Some(other.clone()));
    assert_eq!(live_of(store, &doctor), [other]);
    assert!(is_free(store, &doctor, at(9)) && !is_free(store, &doctor, at(11)));
    assert!(!is_free(store, &doctor, given::stretch(given::monday(11, 35), 4)), "the buffer after it");
    // The patient is busy then, and no longer before.
    assert!(store.try_book(&store.doctor(), &patient, given::stretch(given::monday(11, 0), 5)).is_err());
    store.try_book(&store.doctor(), &patient, at(9)).expect("the patient is free");
}

pub fn a_booking_moves_to_another_doctor(store: &Fixture) {
    let (doctor, other) = (store.doctor(), store.doctor());
    let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
    let there = moved(&booking, &other, at(9));
    store.place(&there, booking.revision(), other.revision()).expect("there is room");
    assert_eq!(store.found(&booking), Some(there.clone()));
    assert_eq!((live_of(store, &doctor), live_of(store, &other)), (vec![], vec![there.clone()]));
    assert!(is_free(store, &doctor, at(9)) && !is_free(store, &other, at(9)));
    // And it can still be cancelled there, or move back.
    let back = moved(&there, &doctor, at(10));
    store.place(&back, there.revision(), doctor.revision()).expect("there is room");
    store.save(&given::cancelled(&back), back.revision()).expect("it is cancelled");
    assert!(is_free(store, &other, at(9)) && is_free(store, &doctor, at(10)));
}

pub fn a_booking_is_never_in_its_own_way(store: &Fixture) {
    let doctor = store.doctor();
    let mut booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
    for minutes in [15, 30, 15, 0, 0] {
        let next = moved(&booking, &doctor, given::stretch(given::monday(9, minutes), 60));
        store.place(&next, booking.revision(), doctor.revision()).expect("nothing else is there");
        booking = next;
    }
    assert_eq!(store.found(&booking), Some(booking));
}

pub fn a_booking_that_cannot_move_stays_as_it_was(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
    store.try_book(&doctor, &store.patient(), at(11)).expect("there is room");
    let refused = store.place(&moved(&booking, &doctor, at(11)), booking.revision(), doctor.revision());
    assert!(matches!(refused, Err(StoreBookingError::DoctorBusy)), "{refused:?}");
    assert_eq!(store.found(&booking), Some(booking.clone()));
    assert!(!is_free(store, &doctor, at(9)));
    assert_eq!(live_of(store, &doctor).len(), 2);
}

pub fn a_booking_that_cannot_move_for_its_patient_stays_as_it_was(store: &Fixture) {
    let (doctor, other, patient) = (store.doctor(), store.doctor(), store.patient());
    let booking = store.try_book(&doctor, &patient, at(9)).expect("there is room");
    store.try_book(&store.doctor(), &patient, at(11)).expect("there is room");
    let refused = store.place(&moved(&booking, &other, at(11)), booking.revision(), other.revision());
    assert!(matches!(refused, Err(StoreBookingError::PatientBusy)), "{refused:?}");
    assert_eq!(store.found(&booking), Some(booking));
    assert!(is_free(store, &other, at(11)) && !is_free(store, &doctor, at(9)));
}

pub fn a_move_decided_on_older_rules_is_stale(store: &Fixture) {
    let (doctor, other) = (store.doctor(), store.doctor());
    let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
    store.change(&other.revised(given::later()));
    let stale = store.place(&moved(&booking, &other, at(11)), booking.revision(), other.revision());
    assert!(matches!(stale, Err(StoreBookingError::Stale)), "{stale:?}");
    assert_eq!(store.found(&booking), Some(booking));
}

pub fn a_move_decided_on_an_older_revision_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
    let first = moved(&booking, &doctor, at(10));
    store.place(&first, booking.revision(), doctor.revision()).expect("there is room");
    let second = store.place(&moved(&booking, &doctor, at(11)), booking.revision(), doctor.revision());
    assert!(matches!(second, Err(StoreBookingError::Stale)), "{second:?}");
    assert_eq!(store.found(&booking), Some(first));
    let nothing = Booking::from_parts(given::booking(&doctor, &store.patient(), at(12)));
    let placed = store.place(&moved(&nothing, &doctor, at(13)), nothing.revision(), doctor.revision());
    assert!(matches!(placed, Err(StoreBookingError::Stale)), "{placed:?}");
}

pub fn a_cancelled_booking_is_put_back_into_its_place(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.try_book(&doctor, &patient, at(9)).expect("there is room");
    let cancelled = given::cancelled(&booking);
    store.save(&cancelled, booking.revision()).expect("it is cancelled");
    let back = reinstated(&cancelled);
    store.place(&back, cancelled.revision(), doctor.revision()).expect("its slot is free");
    assert_eq!(store.found(&booking), Some(back));
    assert!(!is_free(store, &doctor, at(9)));
    assert!(store.try_book(&store.doctor(), &patient, at(9)).is_err(), "the patient is busy again");
}

pub fn a_cancelled_booking_is_not_put_into_the_place_of_another(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
    let cancelled = given::cancelled(&booking);
    store.save(&cancelled, booking.revision()).expect("it is cancelled");
    let other = store.try_book(&doctor, &store.patient(), at(9)).expect("its slot is free");
    let refused = store.place(&reinstated(&cancelled), cancelled.revision(), doctor.revision());
    assert!(matches!(refused, Err(StoreBookingError::DoctorBusy)), "{refused:?}");
    assert_eq!(store.found(&booking), Some(cancelled));
    assert_eq!(live_of(store, &doctor), [other]);
}

pub fn a_shared_doctors_booking_moves_to_another_seat(store: &Fixture) {
    let doctor = store.doctor();
    let book = |span| {
        let booking = given::booking(&doctor, &store.patient(), span);
        let booking = Booking::from_parts(BookingParts { footprint: given::shared_by(2), ..booking });
        store.put(&booking, doctor.revision()).expect("there is room");
        booking
    };
    let (one, _two, three) = (book(at(9)), book(at(9)), book(at(11)));
    let full = store.place(&moved(&three, &doctor, at(9)), three.revision(), doctor.revision());
    assert!(matches!(full, Err(StoreBookingError::DoctorBusy)), "{full:?}");
    let half_past = given::stretch(given::monday(9, 30), 60);
    store.place(&moved(&one, &doctor, half_past), one.revision(), doctor.revision()).expect("it is one of two");
    book(given::stretch(given::monday(9, 0), 30));
}

pub fn every_status_is_found_as_saved_and_occupies_as_it_says(store: &Fixture) {
    for status in BookingStatus::ALL {
        let doctor = store.doctor();
        let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
        let revision = booking.revision().next();
        let after = BookingParts { status, revision, updated_at: given::later(), ..booking.parts().clone() };
        let after = Booking::from_parts(after);
        store.save(&after, booking.revision()).expect("it is saved");
        assert_eq!(store.found(&booking), Some(after.clone()), "{status:?}");
        assert_eq!(is_free(store, &doctor, at(9)), !status.is_live(), "{status:?}");
        let filter = BookingFilter { doctor: Some(doctor.id()), status: Some(status), ..BookingFilter::default() };
        let listed = store.bookings.list(&filter, &given::whole()).expect("the store answers").items;
        assert!(listed.contains(&after), "{status:?}");
        let upcoming = store.seen(&doctor).upcoming.bookings;
        assert_eq!(upcoming.contains(&after), status.is_live(), "{status:?}");
    }
}

// At once.

fn is_there_as(store: &Fixture, booking: &Booking, span: Span) -> bool {
    store.found(booking).is_some_and(|found| found.span() == span)
}

pub fn two_who_swap_their_slots_at_once_never_block_each_other(store: &Fixture) {
    for _ in 0..12 {
        // The same doctor; then two doctors and one patient.
        let (doctor, other, patient) = (store.doctor(), store.doctor(), store.patient());
        let one = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
        let two = store.try_book(&doctor, &store.patient(), at(10)).expect("there is room");
        let three = store.try_book(&doctor, &patient, at(14)).expect("there is room");
        let four = store.try_book(&other, &patient, at(15)).expect("there is room");
        let swaps =
            [(&one, &doctor, at(10)), (&two, &doctor, at(9)), (&three, &doctor, at(15)), (&four, &other, at(14))];
        let results = at_once(swaps, |(booking, doctor, to)| {
            store.place(&moved(booking, doctor, to), booking.revision(), doctor.revision())
        });
        // Nobody can be the first: each is in the place of the other.
        for (result, (booking, _, _)) in results.iter().zip(swaps) {
            let busy = matches!(result, Err(StoreBookingError::DoctorBusy | StoreBookingError::PatientBusy));
            assert!(busy, "{result:?}");
            assert!(is_there_as(store, booking, booking.span()));
        }
    }
}

pub fn of_many_who_move_to_one_slot_at_once_exactly_one_gets_it(store: &Fixture) {
    let doctor = store.doctor();
    let bookings: Vec<_> = (0..16)
        .map(|day| {
            let span = given::stretch(given::monday(9, 0) + TimeDelta::days(7 * (day + 1)), 60);
            store.try_book(&doctor, &store.patient(), span).expect("there is room")
        })
        .collect();
    let results = at_once(&bookings, |booking| {
        store.place(&moved(booking, &doctor, at(9)), booking.revision(), doctor.revision())
    });
    assert_eq!(Answers::of(&results), Answers { stored: 1, doctor_busy: 15, ..Answers::default() });
    assert_eq!(live_of(store, &doctor).iter().filter(|booking| booking.span() == at(9)).count(), 1);
}

pub fn of_one_patients_bookings_that_move_to_one_time_exactly_one_does(store: &Fixture) {
    let patient = store.patient();
    let bookings: Vec<_> = (0..8)
        .map(|day| {
            let doctor = store.doctor();
            let span = given::stretch(given::monday(9, 0) + TimeDelta::days(7 * (day + 1)), 60);
            (store.try_book(&doctor, &patient, span).expect("there is room"), doctor)
        })
        .collect();
    let results = at_once(&bookings, |(booking, doctor)| {
        store.place(&moved(booking, doctor, at(9)), booking.revision(), doctor.revision())
    });
    assert_eq!(Answers::of(&results), Answers { stored: 1, patient_busy: 7, ..Answers::default() });
}

pub fn of_a_move_and_a_booking_of_one_slot_exactly_one_gets_it(store: &Fixture) {
    for _ in 0..16 {
        let doctor = store.doctor();
        let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
        let patient = store.patient();
        let (went, booked) = together(
            || store.place(&moved(&booking, &doctor, at(11)), booking.revision(), doctor.revision()),
            || store.try_book(&doctor, &patient, at(11)).map(|_| ()),
        );
        assert_eq!(Answers::of([&went, &booked]), Answers { stored: 1, doctor_busy: 1, ..Answers::default() });
        assert!(is_there_as(store, &booking, if went.is_ok() { at(11) } else { at(9) }));
    }
}

pub fn of_a_cancelled_booking_put_back_and_another_exactly_one_gets_the_slot(store: &Fixture) {
    for _ in 0..16 {
        let doctor = store.doctor();
        let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
        let cancelled = given::cancelled(&booking);
        store.save(&cancelled, booking.revision()).expect("it is cancelled");
        let patient = store.patient();
        let (back, booked) = together(
            || store.place(&reinstated(&cancelled), cancelled.revision(), doctor.revision()),
            || store.try_book(&doctor, &patient, at(9)).map(|_| ()),
        );
        assert_eq!(Answers::of([&back, &booked]), Answers { stored: 1, doctor_busy: 1, ..Answers::default() });
        assert_eq!(live_of(store, &doctor).len(), 1);
    }
}

pub fn a_move_and_a_change_of_rules_never_miss_each_other(store: &Fixture) {
    for _ in 0..16 {
        let doctor = store.doctor();
        let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
        let shorter = doctor.with_hours(given::workdays("08:00", "11:00"), given::later());
        let change = given::change(shorter, &store.seen(&doctor));
        let (went, saved) = together(
            || store.place(&moved(&booking, &doctor, at(14)), booking.revision(), doctor.revision()),
            || store.doctors.save(&change),
        );
        match (went, saved) {
            (Ok(()), Err(SaveError::Stale)) | (Err(StoreBookingError::Stale), Ok(())) => {}
            other => panic!("exactly one is stored: {other:?}"),
        }
    }
}

pub fn a_move_and_a_cancellation_never_lose_a_slot(store: &Fixture) {
    for _ in 0..16 {
        let doctor = store.doctor();
        let booking = store.try_book(&doctor, &store.patient(), at(9)).expect("there is room");
        let (went, cancelled) = together(
            || store.place(&moved(&booking, &doctor, at(11)), booking.revision(), doctor.revision()),
            || store.save(&given::cancelled(&booking), booking.revision()),
        );
        assert!(went.is_ok() != cancelled.is_ok(), "{went:?} {cancelled:?}");
        assert_eq!(is_free(store, &doctor, at(11)), cancelled.is_ok());
        assert!(is_free(store, &doctor, at(9)));
    }
    let there: Vec<(DateTime<Utc>, Revision)> = live(store).iter().map(|b| (b.span().start(), b.revision())).collect();
    assert!(there.iter().all(|(start, revision)| *start == at(11).start() && *revision == Revision::FIRST.next()));
}
