//! Rows of `occupancy`.

use std::ops::Bound;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Insertable, Queryable, Selectable};
use doctor_booking_domain::{Booking, BookingId, Busy, Capacity, DoctorId, Seat, Seated, Span};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::Senseless;
use crate::schema::occupancy;

/// A range of instants as the database has it.
pub(crate) type Range = (Bound<DateTime<Utc>>, Bound<DateTime<Utc>>);

/// Who is occupied, as the column `kind` has it.
pub(crate) enum Subject {}

impl Subject {
    pub(crate) const DOCTOR: i16 = 1;
    pub(crate) const PATIENT: i16 = 2;
}

#[derive(Insertable)]
#[diesel(table_name = occupancy)]
pub(crate) struct OccupancyRow {
    kind: i16,
    subject: Uuid,
    during: Range,
    booking: Uuid,
    live: bool,
    capacity: i16,
    seat: i16,
}

impl OccupancyRow {
    /// What `booking` occupies of its doctor, buffers included: this seat, or all of them.
    pub(crate) fn of_doctor(booking: &Booking, seat: Seat) -> Self {
        Self::new((Subject::DOCTOR, booking.parts().doctor.uuid()), booking, booking.busy(), seat)
    }

    /// What `booking` occupies of its patient, whom nobody shares: the visit itself.
    pub(crate) fn of_patient(booking: &Booking) -> Self {
        let patient = (Subject::PATIENT, booking.parts().patient.uuid());
        Self::new(patient, booking, booking.span().into(), Seat::Alone)
    }

    fn new((kind, subject): (i16, Uuid), booking: &Booking, busy: Busy, seat: Seat) -> Self {
        Self {
            kind,
            subject,
            during: (Bound::Included(busy.span.start()), Bound::Excluded(busy.span.end())),
            booking: booking.id().uuid(),
            live: booking.status().is_live(),
            capacity: busy.capacity.get().into(),
            seat: seat.number().into(),
        }
    }
}

/// A stretch that something occupies.
#[derive(Queryable, Selectable)]
#[diesel(table_name = occupancy, check_for_backend(Pg))]
pub(crate) struct BusyRow {
    subject: Uuid,
    booking: Uuid,
    during: Range,
    capacity: i16,
}

/// A stretch that something occupies, and where it sits.
#[derive(Queryable, Selectable)]
#[diesel(table_name = occupancy, check_for_backend(Pg))]
pub(crate) struct SeatedRow {
    #[diesel(embed)]
    busy: BusyRow,
    seat: i16,
}

impl BusyRow {
    /// The subject, as that of a doctor.
    pub(crate) fn doctor(&self) -> DoctorId {
        self.subject.into()
    }

    fn parse(&self) -> Result<Busy, Senseless> {
        let (Bound::Included(start), Bound::Excluded(end)) = self.during else {
            return Err("the range is not half-open".into());
        };
        Ok(Busy { span: Span::new(start, end)?, capacity: Capacity::new(self.capacity.try_into()?)? })
    }
}

impl TryFrom<BusyRow> for Busy {
    type Error = Unavailable;

    fn try_from(row: BusyRow) -> Result<Self, Unavailable> {
        row.parse().map_err(|error| Unavailable::inconsistent("occupancy", &row.booking, error))
    }
}

impl TryFrom<SeatedRow> for Seated<BookingId> {
    type Error = Unavailable;

    fn try_from(row: SeatedRow) -> Result<Self, Unavailable> {
        let key = row.busy.booking;
        let parse = || -> Result<_, Senseless> {
            let seat = Seat::from_number(row.seat.try_into()?);
            Ok(Self { key: key.into(), busy: row.busy.parse()?, seat })
        };
        parse().map_err(|error| Unavailable::inconsistent("occupancy", &key, error))
    }
}
