//! Reminders: one of each lead time, of every visit that will take place.

use chrono::TimeDelta;
use doctor_booking_application::{Cancellation, Reschedule};
use doctor_booking_domain::{Booking, BookingId, LeadTime, What, Who};

use crate::hospital::{ADMIN, monday, reason};
use crate::in_time::InTime;

fn lead(minutes: u16) -> LeadTime {
    LeadTime::from_minutes(minutes).expect("valid")
}

/// A visit on Monday, 7 January 2030, at 9 in New York.
fn booked() -> (InTime, Booking) {
    let time = InTime::new();
    let doctor = time.doctor("cardiology");
    let booking = time.book(&doctor, &time.patient(), monday("09:00"));
    (time, booking)
}

fn remind(time: &InTime, leads: &[LeadTime]) -> usize {
    time.does.remind.execute(leads).expect("a store")
}

/// Of which bookings, and how long before, it was reminded.
fn reminded(time: &InTime) -> Vec<(Option<BookingId>, String)> {
    let entries = time.happened(What::BookingReminder);
    let lead = |facts: &doctor_booking_domain::Facts| {
        facts.iter().find(|(name, _)| *name == "leadMinutes").expect("it says so").1.to_owned()
    };
    entries.iter().map(|entry| (entry.booking, lead(&entry.after))).collect()
}

#[test]
fn a_visit_is_reminded_of_once_for_each_lead_time_when_it_is_due() {
    let (time, booking) = booked();
    let leads = [lead(1_440), lead(60)];
    time.set(monday("09:00") - TimeDelta::days(1) - TimeDelta::seconds(1));
    assert_eq!(remind(&time, &leads), 0, "not yet");
    time.pass(TimeDelta::seconds(1));
    assert_eq!((remind(&time, &leads), remind(&time, &leads)), (1, 0));
    time.set(monday("08:30"));
    assert_eq!((remind(&time, &leads), remind(&time, &leads)), (1, 0));
    let id = Some(booking.id());
    assert_eq!(reminded(&time), [(id, "1440".to_owned()), (id, "60".to_owned())]);
    let entry = time.happened(What::BookingReminder).remove(0);
    assert_eq!((entry.who, entry.patient), (Who::Service, Some(booking.parts().patient)));
}

#[test]
fn nothing_is_reminded_of_twice_by_another_server_or_after_a_restart() {
    let (time, _) = booked();
    time.set(monday("08:30"));
    assert_eq!(remind(&time, &[lead(60)]), 1);
    let again = InTime::over(time.stores.clone());
    again.set(monday("08:31"));
    assert_eq!(remind(&again, &[lead(60)]), 0);
    assert_eq!(reminded(&again).len(), 1);
}

#[test]
fn a_visit_that_moves_is_reminded_of_anew() {
    let (time, booking) = booked();
    time.set(monday("08:30"));
    assert_eq!(remind(&time, &[lead(60)]), 1);
    let to = Reschedule {
        booking: booking.id(),
        start: monday("15:00"),
        doctor: None,
        reason: None,
        set_aside: None,
        expected: None,
    };
    time.does.reschedule_booking.execute(&ADMIN, &to).expect("moved");
    assert_eq!(remind(&time, &[lead(60)]), 0, "not yet");
    time.set(monday("14:00"));
    assert_eq!((remind(&time, &[lead(60)]), remind(&time, &[lead(60)])), (1, 0));
}

#[test]
fn what_will_not_take_place_has_begun_or_was_booked_too_late_is_not_reminded_of() {
    let (time, booking) = booked();
    let cancel = Cancellation { booking: booking.id(), reason: reason("ill"), expected: None };
    time.does.cancel_booking.execute(&ADMIN, &cancel).expect("cancelled");
    time.set(monday("08:30"));
    assert_eq!(remind(&time, &[lead(60)]), 0, "cancelled");

    let (time, _) = booked();
    time.set(monday("09:00"));
    assert_eq!(remind(&time, &[lead(60)]), 0, "begun");

    let time = InTime::new();
    let doctor = time.doctor("cardiology");
    time.set(monday("08:30"));
    time.book(&doctor, &time.patient(), monday("09:00"));
    assert_eq!(remind(&time, &[lead(60)]), 0, "whoever books half an hour before knows");
    time.set(monday("08:50"));
    assert_eq!(remind(&time, &[lead(10)]), 1);
}

#[test]
fn of_many_visits_every_one_is_reminded_of() {
    let time = InTime::new();
    for _ in 0..4 {
        time.fill(&time.doctor("cardiology"), "2030-01-07");
    }
    time.set(monday("07:30"));
    assert_eq!(remind(&time, &[lead(1_440)]), 4 * 32);
    assert_eq!(remind(&time, &[lead(1_440)]), 0);
    assert_eq!(remind(&time, &[]), 0);
}
