//! What [`Idempotency`](doctor_booking_ports::Idempotency) promises.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::TimeDelta;
use doctor_booking_domain::{Booking, CallerId, Doctor, Patient, VisitType};
use doctor_booking_ports::{
    AddError, Along, Claim, ClosureStep, KeptAnswer, NewBooking, NewHold, SaveError, StoreBookingError, StoreHoldError,
};

use crate::at_once::{at_once, live};
use crate::{Fixture, given};

fn found(store: &Fixture, answer: &KeptAnswer) -> Option<KeptAnswer> {
    store.idempotency.find(answer.claim.caller, &answer.claim.key).expect("the store answers")
}

fn along(answer: &KeptAnswer) -> Along {
    Along { history: vec![], answer: Some(answer.clone()) }
}

fn booking(store: &Fixture, doctor: &Doctor, hour: u32, answer: &KeptAnswer) -> NewBooking {
    let booking = given::booking(doctor, &store.patient(), given::stretch(given::monday(hour, 0), 60));
    NewBooking {
        booking: Booking::from_parts(booking),
        decided_on: doctor.revision(),
        hold: None,
        along: along(answer),
    }
}

pub fn an_answer_is_found_as_kept(store: &Fixture) {
    let longest = "!~".repeat(127) + "x";
    for key in ["a", &longest] {
        let answer = KeptAnswer {
            status: 409,
            headers: vec![("etag".to_owned(), "\"1\"".to_owned()), ("location".to_owned(), "/ü".to_owned())],
            body: vec![0, 255, b'"', b'\\', 10],
            at: given::later(),
            ..given::answer(key)
        };
        assert!(store.idempotency.keep(&answer).expect("the store answers"));
        assert_eq!(found(store, &answer), Some(answer));
    }
    let bare = given::answer("bare");
    assert!(store.idempotency.keep(&KeptAnswer { body: vec![], ..bare.clone() }).expect("the store answers"));
    assert_eq!(found(store, &bare).map(|found| found.body), Some(vec![]));
}

pub fn an_answer_that_was_not_given_is_not_found(store: &Fixture) {
    store.idempotency.keep(&given::answer("one")).expect("the store answers");
    assert_eq!(found(store, &given::answer("On")), None);
    assert_eq!(found(store, &given::answer("ONE")), None);
}

pub fn the_first_answer_stays(store: &Fixture) {
    let first = given::answer("key");
    assert!(store.idempotency.keep(&first).expect("the store answers"));
    assert!(!store.idempotency.keep(&KeptAnswer { status: 422, ..first.clone() }).expect("the store answers"));
    assert_eq!(found(store, &first), Some(first));
}

pub fn keys_of_different_callers_have_nothing_to_do_with_each_other(store: &Fixture) {
    let mine = given::answer("key");
    let claim = Claim { caller: CallerId::from_u128(8), ..mine.claim.clone() };
    let others = KeptAnswer { claim, status: 422, ..mine.clone() };
    store.idempotency.keep(&mine).expect("the store answers");
    assert_eq!(found(store, &others), None);
    assert!(store.idempotency.keep(&others).expect("the store answers"));
    assert_eq!((found(store, &mine), found(store, &others)), (Some(mine), Some(others)));
}

pub fn an_answer_is_kept_with_what_it_tells_of(store: &Fixture) {
    let doctor = store.doctor();
    let answer = given::answer("key");
    store.bookings.store(&booking(store, &doctor, 9, &answer)).expect("there is room");
    assert_eq!(found(store, &answer), Some(answer));
}

pub fn what_was_answered_is_not_made_again(store: &Fixture) {
    let doctor = store.doctor();
    let answer = given::answer("key");
    store.idempotency.keep(&answer).expect("the store answers");
    let booked = store.bookings.store(&booking(store, &doctor, 9, &answer));
    assert!(matches!(booked, Err(StoreBookingError::Answered)), "{booked:?}");
    assert_eq!(live(store), []);
    let hold = given::hold(&doctor, given::stretch(given::monday(9, 0), 60));
    let new = NewHold { hold, decided_on: doctor.revision(), most: 3, along: along(&answer) };
    assert!(matches!(store.holds.store(&new), Err(StoreHoldError::Answered)));
    let other = Doctor::from_parts(given::doctor());
    assert!(matches!(store.doctors.add(&other, &along(&answer)), Err(AddError::Answered)));
    assert_eq!(store.doctors.find(other.id()).expect("the store answers"), None);
    let patient = Patient::from_parts(given::patient());
    assert!(matches!(store.patients.add(&patient, &along(&answer)), Err(AddError::Answered)));
    assert_eq!(store.patients.find(patient.id()).expect("the store answers"), None);
    let visit_type = VisitType::from_parts(given::visit_type("Check-up")).expect("it can be booked");
    assert!(matches!(store.visit_types.add(&visit_type, &along(&answer)), Err(AddError::Answered)));
    let mut change = given::change(doctor.revised(given::later()), &store.seen(&doctor));
    change.along = along(&answer);
    assert!(matches!(store.doctors.save(&change), Err(SaveError::Answered)));
    let mut closing = store.closing(ClosureStep::Add(given::closure(given::january(7))));
    closing.along = along(&answer);
    assert!(matches!(store.closures.save(&closing), Err(SaveError::Answered)));
    assert_eq!(store.seen(&doctor).doctor, doctor, "nothing has changed");
}

pub fn of_a_change_that_is_not_made_no_answer_is_kept(store: &Fixture) {
    let doctor = store.doctor();
    let answer = given::answer("key");
    store.try_book(&doctor, &store.patient(), given::stretch(given::monday(9, 0), 60)).expect("there is room");
    let busy = store.bookings.store(&booking(store, &doctor, 9, &answer));
    assert!(matches!(busy, Err(StoreBookingError::DoctorBusy)), "{busy:?}");
    assert_eq!(found(store, &answer), None);
    store.bookings.store(&booking(store, &doctor, 10, &answer)).expect("the key was not used");
}

pub fn answers_are_swept_by_their_age(store: &Fixture) {
    let old = given::answer("old");
    let new = KeptAnswer { at: given::later(), ..given::answer("new") };
    for answer in [&old, &new] {
        store.idempotency.keep(answer).expect("the store answers");
    }
    assert_eq!(store.idempotency.sweep(given::now()).expect("the store answers"), 0);
    assert_eq!(store.idempotency.sweep(given::now() + TimeDelta::microseconds(1)).expect("the store answers"), 1);
    assert_eq!((found(store, &old), found(store, &new)), (None, Some(new)));
    assert!(store.idempotency.keep(&old).expect("the store answers"), "the key can be used again");
}

pub fn of_twenty_with_one_key_at_once_exactly_one_is_made(store: &Fixture) {
    for round in 0..8 {
        let answer = given::answer(&format!("key-{round}"));
        // Each in a slot of its own, so that nothing but the key is in the way.
        let wanted: Vec<_> = (0..20)
            .map(|_| {
                let doctor = store.doctor();
                booking(store, &doctor, 9, &answer)
            })
            .collect();
        let results = at_once(&wanted, |new| store.bookings.store(new));
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let fine = |result: &Result<(), _>| matches!(result, Ok(()) | Err(StoreBookingError::Answered));
        assert!(results.iter().all(fine), "{results:?}");
        assert_eq!(live(store).len(), round + 1);
    }
}
