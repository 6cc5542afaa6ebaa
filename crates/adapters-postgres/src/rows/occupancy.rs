//! Rows of `occupancy`.

use std::ops::Bound;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Insertable, Queryable, Selectable};
use doctor_booking_domain::{Booking, DoctorId, PatientId, Span};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use crate::schema::occupancy;

type Range = (Bound<DateTime<Utc>>, Bound<DateTime<Utc>>);

/// Who is occupied.
#[derive(Clone, Copy)]
pub(crate) enum Subject {
    Doctor(DoctorId),
    Patient(PatientId),
}

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
}

impl OccupancyRow {
    /// What `booking` occupies of one of its subjects.
    pub(crate) fn new(subject: Subject, booking: &Booking) -> Self {
        let (kind, subject) = match subject {
            Subject::Doctor(doctor) => (Subject::DOCTOR, doctor.uuid()),
            Subject::Patient(patient) => (Subject::PATIENT, patient.uuid()),
        };
        let during = (Bound::Included(booking.span().start()), Bound::Excluded(booking.span().end()));
        Self { kind, subject, during, booking: booking.id().uuid(), live: booking.status().is_live() }
    }
}

/// A stretch that something occupies.
#[derive(Queryable, Selectable)]
#[diesel(table_name = occupancy, check_for_backend(Pg))]
pub(crate) struct BusyRow {
    subject: Uuid,
    booking: Uuid,
    during: Range,
}

impl BusyRow {
    /// The subject, as that of a doctor.
    pub(crate) fn doctor(&self) -> DoctorId {
        self.subject.into()
    }
}

impl TryFrom<BusyRow> for Span {
    type Error = Unavailable;

    fn try_from(row: BusyRow) -> Result<Self, Unavailable> {
        let (Bound::Included(start), Bound::Excluded(end)) = row.during else {
            return Err(Unavailable::inconsistent("occupancy", &row.booking, "the range is not half-open"));
        };
        Span::new(start, end).map_err(|error| Unavailable::inconsistent("occupancy", &row.booking, error))
    }
}
