//! What [`Bookings::store_all`](doctor_booking_ports::Bookings::store_all) promises.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::TimeDelta;
use doctor_booking_domain::{Booking, BookingParts, Doctor, Patient, Span, What};
use doctor_booking_ports::{Along, NewSeries, Occupied, StoreSeriesError};

use crate::at_once::{at_once, live_of, together};
use crate::{Fixture, given};

/// An hour from nine o'clock on, so many weeks later.
fn week(number: i64) -> Span {
    given::stretch(given::monday(9, 0) + TimeDelta::days(7 * number), 60)
}

fn series(doctor: &Doctor, patient: &Patient, weeks: impl IntoIterator<Item = i64>) -> NewSeries {
    let id = given::series_id();
    let one = |number| Booking::from_parts(given::booking(doctor, patient, week(number))).of_series(id);
    let bookings: Vec<_> = weeks.into_iter().map(one).collect();
    let history = bookings.iter().map(|booking| given::told(What::BookingCreated, None, booking)).collect();
    NewSeries { bookings, decided_on: doctor.revision(), along: Along { history, answer: None } }
}

pub fn a_series_is_found_as_stored(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let new = series(&doctor, &patient, 0..52);
    store.bookings.store_all(&new).expect("there is room");
    for booking in &new.bookings {
        assert_eq!(store.found(booking).as_ref(), Some(booking));
        let told = store.history.of_booking(booking.id(), &given::whole()).expect("the store answers");
        assert_eq!(told.items.len(), 1);
    }
    assert!(store.try_book(&doctor, &store.patient(), week(51)).is_err());
    assert!(store.try_book(&store.doctor(), &patient, week(3)).is_err());
}

pub fn of_a_series_all_are_stored_or_none_and_every_conflict_is_named(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    store.try_book(&doctor, &store.patient(), week(1)).expect("there is room");
    store.try_book(&store.doctor(), &patient, week(3)).expect("there is room");
    let both = store.try_book(&store.doctor(), &patient, week(4)).expect("there is room");
    store.try_book(&doctor, &store.patient(), both.span()).expect("there is room");
    let new = series(&doctor, &patient, 0..6);
    let Err(StoreSeriesError::Occupied(mut named)) = store.bookings.store_all(&new) else { panic!("three are taken") };
    named.sort_by_key(|(id, _)| *id);
    let id = |number: usize| new.bookings[number].id();
    let mut expected = vec![(id(1), Occupied::Doctor), (id(3), Occupied::Patient), (id(4), Occupied::Doctor)];
    expected.sort_by_key(|(id, _)| *id);
    assert_eq!(named, expected);
    for booking in &new.bookings {
        assert_eq!(store.found(booking), None);
        let told = store.history.of_booking(booking.id(), &given::whole()).expect("the store answers");
        assert_eq!(told.items, []);
    }
    let rest = series(&doctor, &patient, [0, 2, 5]);
    store.bookings.store_all(&rest).expect("nothing was left behind");
}

pub fn a_series_of_a_patient_who_is_not_there_is_refused(store: &Fixture) {
    let doctor = store.doctor();
    let nobody = Patient::from_parts(given::patient());
    let refused = store.bookings.store_all(&series(&doctor, &nobody, 0..3));
    assert!(matches!(refused, Err(StoreSeriesError::UnknownPatient)), "{refused:?}");
    assert_eq!(live_of(store, &doctor), []);
}

pub fn a_series_decided_on_older_rules_is_stale(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    store.change(&doctor.revised(given::later()));
    let stale = store.bookings.store_all(&series(&doctor, &patient, 0..3));
    assert!(matches!(stale, Err(StoreSeriesError::Stale)), "{stale:?}");
    assert_eq!(live_of(store, &doctor), []);
}

pub fn a_series_finds_seats_and_skips_expired_holds(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    store.held(&doctor, week(1));
    let taken = store.bookings.store_all(&series(&doctor, &patient, 0..3));
    assert!(matches!(taken, Err(StoreSeriesError::Occupied(_))), "{taken:?}");
    let expired = given::now() + TimeDelta::minutes(5);
    let shared = |new: NewSeries| {
        let change = |booking: &Booking| {
            let parts = BookingParts { footprint: given::shared_by(2), updated_at: expired, ..booking.parts().clone() };
            Booking::from_parts(parts)
        };
        NewSeries { bookings: new.bookings.iter().map(change).collect(), ..new }
    };
    store.bookings.store_all(&shared(series(&doctor, &patient, 0..3))).expect("the hold has expired");
    store.bookings.store_all(&shared(series(&doctor, &store.patient(), 0..3))).expect("two share the doctor");
    let full = store.bookings.store_all(&shared(series(&doctor, &store.patient(), 2..4)));
    assert!(matches!(full, Err(StoreSeriesError::Occupied(ref named)) if named.len() == 1), "{full:?}");
}

pub fn a_series_that_was_answered_is_not_made_again(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let mut new = series(&doctor, &patient, 0..3);
    new.along.answer = Some(given::answer("key"));
    store.bookings.store_all(&new).expect("there is room");
    let mut again = series(&doctor, &store.patient(), 3..6);
    again.along.answer = Some(given::answer("key"));
    assert!(matches!(store.bookings.store_all(&again), Err(StoreSeriesError::Answered)));
    assert_eq!(live_of(store, &doctor).len(), 3);
}

pub fn of_a_series_and_single_bookings_at_once_nothing_overlaps(store: &Fixture) {
    for _ in 0..8 {
        let (doctor, patient) = (store.doctor(), store.patient());
        let new = series(&doctor, &patient, 0..8);
        let others: Vec<_> = (0..8).rev().map(|number| (store.patient(), week(number))).collect();
        let (stored, booked) = together(
            || store.bookings.store_all(&new),
            || others.iter().map(|(patient, span)| store.try_book(&doctor, patient, *span).is_ok()).collect::<Vec<_>>(),
        );
        let there = live_of(store, &doctor);
        assert_eq!(there.len(), 8);
        match stored {
            Ok(()) => assert_eq!(booked, [false; 8]),
            Err(StoreSeriesError::Occupied(named)) => {
                assert!(!named.is_empty());
                assert_eq!(booked, [true; 8]);
            }
            Err(error) => panic!("only because many ask at once: {error:?}"),
        }
    }
}

pub fn of_two_series_that_meet_at_once_never_a_part_is_stored(store: &Fixture) {
    for _ in 0..8 {
        let doctor = store.doctor();
        // In opposite order, so that whoever waits in the order given would wait for ever.
        let all = [series(&doctor, &store.patient(), 0..10), series(&doctor, &store.patient(), (5..15).rev())];
        let results = at_once(&all, |new| store.bookings.store_all(new));
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
        assert!(results.iter().all(|it| matches!(it, Ok(()) | Err(StoreSeriesError::Occupied(_)))), "{results:?}");
        assert_eq!(live_of(store, &doctor).len(), 10);
    }
}
