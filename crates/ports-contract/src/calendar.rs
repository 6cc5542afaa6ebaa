//! What [`Calendars`](doctor_booking_ports::Calendars) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use doctor_booking_domain::{
    Calendar, DateRange, Day, Doctor, DoctorAmendment, DoctorId, DoctorParts, NothingFree, Rules, Schedule, SearchKey,
    SlotStatus, Span,
};
use doctor_booking_ports::{CalendarFilter, ExceptionChange, Snapshot};

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

// Exceptions.

/// A doctor who works every day.
fn daily(store: &Fixture) -> Doctor {
    let rules = given::rules().with_hours(given::every_day("08:00", "18:00"));
    store.doctor_of(DoctorParts { rules, ..given::doctor() })
}

fn loaded(store: &Fixture, doctor: &Doctor, during: Span) -> Calendar {
    store.calendars.load(doctor.id(), during).expect("the store answers").expect("the doctor is there").calendar
}

/// Why the calendar has nothing free on a date.
fn reason(calendar: &Calendar, date: NaiveDate) -> Option<NothingFree> {
    calendar.days(DateRange::day(date), DateTime::<Utc>::UNIX_EPOCH)[0].reason
}

pub fn a_calendar_has_every_override_around_its_time(store: &Fixture) {
    let doctor = daily(store);
    let minute = given::stretch(given::monday(12, 0), 1);
    let around = Schedule::dates_around(minute);
    for date in around.dates() {
        store.except(&doctor, given::override_of(date, &[]));
    }
    let calendar = loaded(store, &doctor, minute);
    for date in around.dates() {
        assert_eq!(reason(&calendar, date), Some(NothingFree::ClosedOverride), "{date}");
    }
}

pub fn a_calendar_has_the_windows_of_its_overrides(store: &Fixture) {
    let (doctor, colleague) = (daily(store), daily(store));
    store.except(&doctor, given::override_of(given::january(7), &[("06:00", "07:00"), ("22:00", "02:00")]));
    store.except(&colleague, given::override_of(given::january(7), &[("08:00", "09:00")]));
    let starts = |doctor| {
        let days = store.calendar(doctor).calendar.days(DateRange::day(given::january(7)), given::now());
        days[0].slots.iter().map(|slot| slot.span.start()).collect::<Vec<_>>()
    };
    assert_eq!(starts(&doctor), [6, 22, 23].map(|hour| given::monday(hour, 0)));
    assert_eq!(starts(&colleague), [given::monday(8, 0)]);
}

pub fn an_override_of_the_week_before_moves_the_slots_of_a_doctor_who_never_closes(store: &Fixture) {
    // Without a break for more than a week slots are counted from Monday, else from where the work began.
    let rules = given::rules().with_hours(given::every_day("00:00", "24:00")).with_slot(given::slot(50));
    let doctor = store.doctor_of(DoctorParts { rules, ..given::doctor() });
    let sunday_night = given::monday(0, 0) - TimeDelta::minutes(50);
    let offers = |start| {
        let calendar = loaded(store, &doctor, given::stretch(start, 1));
        calendar.offer(start, given::now()).is_ok()
    };
    let offered_from = |start: DateTime<Utc>| {
        let last = (sunday_night - start).num_minutes() / 50 * 50;
        offers(start + TimeDelta::minutes(last))
    };
    let [monday_before, tuesday_before] =
        [given::monday(0, 0) - TimeDelta::days(7), given::monday(0, 0) - TimeDelta::days(6)];
    assert!(offered_from(monday_before) && !offered_from(tuesday_before));
    store.except(&doctor, given::override_of(monday_before.date_naive(), &[]));
    assert!(!offered_from(monday_before) && offered_from(tuesday_before));
}

pub fn a_calendar_has_all_time_off_that_overlaps_its_time(store: &Fixture) {
    let (noon, one) = (given::monday(12, 0), given::monday(13, 0));
    let span = |from, to| Span::new(from, to).expect("forwards");
    let week = TimeDelta::days(7);
    let moment = TimeDelta::microseconds(1);
    let during = span(noon, one);
    for (what, away) in [
        ("the same", during),
        ("inside", span(noon + moment, one - moment)),
        ("around", span(noon - week, one + week)),
        ("its start", span(noon - week, noon + moment)),
        ("its end", span(one - moment, one + week)),
    ] {
        let (doctor, colleague) = (daily(store), daily(store));
        store.away(&doctor, away);
        let blocks = |doctor| {
            let days = loaded(store, doctor, during).days(DateRange::day(given::january(7)), given::now());
            days[0].slots.iter().any(|slot| slot.span == during && slot.status == SlotStatus::Blocked)
        };
        assert!(blocks(&doctor), "{what}");
        assert!(!blocks(&colleague), "{what}, of a colleague");
    }
}

pub fn a_calendar_has_all_time_off_however_it_overlaps_itself(store: &Fixture) {
    let doctor = daily(store);
    let _long_ago = store.away(&doctor, given::stretch(given::monday(0, 0) - TimeDelta::days(300), 60));
    for (hour, minutes) in [(8, 60), (8, 60), (8, 30), (10, 240), (11, 30), (13, 120), (17, 60)] {
        store.away(&doctor, given::stretch(given::monday(hour, 0), minutes));
    }
    let days = store.calendar(&doctor).calendar.days(DateRange::day(given::january(7)), given::now());
    let free: Vec<_> = days[0].free().map(|slot| slot.span.start()).collect();
    assert_eq!(free, [9, 15, 16].map(|hour| given::monday(hour, 0)));
}

pub fn a_calendar_has_every_closure_around_its_time(store: &Fixture) {
    let doctor = daily(store);
    let minute = given::stretch(given::monday(12, 0), 1);
    let around = Schedule::dates_around(minute);
    for date in around.dates() {
        store.closed(date);
    }
    let calendar = loaded(store, &doctor, minute);
    for date in around.dates() {
        assert_eq!(reason(&calendar, date), Some(NothingFree::Closure), "{date}");
    }
}

pub fn a_calendar_follows_exceptions_that_come_and_go(store: &Fixture) {
    let doctor = daily(store);
    let nine = given::monday(9, 0);
    assert!(store.is_free(&doctor, nine));
    let away = store.away(&doctor, given::stretch(nine, 5));
    assert!(!store.is_free(&doctor, nine));
    store.except(&doctor, ExceptionChange::NoTimeOff(away.id));
    assert!(store.is_free(&doctor, nine));
    store.except(&doctor, given::override_of(given::january(7), &[("10:00", "12:00")]));
    assert!(!store.is_free(&doctor, nine));
    store.except(&doctor, ExceptionChange::NoOverride(given::january(7)));
    let closure = store.closed(given::january(7));
    assert!(!store.is_free(&doctor, nine));
    store.reopened(&closure);
    assert!(store.is_free(&doctor, nine));
}

// Many at once.

fn all(store: &Fixture, which: &CalendarFilter) -> Vec<Snapshot> {
    let during = DateRange::day(given::january(7)).reach();
    store.calendars.load_all(which, during).expect("the store answers")
}

fn whose(calendars: &[Snapshot]) -> Vec<DoctorId> {
    calendars.iter().map(|seen| seen.calendar.doctor()).collect()
}

fn sorted(doctors: &[&Doctor]) -> Vec<DoctorId> {
    let mut ids: Vec<_> = doctors.iter().map(|doctor| doctor.id()).collect();
    ids.sort_unstable();
    ids
}

fn only(doctors: &[&Doctor]) -> CalendarFilter {
    CalendarFilter { doctors: doctors.iter().map(|doctor| doctor.id()).collect(), ..CalendarFilter::default() }
}

fn specialty(text: &str) -> CalendarFilter {
    CalendarFilter { specialty: Some(SearchKey::of(text)), ..CalendarFilter::default() }
}

pub fn all_calendars_are_those_of_active_doctors_by_id(store: &Fixture) {
    assert!(all(store, &CalendarFilter::default()).is_empty());
    let doctors: Vec<_> = (0..7).map(|_| store.doctor()).collect();
    let rules = Rules { active: false, ..given::rules() };
    let retired = store.doctor_of(DoctorParts { rules, ..given::doctor() });
    let expected = sorted(&doctors.iter().collect::<Vec<_>>());
    assert_eq!(whose(&all(store, &CalendarFilter::default())), expected);
    assert!(all(store, &only(&[&retired])).is_empty());
}

pub fn calendars_are_filtered_by_doctor_and_specialty(store: &Fixture) {
    let of = |text| store.doctor_of(DoctorParts { specialty: given::specialty(text), ..given::doctor() });
    let [heart, capitals, children, _brain] = ["Cardiology", "CARDIOLOGY", "Pediatric cardiology", "Neurology"].map(of);
    assert_eq!(whose(&all(store, &specialty("cardioLogy"))), sorted(&[&heart, &capitals]));
    assert_eq!(whose(&all(store, &specialty("%"))), []);
    assert_eq!(whose(&all(store, &only(&[&children, &heart]))), sorted(&[&children, &heart]));
    assert_eq!(whose(&all(store, &only(&[&children, &children]))), [children.id()], "each once");
    let unknown = CalendarFilter { doctors: vec![given::doctor_id(), heart.id()], ..CalendarFilter::default() };
    assert_eq!(whose(&all(store, &unknown)), [heart.id()]);
    let both = CalendarFilter { doctors: vec![children.id(), capitals.id()], ..specialty("cardiology") };
    assert_eq!(whose(&all(store, &both)), [capitals.id()]);
}

pub fn each_of_all_calendars_is_the_one_that_is_loaded_alone(store: &Fixture) {
    let nights = given::rules().with_hours(given::workdays("20:00", "04:00")).with_slot(given::slot(45));
    let in_tokyo = Rules { zone: given::zone("Asia/Tokyo"), ..given::rules() };
    let doctors = [given::rules(), nights, in_tokyo, given::rules()]
        .map(|rules| store.doctor_of(DoctorParts { rules, ..given::doctor() }));
    let [busy, at_night, far, _idle] = &doctors;
    store.booked(busy, &store.patient(), given::monday(9, 0));
    store.cancel(&store.booked(busy, &store.patient(), given::monday(10, 0)));
    // As long as anything can last.
    let across = given::stretch(DateRange::day(given::january(7)).reach().start() - TimeDelta::hours(12), 24 * 60);
    store.try_book(at_night, &store.patient(), across).expect("the booking is stored");
    store.booked(far, &store.patient(), given::monday(1, 0));
    store.except(busy, given::override_of(given::january(8), &[("08:00", "10:00")]));
    store.away(at_night, given::stretch(given::monday(22, 0), 60));
    store.away(far, given::stretch(given::monday(0, 0) - TimeDelta::days(9), 60 * 24 * 10));
    store.closed(given::january(9));

    let found = all(store, &CalendarFilter::default());

    let dates = DateRange::new(given::january(5), given::january(9)).expect("forwards");
    assert_eq!(whose(&found), sorted(&doctors.iter().collect::<Vec<_>>()));
    for doctor in &doctors {
        let seen = found.iter().find(|seen| seen.calendar.doctor() == doctor.id()).expect("it is there");
        let alone = store.calendar(doctor);
        assert_eq!((seen.rules, seen.calendar.rules()), (alone.rules, alone.calendar.rules()));
        assert_eq!(seen.calendar.days(dates, given::now()), alone.calendar.days(dates, given::now()));
        let free = seen.calendar.days(dates, given::now()).iter().map(Day::free_count).sum::<usize>();
        assert!(free > 0, "there is something to compare");
    }
}

pub fn all_calendars_have_every_override_and_closure_around_their_time(store: &Fixture) {
    let doctors = [daily(store), daily(store)];
    let around = Schedule::dates_around(DateRange::day(given::january(7)).reach());
    let edges = [around.from(), around.to()];
    for date in edges {
        store.except(&doctors[0], given::override_of(date, &[]));
        store.closed(date);
    }
    for Snapshot { calendar, .. } in all(store, &CalendarFilter::default()) {
        let expected =
            if calendar.doctor() == doctors[0].id() { NothingFree::ClosedOverride } else { NothingFree::Closure };
        assert_eq!(edges.map(|date| reason(&calendar, date)), [Some(expected); 2]);
    }
}
