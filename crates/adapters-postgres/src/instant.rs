//! Instants that callers give, as the database can compare them: it keeps whole microseconds, from 4713 BC on.
//!
//! What is stored has whole microseconds already (`Clock` promises so), hence nothing is lost.

use std::ops::Bound;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use doctor_booking_domain::Span;

use crate::rows::Range;

/// The last microsecond that is not after `instant`.
pub(crate) fn floor(instant: DateTime<Utc>) -> DateTime<Utc> {
    let whole = DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant);
    whole.max(earliest())
}

/// The first microsecond that is not before `instant`.
pub(crate) fn ceil(instant: DateTime<Utc>) -> DateTime<Utc> {
    let whole = floor(instant);
    let next = || whole.checked_add_signed(TimeDelta::microseconds(1)).unwrap_or(whole);
    if whole < instant { next() } else { whole }
}

/// `span`, with whole microseconds: what is stored overlaps the one where it overlaps the other.
pub(crate) fn range(span: Span) -> Range {
    (Bound::Included(floor(span.start())), Bound::Excluded(ceil(span.end())))
}

/// The beginning of a date on any clock.
pub(crate) fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN).max(earliest().naive_utc())
}

/// The date itself, or the first that the database knows.
pub(crate) fn date(date: NaiveDate) -> NaiveDate {
    date.max(earliest().date_naive())
}

/// No clock shows this time before that instant: none is a whole 26 hours from UTC.
pub(crate) fn earliest_of(civil: NaiveDateTime) -> DateTime<Utc> {
    floor(civil.and_utc().checked_sub_signed(FURTHEST).unwrap_or(DateTime::<Utc>::MIN_UTC))
}

/// No clock shows this time after that instant.
pub(crate) fn latest_of(civil: NaiveDateTime) -> DateTime<Utc> {
    floor(civil.and_utc().checked_add_signed(FURTHEST).unwrap_or(DateTime::<Utc>::MAX_UTC))
}

/// The offsets of a [`Zone`](doctor_booking_domain::Zone) are less than that, to either side.
const FURTHEST: TimeDelta = TimeDelta::hours(26);

/// PostgreSQL's first instant: Julian day 0, in the calendar that chrono has. Its last comes after chrono's.
fn earliest() -> DateTime<Utc> {
    let julian_day_0 = NaiveDate::from_ymd_opt(-4713, 11, 24).expect("chrono reaches further back");
    julian_day_0.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_are_rounded_to_the_side_that_changes_no_comparison() {
        let at = |nanoseconds| DateTime::from_timestamp(1_900_000_000, nanoseconds).expect("in range");
        assert_eq!((floor(at(1_999)), ceil(at(1_001))), (at(1_000), at(2_000)));
        assert_eq!((floor(at(1_000)), ceil(at(1_000))), (at(1_000), at(1_000)));
        let before_1970 = DateTime::from_timestamp(-2, 999_999_999).expect("in range");
        assert_eq!(ceil(before_1970), DateTime::from_timestamp(-1, 0).expect("in range"));
        assert!(floor(before_1970) < before_1970);
    }

    #[test]
    fn the_ends_of_time_are_no_reason_to_panic() {
        for instant in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert!(floor(instant) <= ceil(instant));
            let civil = instant.naive_utc();
            assert!(earliest_of(civil) <= latest_of(civil));
            assert!(midnight(civil.date()) >= earliest().naive_utc());
            assert!(date(civil.date()) >= earliest().date_naive());
        }
    }
}
