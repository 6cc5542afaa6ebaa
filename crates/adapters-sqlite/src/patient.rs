//! Patients.

use std::error::Error;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{
    DoctorId, Email, ExternalId, Name, Patient, PatientDetails, PatientId, PatientParts, PersonName, Phone, Revision,
};
use doctor_booking_ports::{AddError, Along, Page, PageRequest, PatientFilter, Patients, SaveError, Unavailable};

use crate::pools::Pools;
use crate::schema::{bookings, patients};
use crate::search::has_every_word;
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros, date_from_text, date_to_text};
use crate::{SqliteStore, along};

/// [`Patients`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqlitePatients(Pools);

impl SqlitePatients {
    /// The patients in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Patients for SqlitePatients {
    fn add(&self, patient: &Patient, along: &Along) -> Result<(), AddError> {
        self.0.write(|connection| {
            along::write(connection, along)?;
            diesel::insert_into(patients::table)
                .values(PatientRow::from(patient))
                .execute(connection)
                .map_err(|error| not_added("patients", &patient.id(), error))?;
            Ok(())
        })
    }

    fn find(&self, id: PatientId) -> Result<Option<Patient>, Unavailable> {
        self.0.read(|connection| {
            let row =
                patients::table.find(Id::from(id)).select(PatientRow::as_select()).first(connection).optional()?;
            Ok(row.map(Patient::try_from).transpose()?)
        })
    }

    fn list(
        &self,
        filter: &PatientFilter,
        page: &PageRequest<PatientId>,
    ) -> Result<Page<Patient, PatientId>, Unavailable> {
        self.0.read(|connection| {
            let mut query = patients::table.select(PatientRow::as_select()).into_boxed();
            let PatientFilter { name, only, seen_by } = filter;
            if let Some(name) = name {
                query = query.filter(has_every_word(patients::name_key, name.as_str()));
            }
            if let Some(only) = *only {
                query = query.filter(patients::id.eq(Id::from(only)));
            }
            if let Some(doctor) = *seen_by {
                let seen = bookings::table.filter(bookings::doctor_id.eq(Id::from(doctor)));
                query = query.filter(patients::id.eq_any(seen.select(bookings::patient_id)));
            }
            if let Some(after) = page.after {
                query = query.filter(patients::id.gt(Id::from(after)));
            }
            let one_more = i64::from(page.limit.get()) + 1;
            let rows = query.order(patients::id).limit(one_more).load(connection)?;
            let found = rows.into_iter().map(Patient::try_from).collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(found, page.limit, Patient::id))
        })
    }

    fn is_seen_by(&self, id: PatientId, doctor: DoctorId) -> Result<bool, Unavailable> {
        let booked =
            bookings::table.filter(bookings::doctor_id.eq(Id::from(doctor)).and(bookings::patient_id.eq(Id::from(id))));
        self.0.read(|connection| Ok(diesel::select(exists(booked)).get_result(connection)?))
    }

    fn save(&self, patient: &Patient, seen: Revision) -> Result<(), SaveError> {
        self.0.write(|connection| {
            let as_seen = patients::table.find(Id::from(patient.id())).filter(patients::revision.eq(seen.number()));
            let saved = diesel::update(as_seen).set(PatientRow::from(patient)).execute(connection)?;
            if saved == 0 { Err(Abort::Refused(SaveError::Stale)) } else { Ok(()) }
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = patients, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct PatientRow {
    id: Id,
    first_name: String,
    last_name: String,
    name_key: String,
    birth_date: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    external_id: Option<String>,
    revision: i64,
    created_at: Micros,
    updated_at: Micros,
}

impl From<&Patient> for PatientRow {
    fn from(patient: &Patient) -> Self {
        let PatientDetails { name, birth_date, email, phone, external_id } = patient.details();
        Self {
            id: patient.id().into(),
            first_name: name.first.as_str().to_owned(),
            last_name: name.last.as_str().to_owned(),
            name_key: name.key().as_str().to_owned(),
            birth_date: birth_date.map(date_to_text),
            email: email.as_ref().map(|email| email.as_str().to_owned()),
            phone: phone.as_ref().map(|phone| phone.as_str().to_owned()),
            external_id: external_id.as_ref().map(|id| id.as_str().to_owned()),
            revision: patient.revision().number(),
            created_at: Micros::floor(patient.created_at()),
            updated_at: Micros::floor(patient.updated_at()),
        }
    }
}

impl TryFrom<PatientRow> for Patient {
    type Error = Unavailable;

    fn try_from(row: PatientRow) -> Result<Self, Unavailable> {
        let id = PatientId::from(row.id);
        parse(id, &row).map(Patient::from_parts).map_err(|error| Unavailable::inconsistent("patients", &id, error))
    }
}

fn parse(id: PatientId, row: &PatientRow) -> Result<PatientParts, Box<dyn Error + Send + Sync>> {
    let details = PatientDetails {
        name: PersonName { first: Name::parse(&row.first_name)?, last: Name::parse(&row.last_name)? },
        birth_date: row.birth_date.as_deref().map(date_from_text).transpose()?,
        email: row.email.as_deref().map(Email::parse).transpose()?,
        phone: row.phone.as_deref().map(Phone::parse).transpose()?,
        external_id: row.external_id.as_deref().map(ExternalId::parse).transpose()?,
    };
    Ok(PatientParts {
        id,
        details,
        revision: Revision::from_number(row.revision),
        created_at: row.created_at.instant()?,
        updated_at: row.updated_at.instant()?,
    })
}
