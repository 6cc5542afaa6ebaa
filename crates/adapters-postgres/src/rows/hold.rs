//! Rows of `holds`.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Insertable, Queryable, Selectable};
use doctor_booking_domain::{Hold, Span, VisitTypeId, WaitingId};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::{Senseless, footprint};
use crate::schema::holds;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = holds, check_for_backend(Pg))]
pub(crate) struct HoldRow {
    doctor_id: Uuid,
    id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    visit_type_id: Option<Uuid>,
    buffer_before_minutes: i32,
    buffer_after_minutes: i32,
    capacity: i16,
    time_zone: String,
    owner: Uuid,
    waiting_id: Option<Uuid>,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

impl From<&Hold> for HoldRow {
    fn from(hold: &Hold) -> Self {
        Self {
            doctor_id: hold.doctor.uuid(),
            id: hold.id.uuid(),
            starts_at: hold.span.start(),
            ends_at: hold.span.end(),
            visit_type_id: hold.visit_type.map(VisitTypeId::uuid),
            buffer_before_minutes: hold.footprint.before.get().into(),
            buffer_after_minutes: hold.footprint.after.get().into(),
            capacity: hold.footprint.capacity.get().into(),
            time_zone: hold.zone.name().to_owned(),
            owner: hold.owner.uuid(),
            waiting_id: hold.waiting.map(WaitingId::uuid),
            expires_at: hold.expires_at,
            created_at: hold.created_at,
        }
    }
}

impl TryFrom<HoldRow> for Hold {
    type Error = Unavailable;

    fn try_from(row: HoldRow) -> Result<Self, Unavailable> {
        parse(&row).map_err(|error| Unavailable::inconsistent("holds", &row.id, error))
    }
}

fn parse(row: &HoldRow) -> Result<Hold, Senseless> {
    Ok(Hold {
        id: row.id.into(),
        doctor: row.doctor_id.into(),
        span: Span::new(row.starts_at, row.ends_at)?,
        visit_type: row.visit_type_id.map(VisitTypeId::from),
        footprint: footprint(row.buffer_before_minutes, row.buffer_after_minutes, row.capacity)?,
        zone: row.time_zone.parse()?,
        owner: row.owner.into(),
        waiting: row.waiting_id.map(WaitingId::from),
        expires_at: row.expires_at,
        created_at: row.created_at,
    })
}
