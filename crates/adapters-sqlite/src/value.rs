//! Values as SQLite keeps them.

use std::error::Error;
use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary};
use diesel::sqlite::{Sqlite, SqliteValue};
use doctor_booking_domain::{
    BookingId, Buffer, CallerId, Capacity, ClosureId, DeliveryId, DoctorId, EntryId, Footprint, HoldId, PatientId,
    SeriesId, TimeOffId, TokenId, VisitTypeId, WaitingId, WebhookId,
};
use thiserror::Error;
use uuid::Uuid;

/// Any id, as the 16 bytes of its UUID. They sort as ids do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub(crate) struct Id(Uuid);

macro_rules! id {
    ($($id:ty),+) => {$(
        impl From<$id> for Id {
            fn from(id: $id) -> Self {
                Self(id.uuid())
            }
        }

        impl From<Id> for $id {
            fn from(id: Id) -> Self {
                id.0.into()
            }
        }
    )+};
}

id!(
    DoctorId,
    PatientId,
    BookingId,
    TimeOffId,
    ClosureId,
    VisitTypeId,
    HoldId,
    SeriesId,
    WaitingId,
    WebhookId,
    DeliveryId,
    EntryId,
    TokenId,
    CallerId
);

impl Id {
    /// In hexadecimal, as SQLite's `unhex` reads it.
    pub(crate) fn hex(self) -> String {
        self.0.simple().to_string()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ToSql<Binary, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}

impl FromSql<Binary, Sqlite> for Id {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}

/// One id after the other.
pub(crate) fn ids_to_bytes(ids: impl Iterator<Item = Id>) -> Vec<u8> {
    ids.flat_map(|id| *id.0.as_bytes()).collect()
}

/// The ids that stand one after the other.
pub(crate) fn ids_from_bytes(bytes: &[u8]) -> Result<Vec<Id>, uuid::Error> {
    bytes.chunks(size_of::<Uuid>()).map(|id| Uuid::from_slice(id).map(Id)).collect()
}

/// An instant, in whole microseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub(crate) struct Micros(i64);

/// A stored instant lies beyond those that can be calculated with.
#[derive(Debug, Error)]
#[error("an instant is beyond the calendar")]
pub(crate) struct BeyondTheCalendar;

impl Micros {
    /// The last whole microsecond not after `instant`.
    pub(crate) fn floor(instant: DateTime<Utc>) -> Self {
        Self(instant.timestamp_micros())
    }

    /// The first whole microsecond not before `instant`.
    ///
    /// A stored instant is before any other instant exactly when it is before that one's ceiling, and after it exactly
    /// when it is after its floor.
    pub(crate) fn ceil(instant: DateTime<Utc>) -> Self {
        let part = i64::from(!instant.timestamp_subsec_nanos().is_multiple_of(1_000));
        Self(instant.timestamp_micros() + part)
    }

    /// As a number.
    pub(crate) fn number(self) -> i64 {
        self.0
    }

    /// As an instant.
    pub(crate) fn instant(self) -> Result<DateTime<Utc>, BeyondTheCalendar> {
        DateTime::from_timestamp_micros(self.0).ok_or(BeyondTheCalendar)
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ToSql<BigInt, Sqlite> for Micros {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0);
        Ok(IsNull::No)
    }
}

impl FromSql<BigInt, Sqlite> for Micros {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        <i64 as FromSql<BigInt, Sqlite>>::from_sql(value).map(Self)
    }
}

/// A date as `YYYY-MM-DD`.
pub(crate) fn date_to_text(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// A text to compare dates with, which stands among them as `date` does, also where it is none that could be stored:
/// texts sort like dates only in years of four digits.
pub(crate) fn date_bound(date: NaiveDate) -> String {
    if date.year() > 9999 { "~".to_owned() } else { date_to_text(date) }
}

/// The date in a text of the form `YYYY-MM-DD`.
pub(crate) fn date_from_text(text: &str) -> Result<NaiveDate, chrono::ParseError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
}

/// How many share a doctor.
pub(crate) fn capacity(number: i32) -> Result<Capacity, Box<dyn Error + Send + Sync>> {
    Ok(Capacity::new(u8::try_from(number)?)?)
}

/// What a visit takes of its doctor: minutes before it and after it, and with how many the doctor can be shared.
pub(crate) fn footprint(before: i32, after: i32, shared_by: i32) -> Result<Footprint, Box<dyn Error + Send + Sync>> {
    let before = Buffer::new(u16::try_from(before)?)?;
    let after = Buffer::new(u16::try_from(after)?)?;
    Ok(Footprint { before, after, capacity: capacity(shared_by)? })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn part_of_a_microsecond_is_rounded_down_and_up_also_before_1970() {
        for whole in [0, 1_893_456_000_000_000, -1_893_456_000_000_001] {
            let instant = Micros(whole).instant().expect("in the calendar");
            assert_eq!((Micros::floor(instant), Micros::ceil(instant)), (Micros(whole), Micros(whole)));
            for part in [1, 999] {
                let between = instant + TimeDelta::nanoseconds(part);
                assert_eq!((Micros::floor(between), Micros::ceil(between)), (Micros(whole), Micros(whole + 1)));
            }
        }
    }

    #[test]
    fn the_first_and_the_last_instant_can_be_kept() {
        for instant in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert!(Micros::floor(instant).instant().is_ok());
            assert!(Micros::floor(instant) <= Micros::ceil(instant));
        }
        assert!(Micros(i64::MAX).instant().is_err());
    }

    #[test]
    fn a_date_is_read_as_it_was_written() {
        let date = NaiveDate::from_ymd_opt(2030, 1, 7).expect("a date");
        assert_eq!(date_to_text(date), "2030-01-07");
        assert_eq!(date_from_text("2030-01-07"), Ok(date));
        assert!(date_from_text("2030-02-30").is_err());
    }

    #[test]
    fn the_bounds_of_all_dates_stand_around_those_that_can_be_stored() {
        let dates = [(-262_143, 1, 1), (-1, 1, 1), (0, 1, 1), (2030, 1, 7), (9999, 12, 31), (10_000, 1, 1)];
        let dates = dates.map(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).expect("a date"));
        for (date, other) in dates.iter().flat_map(|date| dates[2..5].iter().map(move |other| (date, other))) {
            assert_eq!(date_bound(*date).cmp(&date_to_text(*other)), date.cmp(other), "{date} and {other}");
        }
    }
}
