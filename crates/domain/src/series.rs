//! Visits that repeat.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use thiserror::Error;

use crate::Zone;

/// How often a visit repeats, on the clock on the wall: the same time of day, however the clocks change in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Every {
    /// On the same day of each week.
    Week,
    /// On the same day of every second week.
    TwoWeeks,
    /// On the same day of each month that has it.
    Month,
}

/// How many visits a series has: 2–52.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesLength(u8);

/// A number of visits outside 2–52.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a series has from {} to {} visits", SeriesLength::LEAST, SeriesLength::MOST)]
pub struct SeriesLengthOutOfRange;

impl SeriesLength {
    /// The fewest visits.
    pub const LEAST: u8 = 2;
    /// The most visits.
    pub const MOST: u8 = 52;

    /// So many visits.
    ///
    /// # Errors
    ///
    /// [`SeriesLengthOutOfRange`] outside 2–52.
    pub fn new(visits: u8) -> Result<Self, SeriesLengthOutOfRange> {
        if (Self::LEAST..=Self::MOST).contains(&visits) { Ok(Self(visits)) } else { Err(SeriesLengthOutOfRange) }
    }

    /// How many.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

/// When the visits of a series start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrences {
    /// The starts, the first one included, in order.
    pub starts: Vec<DateTime<Utc>>,
    /// The months, by their first date, that were passed over because they do not have the day, and the dates that the
    /// zone skipped.
    pub missing: Vec<NaiveDate>,
}

impl Every {
    /// The starts of a series that begins at `first`, on the clocks of `zone`.
    ///
    /// A month without the day is passed over and does not count, as in iCalendar (RFC 5545, section 3.3.10); so is a date
    /// that the zone skipped. A time that the clocks skip is the instant at which they do.
    #[must_use]
    pub fn occurrences(self, first: DateTime<Utc>, length: SeriesLength, zone: &Zone) -> Occurrences {
        let local = zone.local(first).naive_local();
        let mut found = Occurrences { starts: vec![first], missing: vec![] };
        // No month is missing twice in a row, and no two dates of a week apart are.
        for step in 1..u32::from(SeriesLength::MOST) * 3 {
            if found.starts.len() >= usize::from(length.get()) {
                break;
            }
            let date = match self {
                Self::Week => local.date().checked_add_days(Days::new(7 * u64::from(step))),
                Self::TwoWeeks => local.date().checked_add_days(Days::new(14 * u64::from(step))),
                Self::Month => local.date().checked_add_months(Months::new(step)),
            };
            let Some(date) = date else { break };
            let is_shortened = chrono::Datelike::day(&date) != chrono::Datelike::day(&local.date());
            if self == Self::Month && is_shortened {
                found.missing.push(chrono::Datelike::with_day(&date, 1).unwrap_or(date));
            } else if !zone.has_date(date) {
                found.missing.push(date);
            } else {
                found.starts.push(zone.instant(date.and_time(local.time())));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(every: Every, first: &str, visits: u8, zone: &str) -> (Vec<String>, Vec<String>) {
        let zone: Zone = zone.parse().expect("a known zone");
        let first = DateTime::parse_from_rfc3339(first).expect("an instant").to_utc();
        let found = every.occurrences(first, SeriesLength::new(visits).expect("a length"), &zone);
        let text = |start: &DateTime<Utc>| start.format("%Y-%m-%dT%H:%MZ").to_string();
        (found.starts.iter().map(text).collect(), found.missing.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_week_later_it_is_the_same_time_on_the_clock_also_when_the_clocks_have_changed() {
        let (weekly, missing) = starts(Every::Week, "2026-10-06T19:00:00+01:00", 4, "Europe/London");
        let expected = ["2026-10-06T18:00Z", "2026-10-13T18:00Z", "2026-10-20T18:00Z", "2026-10-27T19:00Z"];
        assert_eq!((weekly, missing), (expected.map(str::to_owned).to_vec(), vec![]));
        let (fortnightly, _) = starts(Every::TwoWeeks, "2026-10-06T19:00:00+01:00", 3, "Europe/London");
        assert_eq!(fortnightly, ["2026-10-06T18:00Z", "2026-10-20T18:00Z", "2026-11-03T19:00Z"]);
    }

    #[test]
    fn months_without_the_day_are_passed_over_and_told() {
        let (monthly, missing) = starts(Every::Month, "2026-01-31T09:00:00Z", 4, "UTC");
        assert_eq!(monthly, ["2026-01-31T09:00Z", "2026-03-31T09:00Z", "2026-05-31T09:00Z", "2026-07-31T09:00Z"]);
        assert_eq!(missing, ["2026-02-01", "2026-04-01", "2026-06-01"]);
        let (leap, missing) = starts(Every::Month, "2027-11-29T09:00:00Z", 5, "UTC");
        assert_eq!((leap.len(), leap[3].as_str(), missing.len()), (5, "2028-02-29T09:00Z", 0));
        let (longest, missing) = starts(Every::Month, "2026-01-31T09:00:00Z", 52, "UTC");
        assert_eq!((longest.len(), missing.len()), (52, 37));
    }

    #[test]
    fn a_date_that_the_zone_skipped_is_passed_over() {
        // Samoa had no 30 December 2011.
        let (weekly, missing) = starts(Every::Week, "2011-12-16T09:00:00-10:00", 4, "Pacific/Apia");
        assert_eq!((weekly.len(), missing), (4, vec!["2011-12-30".to_owned()]));
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_the_instant_at_which_they_do() {
        let (weekly, _) = starts(Every::Week, "2026-03-22T02:30:00+01:00", 3, "Europe/Berlin");
        assert_eq!(weekly, ["2026-03-22T01:30Z", "2026-03-29T01:00Z", "2026-04-05T00:30Z"]);
    }

    #[test]
    fn a_series_has_from_2_to_52_visits_and_ends_with_the_calendar() {
        assert!(SeriesLength::new(1).is_err() && SeriesLength::new(53).is_err());
        let last = Every::Month.occurrences(DateTime::<Utc>::MAX_UTC, SeriesLength(52), &Zone::utc());
        assert_eq!(last.starts.len(), 1);
    }
}
