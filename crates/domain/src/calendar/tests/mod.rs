use chrono::{NaiveDate, TimeDelta, TimeZone, Weekday};

use super::*;

mod agreed;
mod set_aside;
mod visits;

use crate::{Overrides, SlotLength, Weekly, Window, WorkingHours, Zone};

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn range(from: &str, to: &str) -> DateRange {
    DateRange::new(date(from), date(to)).expect("forwards")
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

fn weekly(windows: &[(Weekday, &str, &str)]) -> Weekly {
    Weekly::new(windows.iter().map(|&(day, start, end)| (day, Window::parse(start, end).expect("valid"))))
        .expect("nothing overlaps")
}

fn every_day(start: &str, end: &str) -> Weekly {
    let days = (0..7).map(|day| Weekday::try_from(day).expect("a day"));
    weekly(&days.map(|day| (day, start, end)).collect::<Vec<_>>())
}

fn rules(zone: &str, weekly: Weekly) -> Rules {
    Rules::new(zone.parse().expect("a known zone")).with_weekly(weekly)
}

fn calendar(rules: Rules) -> Calendar {
    Calendar::new(DoctorId::from_u128(1), rules, vec![])
}

/// Mondays from 8 to 11 and from 13 to 16, in New York.
fn founding_example() -> Rules {
    rules("America/New_York", weekly(&[(Weekday::Mon, "08:00", "11:00"), (Weekday::Mon, "13:00", "16:00")]))
}

fn starts(calendar: &Calendar, range: DateRange) -> Vec<String> {
    let zone = &calendar.rules().zone;
    calendar
        .days(range, DateTime::<Utc>::MIN_UTC)
        .iter()
        .flat_map(|day| &day.slots)
        .map(|slot| zone.local(slot.span.start()).to_rfc3339())
        .collect()
}

const LONG_AGO: &str = "2026-01-01T00:00:00Z";
const EIGHT: &str = "2030-01-07T08:00:00-05:00";

#[test]
fn the_founding_example_has_six_slots_on_a_monday() {
    let calendar = calendar(founding_example());
    let days = calendar.days(range("2030-01-07", "2030-01-08"), at(LONG_AGO));
    assert_eq!(days[0].free_count(), 6);
    assert_eq!(days[0].reason, None);
    assert_eq!((days[1].slots.len(), days[1].reason), (0, Some(NothingFree::NoWorkingHours)));
}

#[test]
fn what_is_shown_as_free_can_be_booked_and_nothing_else() {
    let taken = calendar(founding_example()).offer(at(EIGHT), at(LONG_AGO)).expect("it is free").span();
    let calendar = Calendar::new(DoctorId::from_u128(1), founding_example(), vec![taken.into()]);
    let now = at("2030-01-07T09:30:00-05:00");
    let free: Vec<_> =
        calendar.days(range("2030-01-07", "2030-01-07"), now)[0].free().map(|s| s.span.start()).collect();
    let mut bookable = Vec::new();
    for minute in 0..24 * 60 {
        let start = at("2030-01-07T00:00:00-05:00") + TimeDelta::minutes(minute);
        bookable.extend(calendar.offer(start, now).ok().map(|offer| offer.span().start()));
    }
    assert_eq!(bookable, free);
    assert_eq!(free.len(), 4);
}

#[test]
fn an_offer_becomes_a_booking_on_the_doctors_clock() {
    let offer = calendar(founding_example()).offer(at(EIGHT), at(LONG_AGO)).expect("it is free");
    let booking = offer.for_patient(crate::BookingId::from_u128(2), crate::PatientId::from_u128(3), None, at(LONG_AGO));
    assert_eq!(booking.span().length(), TimeDelta::hours(1));
    assert_eq!(booking.parts().zone.name(), "America/New_York");
}

#[test]
fn every_reason_against_a_start_is_told_the_weightiest_first() {
    let mut inactive = founding_example();
    inactive.active = false;
    let refusals = calendar(inactive).offer(at("2030-01-07T07:30:00-05:00"), at("2031-01-01T00:00:00Z"));
    let refusals = refusals.expect_err("three rules are broken");
    assert_eq!(refusals.all(), [Refusal::DoctorInactive, Refusal::InPast, Refusal::OutsideWorkingHours]);
    assert_eq!(refusals.first(), Refusal::DoctorInactive);
}

#[test]
fn a_start_between_two_slots_is_off_the_grid() {
    let calendar = calendar(founding_example());
    for off in ["2030-01-07T08:30:00-05:00", "2030-01-07T08:00:01-05:00", "2030-01-07T08:00:00.000000001-05:00"] {
        assert_eq!(calendar.offer(at(off), at(LONG_AGO)).expect_err(off).all(), [Refusal::OffGrid]);
    }
}

#[test]
fn a_visit_must_end_inside_working_hours_too() {
    let calendar = calendar(founding_example());
    for outside in ["10:30", "11:00", "12:00", "15:30", "16:00", "07:00"] {
        let start = at(&format!("2030-01-07T{outside}:00-05:00"));
        assert_eq!(calendar.offer(start, at(LONG_AGO)).expect_err(outside).all(), [Refusal::OutsideWorkingHours]);
    }
}

#[test]
fn a_slot_that_ends_when_another_begins_is_free() {
    let nine = Span::new(at("2030-01-07T09:00:00-05:00"), at("2030-01-07T10:00:00-05:00")).expect("forwards");
    let calendar = Calendar::new(DoctorId::from_u128(1), founding_example(), vec![nine.into()]);
    assert!(calendar.offer(at(EIGHT), at(LONG_AGO)).is_ok());
    assert!(calendar.offer(at("2030-01-07T10:00:00-05:00"), at(LONG_AGO)).is_ok());
    let taken = calendar.offer(at("2030-01-07T09:00:00-05:00"), at(LONG_AGO)).expect_err("it is booked");
    assert_eq!(taken.all(), [Refusal::SlotTaken]);
}

#[test]
fn a_booking_that_reaches_into_two_slots_takes_both() {
    let across = Span::new(at("2030-01-07T08:30:00-05:00"), at("2030-01-07T09:30:00-05:00")).expect("forwards");
    let calendar = Calendar::new(DoctorId::from_u128(1), founding_example(), vec![across.into()]);
    let day = &calendar.days(range("2030-01-07", "2030-01-07"), at(LONG_AGO))[0];
    let status: Vec<_> = day.slots.iter().map(|slot| slot.status).take(3).collect();
    assert_eq!(status, [SlotStatus::Booked, SlotStatus::Booked, SlotStatus::Free]);
}

#[test]
fn a_slot_can_be_booked_until_it_begins() {
    let calendar = calendar(founding_example());
    assert!(calendar.offer(at(EIGHT), at(EIGHT)).is_ok());
    let late = calendar.offer(at(EIGHT), at(EIGHT) + TimeDelta::microseconds(1)).expect_err("it has begun");
    assert_eq!(late.all(), [Refusal::InPast]);
}

#[test]
fn overlapping_windows_of_an_override_are_one_opening_and_give_no_slot_twice() {
    let windows =
        [("08:00", "11:00"), ("10:00", "12:00")].map(|(start, end)| Window::parse(start, end).expect("valid"));
    let overrides = Overrides::default().with(date("2030-01-08"), windows.to_vec());
    let calendar = calendar(founding_example()).with_exceptions(Exceptions { overrides, ..Exceptions::default() });
    assert_eq!(starts(&calendar, range("2030-01-08", "2030-01-08")).len(), 4);
}

#[test]
fn a_day_is_cut_on_the_doctors_clock_whatever_the_servers() {
    // Kiritimati is 14 hours ahead of UTC, Pago Pago 11 behind: their Mondays share no instant.
    for (zone, first) in [("Pacific/Kiritimati", "+14:00"), ("Pacific/Pago_Pago", "-11:00")] {
        let calendar = calendar(rules(zone, weekly(&[(Weekday::Mon, "00:00", "02:00")])));
        let wanted = [format!("2030-01-07T00:00:00{first}"), format!("2030-01-07T01:00:00{first}")];
        assert_eq!(starts(&calendar, range("2030-01-06", "2030-01-08")), wanted);
    }
}

#[test]
fn a_night_shift_shows_its_slots_on_the_dates_on_which_they_start() {
    let calendar = calendar(rules("Europe/Berlin", weekly(&[(Weekday::Fri, "22:00", "06:00")])));
    let days = calendar.days(range("2026-06-05", "2026-06-07"), at(LONG_AGO));
    assert_eq!(days.iter().map(|day| day.slots.len()).collect::<Vec<_>>(), [2, 6, 0]);
    assert_eq!(days.iter().map(|day| day.openings.len()).collect::<Vec<_>>(), [1, 1, 0]);
    assert_eq!(days[2].reason, Some(NothingFree::NoWorkingHours));
}

#[test]
fn a_last_night_stays_whole_when_other_hours_begin() {
    let hours = WorkingHours::always(every_day("22:00", "06:00"))
        .with_version(Some(date("2026-07-01")), every_day("13:00", "17:00"))
        .expect("the night ends before the afternoon");
    let calendar = calendar(Rules::new("Europe/Berlin".parse().expect("known")).with_hours(hours));
    let july = starts(&calendar, range("2026-07-01", "2026-07-01"));
    assert_eq!(july.len(), 6 + 4);
    assert_eq!((&july[0][11..16], &july[6][11..16]), ("00:00", "13:00"));
}

#[test]
fn a_doctor_who_never_closes_has_a_slot_every_hour_of_short_and_long_days() {
    let calendar = calendar(rules("Europe/Berlin", every_day("00:00", "24:00")));
    for (day, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24), ("2026-06-02", 24)] {
        assert_eq!(starts(&calendar, range(day, day)).len(), hours, "{day}");
    }
}

#[test]
fn a_run_without_end_is_counted_from_mondays_so_that_the_grid_does_not_depend_on_the_question() {
    // 50 minutes divide neither a day nor a week.
    let rules = rules("UTC", every_day("00:00", "24:00")).with_slot(SlotLength::from_minutes(50).expect("in range"));
    let calendar = calendar(rules);
    let whole = starts(&calendar, range("2026-06-01", "2026-06-14"));
    let parts: Vec<_> =
        range("2026-06-01", "2026-06-14").dates().flat_map(|day| starts(&calendar, DateRange::day(day))).collect();
    assert_eq!(whole, parts);
    assert!(whole.contains(&"2026-06-01T00:00:00+00:00".to_owned()));
    assert!(whole.contains(&"2026-06-08T00:00:00+00:00".to_owned()));
}

#[test]
fn a_run_of_a_week_is_one_opening_and_one_of_more_is_cut() {
    let whole_day = || vec![Window::parse("00:00", "24:00").expect("valid")];
    // Wednesday, 3 June to Tuesday, 9 June: seven days. With the tenth it is eight.
    let mut overrides = Overrides::default();
    for day in range("2026-06-03", "2026-06-09").dates() {
        overrides = overrides.with(day, whole_day());
    }
    let (zone, hours) = (Zone::utc(), WorkingHours::none());
    let around = range("2026-06-05", "2026-06-05");
    assert_eq!(Schedule::new(&zone, &hours, &overrides).openings(around).len(), 1);
    let longer = overrides.with(date("2026-06-10"), whole_day());
    let openings = Schedule::new(&zone, &hours, &longer).openings(around);
    let ends: Vec<_> = openings.iter().map(|opening| opening.span().end().date_naive()).collect();
    assert_eq!(ends, [date("2026-06-08"), date("2026-06-11")]);
    let across = Span::new(at("2026-06-07T23:30:00Z"), at("2026-06-08T00:30:00Z")).expect("forwards");
    assert!(Schedule::new(&zone, &hours, &longer).covers(across), "a cut is no break in working time");
}

#[test]
fn an_empty_day_says_why() {
    let short = weekly(&[(Weekday::Mon, "09:00", "09:30")]);
    let gap = weekly(&[(Weekday::Sun, "02:00", "03:00")]);
    let everyday = every_day("09:00", "12:00");
    let reason =
        |rules: Rules, day: &str, now: &str| calendar(rules).days(DateRange::day(date(day)), at(now))[0].reason;
    let berlin = |weekly: Weekly| rules("Europe/Berlin", weekly);
    assert_eq!(reason(berlin(short.clone()), "2026-06-01", LONG_AGO), Some(NothingFree::NoGapLongEnough));
    assert_eq!(reason(berlin(short), "2026-06-02", LONG_AGO), Some(NothingFree::NoWorkingHours));
    assert_eq!(reason(berlin(gap.clone()), "2026-03-29", LONG_AGO), Some(NothingFree::DstGap));
    assert_eq!(reason(berlin(gap), "2026-03-22", LONG_AGO), None);
    assert_eq!(reason(berlin(everyday.clone()), "2026-06-01", "2026-06-01T12:00:00Z"), Some(NothingFree::InPast));
    assert_eq!(
        reason(rules("Pacific/Apia", everyday.clone()), "2011-12-30", "2000-01-01T00:00:00Z"),
        Some(NothingFree::DateDoesNotExist)
    );
    let closed = Overrides::default().with(date("2026-06-01"), vec![]);
    let closed =
        calendar(berlin(everyday.clone())).with_exceptions(Exceptions { overrides: closed, ..Exceptions::default() });
    assert_eq!(
        closed.days(range("2026-06-01", "2026-06-01"), at(LONG_AGO))[0].reason,
        Some(NothingFree::ClosedOverride)
    );
    let mut inactive = berlin(everyday.clone());
    inactive.active = false;
    assert_eq!(reason(inactive, "2026-06-01", LONG_AGO), Some(NothingFree::DoctorInactive));
    let all = Span::new(at("2026-06-01T07:00:00Z"), at("2026-06-01T10:00:00Z")).expect("forwards");
    let full = Calendar::new(DoctorId::from_u128(1), berlin(everyday), vec![all.into()]);
    assert_eq!(full.days(DateRange::day(date("2026-06-01")), at(LONG_AGO))[0].reason, Some(NothingFree::FullyBooked));
}

#[test]
fn the_nearest_free_starts_are_offered_instead() {
    let nine = Span::new(at("2030-01-07T09:00:00-05:00"), at("2030-01-07T10:00:00-05:00")).expect("forwards");
    let calendar = Calendar::new(DoctorId::from_u128(1), founding_example(), vec![nine.into()]);
    let found = |but| calendar.alternatives(nine.start(), but, range("2030-01-01", "2030-01-14"), 3, at(LONG_AGO));
    let [eight, ten, one, two] = ["08", "10", "13", "14"].map(|hour| at(&format!("2030-01-07T{hour}:00:00-05:00")));
    assert_eq!((found(None), found(Some(ten))), (vec![eight, ten, one], vec![eight, one, two]));
}

#[test]
fn the_ends_of_time_are_no_reason_to_panic() {
    for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns"] {
        for windows in [every_day("00:00", "24:00"), every_day("22:00", "06:00"), every_day("12:00", "11:59")] {
            let calendar = calendar(rules(zone, windows));
            for edge in [NaiveDate::MIN, NaiveDate::MAX, date("9999-12-31"), date("0001-01-01")] {
                let _ = calendar.days(DateRange::day(edge), at(LONG_AGO));
            }
            for start in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, Utc.timestamp_nanos(0)] {
                let _ = calendar.offer(start, at(LONG_AGO));
                let _ = calendar.alternatives(start, None, range("2026-06-01", "2026-06-02"), 3, at(LONG_AGO));
            }
        }
    }
}

#[test]
fn a_night_that_reaches_over_the_skipped_end_of_a_date_meets_the_date_after_the_next() {
    // Nuuk skips Saturday 23:00–24:00, so that Friday's window ends when Sunday begins.
    let week = weekly(&[(Weekday::Fri, "23:45", "23:30"), (Weekday::Sun, "00:00", "08:00")]);
    let rules = rules("America/Nuuk", week).with_slot(SlotLength::from_minutes(180).expect("in range"));
    let calendar = calendar(rules);
    let whole = starts(&calendar, range("2030-03-29", "2030-04-01"));
    let sunday = starts(&calendar, range("2030-03-31", "2030-03-31"));
    assert!(!sunday.is_empty() && whole.ends_with(&sunday), "{whole:?} {sunday:?}");
    for start in &whole {
        assert!(calendar.offer(at(start), at(LONG_AGO)).is_ok(), "{start} is shown");
    }
}

#[test]
fn a_slot_in_which_the_clocks_go_back_over_midnight_can_be_booked() {
    // St John's went back at 00:01 to 23:01 of the day before, until 2011.
    let half_hours = SlotLength::from_minutes(30).expect("in range");
    let calendar = calendar(rules("America/St_Johns", every_day("20:00", "04:00")).with_slot(half_hours));
    for start in starts(&calendar, range("2010-11-06", "2010-11-07")) {
        assert!(calendar.offer(at(&start), at("2000-01-01T00:00:00Z")).is_ok(), "{start} is shown");
    }
}

/// Berlin, Mondays 9–12 in half hours, on 1 June 2026.
fn berlin_monday(exceptions: Exceptions) -> Calendar {
    let rules = rules("Europe/Berlin", weekly(&[(Weekday::Mon, "09:00", "12:00")]));
    calendar(rules.with_slot(SlotLength::from_minutes(30).expect("in range"))).with_exceptions(exceptions)
}

fn free_times(calendar: &Calendar, day: &str) -> Vec<String> {
    let zone = &calendar.rules().zone;
    let days = calendar.days(DateRange::day(date(day)), at(LONG_AGO));
    days[0].free().map(|slot| zone.local(slot.span.start()).format("%H:%M").to_string()).collect()
}

fn away(start: &str, end: &str) -> Span {
    Span::new(at(start), at(end)).expect("forwards")
}

#[test]
fn time_off_blocks_the_slots_it_meets_and_leaves_the_grid_alone() {
    let time_off = vec![away("2026-06-01T10:15:00+02:00", "2026-06-01T10:45:00+02:00")];
    let calendar = berlin_monday(Exceptions { time_off, ..Exceptions::default() });
    assert_eq!(free_times(&calendar, "2026-06-01"), ["09:00", "09:30", "11:00", "11:30"]);
    let day = &calendar.days(range("2026-06-01", "2026-06-01"), at(LONG_AGO))[0];
    assert_eq!(day.slots.iter().filter(|slot| slot.status == SlotStatus::Blocked).count(), 2);
    assert_eq!(day.openings.len(), 2);
    let refused = calendar.offer(at("2026-06-01T10:00:00+02:00"), at(LONG_AGO)).expect_err("the doctor is away");
    assert_eq!(refused.all(), [Refusal::OutsideWorkingHours]);
}

#[test]
fn a_booking_leaves_the_rest_of_a_half_hour_grid() {
    let booked = away("2026-06-01T10:00:00+02:00", "2026-06-01T10:30:00+02:00");
    let rules = berlin_monday(Exceptions::default()).rules().clone();
    let calendar = Calendar::new(DoctorId::from_u128(1), rules, vec![booked.into()]);
    assert_eq!(free_times(&calendar, "2026-06-01"), ["09:00", "09:30", "10:30", "11:00", "11:30"]);
}

#[test]
fn a_closure_clips_the_night_before_at_midnight_and_an_override_that_closes_the_day_does_not() {
    let nights = || calendar(rules("Europe/Berlin", weekly(&[(Weekday::Fri, "22:00", "06:00")])));
    let saturday = date("2026-06-06");
    let closure = nights().with_exceptions(Exceptions { closures: vec![saturday], ..Exceptions::default() });
    assert_eq!(free_times(&closure, "2026-06-05"), ["22:00", "23:00"]);
    assert_eq!(free_times(&closure, "2026-06-06"), [""; 0]);
    let reasons = closure.days(range("2026-06-06", "2026-06-06"), at(LONG_AGO));
    assert_eq!((reasons[0].reason, reasons[0].openings.len()), (Some(NothingFree::Closure), 0));
    let overrides = Overrides::default().with(saturday, vec![]);
    let closed = nights().with_exceptions(Exceptions { overrides, ..Exceptions::default() });
    assert_eq!(free_times(&closed, "2026-06-06").len(), 6);
}

#[test]
fn a_day_blocked_by_closure_and_time_off_says_which() {
    let reason = |exceptions: Exceptions| {
        berlin_monday(exceptions).days(range("2026-06-01", "2026-06-01"), at(LONG_AGO))[0].reason
    };
    let whole = vec![away("2026-05-30T00:00:00Z", "2026-06-03T00:00:00Z")];
    let parts = vec![
        away("2026-06-01T07:00:00Z", "2026-06-01T08:10:00Z"),
        away("2026-06-01T08:20:00Z", "2026-06-01T10:00:00Z"),
    ];
    let closures = vec![date("2026-06-01")];
    assert_eq!(reason(Exceptions { time_off: whole.clone(), ..Exceptions::default() }), Some(NothingFree::TimeOff));
    assert_eq!(reason(Exceptions { time_off: parts, ..Exceptions::default() }), Some(NothingFree::TimeOff));
    assert_eq!(reason(Exceptions { closures: closures.clone(), ..Exceptions::default() }), Some(NothingFree::Closure));
    assert_eq!(reason(Exceptions { closures, time_off: whole, ..Exceptions::default() }), Some(NothingFree::Closure));
}

#[test]
fn every_rule_is_explained_with_what_stands_in_the_way() {
    let nine = away("2026-06-01T09:00:00+02:00", "2026-06-01T09:30:00+02:00");
    let exceptions = Exceptions { time_off: vec![nine], closures: vec![date("2026-06-01")], ..Exceptions::default() };
    let rules = berlin_monday(Exceptions::default()).rules().clone();
    let calendar = Calendar::new(DoctorId::from_u128(1), rules, vec![nine.into()]).with_exceptions(exceptions);
    let found = calendar.explain(nine.start(), at(LONG_AGO));
    let failed: Vec<_> =
        found.iter().filter(|found| !found.passed).map(|found| (found.rule, found.blocked_by)).collect();
    let whole_day = away("2026-06-01T00:00:00+02:00", "2026-06-02T00:00:00+02:00");
    assert_eq!(
        failed,
        [(Rule::NoClosure, Some(whole_day)), (Rule::NoTimeOff, Some(nine)), (Rule::NotTaken, Some(nine))]
    );
    assert_eq!(found.len(), 11);
    let refused = calendar.offer(nine.start(), at(LONG_AGO)).expect_err("three rules are broken");
    assert_eq!(refused.all(), [Refusal::OutsideWorkingHours, Refusal::SlotTaken]);
}

#[test]
fn the_next_free_slot_is_found_however_far_within_the_range() {
    let mondays = calendar(founding_example());
    let year = range("2030-01-01", "2030-12-31");
    let next = |after: &str| mondays.next_free(year, at(after), at(LONG_AGO)).map(|slot| slot.span.start());
    assert_eq!(next("2030-01-01T00:00:00Z"), Some(at(EIGHT)));
    assert_eq!(next("2030-01-07T13:00:00.000001Z"), Some(at("2030-01-07T09:00:00-05:00")));
    assert_eq!(next("2030-12-31T00:00:00Z"), None);
    let december = Overrides::default().with(date("2030-12-24"), vec![Window::parse("08:00", "09:00").expect("valid")]);
    let once = calendar(rules("UTC", Weekly::default()));
    let once = once.with_exceptions(Exceptions { overrides: december, ..Exceptions::default() });
    let found = once.next_free(year, at("2030-01-01T00:00:00Z"), at(LONG_AGO));
    assert_eq!(found.map(|slot| slot.span.start()), Some(at("2030-12-24T08:00:00Z")));
}
