//! Patients.

use diesel::dsl::exists;
use diesel::prelude::*;
use doctor_booking_domain::{DoctorId, Patient, PatientId, Revision};
use doctor_booking_ports::{AddError, Along, Page, PageRequest, PatientFilter, Patients, SaveError, Unavailable};

use crate::like;
use crate::pool::Pool;
use crate::rows::PatientRow;
use crate::schema::{bookings, patients};

/// [`Patients`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgPatients(Pool);

impl PgPatients {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Patients for PgPatients {
    fn add(&self, patient: &Patient, along: &Along) -> Result<(), AddError> {
        self.0.change(along, |connection| {
            diesel::insert_into(patients::table).values(PatientRow::from(patient)).execute(connection)?;
            Ok(())
        })
    }

    fn find(&self, id: PatientId) -> Result<Option<Patient>, Unavailable> {
        let row = patients::table
            .find(id.uuid())
            .select(PatientRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(Patient::try_from).transpose()
    }

    fn list(
        &self,
        filter: &PatientFilter,
        page: &PageRequest<PatientId>,
    ) -> Result<Page<Patient, PatientId>, Unavailable> {
        let mut query = patients::table.select(PatientRow::as_select()).into_boxed();
        let PatientFilter { name, only, seen_by } = filter;
        if let Some(name) = name {
            let Some(patterns) = like::patterns(name) else { return Ok(Page { items: vec![], next: None }) };
            for pattern in patterns {
                query = query.filter(patients::name_key.like(pattern));
            }
        }
        if let Some(only) = only {
            query = query.filter(patients::id.eq(only.uuid()));
        }
        if let Some(doctor) = seen_by {
            // A list that does not depend on the patient: on Citus the two tables are sharded differently, and it is made
            // first.
            let seen = bookings::table.filter(bookings::doctor_id.eq(doctor.uuid())).select(bookings::patient_id);
            query = query.filter(patients::id.eq_any(seen));
        }
        if let Some(after) = page.after {
            query = query.filter(patients::id.gt(after.uuid()));
        }
        let rows = query
            .order(patients::id)
            .limit(i64::from(page.limit.get()) + 1)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(Patient::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, Patient::id))
    }

    fn is_seen_by(&self, id: PatientId, doctor: DoctorId) -> Result<bool, Unavailable> {
        let booked =
            bookings::table.filter(bookings::doctor_id.eq(doctor.uuid()).and(bookings::patient_id.eq(id.uuid())));
        diesel::select(exists(booked)).get_result(&mut self.0.get()?).map_err(Unavailable::unreachable)
    }

    fn save(&self, patient: &Patient, seen: Revision) -> Result<(), SaveError> {
        let as_seen = patients::table.find(patient.id().uuid()).filter(patients::revision.eq(seen.number()));
        let changed = diesel::update(as_seen)
            .set(PatientRow::from(patient))
            .execute(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        if changed == 1 { Ok(()) } else { Err(SaveError::Stale) }
    }
}
