//! What [`Events`](doctor_booking_ports::Events) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use doctor_booking_domain::{Audience, Entry, EntryId, Patient, What};
use doctor_booking_ports::{Along, Event, Limit};

use crate::at_once::at_once;
use crate::{Fixture, given};

/// Every event there is, after what was written is published.
fn published(store: &Fixture) -> Vec<Event> {
    while store.events.publish().expect("the store answers") > 0 {}
    follow(store, 0)
}

fn after(store: &Fixture, position: i64, audience: Audience, most: u16) -> Vec<Event> {
    store.events.after(position, audience, given::limit(most)).expect("the store answers")
}

fn follow(store: &Fixture, mut position: i64) -> Vec<Event> {
    let mut all = Vec::new();
    loop {
        let some = after(store, position, Audience::Everybody, 7);
        let Some(last) = some.last() else { return all };
        position = last.position;
        all.extend(some);
    }
}

fn assert_gapless(events: &[Event]) {
    assert!(events.iter().map(|event| event.position).eq(1..=i64::try_from(events.len()).expect("few")), "{events:?}");
}

pub fn every_entry_becomes_one_event_in_order(store: &Fixture) {
    assert_eq!((store.events.last().expect("the store answers"), published(store)), (0, vec![]));
    let doctor = store.doctor();
    let bookings: Vec<_> =
        (8..18).map(|hour| store.booked(&doctor, &store.patient(), given::monday(hour, 0))).collect();
    store.cancel(&bookings[3]);
    let events = published(store);
    assert_gapless(&events);
    let told: Vec<_> = events.iter().map(|event| (event.entry.what, event.entry.booking)).collect();
    let mut expected: Vec<_> = bookings.iter().map(|it| (What::BookingCreated, Some(it.id()))).collect();
    expected.push((What::BookingCancelled, Some(bookings[3].id())));
    assert_eq!(told, expected);
    let history = store.history.of_booking(bookings[0].id(), &given::whole()).expect("the store answers").items;
    assert_eq!(history, [events[0].entry.clone()]);
    assert_eq!(store.events.last().expect("the store answers"), 11);
}

pub fn what_is_not_made_becomes_no_event_and_leaves_no_gap(store: &Fixture) {
    let doctor = store.doctor();
    for hour in 8..18 {
        store.booked(&doctor, &store.patient(), given::monday(hour, 0));
        assert!(store.try_book(&doctor, &store.patient(), given::stretch(given::monday(hour, 0), 60)).is_err());
    }
    let events = published(store);
    assert_gapless(&events);
    assert_eq!(events.len(), 10);
}

pub fn events_are_read_from_anywhere_and_stay_where_they_are(store: &Fixture) {
    let doctor = store.doctor();
    for hour in 8..12 {
        store.booked(&doctor, &store.patient(), given::monday(hour, 0));
    }
    let before = published(store);
    store.booked(&doctor, &store.patient(), given::monday(12, 0));
    let all = published(store);
    assert_eq!(all[..4], before);
    assert_eq!(after(store, 2, Audience::Everybody, 2), all[2..4]);
    assert_eq!(after(store, 5, Audience::Everybody, Limit::MOST), []);
    assert_eq!(after(store, i64::MAX, Audience::Everybody, 1), []);
}

pub fn of_many_who_write_at_once_nothing_is_missed_or_told_twice(store: &Fixture) {
    let doctors: Vec<_> = (0..6).map(|_| store.doctor()).collect();
    let patients: Vec<_> = (0..6).map(|_| store.patient()).collect();
    let is_over = AtomicBool::new(false);
    // Six write, one of two publishes and both follow what is published.
    let seen = at_once(0..8, |number: usize| {
        if number < 6 {
            for day in 0..10 {
                let start = given::monday(9, 0) + chrono::TimeDelta::days(7 * day);
                let booking = store.booked(&doctors[number], &patients[number], start);
                store.cancel(&booking);
            }
            is_over.store(number == 5, Ordering::SeqCst);
            return vec![];
        }
        let mut seen: Vec<Event> = vec![];
        for _ in 0..10_000 {
            if number == 6 {
                store.events.publish().expect("the store answers");
            }
            let position = seen.last().map_or(0, |event| event.position);
            seen.extend(follow(store, position));
            if is_over.load(Ordering::SeqCst) && number == 7 {
                break;
            }
            if is_over.load(Ordering::SeqCst) && store.events.publish().expect("the store answers") == 0 {
                break;
            }
        }
        seen
    });
    let all = published(store);
    assert_gapless(&all);
    assert_eq!(all.len(), 120);
    let ids: BTreeSet<EntryId> = all.iter().map(|event| event.entry.id).collect();
    assert_eq!(ids.len(), 120);
    for follower in &seen[6..] {
        assert_eq!(follower[..], all[..follower.len()], "whoever follows sees what everybody sees");
    }
    for doctor in &doctors {
        let own: Vec<_> = all.iter().filter(|event| event.entry.doctor == Some(doctor.id())).collect();
        let created = own.iter().step_by(2).all(|event| event.entry.what == What::BookingCreated);
        assert!(created, "what came before another change comes before it");
    }
}

// Who may not know of everything.

/// Writes entries, together, which becomes nothing but events.
fn write(store: &Fixture, entries: Vec<Entry>) {
    let along = Along { history: entries, answer: None };
    store.patients.add(&Patient::from_parts(given::patient()), &along).expect("the patient is added");
}

pub fn an_audience_is_told_what_it_may_know_of_and_nothing_else(store: &Fixture) {
    let doctors = [given::doctor_id(), given::doctor_id()];
    let patients = [given::patient_id(), given::patient_id()];
    let template = Entry::doctor(given::entry_id(), None, &store.doctor(), &given::author());
    // Everything that can happen, to everybody and to nobody.
    let mut entries = vec![];
    for what in What::ALL {
        for doctor in [None, Some(doctors[0]), Some(doctors[1])] {
            for patient in [None, Some(patients[0]), Some(patients[1])] {
                entries.push(Entry { id: given::entry_id(), what: *what, doctor, patient, ..template.clone() });
            }
        }
    }
    write(store, entries);
    let all = published(store);
    let audiences = [
        Audience::Everybody,
        Audience::Doctor(doctors[0]),
        Audience::Doctor(doctors[1]),
        Audience::Doctor(given::doctor_id()),
        Audience::Patient(patients[0]),
        Audience::Patient(patients[1]),
        Audience::Patient(given::patient_id()),
    ];
    for audience in audiences {
        let may_know: Vec<_> = all.iter().filter(|event| audience.may_know(&event.entry)).cloned().collect();
        assert!(!may_know.is_empty());
        for most in [1, 7, 200] {
            let mut told = vec![];
            loop {
                let position = told.last().map_or(0, |event: &Event| event.position);
                let some = after(store, position, audience, most);
                let rest = may_know.len() - told.len();
                assert_eq!(some.len(), rest.min(usize::from(most)), "a page is full, or the last");
                if some.is_empty() {
                    break;
                }
                told.extend(some);
            }
            assert_eq!(told, may_know, "{audience:?}, {most} at a time");
        }
    }
}

pub fn what_concerns_an_audience_is_found_behind_whatever_concerns_others(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let first = store.booked(&doctor, &patient, given::monday(9, 0));
    let (other, template) = (store.doctor(), Entry::doctor(given::entry_id(), None, &doctor, &given::author()));
    let of_others = Entry { doctor: Some(other.id()), patient: Some(given::patient_id()), ..template };
    write(store, (0..500).map(|_| Entry { id: given::entry_id(), ..of_others.clone() }).collect());
    let second = store.booked(&doctor, &patient, given::monday(10, 0));
    let all = published(store);
    for audience in [Audience::Doctor(doctor.id()), Audience::Patient(patient.id())] {
        let told: Vec<_> = after(store, 0, audience, 2).iter().map(|event| event.entry.booking).collect();
        assert_eq!(told, [Some(first.id()), Some(second.id())], "{audience:?}");
        assert_eq!(after(store, 1, audience, 1), all[501..]);
        assert_eq!(after(store, 502, audience, 1), []);
    }
}

pub fn the_position_of_an_entry_is_that_of_its_event(store: &Fixture) {
    let position = |id| store.events.position_of(id).expect("the store answers");
    assert_eq!(position(given::entry_id()), None);
    let doctor = store.doctor();
    for hour in 8..12 {
        store.booked(&doctor, &store.patient(), given::monday(hour, 0));
    }
    let events = published(store);
    assert_eq!(events.len(), 4);
    for event in events {
        assert_eq!(position(event.entry.id), Some(event.position));
    }
    assert_eq!(position(given::entry_id()), None);
}
