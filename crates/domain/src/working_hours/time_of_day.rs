//! A time on the clock on the wall.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use thiserror::Error;

/// A civil time to the minute, from `00:00` to `24:00`, the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

/// A text or number is no time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a time is written HH:MM, from 00:00 to 24:00")]
pub struct InvalidTimeOfDay;

impl TimeOfDay {
    /// The end of a day, `24:00`.
    pub const END_OF_DAY: Self = Self(24 * 60);

    /// The time that is `minutes` after midnight on the clock, 0–1440.
    ///
    /// # Errors
    ///
    /// [`InvalidTimeOfDay`] beyond 1440.
    pub fn from_minutes(minutes: u16) -> Result<Self, InvalidTimeOfDay> {
        if minutes <= Self::END_OF_DAY.0 { Ok(Self(minutes)) } else { Err(InvalidTimeOfDay) }
    }

    /// Minutes since midnight on the clock, 0–1440.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// This time on `date`; `24:00` is midnight of the next date.
    #[must_use]
    pub(crate) fn on(self, date: NaiveDate) -> NaiveDateTime {
        let midnight = date.and_time(NaiveTime::MIN);
        match NaiveTime::from_hms_opt(u32::from(self.0) / 60, u32::from(self.0) % 60, 0) {
            Some(time) => date.and_time(time),
            None => midnight.checked_add_days(Days::new(1)).unwrap_or(NaiveDateTime::MAX),
        }
    }
}

impl FromStr for TimeOfDay {
    type Err = InvalidTimeOfDay;

    fn from_str(text: &str) -> Result<Self, InvalidTimeOfDay> {
        let [h1, h2, b':', m1, m2] = text.as_bytes() else { return Err(InvalidTimeOfDay) };
        let two = |tens: &u8, ones: &u8| match (tens, ones) {
            (b'0'..=b'9', b'0'..=b'9') => Ok(u16::from(tens - b'0') * 10 + u16::from(ones - b'0')),
            _ => Err(InvalidTimeOfDay),
        };
        let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
        if minutes < 60 { Self::from_minutes(hours * 60 + minutes) } else { Err(InvalidTimeOfDay) }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_minute_is_written_and_read_alike() {
        for minutes in 0..=1440 {
            let time = TimeOfDay::from_minutes(minutes).expect("in range");
            assert_eq!(time.to_string().parse(), Ok(time));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "8",
            "08",
            "8:00",
            "08:0",
            "08:00:00",
            "24:01",
            "25:00",
            "12:60",
            "-1:00",
            "+8:00",
            "08.5",
            "٠٨:٠٠",
            "8 :00",
        ] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(InvalidTimeOfDay), "{text:?}");
        }
        assert!(TimeOfDay::from_minutes(1441).is_err());
    }

    #[test]
    fn twenty_four_is_midnight_of_the_next_date() {
        let date = NaiveDate::from_ymd_opt(2030, 12, 31).expect("a date");
        assert_eq!(TimeOfDay::END_OF_DAY.on(date).to_string(), "2031-01-01 00:00:00");
    }
}
