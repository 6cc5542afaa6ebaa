//! How long before a visit its patient is reminded.

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use crate::{Booking, BookingStatus};

/// How long before its start a visit is reminded of: 1–43,200 minutes, which is 30 days; a day unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeadTime(u16);

/// A lead time outside 1–43,200 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a reminder comes from {} to {} minutes before the visit", LeadTime::LEAST, LeadTime::MOST)]
pub struct LeadTimeOutOfRange;

impl LeadTime {
    /// The shortest, in minutes.
    pub const LEAST: u16 = 1;
    /// The longest, in minutes.
    pub const MOST: u16 = 43_200;

    /// So many minutes.
    ///
    /// # Errors
    ///
    /// [`LeadTimeOutOfRange`] outside 1–43,200.
    pub fn from_minutes(minutes: u16) -> Result<Self, LeadTimeOutOfRange> {
        if (Self::LEAST..=Self::MOST).contains(&minutes) { Ok(Self(minutes)) } else { Err(LeadTimeOutOfRange) }
    }

    /// In minutes, 1–43,200.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// As elapsed time.
    #[must_use]
    pub fn duration(self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.0))
    }

    /// Whether it is time to remind of the booking: it will take place, it has not begun, and its start is no further
    /// away. Who booked later than that needs no reminder.
    #[must_use]
    pub fn is_due(self, booking: &Booking, now: DateTime<Utc>) -> bool {
        let start = booking.span().start();
        let due = start.checked_sub_signed(self.duration()).unwrap_or(DateTime::<Utc>::MIN_UTC);
        booking.status() == BookingStatus::Booked && due <= now && now < start && booking.parts().created_at <= due
    }
}

impl Default for LeadTime {
    fn default() -> Self {
        Self(24 * 60)
    }
}
