//! Rows of `waitlist`.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use doctor_booking_domain::{
    DateRange, HoldId, Revision, Specialty, VisitTypeId, WaitFor, Waiting, WaitingParts, WaitingStatus,
};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::Senseless;
use crate::schema::waitlist;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = waitlist, treat_none_as_null = true, check_for_backend(Pg))]
pub(crate) struct WaitingRow {
    id: Uuid,
    patient_id: Uuid,
    doctor_id: Option<Uuid>,
    specialty: Option<String>,
    visit_type_id: Option<Uuid>,
    from_date: NaiveDate,
    to_date: NaiveDate,
    owner: Uuid,
    since: DateTime<Utc>,
    status: String,
    hold_id: Option<Uuid>,
    held_until: Option<DateTime<Utc>>,
    revision: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl WaitingRow {
    pub(crate) const WAITING: &'static str = "waiting";
    pub(crate) const OFFERED: &'static str = "offered";
    pub(crate) const BOOKED: &'static str = "booked";

    /// The hold of what is offered.
    pub(crate) fn hold(&self) -> Option<HoldId> {
        self.hold_id.map(HoldId::from)
    }
}

impl From<&Waiting> for WaitingRow {
    fn from(waiting: &Waiting) -> Self {
        let parts = waiting.parts();
        let (doctor, specialty) = match &parts.wanted {
            WaitFor::Doctor(doctor) => (Some(doctor.uuid()), None),
            WaitFor::Specialty(specialty) => (None, Some(specialty.as_str().to_owned())),
        };
        let (status, offer) = match parts.status {
            WaitingStatus::Waiting => (Self::WAITING, None),
            WaitingStatus::Offered { hold, until } => (Self::OFFERED, Some((hold.uuid(), until))),
            WaitingStatus::Booked => (Self::BOOKED, None),
        };
        let (hold_id, held_until) = offer.unzip();
        Self {
            id: parts.id.uuid(),
            patient_id: parts.patient.uuid(),
            doctor_id: doctor,
            specialty,
            visit_type_id: parts.visit_type.map(VisitTypeId::uuid),
            from_date: parts.dates.from(),
            to_date: parts.dates.to(),
            owner: parts.owner.uuid(),
            since: parts.since,
            status: status.to_owned(),
            hold_id,
            held_until,
            revision: parts.revision.number(),
            created_at: parts.created_at,
            updated_at: parts.updated_at,
        }
    }
}

impl TryFrom<WaitingRow> for Waiting {
    type Error = Unavailable;

    fn try_from(row: WaitingRow) -> Result<Self, Unavailable> {
        let parts = parts(&row).map_err(|error| Unavailable::inconsistent("waitlist", &row.id, error))?;
        Ok(Self::from_parts(parts))
    }
}

fn parts(row: &WaitingRow) -> Result<WaitingParts, Senseless> {
    Ok(WaitingParts {
        id: row.id.into(),
        patient: row.patient_id.into(),
        wanted: match (row.doctor_id, &row.specialty) {
            (Some(doctor), None) => WaitFor::Doctor(doctor.into()),
            (None, Some(specialty)) => WaitFor::Specialty(Specialty::parse(specialty)?),
            _ => return Err("it is for a doctor or for a specialty".into()),
        },
        visit_type: row.visit_type_id.map(VisitTypeId::from),
        dates: DateRange::new(row.from_date, row.to_date)?,
        owner: row.owner.into(),
        since: row.since,
        status: match (row.status.as_str(), row.hold_id, row.held_until) {
            (WaitingRow::WAITING, None, None) => WaitingStatus::Waiting,
            (WaitingRow::OFFERED, Some(hold), Some(until)) => WaitingStatus::Offered { hold: hold.into(), until },
            (WaitingRow::BOOKED, None, None) => WaitingStatus::Booked,
            (status, ..) => return Err(format!("nobody can be {status:?} so").into()),
        },
        revision: Revision::from_number(row.revision),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
