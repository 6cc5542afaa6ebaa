//! What holds for any zone, any week and any dates.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc, Weekday};
use doctor_booking_domain::{
    Buffer, Busy, Calendar, Capacity, DateRange, DoctorId, Exceptions, Footprint, Horizon, Notice, Overrides, Reason,
    RuleName, Rules, Schedule, SetAside, SlotLength, SlotStatus, Span, Terms, TimeOfDay, VisitType, VisitTypeId,
    VisitTypeName, Weekly, Window, WorkingHours, Zone,
};
use proptest::prelude::*;

/// Zones with every kind of change: forwards and backwards, half hours, two hours, at midnight, whole days, never.
const ZONES: [&str; 17] = [
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "America/Nuuk",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Atlantic/Azores",
];

fn zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(&ZONES[..]).prop_map(|name| name.parse().expect("a known zone"))
}

fn window() -> impl Strategy<Value = Window> {
    (0..1440_u16, 1..=1440_u16).prop_filter_map("empty", |(start, end)| {
        let (start, end) = (TimeOfDay::from_minutes(start).ok()?, TimeOfDay::from_minutes(end).ok()?);
        Window::new(start, end).ok()
    })
}

/// Any week: the windows that overlap ones before them are left out.
fn weekly() -> impl Strategy<Value = Weekly> {
    let any = prop::collection::vec((0..7_u8, window()), 0..14).prop_map(|windows| {
        windows.into_iter().fold(Weekly::default(), |week, (day, window)| {
            let day = Weekday::try_from(day).expect("a day");
            let day_with = [week.on(day), &[window]].concat();
            week.with_days([(day, day_with.as_slice())]).unwrap_or(week)
        })
    });
    let never_closed = window().prop_map(|window| {
        let halves = [Window::new(window.start(), window.end()), Window::new(window.end(), window.start())];
        let days = (0..7).map(|day| Weekday::try_from(day).expect("a day"));
        Weekly::new(days.flat_map(|day| halves.into_iter().flatten().map(move |half| (day, half)))).unwrap_or_default()
    });
    // Windows that touch, one after the other, from some day on: runs of any length.
    let touching = (0..7_u32, prop::collection::vec(1..1440_u32, 1..9)).prop_map(|(first, lengths)| {
        let mut at = first * 1440;
        lengths.into_iter().fold(Weekly::default(), |week, length| {
            let (start, end) = (at, at + length);
            at = end;
            let day = Weekday::try_from(u8::try_from(start / 1440 % 7).expect("a day")).expect("a day");
            let time = |minute: u32| TimeOfDay::from_minutes(u16::try_from(minute % 1440).expect("in range"));
            let window =
                time(start).and_then(|start| Ok((start, time(end)?))).map(|(start, end)| Window::new(start, end));
            let Ok(Ok(window)) = window else { return week };
            let day_with = [week.on(day), &[window]].concat();
            week.with_days([(day, day_with.as_slice())]).unwrap_or(week)
        })
    });
    prop_oneof![3 => any, 2 => touching, 1 => never_closed]
}

/// Most of them near a change of the clocks.
fn a_date() -> impl Strategy<Value = NaiveDate> {
    let changes = [
        "2026-03-08",
        "2026-03-29",
        "2026-04-05",
        "2026-04-24",
        "2026-09-06",
        "2026-10-25",
        "2030-03-30",
        "2026-11-01",
        "2011-12-30",
    ];
    let near = (prop::sample::select(changes.to_vec()), 0..8_u64).prop_map(|(change, after)| {
        let change: NaiveDate = change.parse().expect("a date");
        change.checked_sub_days(Days::new(4)).and_then(|date| date.checked_add_days(Days::new(after))).expect("a date")
    });
    let any = (1971..2100_i32, 1..=365_u32).prop_filter_map("no date", |(y, d)| NaiveDate::from_yo_opt(y, d));
    prop_oneof![3 => near, 1 => any]
}

fn rules() -> impl Strategy<Value = (Rules, Exceptions)> {
    let hours = (weekly(), weekly(), a_date()).prop_map(|(first, then, from)| {
        let first = WorkingHours::always(first);
        first.with_version(Some(from), then).unwrap_or(first)
    });
    let overrides = prop::collection::vec((a_date(), prop::collection::vec(window(), 0..3)), 0..4)
        .prop_map(|dates| dates.into_iter().fold(Overrides::default(), |all, (date, windows)| all.with(date, windows)));
    let time_off = prop::collection::vec((a_date(), 0..1440_i64, 1..3000_i64), 0..4).prop_map(|away| {
        let span = |(date, at, minutes): (NaiveDate, i64, i64)| {
            let start = date.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(at);
            Span::new(start, start + TimeDelta::minutes(minutes)).expect("forwards")
        };
        away.into_iter().map(span).collect()
    });
    let closures = prop::collection::vec(a_date(), 0..3);
    let exceptions = (overrides, time_off, closures).prop_map(|(overrides, time_off, closures)| Exceptions {
        overrides,
        time_off,
        closures,
    });
    (zone(), hours, exceptions, 5..=480_u16).prop_map(|(zone, hours, exceptions, minutes)| {
        let slot = SlotLength::from_minutes(minutes).expect("in range");
        (Rules::new(zone).with_hours(hours).with_slot(slot), exceptions)
    })
}

fn calendar(rules: Rules, exceptions: Exceptions, busy: Vec<Span>) -> Calendar {
    let busy = busy.into_iter().map(Busy::from).collect();
    Calendar::new(DoctorId::from_u128(1), rules, busy).with_exceptions(exceptions)
}

/// A kind of visit, with every rule that one can have.
fn visit_type() -> impl Strategy<Value = VisitType> {
    let lengths = (5..=480_u16, prop::option::of(5..=60_u16));
    let limits = (prop_oneof![Just(0_u32), 0..4000_u32], prop::option::of(3..5_u16));
    (lengths, (0..30_u16, 0..30_u16, 1..=3_u8), limits).prop_map(
        |((length, step), (before, after, capacity), limits)| {
            let minutes = |minutes| SlotLength::from_minutes(minutes).expect("in range");
            let buffer = |minutes| Buffer::new(minutes).expect("in range");
            let footprint = Footprint {
                before: buffer(before),
                after: buffer(after),
                capacity: Capacity::new(capacity).expect("in range"),
            };
            let terms = Terms {
                length: minutes(length),
                step: step.map(minutes),
                footprint,
                notice: Notice::new(limits.0).expect("in range"),
                horizon: limits.1.map(|days| Horizon::new(days).expect("in range")),
            };
            let name = VisitTypeName::parse("Check-up").expect("a name");
            VisitType::new(VisitTypeId::from_u128(1), name, terms, DateTime::UNIX_EPOCH).expect("a short notice")
        },
    )
}

/// What others have of the doctor, each alone or with others, in the days after `from`.
fn busy() -> impl Strategy<Value = Vec<(i64, i64, u8)>> {
    prop::collection::vec((0..4000_i64, 1..90_i64, 1..=3_u8), 0..6)
}

fn busy_calendar(rules: &Rules, exceptions: Exceptions, from: NaiveDate, busy: &[(i64, i64, u8)]) -> Calendar {
    let stretch = |&(at, length, capacity): &(i64, i64, u8)| {
        let start = rules.zone.midnight(from) + TimeDelta::minutes(at);
        let span = Span::new(start, start + TimeDelta::minutes(length)).expect("forwards");
        Busy { span, capacity: Capacity::new(capacity).expect("in range"), held_until: None }
    };
    let busy = busy.iter().map(stretch).collect();
    Calendar::new(DoctorId::from_u128(1), rules.clone(), busy).with_exceptions(exceptions)
}

fn range_from(from: NaiveDate, days: u64) -> DateRange {
    DateRange::new(from, from.checked_add_days(Days::new(days)).expect("a date")).expect("forwards")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn civil_to_instant_is_monotone(zone in zone(), date in a_date(), a in 0..2880_i64, b in 0..2880_i64) {
        let at = |minutes| zone.instant(date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minutes));
        prop_assert!(at(a.min(b)) <= at(a.max(b)));
    }

    #[test]
    fn a_civil_time_that_exists_is_shown_as_itself(zone in zone(), date in a_date(), minutes in 0..1440_i64) {
        let civil = date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minutes);
        let shown = zone.local(zone.instant(civil)).naive_local();
        // In a gap it is the transition, which the clocks show as the first time after the gap.
        prop_assert!(shown >= civil);
        prop_assert_eq!(zone.instant(shown), zone.instant(civil));
    }

    #[test]
    fn openings_and_slots_are_sorted_and_disjoint((rules, exceptions) in rules(), from in a_date(), days in 0..20_u64) {
        let range = range_from(from, days);
        let openings = Schedule::new(&rules.zone, &rules.hours, &exceptions.overrides).openings(range);
        prop_assert!(openings.windows(2).all(|pair| pair[0].span().end() <= pair[1].span().start()));
        let days = calendar(rules, exceptions, vec![]).days(range, DateTime::<Utc>::MIN_UTC);
        let slots: Vec<_> = days.iter().flat_map(|day| &day.slots).map(|slot| slot.span).collect();
        // Where the clocks go back over midnight, instants of two dates alternate; elsewhere they never do.
        let mut by_start = slots.clone();
        by_start.sort_unstable();
        prop_assert!(by_start.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
    }

    #[test]
    fn every_slot_lies_inside_one_opening_and_on_its_own_date((rules, exceptions) in rules(), from in a_date(), days in 0..20_u64) {
        let range = range_from(from, days);
        let openings = Schedule::new(&rules.zone, &rules.hours, &exceptions.overrides).openings(range);
        for day in calendar(rules.clone(), exceptions, vec![]).days(range, DateTime::<Utc>::MIN_UTC) {
            for slot in day.slots {
                prop_assert_eq!(slot.span.length(), rules.slot.duration());
                prop_assert_eq!(rules.zone.date(slot.span.start()), day.date);
                prop_assert_eq!(openings.iter().filter(|opening| opening.span().contains(&slot.span)).count(), 1);
            }
        }
    }

    #[test]
    fn a_range_is_the_sum_of_its_parts_however_it_is_split(
        (rules, exceptions) in rules(), from in a_date(), days in 1..20_u64, split in 0..20_u64, busy in prop::collection::vec(0..20_000_i64, 0..6),
    ) {
        let range = range_from(from, days);
        let busy = busy.into_iter().map(|minute| {
            let start = rules.zone.midnight(from) + TimeDelta::minutes(minute);
            Span::new(start, start + TimeDelta::minutes(1)).expect("forwards")
        });
        let calendar = calendar(rules.clone(), exceptions, busy.collect());
        let now = rules.zone.midnight(from) + TimeDelta::hours(30);
        let whole = calendar.days(range, now);
        let first = range_from(from, split % days);
        let rest = DateRange::new(first.to().succ_opt().expect("a date"), range.to()).expect("forwards");
        prop_assert_eq!(&whole, &[calendar.days(first, now), calendar.days(rest, now)].concat());
        let one_by_one: Vec<_> = range.dates().flat_map(|date| calendar.days(DateRange::day(date), now)).collect();
        prop_assert_eq!(&whole, &one_by_one);
    }

    #[test]
    fn what_is_shown_as_free_can_be_booked_and_what_is_not_cannot((rules, exceptions) in rules(), from in a_date(), busy in 0..3000_i64) {
        let start = rules.zone.midnight(from) + TimeDelta::minutes(busy);
        let taken = Span::new(start, start + TimeDelta::minutes(45)).expect("forwards");
        let now = rules.zone.midnight(from) + TimeDelta::hours(5);
        let calendar = calendar(rules.clone(), exceptions, vec![taken]);
        for slot in calendar.days(range_from(from, 2), now).iter().flat_map(|day| &day.slots) {
            prop_assert_eq!(calendar.offer(slot.span.start(), now).is_ok(), slot.status == SlotStatus::Free);
            let between = slot.span.start() + TimeDelta::minutes(1);
            prop_assert!(calendar.offer(between, now).is_err());
        }
    }

    #[test]
    fn what_is_shown_as_free_for_a_type_can_be_booked_and_what_is_not_cannot(
        (rules, exceptions) in rules(), visit in visit_type(), from in a_date(), busy in busy(),
    ) {
        let now = rules.zone.midnight(from) + TimeDelta::hours(5);
        let calendar = busy_calendar(&rules, exceptions, from, &busy).for_visits(&visit);
        for day in calendar.days(range_from(from, 4), now) {
            prop_assert_eq!(day.reason.is_some(), day.free_count() == 0);
            for slot in &day.slots {
                prop_assert_eq!(slot.span.length(), visit.terms().length.duration());
                let offer = calendar.offer(slot.span.start(), now);
                prop_assert_eq!(offer.is_ok(), slot.status == SlotStatus::Free, "{:?} {:?}", slot, offer);
            }
        }
    }

    /// Neither over what occupies the doctor, buffers included, nor in the past.
    #[test]
    fn whatever_is_set_aside_an_offer_never_overlaps_what_occupies_the_doctor(
        (rules, exceptions) in rules(), visit in visit_type(), from in a_date(), busy in busy(),
        named in prop::sample::subsequence(RuleName::ALL.to_vec(), 1..=5), at in prop::collection::vec(0..5000_i64, 6),
    ) {
        let now = rules.zone.midnight(from) + TimeDelta::hours(5);
        let reason = || Reason::parse("an emergency").expect("a reason");
        let by = SetAside::new(named, reason()).expect("one at least");
        let calendar = busy_calendar(&rules, exceptions.clone(), from, &busy).for_visits(&visit);
        let free = busy_calendar(&rules, exceptions, from, &[]).for_visits(&visit);
        for minute in at {
            let start = rules.zone.midnight(from) + TimeDelta::minutes(minute);
            let offer = calendar.offer_but(start, Some(&by), now);
            // Alone, it meets nobody; shared, never more than the rule of seats lets it.
            let occupied = visit.terms().footprint.occupied(Span::new(start, start + visit.terms().length.duration()).expect("forwards"));
            let is_alone = visit.terms().footprint.capacity == Capacity::default();
            let overlaps = busy.iter().any(|&(at, length, capacity)| {
                let begin = rules.zone.midnight(from) + TimeDelta::minutes(at);
                let stretch = Span::new(begin, begin + TimeDelta::minutes(length)).expect("forwards");
                (is_alone || capacity == 1) && stretch.overlaps(&occupied)
            });
            prop_assert!(!(overlaps && offer.is_ok()));
            prop_assert!(start >= now || offer.is_err());
            // What would be offered if nobody were there is refused for that alone.
            if free.offer_but(start, Some(&by), now).is_ok() && let Err(refusals) = &offer {
                prop_assert_eq!(refusals.all(), [doctor_booking_domain::Refusal::SlotTaken]);
            }
            prop_assert!(calendar.offer(start, now).is_err() || offer.is_ok());
        }
    }

    #[test]
    fn a_range_is_the_sum_of_its_parts_for_a_type_too(
        (rules, exceptions) in rules(), visit in visit_type(), from in a_date(), busy in busy(),
    ) {
        let now = rules.zone.midnight(from) + TimeDelta::hours(5);
        let calendar = busy_calendar(&rules, exceptions, from, &busy).for_visits(&visit);
        let range = range_from(from, 4);
        let one_by_one: Vec<_> = range.dates().flat_map(|date| calendar.days(DateRange::day(date), now)).collect();
        prop_assert_eq!(calendar.days(range, now), one_by_one);
    }

    #[test]
    fn working_time_covers_exactly_what_lies_in_openings((rules, exceptions) in rules(), from in a_date(), at in 0..1440_i64) {
        let schedule = Schedule::new(&rules.zone, &rules.hours, &exceptions.overrides);
        let start = rules.zone.midnight(from) + TimeDelta::minutes(at);
        let minute = Span::new(start, start + TimeDelta::minutes(1)).expect("forwards");
        let inside = schedule.openings(DateRange::day(from)).iter().any(|opening| opening.span().contains(&minute));
        prop_assert_eq!(schedule.covers(minute), inside);
    }

    #[test]
    fn an_empty_day_always_says_why_and_no_other_does((rules, exceptions) in rules(), from in a_date(), days in 0..20_u64) {
        let now = rules.zone.midnight(from) + TimeDelta::hours(30);
        for day in calendar(rules, exceptions, vec![]).days(range_from(from, days), now) {
            prop_assert_eq!(day.reason.is_some(), day.free_count() == 0);
        }
    }

    #[test]
    fn any_date_there_is_can_be_asked_about(
        (rules, exceptions) in rules(), days in -95_800_000..95_800_000_i32, year in 1..9999_i32, start in any::<i64>(),
    ) {
        let calendar = calendar(rules, exceptions, vec![]);
        let far = NaiveDate::from_num_days_from_ce_opt(days).unwrap_or(NaiveDate::MAX);
        for date in [far, NaiveDate::from_yo_opt(year, 365).expect("a date")] {
            let _ = calendar.days(DateRange::day(date), DateTime::<Utc>::UNIX_EPOCH);
        }
        let start = DateTime::from_timestamp_micros(start).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let _ = calendar.offer(start, DateTime::<Utc>::UNIX_EPOCH);
    }
}
