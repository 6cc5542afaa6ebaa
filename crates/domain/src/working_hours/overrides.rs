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
    /// opening.
    #[must_use]
    pub fn with(mut self, date: NaiveDate, mut windows: Vec<Window>) -> Self {
        windows.sort_unstable();
        self.0.insert(date, windows);
        self
    }

    /// Every override, by date.
    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, &[Window])> {
        self.0.iter().map(|(&date, windows)| (date, windows.as_slice()))
    }
}
