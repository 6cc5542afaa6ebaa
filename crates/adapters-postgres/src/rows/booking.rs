//! Rows of `bookings`.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::pg::Pg;
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use doctor_booking_domain::{Booking, BookingParts, BookingStatus, Reason, Revision, SeriesId, Span, VisitTypeId};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::{Senseless, footprint};
use crate::schema::bookings;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = bookings, primary_key(doctor_id, id), treat_none_as_null = true, check_for_backend(Pg))]
pub(crate) struct BookingRow {
    doctor_id: Uuid,
    id: Uuid,
    patient_id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    time_zone: String,
    local_start: NaiveDateTime,
    status: String,
    reason: Option<String>,
    cancel_reason: Option<String>,
    outside_hours: bool,
    revision: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    visit_type_id: Option<Uuid>,
    buffer_before_minutes: i32,
    buffer_after_minutes: i32,
    capacity: i16,
    series_id: Option<Uuid>,
    beside_others: bool,
}

impl BookingRow {
    /// The statuses of bookings that keep their doctor and patient busy, as they are written.
    pub(crate) fn live() -> Vec<&'static str> {
        BookingStatus::ALL.into_iter().filter(|status| status.is_live()).map(BookingStatus::as_str).collect()
    }
}

impl From<&Booking> for BookingRow {
    fn from(booking: &Booking) -> Self {
        let parts = booking.parts();
        let text = |reason: &Option<Reason>| reason.as_ref().map(|reason| reason.as_str().to_owned());
        Self {
            doctor_id: parts.doctor.uuid(),
            id: parts.id.uuid(),
            patient_id: parts.patient.uuid(),
            starts_at: parts.span.start(),
            ends_at: parts.span.end(),
            time_zone: parts.zone.name().to_owned(),
            local_start: parts.zone.local(parts.span.start()).naive_local(),
            status: parts.status.as_str().to_owned(),
            reason: text(&parts.reason),
            cancel_reason: text(&parts.cancel_reason),
            outside_hours: parts.outside_hours,
            revision: parts.revision.number(),
            created_at: parts.created_at,
            updated_at: parts.updated_at,
            visit_type_id: parts.visit_type.map(VisitTypeId::uuid),
            buffer_before_minutes: parts.footprint.before.get().into(),
            buffer_after_minutes: parts.footprint.after.get().into(),
            capacity: parts.footprint.capacity.get().into(),
            series_id: parts.series.map(SeriesId::uuid),
            beside_others: parts.beside_others,
        }
    }
}

impl TryFrom<BookingRow> for Booking {
    type Error = Unavailable;

    fn try_from(row: BookingRow) -> Result<Self, Unavailable> {
        let id = row.id;
        let parts = parts(&row).map_err(|error| Unavailable::inconsistent("bookings", &id, error))?;
        Ok(Booking::from_parts(parts))
    }
}

fn parts(row: &BookingRow) -> Result<BookingParts, Senseless> {
    Ok(BookingParts {
        id: row.id.into(),
        doctor: row.doctor_id.into(),
        patient: row.patient_id.into(),
        span: Span::new(row.starts_at, row.ends_at)?,
        visit_type: row.visit_type_id.map(VisitTypeId::from),
        series: row.series_id.map(SeriesId::from),
        footprint: footprint(row.buffer_before_minutes, row.buffer_after_minutes, row.capacity)?,
        zone: row.time_zone.parse()?,
        status: BookingStatus::find(&row.status).ok_or_else(|| format!("there is no status {:?}", row.status))?,
        reason: row.reason.as_deref().map(Reason::parse).transpose()?,
        cancel_reason: row.cancel_reason.as_deref().map(Reason::parse).transpose()?,
        outside_hours: row.outside_hours,
        beside_others: row.beside_others,
        revision: Revision::from_number(row.revision),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
