//! Which week holds from which date on.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use thiserror::Error;

use super::{Weekly, Window, WindowsOverlap};

/// A week that holds from a date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    effective_from: Option<NaiveDate>,
    weekly: Weekly,
}

impl Version {
    /// The first date on which it holds; `None`: since ever.
    #[must_use]
    pub fn effective_from(&self) -> Option<NaiveDate> {
        self.effective_from
    }

    /// The windows of its week.
    #[must_use]
    pub fn weekly(&self) -> &Weekly {
        &self.weekly
    }
}

/// Every version of a doctor's week, by date. Each holds until the next begins; before the first the doctor does not
/// work.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct WorkingHours(Vec<Version>);

/// The last night of a version reaches into the first morning of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the last night of one version reaches into the first morning of the next, on {later}")]
pub struct VersionOverlap {
    /// From when the earlier of the two holds.
    pub earlier: Option<NaiveDate>,
    /// From when the later of the two holds.
    pub later: NaiveDate,
}

/// There is no version that begins on the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("no version of the working hours begins on that date")]
pub struct UnknownVersion;

impl WorkingHours {
    /// No working hours at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One week for all dates.
    #[must_use]
    pub fn always(weekly: Weekly) -> Self {
        Self(vec![Version { effective_from: None, weekly }])
    }

    /// The working hours with these versions, in any order; of two that begin on one date the later one given stays.
    ///
    /// # Errors
    ///
    /// [`VersionOverlap`] when the last night of one reaches into the first morning of the next.
    pub fn from_versions(
        versions: impl IntoIterator<Item = (Option<NaiveDate>, Weekly)>,
    ) -> Result<Self, VersionOverlap> {
        let mut hours = Self::none();
        for (effective_from, weekly) in versions {
            hours.put(effective_from, weekly);
        }
        hours.checked()
    }

    /// Every version, the earliest first.
    #[must_use]
    pub fn versions(&self) -> &[Version] {
        &self.0
    }

    /// The version in force on a date.
    #[must_use]
    pub fn in_force(&self, date: NaiveDate) -> Option<&Version> {
        let later = self.0.partition_point(|version| version.effective_from.is_none_or(|from| from <= date));
        later.checked_sub(1).map(|index| &self.0[index])
    }

    /// The windows that start on a date, by the version in force.
    #[must_use]
    pub fn windows_on(&self, date: NaiveDate) -> &[Window] {
        self.in_force(date).map_or(&[], |version| version.weekly.on(date.weekday()))
    }

    /// The last date before a later version begins than the one that is in force on `date`, if one does.
    #[must_use]
    pub fn in_force_until(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.0.iter().filter_map(|version| version.effective_from).find(|&from| from > date)?.pred_opt()
    }

    /// The hours with `weekly` as the whole week from `effective_from` on, until a later version begins. A version that
    /// begins on the same date is replaced.
    ///
    /// # Errors
    ///
    /// [`VersionOverlap`] when a last night then reaches into a first morning.
    pub fn with_version(&self, effective_from: Option<NaiveDate>, weekly: Weekly) -> Result<Self, VersionOverlap> {
        let mut hours = self.clone();
        hours.put(effective_from, weekly);
        hours.checked()
    }

    /// What is in force from `effective_from` on, with the windows of some days replaced.
    ///
    /// # Errors
    ///
    /// Every [`WindowsOverlap`] when windows of the week that results overlap.
    pub fn amended_week<'a>(
        &self,
        effective_from: Option<NaiveDate>,
        days: impl IntoIterator<Item = (Weekday, &'a [Window])>,
    ) -> Result<Weekly, Vec<WindowsOverlap>> {
        let now = match effective_from {
            Some(date) => self.in_force(date),
            None => self.0.first().filter(|version| version.effective_from.is_none()),
        };
        now.map(|version| version.weekly.clone()).unwrap_or_default().with_days(days)
    }

    /// The hours without the version that begins on `effective_from`; the one before it then holds longer.
    ///
    /// # Errors
    ///
    /// The outer [`UnknownVersion`] when none begins on that date, the inner [`VersionOverlap`] when a last night then
    /// reaches into a first morning.
    pub fn without_version(&self, effective_from: NaiveDate) -> Result<Result<Self, VersionOverlap>, UnknownVersion> {
        let mut hours = self.clone();
        let index = hours.0.iter().position(|version| version.effective_from == Some(effective_from));
        hours.0.remove(index.ok_or(UnknownVersion)?);
        Ok(hours.checked())
    }

    fn put(&mut self, effective_from: Option<NaiveDate>, weekly: Weekly) {
        let version = Version { effective_from, weekly };
        match self.0.binary_search_by_key(&effective_from, |version| version.effective_from) {
            Ok(index) => self.0[index] = version,
            Err(index) => self.0.insert(index, version),
        }
    }

    fn checked(self) -> Result<Self, VersionOverlap> {
        for pair in self.0.windows(2) {
            let [earlier, later] = pair else { continue };
            let Some(begins) = later.effective_from else { continue };
            let last_night =
                begins.checked_sub_days(Days::new(1)).and_then(|date| earlier.weekly.spill(date.weekday()));
            let first_morning = later.weekly.on(begins.weekday()).first().map(|window| window.start());
            if last_night.zip(first_morning).is_some_and(|(until, start)| start < until) {
                return Err(VersionOverlap { earlier: earlier.effective_from, later: begins });
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2030, month, day).expect("a date")
    }

    fn every_day(start: &str, end: &str) -> Weekly {
        let window = Window::parse(start, end).expect("valid");
        Weekly::new((0..7).map(|day| (Weekday::try_from(day).expect("a day"), window))).expect("nothing overlaps")
    }

    #[test]
    fn a_version_holds_from_its_date_until_the_next_begins() {
        let hours = WorkingHours::always(every_day("08:00", "12:00"))
            .with_version(Some(date(7, 1)), every_day("13:00", "17:00"))
            .expect("nothing overlaps");
        assert_eq!(hours.windows_on(date(6, 30)), [Window::parse("08:00", "12:00").expect("valid")]);
        assert_eq!(hours.windows_on(date(7, 1)), [Window::parse("13:00", "17:00").expect("valid")]);
        assert_eq!(hours.in_force_until(date(6, 1)), Some(date(6, 30)));
        assert_eq!(hours.in_force_until(date(7, 1)), None);
    }

    #[test]
    fn before_the_first_version_nobody_works() {
        let hours = WorkingHours::none().with_version(Some(date(7, 1)), every_day("08:00", "12:00")).expect("one");
        assert!(hours.in_force(date(6, 30)).is_none());
        assert_eq!(hours.in_force_until(date(1, 1)), Some(date(6, 30)));
    }

    #[test]
    fn a_version_of_the_same_date_is_replaced() {
        let hours = WorkingHours::always(every_day("08:00", "12:00"))
            .with_version(None, every_day("09:00", "12:00"))
            .expect("nothing overlaps");
        assert_eq!(hours.versions().len(), 1);
    }

    #[test]
    fn a_last_night_must_not_reach_into_the_first_morning_of_the_next_version() {
        let nights = WorkingHours::always(every_day("22:00", "06:00"));
        assert_eq!(
            nights.with_version(Some(date(7, 1)), every_day("05:00", "09:00")),
            Err(VersionOverlap { earlier: None, later: date(7, 1) })
        );
        assert!(nights.with_version(Some(date(7, 1)), every_day("06:00", "09:00")).is_ok());
    }

    #[test]
    fn taking_a_version_away_lets_the_one_before_it_hold_longer() {
        let hours = WorkingHours::always(every_day("08:00", "12:00"))
            .with_version(Some(date(7, 1)), every_day("13:00", "17:00"))
            .expect("nothing overlaps");
        assert_eq!(hours.without_version(date(8, 1)), Err(UnknownVersion));
        let before = hours.without_version(date(7, 1)).expect("known").expect("nothing overlaps");
        assert_eq!(before.windows_on(date(7, 1)), [Window::parse("08:00", "12:00").expect("valid")]);
    }

    #[test]
    fn amending_starts_from_what_is_in_force_on_the_date() {
        let hours = WorkingHours::always(every_day("08:00", "12:00"));
        let week = hours.amended_week(Some(date(7, 1)), [(Weekday::Mon, &[][..])]).expect("nothing overlaps");
        assert_eq!(week.on(Weekday::Mon), []);
        assert_eq!(week.on(Weekday::Tue).len(), 1);
        assert_eq!(WorkingHours::none().amended_week(None, []), Ok(Weekly::default()));
    }
}
