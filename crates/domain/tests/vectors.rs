//! The answers in `tests/vectors/availability.json` were computed independently, with Python's zoneinfo. Every slot
//! start must match, to the letter.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use doctor_booking_domain::{
    Calendar, DateRange, DoctorId, Exceptions, Overrides, Rules, SlotLength, Weekly, Window, WorkingHours,
};
use serde::Deserialize;

const VECTORS: &str = include_str!("vectors/availability.json");

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    id: String,
    time_zone: String,
    slot_minutes: u16,
    weekly: BTreeMap<String, Vec<WindowText>>,
    #[serde(default)]
    overrides: BTreeMap<NaiveDate, Vec<WindowText>>,
    #[serde(default, rename = "why")]
    _why: String,
    from: NaiveDate,
    to: NaiveDate,
    slot_starts: BTreeMap<NaiveDate, Vec<String>>,
}

#[derive(Deserialize)]
struct WindowText {
    start: String,
    end: String,
}

impl WindowText {
    fn window(&self) -> Window {
        Window::parse(&self.start, &self.end).expect("a valid window")
    }
}

fn slot_starts(case: &Case) -> BTreeMap<NaiveDate, Vec<String>> {
    let weekly = case.weekly.iter().flat_map(|(day, windows)| {
        let day: Weekday = day.parse().expect("a day of the week");
        windows.iter().map(move |window| (day, window.window()))
    });
    let rules = Rules::new(case.time_zone.parse().expect("a known zone"))
        .with_hours(WorkingHours::always(Weekly::new(weekly).expect("nothing overlaps")))
        .with_slot(SlotLength::from_minutes(case.slot_minutes).expect("a slot length"));
    let overrides = case.overrides.iter().fold(Overrides::default(), |overrides, (&date, windows)| {
        overrides.with(date, windows.iter().map(WindowText::window).collect())
    });
    let zone = rules.zone.clone();
    let range = DateRange::new(case.from, case.to).expect("forwards");
    Calendar::new(DoctorId::from_u128(1), rules, vec![])
        .with_exceptions(Exceptions { overrides, ..Exceptions::default() })
        .days(range, DateTime::<Utc>::MIN_UTC)
        .into_iter()
        .map(|day| (day.date, day.slots.iter().map(|slot| zone.local(slot.span.start()).to_rfc3339()).collect()))
        .collect()
}

#[test]
fn every_vector_matches_exactly() {
    let vectors: Vectors = serde_json::from_str(VECTORS).expect("the vectors parse");
    let mut wrong = Vec::new();
    for case in &vectors.cases {
        let got = slot_starts(case);
        if got != case.slot_starts {
            wrong.push(format!("{}:\n  wanted {:?}\n  got    {got:?}", case.id, case.slot_starts));
        }
    }
    let starts: usize = vectors.cases.iter().flat_map(|case| case.slot_starts.values()).map(Vec::len).sum();
    // Past the test runner's capture: how many ran is always shown.
    writeln!(
        std::io::stdout(),
        "{} vectors ran, {starts} slot starts compared, {} wrong",
        vectors.cases.len(),
        wrong.len()
    )
    .expect("stdout can be written to");
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), vectors.cases.len(), wrong.join("\n"));
    assert_eq!(vectors.cases.len(), 155, "a vector was lost");
}

#[test]
fn the_copy_of_the_vectors_is_the_original_where_that_is_at_hand() {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/availability.json");
    if let Ok(original) = std::fs::read_to_string(original) {
        assert!(original == VECTORS, "tests/vectors/availability.json differs from the original");
    }
}
