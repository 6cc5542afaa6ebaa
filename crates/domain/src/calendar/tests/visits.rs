//! Visits of a type: buffers, steps, notice, horizon, and doctors who are shared.

use super::*;
use crate::{Buffer, Capacity, Footprint, Horizon, Notice, VisitTypeName};

const MONDAY: &str = "2026-06-01";

fn visit_type(minutes: u16, change: impl FnOnce(&mut Terms)) -> VisitType {
    let mut terms = Terms::plain(SlotLength::from_minutes(minutes).expect("in range"));
    change(&mut terms);
    let name = VisitTypeName::parse("Check-up").expect("a name");
    VisitType::new(VisitTypeId::from_u128(1), name, terms, at(LONG_AGO)).expect("it can be booked")
}

fn minutes(minutes: u16) -> Option<SlotLength> {
    SlotLength::from_minutes(minutes).ok()
}

fn footprint(before: u16, after: u16, capacity: u8) -> Footprint {
    let buffer = |minutes| Buffer::new(minutes).expect("in range");
    let capacity = Capacity::new(capacity).expect("in range");
    Footprint { before: buffer(before), after: buffer(after), capacity }
}

fn notice(minutes: u32) -> impl FnOnce(&mut Terms) {
    move |terms| terms.notice = Notice::new(minutes).expect("in range")
}

fn horizon(days: u16) -> impl FnOnce(&mut Terms) {
    move |terms| terms.horizon = Horizon::new(days).ok()
}

fn local(time: &str) -> DateTime<Utc> {
    at(&format!("{MONDAY}T{time}:00+02:00"))
}

/// A visit of this footprint on the Monday.
fn busy(start: &str, end: &str, footprint: Footprint) -> Busy {
    let visit = Span::new(local(start), local(end)).expect("forwards");
    Busy { span: footprint.occupied(visit), capacity: footprint.capacity, held_until: None }
}

/// Berlin, Mondays 9–12 in half hours.
fn monday(busy: Vec<Busy>) -> Calendar {
    let rules = rules("Europe/Berlin", weekly(&[(Weekday::Mon, "09:00", "12:00")]));
    Calendar::new(DoctorId::from_u128(1), rules.with_slot(minutes(30).expect("in range")), busy)
}

fn around_the_clock() -> Calendar {
    calendar(rules("Europe/Berlin", every_day("00:00", "24:00")))
}

/// The first free start on the doctor's clock, among slots of half an hour.
fn first_free(calendar: &Calendar, visit: &VisitType, now: &str) -> Option<String> {
    let calendar = calendar.clone().for_visits(visit);
    let zone = calendar.rules().zone.clone();
    let today = zone.date(at(now));
    let week = DateRange::new(today, today + TimeDelta::days(7)).expect("forwards");
    calendar.next_free(week, at(now), at(now)).map(|slot| zone.local(slot.span.start()).to_rfc3339())
}

#[test]
fn buffers_keep_the_neighbours_away_and_may_reach_outside_hours() {
    let buffers = footprint(10, 5, 1);
    let type_of = visit_type(30, |terms| (terms.footprint, terms.step) = (buffers, minutes(15)));
    let calendar = monday(vec![busy("10:00", "10:30", buffers)]).for_visits(&type_of);
    assert_eq!(free_times(&calendar, MONDAY), ["09:00", "09:15", "10:45", "11:00", "11:15", "11:30"]);
    let offer = calendar.offer(local("09:15"), at(LONG_AGO)).expect("it is free");
    let booking = offer.for_patient(crate::BookingId::from_u128(2), crate::PatientId::from_u128(3), None, at(LONG_AGO));
    assert_eq!((booking.parts().visit_type, booking.parts().footprint), (Some(type_of.id()), buffers));
    assert_eq!(booking.busy(), busy("09:15", "09:45", buffers));
}

#[test]
fn a_step_is_how_far_apart_slots_begin_and_the_length_how_long_they_last() {
    let longer = visit_type(45, |terms| terms.step = minutes(30));
    let calendar = monday(vec![]).for_visits(&longer);
    assert_eq!(free_times(&calendar, MONDAY), ["09:00", "09:30", "10:00", "10:30", "11:00"]);
    assert_eq!(calendar.offer(local("09:15"), at(LONG_AGO)).expect_err("between").all(), [Refusal::OffGrid]);
    assert_eq!(calendar.offer(local("11:30"), at(LONG_AGO)).expect_err("late").all(), [Refusal::OutsideWorkingHours]);
}

#[test]
fn of_a_shared_doctor_what_counts_is_how_many_are_there_at_once() {
    let pair = visit_type(30, |terms| (terms.footprint, terms.step) = (footprint(0, 0, 2), minutes(15)));
    let there = vec![busy("09:00", "09:30", footprint(0, 0, 2)), busy("09:30", "10:00", footprint(0, 0, 2))];
    let calendar = monday(there.clone()).for_visits(&pair);
    assert!(calendar.offer(local("09:15"), at(LONG_AGO)).is_ok());
    let fuller = [there, vec![busy("09:15", "09:45", footprint(0, 0, 2))]].concat();
    let calendar = monday(fuller).for_visits(&pair);
    assert_eq!(calendar.offer(local("09:15"), at(LONG_AGO)).expect_err("two").all(), [Refusal::SlotTaken]);
    assert_eq!(free_times(&calendar, MONDAY)[..2], ["09:45", "10:00"]);
}

#[test]
fn a_visit_alone_with_the_doctor_meets_no_group_and_no_group_meets_it() {
    let group = visit_type(30, |terms| terms.footprint = footprint(0, 0, 3));
    let with_group = monday(vec![busy("09:00", "09:30", footprint(0, 0, 3))]);
    assert_eq!(free_times(&with_group, MONDAY)[0], "09:30");
    assert_eq!(free_times(&with_group.for_visits(&group), MONDAY)[0], "09:00");
    let with_one = monday(vec![busy("09:00", "09:30", footprint(0, 0, 1))]);
    assert_eq!(free_times(&with_one.for_visits(&group), MONDAY)[0], "09:30");
}

#[test]
fn notice_is_elapsed_time_and_just_enough_is_enough() {
    let two_hours = visit_type(30, notice(120));
    let half_hours = monday(vec![]);
    let first = |now| first_free(&half_hours, &two_hours, now);
    assert_eq!(first("2026-06-01T07:00:00Z").as_deref(), Some("2026-06-01T11:00:00+02:00"));
    assert_eq!(first("2026-06-01T07:00:01Z").as_deref(), Some("2026-06-01T11:30:00+02:00"));
    let calendar = half_hours.for_visits(&two_hours);
    let now = at("2026-06-01T07:00:01Z");
    assert_eq!(calendar.offer(local("11:00"), now).expect_err("too soon").all(), [Refusal::NoticeTooShort]);
    assert_eq!(
        calendar.offer(local("08:30"), now).expect_err("past").all(),
        [Refusal::InPast, Refusal::OutsideWorkingHours]
    );
    let statuses: Vec<_> = calendar.days(range(MONDAY, MONDAY), now)[0].slots.iter().map(|slot| slot.status).collect();
    let (past, soon, free) = (SlotStatus::Past, SlotStatus::TooSoon, SlotStatus::Free);
    assert_eq!(statuses, [past, soon, soon, soon, soon, free]);
}

#[test]
fn notice_of_a_day_is_24_hours_also_when_the_clocks_change() {
    let a_day = visit_type(30, notice(24 * 60));
    let first = |now| first_free(&around_the_clock(), &a_day, now);
    // In spring 24 hours later it is an hour later on the clock, in autumn an hour earlier.
    assert_eq!(first("2026-03-28T12:00:00+01:00").as_deref(), Some("2026-03-29T13:00:00+02:00"));
    assert_eq!(first("2026-10-24T12:00:00+02:00").as_deref(), Some("2026-10-25T11:00:00+01:00"));
}

#[test]
fn notice_reaches_over_midnight() {
    let ninety = visit_type(30, notice(90));
    let late = "2026-06-01T23:00:00+02:00";
    assert_eq!(first_free(&around_the_clock(), &ninety, late).as_deref(), Some("2026-06-02T00:30:00+02:00"));
    let today = around_the_clock().for_visits(&ninety).days(range(MONDAY, MONDAY), at(late));
    assert_eq!(today[0].reason, Some(NothingFree::Notice));
}

#[test]
fn the_horizon_counts_the_doctors_own_dates() {
    let month = visit_type(30, horizon(30));
    let calendar = around_the_clock().for_visits(&month);
    // In Berlin it is 2 June by then.
    let now = at("2026-06-01T22:30:00Z");
    let days = calendar.days(range("2026-07-02", "2026-07-03"), now);
    assert_eq!(days.iter().map(Day::free_count).collect::<Vec<_>>(), [48, 0]);
    assert_eq!(days[1].reason, Some(NothingFree::Horizon));
    assert!(days[1].slots.iter().all(|slot| slot.status == SlotStatus::TooFar));
    let last = at("2026-07-02T23:30:00+02:00");
    assert!(calendar.offer(last, now).is_ok());
    let next = last + TimeDelta::minutes(30);
    assert_eq!(calendar.offer(next, now).expect_err("too far").all(), [Refusal::BeyondHorizon]);
    let an_hour_before = at("2026-06-01T21:30:00Z");
    assert_eq!(calendar.offer(last, an_hour_before).expect_err("too far").all(), [Refusal::BeyondHorizon]);
}

#[test]
fn where_a_visit_can_be_booked_at_all_lies_between_notice_and_horizon() {
    let now = local("12:00");
    let nearest = |calendar: &Calendar, wanted: &str| calendar.nearest_bookable(at(wanted), now);
    let free = around_the_clock();
    assert_eq!(nearest(&free, "2030-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"));
    assert_eq!(nearest(&free, "2020-01-01T00:00:00Z"), now);
    let limited = visit_type(30, |terms| {
        notice(60)(terms);
        horizon(2)(terms);
    });
    let limited = free.for_visits(&limited);
    assert_eq!(nearest(&limited, "2030-01-01T00:00:00Z"), at("2026-06-04T00:00:00+02:00"));
    assert_eq!(nearest(&limited, "2026-06-01T12:30:00+02:00"), local("13:00"));
    assert_eq!(nearest(&limited, "2026-06-02T12:30:00+02:00"), at("2026-06-02T12:30:00+02:00"));
}

#[test]
fn with_a_horizon_of_no_days_only_today_can_be_booked() {
    let calendar = around_the_clock().for_visits(&visit_type(30, horizon(0)));
    let days = calendar.days(range(MONDAY, "2026-06-02"), local("12:00"));
    assert_eq!(days.iter().map(Day::free_count).collect::<Vec<_>>(), [24, 0]);
}

#[test]
fn only_types_that_the_doctor_offers_and_that_are_not_retired_can_be_booked() {
    let half_hour = visit_type(30, |_| {});
    let offered = |rules: Rules, visit: &VisitType| calendar(rules).for_visits(visit).offer(at(EIGHT), at(LONG_AGO));
    assert!(offered(founding_example(), &half_hour).is_ok());
    assert!(offered(founding_example().with_visit_types([half_hour.id()]), &half_hour).is_ok());
    let refused = offered(founding_example().with_visit_types([]), &half_hour).expect_err("it is not offered");
    assert_eq!(refused.all(), [Refusal::VisitTypeNotOffered]);
    let retired = half_hour.retired(at(LONG_AGO)).expect("it was not");
    let refused = offered(founding_example(), &retired).expect_err("nobody offers it");
    assert_eq!(refused.all(), [Refusal::VisitTypeNotOffered]);
    assert!(calendar(founding_example().with_visit_types([])).offer(at(EIGHT), at(LONG_AGO)).is_ok());
}

#[test]
fn a_day_with_gaps_that_are_too_short_is_not_called_fully_booked() {
    let hour = visit_type(60, |_| {});
    let halves = ["09:00", "10:00", "11:00"].map(|start| {
        let span = Span::new(local(start), local(start) + TimeDelta::minutes(30)).expect("forwards");
        Busy::from(span)
    });
    let reason = |calendar: Calendar| calendar.days(range(MONDAY, MONDAY), at(LONG_AGO))[0].reason;
    assert_eq!(reason(monday(halves.to_vec()).for_visits(&hour)), Some(NothingFree::NoGapLongEnough));
    let whole = vec![busy("09:00", "12:00", footprint(0, 0, 1))];
    assert_eq!(reason(monday(whole).for_visits(&hour)), Some(NothingFree::FullyBooked));
}

#[test]
fn a_night_before_other_hours_begin_stays_whole() {
    let nights = WorkingHours::always(every_day("22:00", "06:00"));
    let days = nights.with_version(Some(date("2026-07-01")), every_day("13:00", "17:00")).expect("apart");
    let calendar = calendar(Rules::new("Europe/Berlin".parse().expect("known")).with_hours(days));
    let nights: Vec<_> = starts(&calendar, range("2026-06-30", "2026-07-01"));
    let expected = ["2026-06-30T00", "2026-06-30T22", "2026-07-01T00", "2026-07-01T05", "2026-07-01T13"];
    for hour in expected {
        assert!(nights.iter().any(|start| start.starts_with(hour)), "{hour} of {nights:?}");
    }
    assert_eq!(nights.len(), 6 + 2 + 6 + 4);
}
