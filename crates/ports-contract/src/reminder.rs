//! What [`Reminders`](doctor_booking_ports::Reminders) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use std::slice::from_ref;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Booking, BookingParts, LeadTime, What};
use doctor_booking_ports::{Along, Limit};

use crate::at_once::at_once;
use crate::{Fixture, given};

fn hour() -> LeadTime {
    LeadTime::from_minutes(60).expect("a lead time")
}

fn due(store: &Fixture, lead: LeadTime, now: DateTime<Utc>) -> Vec<Booking> {
    store.reminders.due(lead, now, given::limit(Limit::MOST)).expect("the store answers")
}

fn record(store: &Fixture, booking: &Booking, lead: LeadTime) -> bool {
    let along = Along::entry(given::told(What::BookingReminder, None, booking));
    store.reminders.record(booking, lead, &along).expect("the store answers")
}

fn told(store: &Fixture, booking: &Booking) -> usize {
    let history = store.history.of_booking(booking.id(), &given::whole()).expect("the store answers").items;
    history.iter().filter(|entry| entry.what == What::BookingReminder).count()
}

pub fn a_visit_is_due_when_its_time_has_come_and_not_before(store: &Fixture) {
    let booking = store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    let moment = TimeDelta::microseconds(1);
    assert_eq!(due(store, hour(), given::monday(8, 0) - moment), []);
    assert_eq!(due(store, hour(), given::monday(8, 0)), from_ref(&booking));
    assert_eq!(due(store, hour(), given::monday(9, 0) - moment), [booking]);
    assert_eq!(due(store, hour(), given::monday(9, 0)), []);
}

pub fn a_visit_is_reminded_of_once_for_each_lead_time(store: &Fixture) {
    let booking = store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    let now = given::monday(8, 30);
    for lead in [LeadTime::default(), hour()] {
        assert_eq!(due(store, lead, now), from_ref(&booking));
        assert!(record(store, &booking, lead));
        assert!(!record(store, &booking, lead));
        assert_eq!(due(store, lead, now), []);
    }
    assert_eq!(told(store, &booking), 2);
}

pub fn a_visit_that_moves_is_reminded_of_anew(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    assert!(record(store, &booking, hour()));
    let revision = booking.revision().next();
    let span = given::stretch(given::monday(10, 0), 60);
    let moved = Booking::from_parts(BookingParts { span, revision, ..booking.parts().clone() });
    store.place(&moved, booking.revision(), doctor.revision()).expect("there is room");
    assert_eq!(due(store, hour(), given::monday(9, 30)), from_ref(&moved));
    assert!(record(store, &moved, hour()));
    assert_eq!(due(store, hour(), given::monday(9, 30)), []);
}

pub fn who_books_late_or_is_cancelled_or_arrived_is_not_reminded(store: &Fixture) {
    let doctor = store.doctor();
    let late = given::booking(&doctor, &store.patient(), given::stretch(given::monday(9, 0), 60));
    let at = |created_at| BookingParts { created_at, updated_at: created_at, ..late.clone() };
    let late = Booking::from_parts(at(given::monday(8, 0) + TimeDelta::microseconds(1)));
    store.put(&late, doctor.revision()).expect("there is room");
    let cancelled = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    store.cancel(&cancelled);
    let arrived = store.booked(&doctor, &store.patient(), given::monday(11, 0));
    let there = arrived.arrived(given::later()).expect("it is booked");
    store.save(&there, arrived.revision()).expect("it is saved");
    for now in [given::monday(8, 30), given::monday(9, 30), given::monday(10, 30)] {
        assert_eq!(due(store, hour(), now), []);
    }
}

pub fn what_was_seen_at_another_revision_is_not_recorded(store: &Fixture) {
    let booking = store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    store.cancel(&booking);
    assert!(!record(store, &booking, hour()));
    assert_eq!(told(store, &booking), 0);
}

pub fn visits_are_due_in_order_and_not_more_than_asked_for(store: &Fixture) {
    let doctors: Vec<_> = (0..3).map(|_| store.doctor()).collect();
    for hour in [11, 9, 10] {
        for doctor in &doctors {
            store.booked(doctor, &store.patient(), given::monday(hour, 0));
        }
    }
    let all = due(store, LeadTime::default(), given::monday(8, 0));
    assert_eq!(all.len(), 9);
    assert!(all.is_sorted_by_key(|booking| booking.span().start()));
    let some = store.reminders.due(LeadTime::default(), given::monday(8, 0), given::limit(4)).expect("answers");
    assert!(some.iter().map(Booking::span).eq(all[..4].iter().map(Booking::span)));
}

pub fn of_many_who_remind_at_once_exactly_one_does(store: &Fixture) {
    let booking = store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    let results = at_once(0..12, |_| record(store, &booking, hour()));
    assert_eq!(results.iter().filter(|recorded| **recorded).count(), 1);
    assert_eq!(told(store, &booking), 1);
}
