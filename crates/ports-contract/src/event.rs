//! What [`Events`](doctor_booking_ports::Events) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use doctor_booking_domain::{EntryId, What};
use doctor_booking_ports::{Event, Limit};

use crate::at_once::at_once;
use crate::{Fixture, given};

/// Every event there is, after what was written is published.
fn published(store: &Fixture) -> Vec<Event> {
    while store.events.publish().expect("the store answers") > 0 {}
    follow(store, 0)
}

fn follow(store: &Fixture, mut position: i64) -> Vec<Event> {
    let mut all = Vec::new();
    loop {
        let some = store.events.after(position, given::limit(7)).expect("the store answers");
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
    let after = published(store);
    assert_eq!(after[..4], before);
    assert_eq!(store.events.after(2, given::limit(2)).expect("the store answers"), after[2..4]);
    assert_eq!(store.events.after(5, given::limit(Limit::MOST)).expect("the store answers"), []);
    assert_eq!(store.events.after(i64::MAX, given::limit(1)).expect("the store answers"), []);
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
