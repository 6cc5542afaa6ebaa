//! What [`Waitlist`](doctor_booking_ports::Waitlist) promises.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{
    DateRange, Doctor, Entry, Hold, Revision, Span, WaitFor, Waiting, WaitingId, WaitingParts, WaitingStatus, What,
};
use doctor_booking_ports::{Along, Limit, NewHold, Offering, StoreHoldError, WaitingFilter};

use crate::at_once::at_once;
use crate::{Fixture, given};

fn nine() -> Span {
    given::stretch(given::monday(9, 0), 60)
}

fn added(store: &Fixture, parts: WaitingParts) -> Waiting {
    let waiting = Waiting::from_parts(parts);
    store.waitlist.add(&waiting, &Along::default()).expect("the place is added");
    waiting
}

fn find(store: &Fixture, waiting: &Waiting) -> Option<Waiting> {
    store.waitlist.find(waiting.id()).expect("the store answers")
}

fn line(store: &Fixture) -> Vec<WaitingId> {
    let line = store.waitlist.in_line(given::january(1), None, given::limit(Limit::MOST));
    line.expect("the store answers").iter().map(Waiting::id).collect()
}

/// Nine o'clock for somebody in line.
fn offering(doctor: &Doctor, waiting: &Waiting) -> (Offering, Hold) {
    let owner = waiting.parts().owner;
    let hold = Hold { owner, waiting: Some(waiting.id()), ..given::hold(doctor, nine()) };
    let along = Along::entry(Entry::hold(given::entry_id(), What::HoldCreated, &hold, &given::author()));
    let offered = waiting.offered(hold.id, hold.expires_at, given::now());
    let new = NewHold { hold: hold.clone(), decided_on: doctor.revision(), most: 0, along };
    (Offering { waiting: offered, seen: waiting.revision(), hold: new }, hold)
}

fn offered(store: &Fixture, doctor: &Doctor) -> (Waiting, Hold) {
    let waiting = added(store, given::waiting(doctor, &store.patient()));
    let (offering, hold) = offering(doctor, &waiting);
    store.waitlist.offer(&offering).expect("the slot is free");
    (offering.waiting, hold)
}

fn expired() -> DateTime<Utc> {
    given::now() + TimeDelta::minutes(5)
}

pub fn a_place_in_line_is_found_as_stored(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let bare = added(store, given::waiting(&doctor, &patient));
    let full = added(
        store,
        WaitingParts {
            wanted: WaitFor::Specialty(given::specialty("Hals-Nasen-Ohren, Straße")),
            visit_type: Some(given::visit_type_id()),
            dates: DateRange::day(given::january(7)),
            since: given::later(),
            status: WaitingStatus::Offered { hold: given::hold_id(), until: given::later() },
            revision: Revision::from_number(7),
            updated_at: given::later(),
            ..given::waiting(&doctor, &patient)
        },
    );
    let done = added(store, WaitingParts { status: WaitingStatus::Booked, ..given::waiting(&doctor, &patient) });
    for waiting in [bare, full, done] {
        assert_eq!(find(store, &waiting), Some(waiting));
    }
}

pub fn a_place_in_line_that_is_not_there_is_not_found(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    added(store, given::waiting(&doctor, &patient));
    assert_eq!(find(store, &Waiting::from_parts(given::waiting(&doctor, &patient))), None);
}

pub fn places_are_listed_by_id_and_filtered(store: &Fixture) {
    let (doctor, other, patient) = (store.doctor(), store.doctor(), store.patient());
    let mut all = vec![
        added(store, given::waiting(&doctor, &patient)),
        added(store, given::waiting(&other, &patient)),
        added(store, given::waiting(&doctor, &store.patient())),
        added(
            store,
            WaitingParts {
                wanted: WaitFor::Specialty(given::specialty("Cardiology")),
                ..given::waiting(&doctor, &patient)
            },
        ),
    ];
    all.sort_by_key(Waiting::id);
    let list = |filter: WaitingFilter| given::read_by(2, |page| store.waitlist.list(&filter, page));
    assert_eq!(list(WaitingFilter::default()), all);
    let only = |keep: fn(&WaitingParts, &Doctor) -> bool| -> Vec<Waiting> {
        all.iter().filter(|it| keep(it.parts(), &doctor)).cloned().collect()
    };
    let of_doctor = only(|parts, doctor| parts.wanted == WaitFor::Doctor(doctor.id()));
    assert_eq!(list(WaitingFilter { doctor: Some(doctor.id()), patient: None }), of_doctor);
    let of_patient: Vec<_> = all.iter().filter(|it| it.parts().patient == patient.id()).cloned().collect();
    assert_eq!(list(WaitingFilter { patient: Some(patient.id()), doctor: None }), of_patient);
}

pub fn those_in_line_come_in_the_order_in_which_they_came(store: &Fixture) {
    let doctor = store.doctor();
    let at = |minutes| given::now() + TimeDelta::minutes(minutes);
    let mut expected: Vec<_> = [3, 1, 2, 1, 1]
        .map(|minutes| added(store, WaitingParts { since: at(minutes), ..given::waiting(&doctor, &store.patient()) }))
        .to_vec();
    expected.sort_by_key(|it| (it.parts().since, it.id()));
    added(store, WaitingParts { status: WaitingStatus::Booked, ..given::waiting(&doctor, &store.patient()) });
    offered(store, &doctor);
    let over = DateRange::new(given::january(1), given::january(3)).expect("forwards");
    let early = added(store, WaitingParts { dates: over, ..given::waiting(&doctor, &store.patient()) });
    let ids: Vec<_> = expected.iter().map(Waiting::id).collect();
    assert_eq!(line(store), [vec![early.id()], ids.clone()].concat());
    let first = store.waitlist.in_line(given::january(4), None, given::limit(2)).expect("the store answers");
    assert_eq!(first, expected[..2]);
    let after = Some((first[1].parts().since, first[1].id()));
    let rest = store.waitlist.in_line(given::january(4), after, given::limit(9)).expect("the store answers");
    assert_eq!(rest, expected[2..]);
}

pub fn an_offer_holds_the_slot_and_takes_out_of_line(store: &Fixture) {
    let doctor = store.doctor();
    let (waiting, hold) = offered(store, &doctor);
    assert_eq!(find(store, &waiting), Some(waiting));
    assert_eq!(store.holds.find(hold.id).expect("the store answers"), Some(hold));
    assert_eq!(line(store), []);
    assert!(store.try_book(&doctor, &store.patient(), nine()).is_err(), "it is held");
}

pub fn an_offer_of_a_slot_that_cannot_be_had_changes_nothing(store: &Fixture) {
    let doctor = store.doctor();
    store.try_book(&doctor, &store.patient(), nine()).expect("there is room");
    let waiting = added(store, given::waiting(&doctor, &store.patient()));
    let (busy, hold) = offering(&doctor, &waiting);
    assert!(matches!(store.waitlist.offer(&busy), Err(StoreHoldError::DoctorBusy)));
    let stale_rules =
        Offering { hold: NewHold { decided_on: doctor.revision().next(), ..busy.hold.clone() }, ..busy.clone() };
    assert!(matches!(store.waitlist.offer(&stale_rules), Err(StoreHoldError::Stale)));
    let stale_place = Offering { seen: waiting.revision().next(), ..busy };
    assert!(matches!(store.waitlist.offer(&stale_place), Err(StoreHoldError::Stale)));
    assert_eq!(find(store, &waiting), Some(waiting));
    assert_eq!(store.holds.find(hold.id).expect("the store answers"), None);
}

pub fn whoever_books_what_was_offered_is_booked(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let (waiting, hold) = offered(store, &doctor);
    store.confirm(&hold, &patient, doctor.revision(), given::now()).expect("it is held");
    assert_eq!(find(store, &waiting), Some(waiting.booked(given::now())));
    assert_eq!(store.waitlist.lapse(expired()).expect("the store answers"), 0);
    assert_eq!(line(store), []);
}

pub fn whose_hold_expires_is_at_the_end_of_the_line(store: &Fixture) {
    let doctor = store.doctor();
    let (waiting, _) = offered(store, &doctor);
    let next = added(store, given::waiting(&doctor, &store.patient()));
    assert_eq!(store.waitlist.lapse(expired() - TimeDelta::microseconds(1)).expect("the store answers"), 0);
    assert_eq!(store.waitlist.lapse(expired()).expect("the store answers"), 1);
    assert_eq!(find(store, &waiting), Some(waiting.back_in_line(expired())));
    assert_eq!(line(store), [next.id(), waiting.id()]);
    assert_eq!(store.waitlist.lapse(expired()).expect("the store answers"), 0);
}

pub fn whose_hold_is_given_back_is_at_the_end_of_the_line(store: &Fixture) {
    let doctor = store.doctor();
    let (waiting, hold) = offered(store, &doctor);
    let next = added(store, given::waiting(&doctor, &store.patient()));
    let by = doctor_booking_domain::Author { at: given::later(), ..given::author() };
    let along = Along::entry(Entry::hold(given::entry_id(), What::HoldReleased, &hold, &by));
    assert!(store.holds.release(hold.id, &along).expect("the store answers"));
    assert_eq!(find(store, &waiting), Some(waiting.back_in_line(given::later())));
    assert_eq!(line(store), [next.id(), waiting.id()]);
}

pub fn a_place_that_is_removed_gives_back_what_was_held_for_it(store: &Fixture) {
    let doctor = store.doctor();
    let (waiting, hold) = offered(store, &doctor);
    assert!(store.waitlist.remove(waiting.id(), &Along::default()).expect("the store answers"));
    assert!(!store.waitlist.remove(waiting.id(), &Along::default()).expect("the store answers"));
    assert_eq!(find(store, &waiting), None);
    assert_eq!(store.holds.find(hold.id).expect("the store answers"), None);
    store.try_book(&doctor, &store.patient(), nine()).expect("it is free");
}

pub fn holds_for_those_who_wait_do_not_count_among_their_owners(store: &Fixture) {
    let owner = given::caller_id();
    for _ in 0..5 {
        let doctor = store.doctor();
        let waiting = added(store, WaitingParts { owner, ..given::waiting(&doctor, &store.patient()) });
        store.waitlist.offer(&offering(&doctor, &waiting).0).expect("the slot is free");
    }
    for number in 0..4 {
        let doctor = store.doctor();
        let held = store.try_hold(&Hold { owner, ..given::hold(&doctor, nine()) }, doctor.revision());
        assert_eq!(held.is_ok(), number < 3);
    }
}

pub fn of_many_who_offer_to_one_place_at_once_exactly_one_does(store: &Fixture) {
    let doctors: Vec<_> = (0..8).map(|_| store.doctor()).collect();
    let waiting = added(store, given::waiting(&doctors[0], &store.patient()));
    let results = at_once(&doctors, |doctor| {
        let (offering, hold) = offering(doctor, &waiting);
        (store.waitlist.offer(&offering), hold)
    });
    assert_eq!(results.iter().filter(|(result, _)| result.is_ok()).count(), 1);
    for (result, hold) in &results {
        assert!(matches!(result, Ok(()) | Err(StoreHoldError::Stale)), "{result:?}");
        let there = store.holds.find(hold.id).expect("the store answers").is_some();
        assert_eq!(there, result.is_ok());
    }
}
