//! Rows of `audit`.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Queryable, Selectable};
use doctor_booking_domain::{
    Action, AuditEntry, BookingId, CallerId, Concerned, DoctorId, Outcome, PatientId, RequestId, Role,
};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::Senseless;
use crate::schema::audit;

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit, check_for_backend(Pg))]
pub(crate) struct LineRow {
    id: Uuid,
    at: DateTime<Utc>,
    caller: Option<Uuid>,
    role: String,
    action: String,
    outcome: String,
    doctor_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    booking_id: Option<Uuid>,
    request: Option<String>,
}

impl TryFrom<LineRow> for AuditEntry {
    type Error = Unavailable;

    fn try_from(row: LineRow) -> Result<Self, Unavailable> {
        parse(&row).map_err(|error| Unavailable::inconsistent("audit", &row.id, error))
    }
}

fn parse(row: &LineRow) -> Result<AuditEntry, Senseless> {
    let role = Role::NAMES.into_iter().find(|name| *name == row.role);
    let request = |text: &str| RequestId::parse(text).ok_or("a request has another id");
    Ok(AuditEntry {
        id: row.id.into(),
        at: row.at,
        caller: row.caller.map(CallerId::from),
        role: role.ok_or_else(|| format!("no role is called {:?}", row.role))?,
        action: Action::find(&row.action).ok_or_else(|| format!("nothing one can do is called {:?}", row.action))?,
        outcome: Outcome::find(&row.outcome).ok_or_else(|| format!("nothing ends as {:?}", row.outcome))?,
        concerned: Concerned {
            doctor: row.doctor_id.map(DoctorId::from),
            patient: row.patient_id.map(PatientId::from),
            booking: row.booking_id.map(BookingId::from),
        },
        request: row.request.as_deref().map(request).transpose()?,
    })
}
