//! What [`Doctors`](doctor_booking_ports::Doctors) and [`Calendars`](doctor_booking_ports::Calendars) promise about
//! single dates: overrides and time off.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use doctor_booking_domain::{Booking, DateRange, Doctor, Exceptions, Overrides, Schedule, Span, TimeOff, Window};
use doctor_booking_ports::{ExceptionChange, PageRequest, RulesChange, SaveError, StoreBookingError};

use crate::{Fixture, given};

fn january() -> DateRange {
    DateRange::new(given::january(1), given::january(31)).expect("forwards")
}

fn overrides(store: &Fixture, doctor: &Doctor, dates: DateRange) -> Overrides {
    store.calendars.overrides(doctor.id(), dates).expect("the store answers")
}

/// The windows of Monday's own, if it has some.
fn monday(store: &Fixture, doctor: &Doctor) -> Option<Vec<Window>> {
    overrides(store, doctor, january()).on(given::january(7)).map(<[_]>::to_vec)
}

fn away(store: &Fixture, doctor: &Doctor) -> Vec<TimeOff> {
    let page = store.calendars.time_off(doctor.id(), &given::whole()).expect("the store answers");
    assert_eq!(page.next, None);
    page.items
}

fn find(store: &Fixture, away: &TimeOff) -> Option<TimeOff> {
    store.calendars.find_time_off(away.id).expect("the store answers")
}

fn dates_of(overrides: &Overrides) -> Vec<NaiveDate> {
    overrides.iter().map(|(date, _)| date).collect()
}

fn is_stale(store: &Fixture, change: &RulesChange) -> bool {
    matches!(store.doctors.save(change), Err(SaveError::Stale))
}

/// From 10 to 11 on Monday.
fn ten() -> Span {
    given::stretch(given::monday(10, 0), 60)
}

// Overrides.

pub fn overrides_are_found_as_stored(store: &Fixture) {
    let doctor = store.doctor();
    let mut expected = Overrides::default();
    for (day, windows) in [
        (1, &[("08:00", "11:00"), ("11:00", "13:30"), ("15:00", "15:05")][..]),
        (2, &[]),
        (6, &[("00:00", "24:00")]),
        (7, &[("22:00", "06:00")]),
        (8, &[("22:00", "00:00")]),
        (31, &[("08:00", "11:00"), ("08:00", "12:00"), ("10:00", "24:00"), ("23:59", "23:58")]),
    ] {
        let date = given::january(day);
        store.except(&doctor, given::override_of(date, windows));
        expected = expected.with(date, windows.iter().map(|(start, end)| given::window(start, end)).collect());
    }
    assert_eq!(overrides(store, &doctor, january()), expected);
}

pub fn windows_of_an_override_are_found_in_order_and_once(store: &Fixture) {
    let doctor = store.doctor();
    let mixed = [("13:00", "14:00"), ("08:00", "12:00"), ("13:00", "14:00"), ("08:00", "11:00")];
    store.except(&doctor, given::override_of(given::january(7), &mixed));
    let in_order = [("08:00", "11:00"), ("08:00", "12:00"), ("13:00", "14:00")];
    assert_eq!(monday(store, &doctor), Some(in_order.map(|(start, end)| given::window(start, end)).to_vec()));
}

pub fn overrides_are_found_on_the_dates_that_were_asked_about(store: &Fixture) {
    let doctor = store.doctor();
    for day in 5..=9 {
        store.except(&doctor, given::override_of(given::january(day), &[]));
    }
    let found = |from, to| {
        let dates = DateRange::new(given::january(from), given::january(to)).expect("forwards");
        dates_of(&overrides(store, &doctor, dates))
    };
    assert_eq!(found(6, 8), [6, 7, 8].map(given::january));
    assert_eq!(found(9, 31), [given::january(9)]);
    assert_eq!(found(10, 31), []);
}

pub fn overrides_are_one_doctors_own(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    store.except(&doctor, given::override_of(given::january(7), &[]));
    store.except(&colleague, given::override_of(given::january(8), &[("08:00", "09:00")]));
    assert_eq!(dates_of(&overrides(store, &doctor, january())), [given::january(7)]);
    assert_eq!(dates_of(&overrides(store, &colleague, january())), [given::january(8)]);
    let nobody = store.calendars.overrides(given::doctor_id(), january());
    assert_eq!(nobody.expect("the store answers"), Overrides::default());
}

pub fn an_override_takes_the_place_of_the_one_before(store: &Fixture) {
    let doctor = store.doctor();
    store.except(&doctor, given::override_of(given::january(8), &[("08:00", "09:00")]));
    for windows in [&[("08:00", "11:00"), ("13:00", "16:00")][..], &[("08:00", "10:00")], &[], &[("13:00", "14:00")]] {
        store.except(&doctor, given::override_of(given::january(7), windows));
        let windows = windows.iter().map(|(start, end)| given::window(start, end)).collect();
        assert_eq!(monday(store, &doctor), Some(windows));
    }
    let other = overrides(store, &doctor, DateRange::day(given::january(8)));
    assert_eq!(other.on(given::january(8)), Some(&[given::window("08:00", "09:00")][..]));
}

pub fn a_date_without_its_override_has_the_weeks_windows_again(store: &Fixture) {
    let doctor = store.doctor();
    let kept = given::override_of(given::january(8), &[]);
    for what in [given::override_of(given::january(7), &[("08:00", "09:00")]), kept] {
        store.except(&doctor, what);
    }
    assert!(!store.is_free(&doctor, given::monday(9, 0)));
    store.except(&doctor, ExceptionChange::NoOverride(given::january(7)));
    assert_eq!(dates_of(&overrides(store, &doctor, january())), [given::january(8)]);
    assert!(store.is_free(&doctor, given::monday(9, 0)));
}

pub fn taking_away_an_override_that_is_not_there_is_stale_and_stores_nothing(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    store.except(&doctor, given::override_of(given::january(8), &[]));
    store.except(&colleague, given::override_of(given::january(7), &[]));
    let before = store.seen(&doctor);
    assert!(is_stale(store, &store.exception(&doctor, ExceptionChange::NoOverride(given::january(7)))));
    assert_eq!(store.seen(&doctor), before);
    assert_eq!(monday(store, &colleague), Some(vec![]), "somebody else's stays");
}

// Time off.

pub fn time_off_is_found_as_stored(store: &Fixture) {
    let doctor = store.doctor();
    let away = TimeOff {
        reason: Some(given::reason("Þjálfun & „Kongress“,\n\tin 'Wien' 🎿 %_\\")),
        created_at: given::later(),
        span: Span::new(
            given::monday(10, 0) + TimeDelta::microseconds(1),
            given::monday(10, 0) + TimeDelta::days(40) + TimeDelta::microseconds(999_999),
        )
        .expect("forwards"),
        ..given::time_off(&doctor, ten())
    };
    store.except(&doctor, ExceptionChange::TimeOff(away.clone()));
    let without_reason = store.away(&doctor, ten());
    assert_eq!(find(store, &away), Some(away.clone()));
    assert_eq!(find(store, &without_reason), Some(without_reason.clone()));
    assert_eq!(self::away(store, &doctor), [without_reason, away]);
}

pub fn time_off_that_is_not_there_is_not_found(store: &Fixture) {
    let doctor = store.doctor();
    store.away(&doctor, ten());
    assert_eq!(find(store, &given::time_off(&doctor, ten())), None);
    assert_eq!(away(store, &store.doctor()), []);
    let nobody = store.calendars.time_off(given::doctor_id(), &given::whole()).expect("the store answers");
    assert_eq!((nobody.items, nobody.next), (vec![], None));
}

pub fn time_off_is_listed_by_start_then_id(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    let mut expected = Vec::new();
    for start in [12, 9, 10, 9, 11, 9] {
        store.away(&colleague, given::stretch(given::monday(start, 0), 30));
        expected.push(store.away(&doctor, given::stretch(given::monday(start, 0), 60)));
    }
    expected.push(store.away(&doctor, given::stretch(given::monday(9, 0) + TimeDelta::microseconds(1), 5)));
    expected.sort_by_key(|away| (away.span.start(), away.id));
    assert_eq!(away(store, &doctor), expected);
    for most in 1..=8 {
        let read = given::read_by(most, |page| store.calendars.time_off(doctor.id(), page));
        assert_eq!(read, expected, "in pages of {most}");
    }
}

pub fn pages_of_time_off_stay_right_while_time_off_is_added(store: &Fixture) {
    let doctor = store.doctor();
    let add = |hour: u32| store.away(&doctor, given::stretch(given::monday(hour, 0), 90));
    let [eight, ten, twelve, two] = [8, 10, 12, 14].map(add);
    let page = |after| {
        let request = PageRequest { after, limit: given::limit(2) };
        let page = store.calendars.time_off(doctor.id(), &request).expect("the store answers");
        (page.items, page.next)
    };

    let (first, next) = page(None);
    let [_seven, _nine, eleven] = [7, 9, 11].map(add);
    let (second, after_that) = page(next);
    let (third, end) = page(after_that);

    assert_eq!([first, second, third], [vec![eight, ten], vec![eleven, twelve], vec![two]]);
    assert_eq!(end, None);
}

pub fn of_time_off_at_the_same_time_each_can_be_taken_away_alone(store: &Fixture) {
    let doctor = store.doctor();
    let [one, other] = [store.away(&doctor, ten()), store.away(&doctor, ten())];

    store.except(&doctor, ExceptionChange::NoTimeOff(one.id));

    assert_eq!((find(store, &one), find(store, &other)), (None, Some(other.clone())));
    assert!(!store.is_free(&doctor, ten().start()), "the doctor is still away");
    store.except(&doctor, ExceptionChange::NoTimeOff(other.id));
    assert!(store.is_free(&doctor, ten().start()));
}

pub fn taking_away_time_off_that_is_not_there_is_stale_and_stores_nothing(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    store.away(&doctor, ten());
    let theirs = store.away(&colleague, ten());
    let before = store.seen(&doctor);
    for id in [given::time_off_id(), theirs.id] {
        assert!(is_stale(store, &given::exception(ExceptionChange::NoTimeOff(id), None, &before)));
    }
    assert_eq!(store.seen(&doctor), before);
    assert_eq!(find(store, &theirs), Some(theirs));
}

pub fn no_time_off_takes_the_place_of_another_with_its_id(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    let stored = store.away(&doctor, ten());
    for doctor in [doctor, colleague] {
        let before = store.seen(&doctor);
        let noon = given::stretch(given::monday(12, 0), 60);
        let same_id = TimeOff { id: stored.id, ..given::time_off(&doctor, noon) };
        let change = store.exception(&doctor, ExceptionChange::TimeOff(same_id));
        assert!(matches!(store.doctors.save(&change), Err(SaveError::Unavailable(_))));
        assert_eq!(store.seen(&doctor), before, "nothing of it is stored");
    }
    assert_eq!(find(store, &stored), Some(stored));
}

// Stored with the doctor.

/// One of each kind of change, on Monday at ten.
fn one_of_each(store: &Fixture, doctor: &Doctor) -> [ExceptionChange; 4] {
    store.except(doctor, given::override_of(given::january(8), &[]));
    let gone = store.away(doctor, ten());
    [
        given::override_of(given::january(7), &[("12:00", "18:00")]),
        ExceptionChange::NoOverride(given::january(8)),
        ExceptionChange::TimeOff(given::time_off(doctor, ten())),
        ExceptionChange::NoTimeOff(gone.id),
    ]
}

pub fn every_exception_raises_the_revision_and_makes_what_was_decided_before_stale(store: &Fixture) {
    let doctor = store.doctor();
    for what in one_of_each(store, &doctor) {
        let before = store.seen(&doctor).doctor;
        let (booking, rules) = store.offered(&doctor, &store.patient(), given::monday(16, 0));
        let change = store.exception(&doctor, what);

        store.doctors.save(&change).expect("the change is saved");

        assert_eq!(store.seen(&doctor).doctor, before.revised(given::later()), "and nothing else about the doctor");
        assert!(matches!(store.put(&booking, rules), Err(StoreBookingError::Stale)));
        assert!(is_stale(store, &change), "nor is it made twice");
    }
}

pub fn a_stale_exception_stores_nothing(store: &Fixture) {
    let doctor = store.doctor();
    let whats = one_of_each(store, &doctor);
    let kept = store.booked(&doctor, &store.patient(), given::monday(15, 0));
    let changes = whats.map(|what| store.exception(&doctor, what));
    store.booked(&doctor, &store.patient(), given::monday(16, 0));
    let before = store.seen(&doctor);
    let away_before = away(store, &doctor);
    for change in changes {
        assert!(is_stale(store, &change), "a booking came");
    }
    assert_eq!(store.seen(&doctor), before);
    assert_eq!(away(store, &doctor), away_before);
    assert_eq!(store.found(&kept), Some(kept));
}

pub fn an_exception_marks_the_bookings_it_leaves_outside_and_takes_marks_away_again(store: &Fixture) {
    let doctor = store.doctor();
    let (nine, at_ten) = (given::monday(9, 0), ten().start());
    let inside = store.booked(&doctor, &store.patient(), nine);
    let outside = store.booked(&doctor, &store.patient(), at_ten);
    let is_marked = |booking: &Booking| store.found(booking).expect("the booking is there").parts().outside_hours;

    store.except(&doctor, given::override_of(given::january(7), &[("08:00", "10:00")]));
    assert!(!is_marked(&inside) && is_marked(&outside));
    let away = store.away(&doctor, given::stretch(at_ten, 30));
    store.except(&doctor, ExceptionChange::NoOverride(given::january(7)));
    assert!(!is_marked(&inside) && is_marked(&outside), "the doctor is away");
    store.except(&doctor, ExceptionChange::NoTimeOff(away.id));
    assert!(!is_marked(&inside) && !is_marked(&outside));
    assert_eq!(store.found(&inside), Some(inside), "what did not change was not touched");
}

// Seen with the doctor.

pub fn an_outlook_has_the_time_off_that_ends_later(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    let from_now = |minutes, length| given::stretch(given::now() + TimeDelta::minutes(minutes), length);
    let _over = store.away(&doctor, from_now(-120, 60));
    let _ends_now = store.away(&doctor, from_now(-60, 60));
    store.away(&colleague, from_now(0, 60));
    let expected = [from_now(-60 * 24 * 400, 60 * 24 * 400 + 1), from_now(0, 10), from_now(0, 10), from_now(1440, 60)];
    for span in expected {
        store.away(&doctor, span);
    }
    let mut found = store.seen(&doctor).exceptions.time_off;
    found.sort_unstable();
    assert_eq!(found, expected);
}

pub fn an_outlook_has_every_override_and_closure_that_can_matter_later(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    let first = Schedule::dates_since(given::now());
    let dates = [first, given::now().date_naive(), given::january(7), first + Days::new(4_000)];
    for date in dates {
        store.except(&doctor, given::override_of(date, &[("08:00", "09:00")]));
        store.closed(date);
    }
    store.closed(given::january(7));
    store.except(&colleague, given::override_of(given::january(9), &[]));

    let Exceptions { overrides, mut closures, .. } = store.seen(&doctor).exceptions;

    closures.sort_unstable();
    assert_eq!(dates_of(&overrides), dates);
    assert!(dates.iter().all(|&date| overrides.on(date) == Some(&[given::window("08:00", "09:00")])));
    let [first, today, monday, last] = dates;
    assert_eq!(closures, [first, today, monday, monday, last], "each as often as there are closures on it");
}

pub fn an_outlook_is_as_of_any_moment(store: &Fixture) {
    let doctor = store.doctor();
    let away = store.away(&doctor, ten());
    for (as_of, expected) in [
        (DateTime::<Utc>::UNIX_EPOCH, vec![away.span]),
        (ten().end() - TimeDelta::microseconds(1), vec![away.span]),
        (ten().end(), vec![]),
    ] {
        let seen = store.doctors.outlook(doctor.id(), as_of).expect("the store answers").expect("the doctor is there");
        assert_eq!((seen.upcoming.as_of, seen.exceptions.time_off), (as_of, expected));
    }
}
