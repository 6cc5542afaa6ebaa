//! Civil dates, one after the other.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use thiserror::Error;

use crate::Span;

/// The civil dates from one to another, both inclusive. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateRange {
    from: NaiveDate,
    to: NaiveDate,
}

/// A range of dates would have ended before it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a range of dates from {from} must not end before it, on {to}")]
pub struct BackwardsRange {
    /// The first date that was given.
    pub from: NaiveDate,
    /// The last date that was given.
    pub to: NaiveDate,
}

impl DateRange {
    /// The dates from `from` to `to`, both inclusive.
    ///
    /// # Errors
    ///
    /// [`BackwardsRange`] when `to` is before `from`.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, BackwardsRange> {
        if from <= to { Ok(Self { from, to }) } else { Err(BackwardsRange { from, to }) }
    }

    /// One date.
    #[must_use]
    pub fn day(date: NaiveDate) -> Self {
        Self { from: date, to: date }
    }

    /// The first date.
    #[must_use]
    pub fn from(&self) -> NaiveDate {
        self.from
    }

    /// The last date.
    #[must_use]
    pub fn to(&self) -> NaiveDate {
        self.to
    }

    /// How many dates it has, 1 or more.
    #[must_use]
    pub fn count(&self) -> u64 {
        (self.to - self.from).num_days().unsigned_abs() + 1
    }

    /// Whether `date` is one of them.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.to
    }

    /// Every date, in order.
    pub fn dates(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |date| *date <= to)
    }

    /// The range with `days` more dates at both ends, as far as there are dates.
    #[must_use]
    pub(crate) fn widened(self, days: u64) -> Self {
        let days = chrono::Days::new(days);
        Self {
            from: self.from.checked_sub_days(days).unwrap_or(NaiveDate::MIN),
            to: self.to.checked_add_days(days).unwrap_or(NaiveDate::MAX),
        }
    }

    /// Every instant at which it can be one of these dates in some zone, and a day more at both ends for
    /// what starts before or ends after them.
    ///
    /// Civil time is never more than 26 hours from UTC, so two days either side are enough.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "it cannot: two days are less than a year at the ends of time")]
    pub fn reach(&self) -> Span {
        let midnight = |date: NaiveDate| date.and_time(chrono::NaiveTime::MIN).and_utc();
        let two_days = TimeDelta::days(2);
        let start = midnight(self.from).checked_sub_signed(two_days).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let end =
            midnight(self.to).checked_add_signed(two_days + TimeDelta::days(1)).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Span::new(start, end).expect("the end is later by at least a day")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2030, 1, day).expect("a date")
    }

    #[test]
    fn both_ends_are_inside() {
        let range = DateRange::new(date(7), date(9)).expect("forwards");
        assert_eq!(range.dates().collect::<Vec<_>>(), [date(7), date(8), date(9)]);
        assert_eq!(range.count(), 3);
        assert!(range.contains(date(7)) && range.contains(date(9)) && !range.contains(date(10)));
    }

    #[test]
    fn a_range_that_ends_before_it_begins_is_refused() {
        assert!(DateRange::new(date(8), date(7)).is_err());
        assert_eq!(DateRange::new(date(7), date(7)), Ok(DateRange::day(date(7))));
    }

    #[test]
    fn the_ends_of_time_are_no_reason_to_panic() {
        let all = DateRange::new(NaiveDate::MIN, NaiveDate::MAX).expect("forwards");
        assert!(all.reach().length() > TimeDelta::days(1));
        assert_eq!(all.widened(30), all);
        assert!(DateRange::day(NaiveDate::MAX).reach().start() < DateRange::day(NaiveDate::MAX).reach().end());
    }
}
