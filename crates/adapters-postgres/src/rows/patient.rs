//! Rows of `patients`.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use doctor_booking_domain::{
    Email, ExternalId, InvalidText, Name, Patient, PatientDetails, PatientParts, PersonName, Phone, Revision,
};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use crate::schema::patients;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = patients, treat_none_as_null = true, check_for_backend(Pg))]
pub(crate) struct PatientRow {
    id: Uuid,
    first_name: String,
    last_name: String,
    name_key: String,
    birth_date: Option<NaiveDate>,
    email: Option<String>,
    phone: Option<String>,
    external_id: Option<String>,
    revision: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<&Patient> for PatientRow {
    fn from(patient: &Patient) -> Self {
        let PatientDetails { name, birth_date, email, phone, external_id } = patient.details();
        Self {
            id: patient.id().uuid(),
            first_name: name.first.as_str().to_owned(),
            last_name: name.last.as_str().to_owned(),
            name_key: name.key().as_str().to_owned(),
            birth_date: *birth_date,
            email: email.as_ref().map(|email| email.as_str().to_owned()),
            phone: phone.as_ref().map(|phone| phone.as_str().to_owned()),
            external_id: external_id.as_ref().map(|id| id.as_str().to_owned()),
            revision: patient.revision().number(),
            created_at: patient.created_at(),
            updated_at: patient.updated_at(),
        }
    }
}

impl TryFrom<PatientRow> for Patient {
    type Error = Unavailable;

    fn try_from(row: PatientRow) -> Result<Self, Unavailable> {
        let id = row.id;
        let details = details(&row).map_err(|error| Unavailable::inconsistent("patients", &id, error))?;
        Ok(Patient::from_parts(PatientParts {
            id: id.into(),
            details,
            revision: Revision::from_number(row.revision),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }))
    }
}

fn details(row: &PatientRow) -> Result<PatientDetails, InvalidText> {
    Ok(PatientDetails {
        name: PersonName { first: Name::parse(&row.first_name)?, last: Name::parse(&row.last_name)? },
        birth_date: row.birth_date,
        email: row.email.as_deref().map(Email::parse).transpose()?,
        phone: row.phone.as_deref().map(Phone::parse).transpose()?,
        external_id: row.external_id.as_deref().map(ExternalId::parse).transpose()?,
    })
}
