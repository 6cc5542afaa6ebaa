//! The simple values of the API, as text becomes them. How they are documented, [`schema`](crate::schema) says.

use actix_web::http::Uri;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat, Utc};
use doctor_booking_domain::{
    Buffer, Capacity, ClosureName, Email, ExternalId, HoldTime, Horizon, InvalidText, Name, Notice, Phone, Reason,
    SearchKey, SeriesLength, SlotLength, Specialty, TokenName, VisitTypeName, WebhookUrl, Zone,
};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

use crate::code::Code;

/// The years that dates and instants may have: any visit, any birth, and nothing that a store could not keep.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;
/// The longest text that is searched for, in characters.
pub(crate) const LONGEST_SEARCH: usize = 200;

/// Why a text is not the value it should be.
pub(crate) struct Fault {
    pub(crate) code: Code,
    pub(crate) detail: String,
}

impl Fault {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// The value of this name.
pub(crate) fn one_of<T: Copy>(values: &[(&str, T)], text: &str, wrong: Code) -> Result<T, Fault> {
    values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
        Fault::new(wrong, format!("must be {}", names.join(" or ")))
    })
}

/// A value that is written as text.
pub(crate) trait FromText: Sized {
    fn from_text(text: &str) -> Result<Self, Fault>;
}

/// Text that people typed. The whole of it counts, as the document says, not only what is left after trimming.
fn typed<T>(
    text: &str,
    code: Code,
    most: usize,
    lines: bool,
    parse: fn(&str) -> Result<T, InvalidText>,
) -> Result<T, Fault> {
    let invalid = |error: InvalidText| Fault::new(code, error.to_string());
    if text.chars().count() > most {
        return Err(invalid(InvalidText::TooLong { most }));
    }
    if text.chars().any(|c| c.is_control() && !(lines && matches!(c, '\n' | '\t'))) {
        return Err(invalid(InvalidText::ControlCharacter));
    }
    parse(text).map_err(invalid)
}

macro_rules! typed {
    ($($type:ty: $code:ident, lines: $lines:literal;)+) => {
        $(
            impl FromText for $type {
                fn from_text(text: &str) -> Result<Self, Fault> {
                    typed(text, Code::$code, Self::MOST, $lines, Self::parse)
                }
            }
        )+
    };
}

typed! {
    Name: InvalidName, lines: false;
    ClosureName: InvalidName, lines: false;
    VisitTypeName: InvalidName, lines: false;
    TokenName: InvalidName, lines: false;
    Specialty: InvalidSpecialty, lines: false;
    Email: InvalidEmail, lines: false;
    Phone: InvalidPhone, lines: false;
    ExternalId: InvalidExternalId, lines: false;
    Reason: InvalidReason, lines: true;
}

impl FromText for SearchKey {
    fn from_text(text: &str) -> Result<Self, Fault> {
        if text.chars().count() > LONGEST_SEARCH || text.chars().any(char::is_control) {
            let detail = format!("must have at most {LONGEST_SEARCH} characters, and no control characters");
            return Err(Fault::new(Code::InvalidName, detail));
        }
        Ok(Self::of(text))
    }
}

impl FromText for Zone {
    fn from_text(text: &str) -> Result<Self, Fault> {
        text.parse().map_err(|error: doctor_booking_domain::UnknownTimeZone| {
            Fault::new(Code::UnknownTimeZone, error.to_string())
        })
    }
}

impl FromText for WebhookUrl {
    fn from_text(text: &str) -> Result<Self, Fault> {
        let url = Self::parse(text).map_err(|error| Fault::new(Code::InvalidUrl, error.to_string()))?;
        // What is right at a first glance, and still cannot be connected to, such as a port of 99999.
        let authority = text.parse().ok().and_then(|uri: Uri| uri.into_parts().authority);
        let is_fine = authority.is_some_and(|authority| {
            let after_host = authority.as_str().strip_prefix(authority.host());
            !authority.host().is_empty() && (after_host == Some("") || authority.port_u16().is_some())
        });
        let fault = || Fault::new(Code::InvalidUrl, "must have a host, and a port that exists if it has one");
        if is_fine { Ok(url) } else { Err(fault()) }
    }
}

macro_rules! ids {
    ($($type:ident)+) => {
        $(
            impl FromText for doctor_booking_domain::$type {
                fn from_text(text: &str) -> Result<Self, Fault> {
                    uuid(text).map(Self::from).ok_or_else(|| Fault::new(Code::InvalidId, "must be a UUID"))
                }
            }
        )+
    };
}

ids! { DoctorId PatientId BookingId TimeOffId ClosureId VisitTypeId HoldId WaitingId WebhookId TokenId CallerId EntryId }

/// A UUID as it is usually written, with hyphens; not the other forms in which it could be.
fn uuid(text: &str) -> Option<uuid::Uuid> {
    const WITH_HYPHENS: usize = 36;
    text.parse().ok().filter(|_| text.len() == WITH_HYPHENS)
}

impl FromText for NaiveDate {
    fn from_text(text: &str) -> Result<Self, Fault> {
        let digits = |range: std::ops::Range<usize>| {
            text.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit())).and_then(|part| part.parse().ok())
        };
        let written = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        let parts = written.then_some(()).and_then(|()| Some((digits(0..4)?, digits(5..7)?, digits(8..10)?)));
        parts
            .and_then(|(year, month, day)| Self::from_ymd_opt(i32::try_from(year).ok()?, month, day))
            .filter(|date| YEARS.contains(&date.year()))
            .ok_or_else(|| {
                let detail = "must be a date that exists, written YYYY-MM-DD, from 1900-01-01 to 2999-12-31";
                Fault::new(Code::InvalidDate, detail)
            })
    }
}

/// `2030-01-07T08:00:00`: what comes before a fraction and the offset.
const WITHOUT_OFFSET: usize = 19;

impl FromText for DateTime<Utc> {
    fn from_text(text: &str) -> Result<Self, Fault> {
        let invalid = || {
            let detail = "must be an instant that exists, as in RFC 3339, such as 2030-01-07T08:00:00-05:00, \
                          from the year 1900 to 2999";
            Fault::new(Code::InvalidInstant, detail)
        };
        // chrono is more lenient than RFC 3339: it takes a space for the T, and a 61st second in any minute.
        let (civil, rest) = text.split_at_checked(WITHOUT_OFFSET).ok_or_else(invalid)?;
        let written = matches!(civil.as_bytes()[10], b'T' | b't') && !civil.ends_with(":60");
        if !written || chrono::NaiveDateTime::parse_from_str(&civil.to_uppercase(), "%Y-%m-%dT%H:%M:%S").is_err() {
            return Err(invalid());
        }
        let fraction =
            rest.strip_prefix('.').map_or(rest, |digits| digits.trim_start_matches(|c: char| c.is_ascii_digit()));
        if fraction.is_empty() {
            let detail = "must have an offset from UTC, such as 2030-01-07T08:00:00-05:00";
            return Err(Fault::new(Code::OffsetRequired, detail));
        }
        let instant = DateTime::<FixedOffset>::parse_from_rfc3339(text).map_err(|_| invalid())?;
        if !YEARS.contains(&instant.year()) {
            return Err(invalid());
        }
        Ok(instant.to_utc())
    }
}

/// An instant as a query has it: a plus sign that was not encoded arrives there as a space.
#[derive(Clone, Copy)]
pub(crate) struct QueryInstant(pub(crate) DateTime<Utc>);

impl FromText for QueryInstant {
    fn from_text(text: &str) -> Result<Self, Fault> {
        let sign = text.len().saturating_sub("+05:00".len());
        let offset = text.get(sign..).and_then(|offset| offset.strip_prefix(' '));
        let instant = match offset {
            Some(offset) => DateTime::from_text(&format!("{}+{offset}", &text[..sign])),
            None => DateTime::from_text(text),
        };
        instant.map(Self)
    }
}

/// A number as JSON has it: any whole one, so that one that is too large is told from one that is none. What is beyond
/// 32 bits is beyond every bound as well, and so is what is negative.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole(Option<u32>);

/// A value that is written as a whole number.
pub(crate) trait FromWhole: Sized {
    fn from_whole(number: Whole) -> Result<Self, Fault>;
}

macro_rules! whole {
    ($($type:ty, $new:expr, $inner:ty: $code:ident;)+) => {
        $(
            impl FromWhole for $type {
                fn from_whole(Whole(number): Whole) -> Result<Self, Fault> {
                    let number = number.and_then(|number| number.try_into().ok()).unwrap_or(<$inner>::MAX);
                    $new(number).map_err(|error| Fault::new(Code::$code, error.to_string()))
                }
            }
        )+
    };
}

whole! {
    SlotLength, Self::from_minutes, u16: InvalidSlotMinutes;
    Buffer, Self::new, u16: InvalidBuffer;
    Notice, Self::new, u32: InvalidNotice;
    Horizon, Self::new, u16: InvalidHorizon;
    Capacity, Self::new, u8: InvalidCapacity;
    HoldTime, Self::from_seconds, u16: InvalidHoldTime;
    SeriesLength, Self::new, u8: InvalidCount;
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeNumber;

        impl Visitor<'_> for WholeNumber {
            type Value = Whole;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Whole, E> {
                Ok(Whole(u32::try_from(number).ok()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(u32::try_from(number).ok()))
            }

            // 60.0 is a whole number too (JSON Schema, section 4.2.3), and so is one beyond 64 bits.
            #[expect(clippy::cast_possible_truncation, reason = "it saturates, and what saturates is out of range")]
            fn visit_f64<E: Error>(self, number: f64) -> Result<Whole, E> {
                if number.fract() == 0.0 {
                    Ok(Whole(u32::try_from(number as i64).ok()))
                } else {
                    Err(E::invalid_type(serde::de::Unexpected::Float(number), &self))
                }
            }
        }

        deserializer.deserialize_any(WholeNumber)
    }
}

/// An instant with the offset that the zone has then.
pub(crate) fn local(instant: DateTime<Utc>, zone: &Zone) -> String {
    zone.local(instant).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// An instant in UTC.
pub(crate) fn utc(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A civil date.
pub(crate) fn date(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T: FromText>(text: &str) -> Option<Code> {
        T::from_text(text).err().map(|fault| fault.code)
    }

    #[test]
    fn a_date_is_one_that_exists_and_is_written_in_full() {
        assert!(NaiveDate::from_text("2028-02-29").is_ok());
        for text in
            ["2026-02-29", "2030-1-7", "2030-01-07T", "+030-01-07", "1899-12-31", "3000-01-01", "٢٠٣٠-٠١-٠٧", ""]
        {
            assert_eq!(code::<NaiveDate>(text), Some(Code::InvalidDate), "{text}");
        }
    }

    #[test]
    fn an_instant_has_an_offset_and_exists() {
        for text in ["2030-01-07T08:00:00-05:00", "2030-01-07t13:00:00z", "2030-01-07T13:00:00.000Z"] {
            let eight = DateTime::from_text(text).ok().map(|instant: DateTime<Utc>| instant.timestamp());
            assert_eq!(eight, Some(1_894_021_200), "{text}");
        }
        for text in ["2030-01-07T08:00:00", "2030-01-07T08:00:00.5"] {
            assert_eq!(code::<DateTime<Utc>>(text), Some(Code::OffsetRequired), "{text}");
        }
        let none = [
            "",
            "8",
            "2030-01-07",
            "2030-01-07 08:00:00Z",
            "2030-02-30T08:00:00Z",
            "2030-02-30T08:00:00",
            "2030-01-07T24:00:00Z",
            "2030-01-07T08:00:60Z",
            "2030-01-07T08:00Z",
            "2030-01-07T08:00:00+25:00",
            "2030-01-07T08:00:00Europe/Berlin",
            "1899-12-31T00:00:00Z",
            "ééééééééééééééééééé",
        ];
        for text in none {
            assert_eq!(code::<DateTime<Utc>>(text), Some(Code::InvalidInstant), "{text}");
        }
    }

    #[test]
    fn in_a_query_a_space_before_the_offset_is_a_plus_sign() {
        for text in ["2030-01-07T14:00:00 01:00", "2030-01-07T14:00:00+01:00", "2030-01-07T13:00:00Z"] {
            let eight = QueryInstant::from_text(text).ok().map(|QueryInstant(instant)| instant.timestamp());
            assert_eq!(eight, Some(1_894_021_200), "{text}");
        }
        for text in ["2030-01-07 14:00", "2030-01-07T14:00:00  1:00", "ééé 01:00", " 01:00", " "] {
            assert_eq!(code::<QueryInstant>(text), Some(Code::InvalidInstant), "{text}");
        }
    }

    #[test]
    fn an_id_is_written_in_one_way() {
        use doctor_booking_domain::DoctorId;
        assert!(DoctorId::from_text("01900000-0000-7000-8000-000000000001").is_ok());
        for text in ["01900000000070008000000000000001", "{01900000-0000-7000-8000-000000000001}", "1", ""] {
            assert_eq!(code::<DoctorId>(text), Some(Code::InvalidId), "{text}");
        }
    }

    #[test]
    fn numbers_are_whole_whatever_their_size() {
        fn read<T: FromWhole>(json: &str) -> Option<Result<T, Code>> {
            let number: Whole = serde_json::from_str(json).ok()?;
            Some(T::from_whole(number).map_err(|fault| fault.code))
        }
        for json in ["60", "60.0"] {
            assert_eq!(read(json), Some(SlotLength::from_minutes(60).map_err(|_| Code::InvalidSlotMinutes)), "{json}");
        }
        for json in ["-5", "100000000", "-1e30", "1e30", "123456789012345678901234567890"] {
            assert_eq!(read::<SlotLength>(json), Some(Err(Code::InvalidSlotMinutes)), "{json}");
            assert_eq!(read::<Buffer>(json), Some(Err(Code::InvalidBuffer)), "{json}");
            assert_eq!(read::<Notice>(json), Some(Err(Code::InvalidNotice)), "{json}");
            assert_eq!(read::<Horizon>(json), Some(Err(Code::InvalidHorizon)), "{json}");
            assert_eq!(read::<Capacity>(json), Some(Err(Code::InvalidCapacity)), "{json}");
        }
        // In 8 bits 257 would be 1, and in 16 bits 65,596 would be 60.
        assert_eq!(read::<Capacity>("257"), Some(Err(Code::InvalidCapacity)));
        assert_eq!(read::<SlotLength>("65596"), Some(Err(Code::InvalidSlotMinutes)));
        for json in ["60.5", "\"60\"", "null", "true", "[]"] {
            assert_eq!(read::<SlotLength>(json), None, "{json}");
        }
    }
}
