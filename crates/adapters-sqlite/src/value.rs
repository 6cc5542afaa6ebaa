//! Values as SQLite keeps them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary};
use diesel::sqlite::{Sqlite, SqliteValue};
use doctor_booking_domain::{BookingId, DoctorId, PatientId};
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

id!(DoctorId, PatientId, BookingId);

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

    /// As an instant.
    pub(crate) fn instant(self) -> Result<DateTime<Utc>, BeyondTheCalendar> {
        DateTime::from_timestamp_micros(self.0).ok_or(BeyondTheCalendar)
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

/// The date in a text of the form `YYYY-MM-DD`.
pub(crate) fn date_from_text(text: &str) -> Result<NaiveDate, chrono::ParseError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
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
}
