//! Dates with windows of their own.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Window;

/// The dates that have windows of their own instead of the week's; a date without any is closed.
///
/// An override replaces what starts on its date. The tail of the night before belongs to the date on which it
/// started, and stays.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Overrides(BTreeMap<NaiveDate, Vec<Window>>);

impl Overrides {
    /// The windows of `date`, in order, if it has its own. Empty: closed.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> Option<&[Window]> {
        self.0.get(&date).map(Vec::as_slice)
    }

    /// Replaces the hours of `date`, in any order; without windows it is closed. Windows that overlap are one
    /// opening, and the same one twice is one.
    #[must_use]
    pub fn with(mut self, date: NaiveDate, mut windows: Vec<Window>) -> Self {
        windows.sort_unstable();
        windows.dedup();
        self.0.insert(date, windows);
        self
    }

    /// Gives `date` the week's hours again.
    #[must_use]
    pub fn without(mut self, date: NaiveDate) -> Self {
        self.0.remove(&date);
        self
    }

    /// Every override, by date.
    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, &[Window])> {
        self.0.iter().map(|(&date, windows)| (date, windows.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_in_order_and_none_is_there_twice() {
        let window = |start, end| Window::parse(start, end).expect("valid");
        let (early, longer, night) = (window("08:00", "11:00"), window("08:00", "12:00"), window("22:00", "06:00"));
        let date = NaiveDate::from_ymd_opt(2030, 1, 7).expect("a date");
        let overrides = Overrides::default().with(date, vec![night, longer, early, longer]);
        assert_eq!(overrides.on(date), Some(&[early, longer, night][..]));
        assert_eq!(overrides.without(date), Overrides::default());
    }
}
