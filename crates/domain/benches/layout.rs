//! How long it takes to lay out a year: at most a millisecond for 366 days of two windows a day.

use chrono::{NaiveDate, TimeZone, Utc, Weekday};
use divan::{Bencher, black_box};
use doctor_booking_domain::{
    Calendar, DateRange, DoctorId, Overrides, Rules, Schedule, Weekly, Window, WorkingHours, Zone,
};

fn main() {
    divan::main();
}

const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];

fn two_windows_a_day() -> WorkingHours {
    let windows = [Window::parse("08:00", "12:00"), Window::parse("13:00", "17:00")].map(|w| w.expect("valid"));
    let days = (0..7).map(|day| Weekday::try_from(day).expect("a day"));
    WorkingHours::always(Weekly::new(days.flat_map(|day| windows.map(|w| (day, w)))).expect("no overlap"))
}

fn year() -> DateRange {
    let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a date");
    DateRange::new(date(2028, 1, 1), date(2028, 12, 31)).expect("forwards")
}

/// Working time alone, 366 days.
#[divan::bench(args = ZONES)]
fn openings_of_a_year(bencher: Bencher, zone: &str) {
    let (zone, hours, overrides): (Zone, _, _) =
        (zone.parse().expect("known"), two_windows_a_day(), Overrides::default());
    bencher.bench_local(|| Schedule::new(&zone, &hours, &overrides).openings(black_box(year())));
}

/// Working time, slots, statuses and reasons, 366 days.
#[divan::bench(args = ZONES)]
fn days_of_a_year(bencher: Bencher, zone: &str) {
    let rules = Rules::new(zone.parse().expect("known")).with_hours(two_windows_a_day());
    let calendar = Calendar::new(DoctorId::from_u128(1), rules, vec![]);
    let now = Utc.with_ymd_and_hms(2027, 1, 1, 0, 0, 0).unwrap();
    bencher.bench_local(|| calendar.days(black_box(year()), now));
}
