//! What [`Calendars`](doctor_booking_ports::Calendars) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Calendar, DateRange, Doctor, DoctorAmendment, SlotStatus, Span};

use crate::{Fixture, given};

/// The calendar with what is occupied during these minutes of Monday.
fn during(store: &Fixture, doctor: &Doctor, (from, to): ((u32, u32), (u32, u32))) -> Calendar {
    let during = Span::new(given::monday(from.0, from.1), given::monday(to.0, to.1)).expect("forwards");
    let found = store.calendars.load(doctor.id(), during).expect("the store answers");
    found.expect("the doctor is there").calendar
}

/// When the slots start that the calendar shows as booked on Monday.
fn booked_starts(calendar: &Calendar) -> Vec<DateTime<Utc>> {
    let days = calendar.days(DateRange::day(given::january(7)), given::now());
    let slots = days.iter().flat_map(|day| &day.slots);
    slots.filter(|slot| slot.status == SlotStatus::Booked).map(|slot| slot.span.start()).collect()
}

pub fn a_calendar_has_the_doctors_rules_and_their_revision(store: &Fixture) {
    let doctor = store.doctor();
    let seen = store.calendar(&doctor);
    assert_eq!(seen.calendar.doctor(), doctor.id());
    assert_eq!(seen.calendar.rules(), doctor.rules());
    assert_eq!(seen.rules, doctor.revision());
}

pub fn a_calendar_follows_a_change_of_rules(store: &Fixture) {
    let doctor = store.doctor();
    let shortened = doctor.with_hours(given::workdays("08:00", "09:00"), given::later());
    store.change(&shortened);
    let seen = store.calendar(&doctor);
    assert_eq!(seen.calendar.rules(), shortened.rules());
    assert_eq!(seen.rules, shortened.revision());
}

pub fn a_doctor_who_is_not_there_has_no_calendar(store: &Fixture) {
    store.doctor();
    let found = store.calendars.load(given::doctor_id(), given::stretch(given::monday(8, 0), 60));
    assert!(found.expect("the store answers").is_none());
}

pub fn a_calendar_has_every_booking_of_its_time(store: &Fixture) {
    let doctor = store.doctor();
    let starts = [given::monday(8, 0), given::monday(9, 0), given::monday(12, 0), given::monday(17, 0)];
    for start in starts {
        store.booked(&doctor, &store.patient(), start);
    }
    assert_eq!(booked_starts(&store.calendar(&doctor).calendar), starts);
}

pub fn a_calendar_has_what_begins_before_its_time(store: &Fixture) {
    let doctor = store.doctor();
    let yesterday_evening = given::monday(0, 0) - TimeDelta::hours(4);
    let sixteen_hours = given::stretch(yesterday_evening, 16 * 60);
    store.try_book(&doctor, &store.patient(), sixteen_hours).expect("the booking is stored");
    let calendar = during(store, &doctor, ((11, 59), (18, 0)));
    let starts = [8, 9, 10, 11].map(|hour| given::monday(hour, 0));
    assert_eq!(booked_starts(&calendar), starts, "all of it, as it is");
}

pub fn a_calendar_has_what_ends_after_its_time(store: &Fixture) {
    let doctor = store.doctor();
    let from_eleven = given::stretch(given::monday(11, 30), 16 * 60);
    store.try_book(&doctor, &store.patient(), from_eleven).expect("the booking is stored");
    let calendar = during(store, &doctor, ((8, 0), (11, 31)));
    let starts = [11, 12, 13, 14, 15, 16, 17].map(|hour| given::monday(hour, 0));
    assert_eq!(booked_starts(&calendar), starts);
}

pub fn a_calendar_has_what_begins_before_and_ends_after_its_time(store: &Fixture) {
    let doctor = store.doctor();
    let all_day = given::stretch(given::monday(0, 0), 24 * 60);
    store.try_book(&doctor, &store.patient(), all_day).expect("the booking is stored");
    let calendar = during(store, &doctor, ((11, 0), (11, 1)));
    assert_eq!(booked_starts(&calendar).len(), 10);
}

pub fn one_doctors_bookings_occupy_no_other_doctor(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    assert!(booked_starts(&store.calendar(&colleague).calendar).is_empty());
}

pub fn what_a_cancelled_booking_occupied_is_free_again(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let kept = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    store.cancel(&booking);
    assert_eq!(booked_starts(&store.calendar(&doctor).calendar), [kept.span().start()]);
}

pub fn bookings_outlive_a_change_of_slots(store: &Fixture) {
    let doctor = store.doctor();
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let slot = Some(given::slot(45));
    store.change(&doctor.amended(DoctorAmendment { slot, ..DoctorAmendment::default() }, given::later()));
    let calendar = store.calendar(&doctor).calendar;
    assert_eq!(booked_starts(&calendar), [given::monday(8, 45), given::monday(9, 30)]);
}
