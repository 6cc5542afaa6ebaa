//! One stretch of working time on the clock on the wall.

use thiserror::Error;

use super::{InvalidTimeOfDay, TimeOfDay};

/// From one time of day to another. It belongs to the date on which it starts, and where the end is not after the
/// start it lasts until that time on the next date: `22:00`–`06:00` is a night shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    start: TimeOfDay,
    end: TimeOfDay,
}

/// Why two times make no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidWindow {
    /// It starts when it ends.
    #[error("a window must not end when it starts; a whole day is 00:00 to 24:00")]
    Empty,
    /// It starts at `24:00`.
    #[error("24:00 may end a window, not start one")]
    StartsAtEndOfDay,
    /// One of them is no time.
    #[error(transparent)]
    Time(#[from] InvalidTimeOfDay),
}

impl Window {
    /// The window from `start` to `end`.
    ///
    /// # Errors
    ///
    /// [`InvalidWindow::Empty`] when both are the same, [`InvalidWindow::StartsAtEndOfDay`] when `start` is `24:00`.
    pub fn new(start: TimeOfDay, end: TimeOfDay) -> Result<Self, InvalidWindow> {
        if start == TimeOfDay::END_OF_DAY {
            return Err(InvalidWindow::StartsAtEndOfDay);
        }
        if start == end { Err(InvalidWindow::Empty) } else { Ok(Self { start, end }) }
    }

    /// The window between two texts of the form `HH:MM`.
    ///
    /// # Errors
    ///
    /// [`InvalidWindow`], also when one of the texts is no time.
    pub fn parse(start: &str, end: &str) -> Result<Self, InvalidWindow> {
        Self::new(start.parse()?, end.parse()?)
    }

    /// When it starts.
    #[must_use]
    pub fn start(self) -> TimeOfDay {
        self.start
    }

    /// When it ends: on the same date if this is after the start, else on the next.
    #[must_use]
    pub fn end(self) -> TimeOfDay {
        self.end
    }

    /// Whether it ends on the next date.
    #[must_use]
    pub fn is_overnight(self) -> bool {
        self.end < self.start
    }

    /// Minutes on the clock from midnight of its date to its end: more than 1440 when it is overnight.
    #[must_use]
    pub(crate) fn end_minutes(self) -> u16 {
        self.end.minutes() + if self.is_overnight() { TimeOfDay::END_OF_DAY.minutes() } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_ends_before_it_starts_is_overnight() {
        let night = Window::parse("22:00", "06:00").expect("valid");
        assert!(night.is_overnight());
        assert_eq!(night.end_minutes(), 30 * 60);
        assert!(!Window::parse("00:00", "24:00").expect("valid").is_overnight());
        assert!(Window::parse("22:00", "00:00").expect("valid").is_overnight());
    }

    #[test]
    fn a_window_without_length_is_refused() {
        assert_eq!(Window::parse("08:00", "08:00"), Err(InvalidWindow::Empty));
        assert_eq!(Window::parse("00:00", "00:00"), Err(InvalidWindow::Empty));
        assert_eq!(Window::parse("24:00", "06:00"), Err(InvalidWindow::StartsAtEndOfDay));
        assert_eq!(Window::parse("08:00", "24:01"), Err(InvalidWindow::Time(InvalidTimeOfDay)));
    }
}
