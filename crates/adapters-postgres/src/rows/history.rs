//! Rows of `history`.

use std::error::Error;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Queryable, Selectable};
use doctor_booking_domain::{BookingId, CallerId, DoctorId, Entry, PatientId, Reason, What, Who};
use doctor_booking_ports::{Event, Unavailable};
use serde_json::Value;
use uuid::Uuid;

use super::Senseless;
use crate::schema::history;

#[derive(Queryable, Selectable)]
#[diesel(table_name = history, check_for_backend(Pg))]
pub(crate) struct EntryRow {
    id: Uuid,
    what: String,
    at: DateTime<Utc>,
    who: Option<Uuid>,
    why: Option<String>,
    doctor_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    booking_id: Option<Uuid>,
    before: Value,
    after: Value,
}

impl TryFrom<EntryRow> for Entry {
    type Error = Unavailable;

    fn try_from(row: EntryRow) -> Result<Self, Unavailable> {
        parse(&row).map_err(|error| Unavailable::inconsistent("history", &row.id, error))
    }
}

/// The event that an entry is at its position.
pub(crate) fn event((position, row): (i64, EntryRow)) -> Result<Event, Unavailable> {
    Ok(Event { position, entry: row.try_into()? })
}

fn parse(row: &EntryRow) -> Result<Entry, Senseless> {
    Ok(Entry {
        id: row.id.into(),
        what: What::find(&row.what).ok_or_else(|| format!("nothing that happens is called {:?}", row.what))?,
        at: row.at,
        who: row.who.map_or(Who::Service, |caller| Who::Caller(CallerId::from(caller))),
        why: row.why.as_deref().map(Reason::parse).transpose()?,
        doctor: row.doctor_id.map(DoctorId::from),
        patient: row.patient_id.map(PatientId::from),
        booking: row.booking_id.map(BookingId::from),
        before: Facts::parse(&row.before)?,
        after: Facts::parse(&row.after)?,
    })
}

/// What is known about something, as an object of texts.
pub(crate) enum Facts {}

impl Facts {
    pub(crate) fn value(facts: &doctor_booking_domain::Facts) -> Value {
        facts.iter().map(|(name, fact)| (name.to_owned(), Value::from(fact))).collect()
    }

    fn parse(value: &Value) -> Result<doctor_booking_domain::Facts, Box<dyn Error + Send + Sync>> {
        let facts = value.as_object().ok_or("the facts have no names")?;
        let fact = |(name, fact): (&String, &Value)| Some((name.clone(), fact.as_str()?.to_owned()));
        facts.iter().map(fact).collect::<Option<_>>().ok_or_else(|| "a fact is not a text".into())
    }
}
