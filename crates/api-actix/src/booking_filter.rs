//! Which bookings to list: with whom, for whom, when, and where they stand.

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_application::{BookingFilter, BookingPosition, PageRequest};
use doctor_booking_domain::BookingStatus;

use crate::code::Code;
use crate::page::read_page;
use crate::query::{FromQuery, Params};
use crate::values::{Fault, FromText, QueryInstant};
use crate::violations::Read;

/// Which bookings, and which page of them.
pub(crate) struct WantedBookings {
    pub(crate) filter: BookingFilter,
    pub(crate) page: PageRequest<BookingPosition>,
}

/// One end of a range: a civil date, on the clocks on which bookings were agreed, or an instant.
#[derive(Clone, Copy)]
enum Bound {
    Date(NaiveDate),
    Instant(DateTime<Utc>),
}

impl FromText for Bound {
    fn from_text(text: &str) -> Result<Self, Fault> {
        if text.contains(['T', 't']) {
            QueryInstant::from_text(text).map(|QueryInstant(instant)| Self::Instant(instant))
        } else {
            NaiveDate::from_text(text).map(Self::Date)
        }
    }
}

impl Bound {
    fn date(self) -> Option<NaiveDate> {
        if let Self::Date(date) = self { Some(date) } else { None }
    }

    fn instant(self) -> Option<DateTime<Utc>> {
        if let Self::Instant(instant) = self { Some(instant) } else { None }
    }

    fn is_before(self, other: Self) -> bool {
        match (self, other) {
            (Self::Date(to), Self::Date(from)) => to < from,
            (Self::Instant(to), Self::Instant(from)) => to < from,
            _ => false,
        }
    }
}

impl FromQuery for WantedBookings {
    fn read(params: &mut Params) -> Read<Self> {
        let known = BookingStatus::ALL.map(|status| (status.as_str(), status));
        let doctor = params.optional("doctorId");
        let patient = params.optional("patientId");
        let from: Read<Option<Bound>> = params.optional("from");
        let to: Read<Option<Bound>> = params.optional("to");
        let status = params.one_of("status", &known, Code::UnknownValue);
        let page = read_page(params);
        let (from, to) = (from?, to?);
        if to.zip(from).is_some_and(|(to, from)| to.is_before(from)) {
            params.violations.add("/to", Code::InvalidRange, "must not be before from");
        }
        let filter = BookingFilter {
            doctor: doctor?,
            patient: patient?,
            from: from.and_then(Bound::instant),
            to: to.and_then(Bound::instant),
            from_date: from.and_then(Bound::date),
            to_date: to.and_then(Bound::date),
            status: status?,
        };
        Some(Self { filter, page: page? })
    }
}
