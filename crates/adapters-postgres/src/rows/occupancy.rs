//! Rows of `occupancy`.

use std::ops::Bound;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Insertable, Queryable, Selectable};
use doctor_booking_domain::{Booking, Busy, Capacity, DoctorId, Hold, Seat, Seated, Span};
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

/// What keeps a doctor busy: a booking, or a hold.
#[derive(Clone, Copy)]
pub(crate) struct Occupant {
    /// Its id.
    pub(crate) id: Uuid,
    pub(crate) doctor: DoctorId,
    /// With what, buffers included.
    pub(crate) busy: Busy,
    /// Whether it does so at all.
    pub(crate) live: bool,
}

impl From<&Booking> for Occupant {
    fn from(booking: &Booking) -> Self {
        let live = booking.status().is_live();
        Self { id: booking.id().uuid(), doctor: booking.doctor(), busy: booking.busy(), live }
    }
}

impl From<&Hold> for Occupant {
    fn from(hold: &Hold) -> Self {
        Self { id: hold.id.uuid(), doctor: hold.doctor, busy: hold.busy(), live: true }
    }
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
    held_until: Option<DateTime<Utc>>,
}

impl OccupancyRow {
    /// What occupies a doctor: this seat, or all of them.
    pub(crate) fn of_doctor(occupant: Occupant, seat: Seat) -> Self {
        let Occupant { id, doctor, busy, live } = occupant;
        Self {
            kind: Subject::DOCTOR,
            subject: doctor.uuid(),
            during: Self::during(busy.span),
            booking: id,
            live,
            capacity: busy.capacity.get().into(),
            seat: seat.number().into(),
            held_until: busy.held_until,
        }
    }

    /// What `booking` occupies of its patient, whom nobody shares: the visit itself, on all seats unless it may be beside
    /// others.
    pub(crate) fn of_patient(booking: &Booking, seat: Seat) -> Self {
        Self {
            kind: Subject::PATIENT,
            subject: booking.parts().patient.uuid(),
            during: Self::during(booking.span()),
            booking: booking.id().uuid(),
            live: booking.status().is_live(),
            capacity: Capacity::default().get().into(),
            seat: seat.number().into(),
            held_until: None,
        }
    }

    /// A stretch as it is stored.
    pub(crate) fn during(span: Span) -> Range {
        (Bound::Included(span.start()), Bound::Excluded(span.end()))
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
    held_until: Option<DateTime<Utc>>,
}

/// A stretch that something occupies, and where it sits.
#[derive(Queryable, Selectable)]
#[diesel(table_name = occupancy, check_for_backend(Pg))]
pub(crate) struct SeatedRow {
    #[diesel(embed)]
    busy: BusyRow,
    seat: i16,
}

impl SeatedRow {
    /// Its id, where it is a hold that has expired.
    pub(crate) fn expired(&self, now: DateTime<Utc>) -> Option<Uuid> {
        self.busy.held_until.filter(|until| *until <= now).map(|_| self.busy.booking)
    }
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
        let capacity = Capacity::new(self.capacity.try_into()?)?;
        Ok(Busy { span: Span::new(start, end)?, capacity, held_until: self.held_until })
    }
}

impl TryFrom<BusyRow> for Busy {
    type Error = Unavailable;

    fn try_from(row: BusyRow) -> Result<Self, Unavailable> {
        row.parse().map_err(|error| Unavailable::inconsistent("occupancy", &row.booking, error))
    }
}

impl TryFrom<SeatedRow> for Seated<Uuid> {
    type Error = Unavailable;

    fn try_from(row: SeatedRow) -> Result<Self, Unavailable> {
        let key = row.busy.booking;
        let parse = || -> Result<_, Senseless> {
            let seat = Seat::from_number(row.seat.try_into()?);
            Ok(Self { key, busy: row.busy.parse()?, seat })
        };
        parse().map_err(|error| Unavailable::inconsistent("occupancy", &key, error))
    }
}
