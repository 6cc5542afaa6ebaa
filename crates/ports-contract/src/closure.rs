//! What [`Closures`](doctor_booking_ports::Closures) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Booking, Closure, ClosureName, DateRange, Doctor, DoctorId, DoctorParts, Rules, Span};
use doctor_booking_ports::{ClosureChange, ClosureStep, Outlook, PageRequest, SaveError, StoreBookingError};

use crate::{Fixture, given};

fn find(store: &Fixture, closure: &Closure) -> Option<Closure> {
    store.closures.find(closure.id).expect("the store answers")
}

fn listed(store: &Fixture) -> Vec<Closure> {
    let page = store.closures.list(&given::whole()).expect("the store answers");
    assert_eq!(page.next, None);
    page.items
}

/// What a closure of Monday has to look at.
fn outlooks(store: &Fixture) -> Vec<Outlook> {
    store.closures.outlooks(given::january(7), given::now()).expect("the store answers")
}

fn as_found(store: &Fixture, doctor: &Doctor) -> Doctor {
    store.doctors.find(doctor.id()).expect("the store answers").expect("the doctor is there")
}

/// A closure of Monday, decided on everything there is.
fn closing(store: &Fixture) -> ClosureChange {
    store.closing(ClosureStep::Add(given::closure(given::january(7))))
}

fn is_stale(store: &Fixture, change: &ClosureChange) -> bool {
    matches!(store.closures.save(change), Err(SaveError::Stale))
}

/// Everything of the Monday on which it could lie in any zone.
fn reach() -> Span {
    DateRange::day(given::january(7)).reach()
}

// Found as stored.

pub fn a_closure_is_found_as_stored(store: &Fixture) {
    let closure = Closure {
        name: ClosureName::parse("Þjóðhátíðardagurinn, \"17. júní\" 🎉 'x' %_\\").expect("a name"),
        created_at: given::later(),
        ..given::closure(given::january(7))
    };
    let change = store.closing(ClosureStep::Add(closure.clone()));
    store.closures.save(&change).expect("the closure is saved");
    assert_eq!(find(store, &closure), Some(closure.clone()));
    assert_eq!(listed(store), [closure]);
}

pub fn a_closure_that_is_not_there_is_not_found(store: &Fixture) {
    assert_eq!(listed(store), []);
    store.closed(given::january(7));
    assert_eq!(find(store, &given::closure(given::january(7))), None);
}

pub fn closures_are_listed_by_date_then_id(store: &Fixture) {
    let days = [9, 7, 31, 7, 1, 7, 8];
    let mut expected: Vec<_> = days.iter().map(|&day| store.closed(given::january(day))).collect();
    expected.sort_by_key(|closure| (closure.date, closure.id));
    assert_eq!(listed(store), expected);
    for most in 1..=8 {
        assert_eq!(given::read_by(most, |page| store.closures.list(page)), expected, "in pages of {most}");
    }
}

pub fn pages_of_closures_stay_right_while_closures_are_added(store: &Fixture) {
    let [second, fourth, sixth, eighth] = [2, 4, 6, 8].map(|day| store.closed(given::january(day)));
    let page = |after| {
        let page = store.closures.list(&PageRequest { after, limit: given::limit(2) }).expect("the store answers");
        (page.items, page.next)
    };

    let (first_page, next) = page(None);
    let [_first, _third, fifth] = [1, 3, 5].map(|day| store.closed(given::january(day)));
    let (second_page, after_that) = page(next);
    let (third_page, end) = page(after_that);

    assert_eq!([first_page, second_page, third_page], [vec![second, fourth], vec![fifth, sixth], vec![eighth]]);
    assert_eq!(end, None);
}

pub fn of_closures_on_one_date_each_can_be_taken_away_alone(store: &Fixture) {
    let doctor = store.doctor();
    let [one, other] = [store.closed(given::january(7)), store.closed(given::january(7))];

    store.reopened(&one);

    assert_eq!((find(store, &one), find(store, &other)), (None, Some(other.clone())));
    assert!(!store.is_free(&doctor, given::monday(9, 0)), "it is still closed");
    store.reopened(&other);
    assert_eq!(listed(store), []);
    assert!(store.is_free(&doctor, given::monday(9, 0)));
}

pub fn taking_away_a_closure_that_is_not_there_is_stale_and_stores_nothing(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let closure = store.closed(given::january(7));
    let taking_away = store.closing(ClosureStep::Remove(closure.clone()));
    store.closures.save(&taking_away).expect("it is there");
    let before = (as_found(store, &doctor), store.found(&booking));

    let again = store.closing(ClosureStep::Remove(closure));
    assert!(is_stale(store, &again));
    assert!(is_stale(store, &store.closing(ClosureStep::Remove(given::closure(given::january(20))))));
    assert_eq!((as_found(store, &doctor), store.found(&booking)), before);
}

pub fn no_closure_takes_the_place_of_another_with_its_id(store: &Fixture) {
    let doctor = store.doctor();
    let stored = store.closed(given::january(7));
    let before = as_found(store, &doctor);
    let same_id = Closure { id: stored.id, ..given::closure(given::january(8)) };
    let saved = store.closures.save(&store.closing(ClosureStep::Add(same_id)));
    assert!(matches!(saved, Err(SaveError::Unavailable(_))), "{saved:?}");
    assert_eq!(listed(store), [stored]);
    assert_eq!(as_found(store, &doctor), before);
}

// What it does to everybody.

pub fn a_closure_that_comes_or_goes_raises_every_doctors_revision(store: &Fixture) {
    let rules = Rules { active: false, ..given::rules() };
    let with_booking = store.doctor();
    store.booked(&with_booking, &store.patient(), given::monday(9, 0));
    let doctors = [with_booking, store.doctor(), store.doctor_of(DoctorParts { rules, ..given::doctor() })];

    let closure = store.closed(given::january(7));
    let once = doctors.each_ref().map(|doctor| doctor.revised(given::now()));
    assert_eq!(doctors.each_ref().map(|doctor| as_found(store, doctor)), once, "and nothing else about them");

    store.reopened(&closure);
    let twice = once.map(|doctor| doctor.revised(given::now()));
    assert_eq!(doctors.each_ref().map(|doctor| as_found(store, doctor)), twice);
}

pub fn what_was_decided_before_a_closure_came_or_went_is_stale(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    for step in [None, Some(store.closed(given::january(21)))] {
        let (booking, rules) = store.offered(&doctor, &patient, given::monday(9, 0));
        let hours = given::workdays("08:00", "12:00");
        let seen = store.seen(&doctor);
        let change = given::change(seen.doctor.with_hours(hours, given::later()), &seen);

        match step {
            None => drop(store.closed(given::january(14))),
            Some(closure) => store.reopened(&closure),
        }

        assert!(matches!(store.put(&booking, rules), Err(StoreBookingError::Stale)));
        assert!(matches!(store.doctors.save(&change), Err(SaveError::Stale)));
        assert_eq!(store.found(&booking), None);
    }
}

pub fn a_closure_marks_the_bookings_it_leaves_outside_and_gives_way_again(store: &Fixture) {
    let doctor = store.doctor();
    let (nine, day) = (given::monday(9, 0), TimeDelta::days(1));
    let [before, on_it, also, after] = [nine - day, nine, given::monday(10, 0), nine + day].map(|start| {
        store.try_book(&doctor, &store.patient(), given::stretch(start, 60)).expect("the booking is stored")
    });
    let change = closing(store);
    assert_eq!(change.bookings.len(), 4, "all of them may lie on the date");

    store.closures.save(&change).expect("the closure is saved");

    let marked = |booking: &Booking| change.marked.iter().find(|marked| marked.id() == booking.id()).cloned();
    for booking in [&on_it, &also] {
        let found = store.found(booking).expect("the booking is there");
        assert!(found.parts().outside_hours);
        assert_eq!(Some(found), marked(booking), "one revision later, changed when the closure came");
    }
    assert_eq!(store.found(&after), Some(after), "the day after is as it was");
    assert!(store.found(&before).expect("the booking is there").parts().outside_hours, "nobody works on Sundays");
    let busy = store.try_book(&as_found(store, &doctor), &store.patient(), on_it.span());
    assert!(matches!(busy, Err(StoreBookingError::DoctorBusy)), "a marked booking still occupies");

    store.reopened(change.step.closure());
    for booking in [&on_it, &also] {
        let found = store.found(booking).expect("the booking is there");
        assert!(!found.parts().outside_hours);
        assert_eq!(found.revision().number(), 3);
    }
}

pub fn a_closure_marks_many_bookings_of_many_doctors_at_once(store: &Fixture) {
    let mut bookings = Vec::new();
    for _ in 0..12 {
        let doctor = store.doctor();
        bookings.extend((8..18).map(|hour| store.booked(&doctor, &store.patient(), given::monday(hour, 0))));
    }
    let closure = store.closed(given::january(7));
    let is_marked = |booking: &Booking| store.found(booking).expect("the booking is there").parts().outside_hours;
    assert!(bookings.iter().all(is_marked));
    store.reopened(&closure);
    assert!(!bookings.iter().any(is_marked));
}

// What it has to look at.

pub fn a_closure_looks_at_everybody_who_is_booked_around_its_date(store: &Fixture) {
    let rules = Rules { active: false, ..given::rules() };
    let (start, end) = (reach().start(), reach().end());
    let moment = TimeDelta::microseconds(1);
    let span = |from, to| Span::new(from, to).expect("forwards");
    let book = |doctor: Doctor, span: Span| {
        store.try_book(&doctor, &store.patient(), span).map(|_| doctor.id()).expect("the booking is stored")
    };
    let mut expected = [
        book(store.doctor(), given::stretch(given::monday(9, 0), 60)),
        book(store.doctor_of(DoctorParts { rules, ..given::doctor() }), given::stretch(given::monday(3, 0), 5)),
        book(store.doctor(), span(start - TimeDelta::hours(23), start + moment)),
        book(store.doctor(), span(end - moment, end + TimeDelta::hours(23))),
        book(store.doctor(), span(end - TimeDelta::hours(12), end + TimeDelta::hours(12))),
    ];
    let _idle = store.doctor();
    book(store.doctor(), span(start - TimeDelta::hours(1), start));
    book(store.doctor(), span(end, end + TimeDelta::hours(1)));
    let doctor = store.doctor();
    store.cancel(&store.booked(&doctor, &store.patient(), given::monday(9, 0)));

    let mut found: Vec<DoctorId> = outlooks(store).iter().map(|outlook| outlook.doctor.id()).collect();

    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}

pub fn a_closure_looks_at_the_bookings_that_end_later(store: &Fixture) {
    let doctor = store.doctor();
    let book = |hour, minutes| {
        let span = given::stretch(given::monday(hour, 0), minutes);
        store.try_book(&doctor, &store.patient(), span).expect("the booking is stored")
    };
    let [_over, _ends_then, under_way, to_come] = [(7, 60), (8, 60), (9, 61), (12, 60)].map(|(h, m)| book(h, m));
    let looked_at = |as_of: DateTime<Utc>| {
        let seen = store.closures.outlooks(given::january(7), as_of).expect("the store answers");
        assert!(seen.iter().all(|seen| seen.upcoming.as_of == as_of && seen.doctor == doctor));
        let mut bookings: Vec<_> = seen.into_iter().flat_map(|seen| seen.upcoming.bookings).collect();
        bookings.sort_by_key(Booking::span);
        bookings
    };
    assert_eq!(looked_at(given::monday(9, 0)), [under_way, to_come.clone()]);
    assert_eq!(looked_at(given::monday(10, 1)), [to_come]);
    assert_eq!(looked_at(given::monday(13, 0)), []);
    assert_eq!(looked_at(reach().end() + TimeDelta::days(1)), []);
}

pub fn a_closure_looks_at_each_doctors_exceptions(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    for doctor in [&doctor, &colleague] {
        store.booked(doctor, &store.patient(), given::monday(9, 0));
    }
    // It began on the date before, where another exception can matter.
    let long_ago = given::monday(1, 0) - TimeDelta::hours(24);
    let long = Span::new(long_ago, given::monday(1, 0)).expect("forwards");
    store.try_book(&doctor, &store.patient(), long).expect("the booking is stored");
    store.except(&doctor, given::override_of(long_ago.date_naive(), &[("00:00", "24:00")]));
    store.except(&doctor, given::override_of(given::january(7), &[("08:00", "09:00")]));
    store.except(&colleague, given::override_of(given::january(5), &[]));
    let mut away = [given::stretch(long_ago - TimeDelta::hours(1), 61), given::stretch(given::monday(9, 30), 60)];
    for span in away {
        store.away(&doctor, span);
    }
    for date in [long_ago.date_naive(), given::january(7), given::january(7)] {
        store.closed(date);
    }

    let seen = outlooks(store);

    let of = |doctor: &Doctor| {
        let mut seen = seen.iter().find(|seen| seen.doctor.id() == doctor.id()).expect("it is looked at").clone();
        seen.exceptions.time_off.sort_unstable();
        seen.exceptions.closures.sort_unstable();
        assert_eq!(seen.doctor, as_found(store, doctor));
        seen.exceptions
    };
    let (theirs, others) = (of(&doctor), of(&colleague));
    away.sort_unstable();
    assert_eq!(theirs.time_off, away);
    assert_eq!(theirs.overrides.on(long_ago.date_naive()), Some(&[given::window("00:00", "24:00")][..]));
    assert_eq!(theirs.overrides.on(given::january(7)), Some(&[given::window("08:00", "09:00")][..]));
    assert_eq!(theirs.overrides.on(given::january(5)), None);
    assert_eq!(theirs.closures, [long_ago.date_naive(), given::january(7), given::january(7)]);
    assert_eq!((others.time_off, others.overrides.on(given::january(5))), (vec![], Some(&[][..])));
    assert_eq!(others.overrides.on(given::january(7)), None);
}

pub fn where_nobody_is_booked_a_closure_looks_at_nobody(store: &Fixture) {
    assert_eq!(outlooks(store), []);
    store.doctor();
    assert_eq!(outlooks(store), []);
}

// Stale, and nothing is stored.

/// Whether the closure is refused as stale and leaves nothing behind.
fn is_stale_and_stores_nothing(store: &Fixture, change: &ClosureChange, doctors: &[&Doctor]) -> bool {
    let everything = || {
        let doctors: Vec<_> = doctors.iter().map(|doctor| store.seen(doctor)).collect();
        (doctors, listed(store))
    };
    let before = everything();
    is_stale(store, change) && everything() == before
}

pub fn a_closure_that_did_not_look_at_a_new_booking_is_stale(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let change = closing(store);
    let new = store.booked(&colleague, &store.patient(), given::monday(10, 0));
    assert!(is_stale_and_stores_nothing(store, &change, &[&doctor, &colleague]), "of somebody else");
    store.cancel(&new);
    store.booked(&doctor, &store.patient(), given::monday(10, 0));
    assert!(is_stale_and_stores_nothing(store, &change, &[&doctor, &colleague]), "of the same doctor");
}

pub fn a_closure_that_looked_at_a_booking_since_cancelled_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let booking = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let change = closing(store);
    store.cancel(&booking);
    assert!(is_stale_and_stores_nothing(store, &change, &[&doctor]));
    assert_eq!(store.found(&booking), Some(given::cancelled(&booking)), "it stays cancelled");
    store.booked(&doctor, &store.patient(), given::monday(10, 0));
    assert!(is_stale_and_stores_nothing(store, &change, &[&doctor]), "as many bookings, but not the same");
}

pub fn a_closure_that_looked_at_another_revision_of_a_booking_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let mut change = closing(store);
    change.bookings[0].1 = change.bookings[0].1.next();
    change.marked = vec![];
    assert!(is_stale_and_stores_nothing(store, &change, &[&doctor]));
}

pub fn a_closure_that_looked_at_a_doctor_who_has_since_changed_is_stale(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    for doctor in [&doctor, &colleague] {
        store.booked(doctor, &store.patient(), given::monday(9, 0));
    }
    let change = closing(store);
    assert_eq!(change.doctors.len(), 2);
    store.change(&colleague.with_hours(given::workdays("08:00", "17:00"), given::later()));
    assert!(is_stale_and_stores_nothing(store, &change, &[&doctor, &colleague]), "other hours");
    let change = closing(store);
    store.away(&doctor, given::stretch(given::monday(17, 0), 60));
    assert!(is_stale_and_stores_nothing(store, &change, &[&doctor, &colleague]), "time off");
    let change = closing(store);
    store.closed(given::january(20));
    assert!(is_stale_and_stores_nothing(store, &change, &[&doctor, &colleague]), "another closure");
}

pub fn a_closure_that_looked_at_a_doctor_who_is_not_there_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let nobody = Doctor::from_parts(given::doctor());
    let mut change = closing(store);
    change.doctors.push((nobody.id(), nobody.revision()));
    assert!(is_stale_and_stores_nothing(store, &change, &[&doctor]));
}

pub fn a_closure_need_not_look_at_what_is_over_or_cancelled_or_of_another_week(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    let mut change = closing(store);
    change.as_of = given::monday(9, 0);
    let over = given::stretch(given::monday(8, 0), 60);
    store.try_book(&doctor, &store.patient(), over).expect("the booking is stored");
    store.cancel(&store.booked(&doctor, &store.patient(), given::monday(10, 0)));
    let next_week = store.booked(&doctor, &store.patient(), given::monday(9, 0) + TimeDelta::days(7));
    store.change(&colleague.with_hours(given::workdays("08:00", "17:00"), given::later()));

    store.closures.save(&change).expect("the closure is saved");

    assert_eq!(store.found(&next_week), Some(next_week));
    assert_eq!(as_found(store, &colleague).revision().number(), 3);
}
