//! What [`Holds`](doctor_booking_ports::Holds) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use std::slice::from_ref;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Doctor, Hold, Refusal, Span};
use doctor_booking_ports::{Along, CalendarFilter, ClosureStep, SaveError, StoreBookingError, StoreHoldError};

use crate::at_once::{at_once, live_of, together};
use crate::{Fixture, given};

fn nine() -> Span {
    given::stretch(given::monday(9, 0), 60)
}

fn found(store: &Fixture, hold: &Hold) -> Option<Hold> {
    store.holds.find(hold.id).expect("the store answers")
}

/// When holds made at `given::now()` have just expired.
fn expired() -> DateTime<Utc> {
    given::now() + TimeDelta::minutes(5)
}

/// Tries to hold nine o'clock for somebody new, at `now`.
fn hold_at(store: &Fixture, doctor: &Doctor, now: DateTime<Utc>) -> Result<Hold, StoreHoldError> {
    let hold = Hold { created_at: now, expires_at: now + TimeDelta::minutes(5), ..given::hold(doctor, nine()) };
    store.try_hold(&hold, doctor.revision()).map(|()| hold)
}

pub fn a_hold_is_found_as_stored(store: &Fixture) {
    let doctor = store.doctor();
    let hold = Hold {
        visit_type: Some(given::visit_type_id()),
        footprint: doctor_booking_domain::Footprint {
            before: given::buffer(7),
            after: given::buffer(480),
            ..given::shared_by(50)
        },
        zone: given::zone("Asia/Kathmandu"),
        waiting: Some(doctor_booking_domain::WaitingId::from_u128(7)),
        ..given::hold(&doctor, nine())
    };
    store.try_hold(&hold, doctor.revision()).expect("there is room");
    assert_eq!(found(store, &hold), Some(hold));
}

pub fn a_hold_that_is_not_there_is_not_found(store: &Fixture) {
    store.held(&store.doctor(), nine());
    assert_eq!(store.holds.find(given::hold_id()).expect("the store answers"), None);
}

pub fn a_hold_occupies_the_doctor_for_everybody(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    store.held(&doctor, nine());
    let booked = store.try_book(&doctor, &patient, given::stretch(given::monday(9, 30), 60));
    assert!(matches!(booked, Err(StoreBookingError::DoctorBusy)), "{booked:?}");
    let held = hold_at(store, &doctor, given::later() - TimeDelta::minutes(1));
    assert!(matches!(held, Err(StoreHoldError::DoctorBusy)), "{held:?}");
    store.try_book(&doctor, &patient, given::stretch(given::monday(10, 0), 60)).expect("what touches is free");
    store.try_book(&store.doctor(), &store.patient(), nine()).expect("nobody else is busy");
}

pub fn a_calendar_has_what_is_held_and_until_when(store: &Fixture) {
    let doctor = store.doctor();
    store.held(&doctor, nine());
    let calendar = store.calendar(&doctor).calendar;
    let refused = calendar.offer(nine().start(), given::now()).expect_err("it is held");
    assert_eq!(refused.all(), [Refusal::SlotHeld]);
    assert!(calendar.offer(nine().start(), expired()).is_ok());
    let all = store.calendars.load_all(&CalendarFilter::default(), nine()).expect("the store answers");
    assert!(all[0].calendar.offer(nine().start(), given::now()).is_err());
}

pub fn an_expired_hold_is_in_nobodys_way(store: &Fixture) {
    for seconds in [0, 1, 3_600] {
        let doctor = store.doctor();
        store.held(&doctor, nine());
        let now = expired() + TimeDelta::seconds(seconds);
        assert!(hold_at(store, &doctor, now - TimeDelta::seconds(seconds) - TimeDelta::microseconds(1)).is_err());
        hold_at(store, &doctor, now).expect("the other has expired");
    }
    let (doctor, patient) = (store.doctor(), store.patient());
    store.held(&doctor, nine());
    let booking = given::booking(&doctor, &patient, nine());
    let booking = doctor_booking_domain::BookingParts { created_at: expired(), updated_at: expired(), ..booking };
    let booking = doctor_booking_domain::Booking::from_parts(booking);
    store.put(&booking, doctor.revision()).expect("the hold has expired");
}

pub fn a_hold_given_back_is_gone_and_in_nobodys_way(store: &Fixture) {
    let doctor = store.doctor();
    let hold = store.held(&doctor, nine());
    assert!(store.holds.release(hold.id, &Along::default()).expect("the store answers"));
    assert_eq!(found(store, &hold), None);
    store.try_book(&doctor, &store.patient(), nine()).expect("it is free");
}

pub fn a_hold_is_given_back_once(store: &Fixture) {
    let hold = store.held(&store.doctor(), nine());
    let results = at_once(0..8, |_| store.holds.release(hold.id, &Along::default()).expect("the store answers"));
    assert_eq!(results.iter().filter(|was_there| **was_there).count(), 1);
}

pub fn a_hold_decided_on_older_rules_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    store.change(&doctor.revised(given::later()));
    assert!(matches!(hold_at(store, &doctor, given::now()), Err(StoreHoldError::Stale)));
    store.try_book(&store.seen(&doctor).doctor, &store.patient(), nine()).expect("nothing is held");
}

pub fn an_owner_holds_three_at_most_and_others_are_not_counted(store: &Fixture) {
    let owner = given::caller_id();
    let hold = |owner| {
        let doctor = store.doctor();
        let hold = Hold { owner, ..given::hold(&doctor, nine()) };
        store.try_hold(&hold, doctor.revision()).map(|()| hold)
    };
    let first = hold(owner).expect("the first");
    hold(owner).expect("the second");
    hold(owner).expect("the third");
    assert!(matches!(hold(owner), Err(StoreHoldError::TooMany)));
    hold(given::caller_id()).expect("somebody else's first");
    store.holds.release(first.id, &Along::default()).expect("the store answers");
    hold(owner).expect("one was given back");
}

pub fn an_expired_hold_is_not_counted(store: &Fixture) {
    let owner = given::caller_id();
    let hold = |now: DateTime<Utc>| {
        let doctor = store.doctor();
        let expires_at = now + TimeDelta::minutes(5);
        let hold = Hold { owner, created_at: now, expires_at, ..given::hold(&doctor, nine()) };
        store.try_hold(&hold, doctor.revision())
    };
    for _ in 0..3 {
        hold(given::now()).expect("up to three");
    }
    assert!(matches!(hold(expired() - TimeDelta::microseconds(1)), Err(StoreHoldError::TooMany)));
    hold(expired()).expect("the others have expired");
}

pub fn a_hold_becomes_a_booking_in_its_place(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let hold = store.held(&doctor, nine());
    let booking = store.confirm(&hold, &patient, doctor.revision(), given::now()).expect("it is held");
    assert_eq!(store.found(&booking), Some(booking.clone()));
    assert_eq!(found(store, &hold), None);
    assert_eq!(live_of(store, &doctor), [booking]);
    // And does not end when the hold would have.
    let late = hold_at(store, &doctor, expired());
    assert!(matches!(late, Err(StoreHoldError::DoctorBusy)), "{late:?}");
    assert!(store.try_book(&store.doctor(), &patient, nine()).is_err(), "the patient is busy");
}

pub fn a_hold_becomes_one_booking_at_most(store: &Fixture) {
    let doctor = store.doctor();
    let hold = store.held(&doctor, nine());
    store.confirm(&hold, &store.patient(), doctor.revision(), given::now()).expect("it is held");
    let again = store.confirm(&hold, &store.patient(), doctor.revision(), given::now());
    assert!(matches!(again, Err(StoreBookingError::HoldGone)), "{again:?}");
}

pub fn an_expired_hold_becomes_no_booking(store: &Fixture) {
    let doctor = store.doctor();
    let hold = store.held(&doctor, nine());
    let late = store.confirm(&hold, &store.patient(), doctor.revision(), expired());
    assert!(matches!(late, Err(StoreBookingError::HoldGone)), "{late:?}");
    assert_eq!(live_of(store, &doctor), []);
    store.confirm(&hold, &store.patient(), doctor.revision(), expired() - TimeDelta::microseconds(1)).expect("just");
}

pub fn a_hold_that_cannot_become_a_booking_stays_held(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let hold = store.held(&doctor, nine());
    store.try_book(&store.doctor(), &patient, nine()).expect("there is room");
    let busy = store.confirm(&hold, &patient, doctor.revision(), given::now());
    assert!(matches!(busy, Err(StoreBookingError::PatientBusy)), "{busy:?}");
    let stale = store.confirm(&hold, &store.patient(), doctor.revision().next(), given::now());
    assert!(matches!(stale, Err(StoreBookingError::Stale)), "{stale:?}");
    assert_eq!(found(store, &hold), Some(hold.clone()));
    assert!(store.try_book(&doctor, &store.patient(), nine()).is_err(), "it is still held");
    store.confirm(&hold, &store.patient(), doctor.revision(), given::now()).expect("it is held");
}

pub fn a_shared_doctor_has_held_seats(store: &Fixture) {
    let doctor = store.doctor();
    let hold = || Hold { footprint: given::shared_by(2), ..given::hold(&doctor, nine()) };
    let (one, two, three) = (hold(), hold(), hold());
    store.try_hold(&one, doctor.revision()).expect("one of two");
    store.try_hold(&two, doctor.revision()).expect("two of two");
    assert!(matches!(store.try_hold(&three, doctor.revision()), Err(StoreHoldError::DoctorBusy)));
    store.confirm(&two, &store.patient(), doctor.revision(), given::now()).expect("it is held");
    let late = Hold { created_at: expired(), expires_at: expired() + TimeDelta::minutes(5), ..three };
    store.try_hold(&late, doctor.revision()).expect("one of the two has expired");
}

pub fn an_outlook_has_the_holds_that_are_live(store: &Fixture) {
    let (doctor, other) = (store.doctor(), store.doctor());
    let hold = store.held(&doctor, nine());
    store.held(&other, nine());
    let holds = |as_of| {
        let outlook = store.doctors.outlook(doctor.id(), as_of).expect("the store answers").expect("there");
        outlook.upcoming.holds
    };
    assert_eq!(holds(given::now()), from_ref(&hold));
    assert_eq!(holds(expired() - TimeDelta::microseconds(1)), [hold]);
    assert_eq!(holds(expired()), []);
}

pub fn a_change_that_did_not_look_at_a_new_hold_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let before =
        given::change(doctor.with_hours(given::workdays("08:00", "09:00"), given::later()), &store.seen(&doctor));
    let hold = store.held(&doctor, nine());
    assert!(matches!(store.doctors.save(&before), Err(SaveError::Stale)));
    let looked = given::change(before.doctor.clone(), &store.seen(&doctor));
    store.holds.release(hold.id, &Along::default()).expect("the store answers");
    assert!(matches!(store.doctors.save(&looked), Err(SaveError::Stale)), "nor at one that is gone");
    store.doctors.save(&given::change(before.doctor, &store.seen(&doctor))).expect("it looked at all there is");
}

pub fn a_closure_looks_at_holds_and_one_that_did_not_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let closure = || ClosureStep::Add(given::closure(given::january(7)));
    let blind = store.closing(closure());
    let hold = store.held(&doctor, nine());
    let seen = store.closures.outlooks(given::january(7), given::now()).expect("the store answers");
    assert_eq!(seen.iter().flat_map(|seen| &seen.upcoming.holds).collect::<Vec<_>>(), [&hold]);
    let much_later = store.closures.outlooks(given::january(7), expired()).expect("the store answers");
    assert_eq!(much_later, []);
    assert_eq!(store.closures.outlooks(given::january(21), given::now()).expect("the store answers"), []);
    assert!(matches!(store.closures.save(&blind), Err(SaveError::Stale)));
    store.closures.save(&store.closing(closure())).expect("it looked at all there is");
}

pub fn expired_holds_are_swept_and_no_others(store: &Fixture) {
    let (doctor, other) = (store.doctor(), store.doctor());
    let (early, late) = (
        store.held(&doctor, nine()),
        hold_at(store, &other, given::now() + TimeDelta::minutes(1)).expect("there is room"),
    );
    assert_eq!(store.holds.sweep(expired() - TimeDelta::microseconds(1)).expect("the store answers"), 0);
    assert_eq!(store.holds.sweep(expired()).expect("the store answers"), 1);
    assert_eq!((found(store, &early), found(store, &late)), (None, Some(late)));
    assert_eq!(store.holds.sweep(expired()).expect("the store answers"), 0);
    store.try_book(&doctor, &store.patient(), nine()).expect("it is free");
}

// At once.

pub fn of_two_who_hold_one_slot_at_once_exactly_one_does(store: &Fixture) {
    for _ in 0..16 {
        let doctor = store.doctor();
        let results = at_once(0..4, |_| hold_at(store, &doctor, given::now()));
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let refused = |result: &Result<Hold, _>| matches!(result, Ok(_) | Err(StoreHoldError::DoctorBusy));
        assert!(results.iter().all(refused), "{results:?}");
    }
}

pub fn of_a_hold_and_a_booking_of_one_slot_exactly_one_is_stored(store: &Fixture) {
    for _ in 0..16 {
        let (doctor, patient) = (store.doctor(), store.patient());
        let (held, booked) =
            together(|| hold_at(store, &doctor, given::now()), || store.try_book(&doctor, &patient, nine()));
        match (held, booked) {
            (Ok(_), Err(StoreBookingError::DoctorBusy)) | (Err(StoreHoldError::DoctorBusy), Ok(_)) => {}
            other => panic!("exactly one is stored: {other:?}"),
        }
    }
}

pub fn of_many_holds_of_one_owner_at_once_three_are_stored(store: &Fixture) {
    let owner = given::caller_id();
    let doctors: Vec<_> = (0..16).map(|_| store.doctor()).collect();
    let results =
        at_once(&doctors, |doctor| store.try_hold(&Hold { owner, ..given::hold(doctor, nine()) }, doctor.revision()));
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(StoreHoldError::TooMany))), "{results:?}");
}

pub fn of_many_confirmations_at_once_exactly_one_is_stored(store: &Fixture) {
    let doctor = store.doctor();
    let hold = store.held(&doctor, nine());
    let patients: Vec<_> = (0..16).map(|_| store.patient()).collect();
    let results = at_once(&patients, |patient| store.confirm(&hold, patient, doctor.revision(), given::now()));
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let fine = |result: &Result<_, _>| matches!(result, Ok(_) | Err(StoreBookingError::HoldGone));
    assert!(results.iter().all(fine), "{results:?}");
    assert_eq!(live_of(store, &doctor).len(), 1);
}

pub fn of_a_confirmation_and_whoever_finds_it_expired_exactly_one_gets_the_slot(store: &Fixture) {
    for _ in 0..16 {
        let (doctor, patient) = (store.doctor(), store.patient());
        let hold = store.held(&doctor, nine());
        // One clock is a moment before, the other a moment after.
        let just = expired() - TimeDelta::microseconds(1);
        let (confirmed, other) =
            together(|| store.confirm(&hold, &patient, doctor.revision(), just), || hold_at(store, &doctor, expired()));
        match (confirmed, other) {
            (Ok(_), Err(StoreHoldError::DoctorBusy)) | (Err(StoreBookingError::HoldGone), Ok(_)) => {}
            other => panic!("exactly one gets it: {other:?}"),
        }
    }
}

pub fn a_hold_and_a_change_of_rules_never_miss_each_other(store: &Fixture) {
    for _ in 0..16 {
        let doctor = store.doctor();
        let shorter = doctor.with_hours(given::workdays("10:00", "11:00"), given::later());
        let change = given::change(shorter, &store.seen(&doctor));
        let (held, saved) = together(|| hold_at(store, &doctor, given::now()), || store.doctors.save(&change));
        match (held, saved) {
            (Ok(_), Err(SaveError::Stale)) | (Err(StoreHoldError::Stale), Ok(())) => {}
            other => panic!("exactly one is stored: {other:?}"),
        }
    }
}
