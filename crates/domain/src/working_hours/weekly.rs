//! The windows of a week.

use chrono::Weekday;
use thiserror::Error;

use super::{TimeOfDay, Window};

const DAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

/// The windows of every day of a week, each day's in order. They may touch, they never overlap, the night from
/// Sunday to Monday included.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Weekly([Vec<Window>; 7]);

/// Two windows of a week overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{later:?} on {later_day} starts before {earlier:?} on {earlier_day} has ended")]
pub struct WindowsOverlap {
    /// The day of the window that begins first.
    pub earlier_day: Weekday,
    /// The window that begins first.
    pub earlier: Window,
    /// The day of the window that begins before the other has ended.
    pub later_day: Weekday,
    /// The window that begins before the other has ended.
    pub later: Window,
}

impl Weekly {
    /// The week with these windows, in any order.
    ///
    /// # Errors
    ///
    /// The first [`WindowsOverlap`] when some overlap. [`overlaps`](Self::overlaps) finds all.
    pub fn new(windows: impl IntoIterator<Item = (Weekday, Window)>) -> Result<Self, WindowsOverlap> {
        let windows: Vec<_> = windows.into_iter().collect();
        if let Some(&overlap) = Self::overlaps(&windows).first() {
            return Err(overlap);
        }
        let mut week = Self::default();
        for (day, window) in windows {
            week.0[index(day)].push(window);
        }
        for day in &mut week.0 {
            day.sort_unstable();
        }
        Ok(week)
    }

    /// Every window that begins before one ahead of it has ended.
    #[must_use]
    pub fn overlaps(windows: &[(Weekday, Window)]) -> Vec<WindowsOverlap> {
        let mut found = Vec::new();
        let mut by_start: Vec<_> = windows
            .iter()
            .map(|&(day, window)| {
                let midnight = day.num_days_from_monday() * DAY;
                (
                    midnight + u32::from(window.start().minutes()),
                    midnight + u32::from(window.end_minutes()),
                    day,
                    window,
                )
            })
            .collect();
        by_start.sort_unstable_by_key(|&(start, end, ..)| (start, end));
        // What reaches into the next week meets this week's beginning: a second pass, a week later.
        let next_week =
            by_start.clone().into_iter().map(|(start, end, day, window)| (start + WEEK, end + WEEK, day, window));
        let mut furthest: Option<(u32, Weekday, Window)> = None;
        for (start, end, later_day, later) in by_start.into_iter().chain(next_week) {
            if let Some((_, earlier_day, earlier)) = furthest.filter(|&(until, ..)| start < until) {
                let overlap = WindowsOverlap { earlier_day, earlier, later_day, later };
                if !found.contains(&overlap) {
                    found.push(overlap);
                }
            }
            if furthest.is_none_or(|(until, ..)| until < end) {
                furthest = Some((end, later_day, later));
            }
        }
        found
    }

    /// The windows that start on `day`, in order.
    #[must_use]
    pub fn on(&self, day: Weekday) -> &[Window] {
        &self.0[index(day)]
    }

    /// Every day with its windows, from Monday on.
    pub fn days(&self) -> impl Iterator<Item = (Weekday, &[Window])> {
        DAYS.iter().map(|&day| (day, self.on(day)))
    }

    /// This week with the windows of some days replaced.
    ///
    /// # Errors
    ///
    /// Every [`WindowsOverlap`] when the week that results has windows that overlap.
    pub fn with_days<'a>(
        &self,
        changed: impl IntoIterator<Item = (Weekday, &'a [Window])>,
    ) -> Result<Self, Vec<WindowsOverlap>> {
        let mut week = self.clone();
        for (day, windows) in changed {
            week.0[index(day)] = windows.to_vec();
        }
        let windows: Vec<_> =
            week.days().flat_map(|(day, windows)| windows.iter().map(move |&window| (day, window))).collect();
        Self::new(windows.iter().copied()).map_err(|_| Self::overlaps(&windows))
    }

    /// How far the last window of `day` reaches into the next date, if it does.
    #[must_use]
    pub(crate) fn spill(&self, day: Weekday) -> Option<TimeOfDay> {
        self.on(day).last().filter(|window| window.is_overnight()).map(|window| window.end())
    }
}

fn index(day: Weekday) -> usize {
    day.num_days_from_monday() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(start: &str, end: &str) -> Window {
        Window::parse(start, end).expect("valid")
    }

    #[test]
    fn windows_may_touch_and_come_in_any_order() {
        let week = Weekly::new([
            (Weekday::Mon, window("12:00", "15:00")),
            (Weekday::Mon, window("09:00", "12:00")),
            (Weekday::Mon, window("22:00", "06:00")),
            (Weekday::Tue, window("06:00", "08:00")),
        ])
        .expect("nothing overlaps");
        assert_eq!(week.on(Weekday::Mon)[0], window("09:00", "12:00"));
        assert_eq!(week.on(Weekday::Wed), []);
    }

    #[test]
    fn the_same_window_twice_overlaps_itself() {
        let twice = [(Weekday::Mon, window("08:00", "11:00")), (Weekday::Mon, window("08:00", "11:00"))];
        assert!(Weekly::new(twice).is_err());
    }

    #[test]
    fn a_night_must_not_reach_into_the_next_morning() {
        let friday = (Weekday::Fri, window("22:00", "06:00"));
        assert!(Weekly::new([friday, (Weekday::Sat, window("05:00", "08:00"))]).is_err());
        assert!(Weekly::new([friday, (Weekday::Sat, window("06:00", "08:00"))]).is_ok());
    }

    #[test]
    fn sunday_night_meets_monday_morning() {
        let sunday = (Weekday::Sun, window("22:00", "06:00"));
        let monday = (Weekday::Mon, window("05:00", "08:00"));
        let overlap = Weekly::new([monday, sunday]).expect_err("Monday starts before Sunday's night has ended");
        assert_eq!((overlap.earlier_day, overlap.later_day), (Weekday::Sun, Weekday::Mon));
    }

    #[test]
    fn every_overlap_is_found_also_behind_a_long_window() {
        let windows = [
            (Weekday::Mon, window("08:00", "18:00")),
            (Weekday::Mon, window("09:00", "10:00")),
            (Weekday::Mon, window("11:00", "12:00")),
        ];
        assert_eq!(Weekly::overlaps(&windows).len(), 2);
    }

    #[test]
    fn a_week_without_a_break_is_fine() {
        assert!(Weekly::new(DAYS.map(|day| (day, window("00:00", "24:00")))).is_ok());
        assert!(Weekly::new(DAYS.map(|day| (day, window("12:00", "11:59")))).is_ok());
    }

    #[test]
    fn days_that_are_not_named_keep_their_windows() {
        let week = Weekly::new([(Weekday::Mon, window("08:00", "11:00")), (Weekday::Tue, window("08:00", "11:00"))])
            .expect("nothing overlaps");
        let changed = week.with_days([(Weekday::Tue, &[][..])]).expect("nothing overlaps");
        assert_eq!(changed.on(Weekday::Mon).len(), 1);
        assert_eq!(changed.on(Weekday::Tue).len(), 0);
    }
}
