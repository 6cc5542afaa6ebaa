//! Who has seen what, and who was not let in.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use doctor_booking_domain::{AuditEntry, BookingId, CallerId, DoctorId, Outcome, PatientId, RequestId};
use doctor_booking_ports::{AuditFilter, AuditLog, AuditPosition, Page, PageRequest, Unavailable};
use uuid::Uuid;

use crate::instant;
use crate::pool::Pool;
use crate::rows::{LineRow, all};
use crate::schema::audit;

/// [`AuditLog`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgAuditLog(Pool);

impl PgAuditLog {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl AuditLog for PgAuditLog {
    fn record(&self, entries: &[AuditEntry]) -> Result<(), Unavailable> {
        if entries.is_empty() {
            return Ok(());
        }
        // SQL, since Diesel has no words for rows from lists of values. One statement, however many lines there are: all
        // of them or none, without the two more that begin and end a transaction, for who reads waits for it.
        let written = diesel::sql_query(
            "INSERT INTO audit (id, at, caller, role, action, outcome, doctor_id, patient_id, booking_id, request)
             SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind::<Array<SqlUuid>, Vec<Uuid>>(all(entries, |line| line.id.uuid()))
        .bind::<Array<Timestamptz>, Vec<DateTime<Utc>>>(all(entries, |line| line.at))
        .bind::<Array<Nullable<SqlUuid>>, Vec<Option<Uuid>>>(all(entries, |line| line.caller.map(CallerId::uuid)))
        .bind::<Array<Text>, Vec<&str>>(all(entries, |line| line.role))
        .bind::<Array<Text>, Vec<&str>>(all(entries, |line| line.action.as_str()))
        .bind::<Array<Text>, Vec<&str>>(all(entries, |line| line.outcome.as_str()))
        .bind::<Array<Nullable<SqlUuid>>, Vec<Option<Uuid>>>(all(entries, |line| {
            line.concerned.doctor.map(DoctorId::uuid)
        }))
        .bind::<Array<Nullable<SqlUuid>>, Vec<Option<Uuid>>>(all(entries, |line| {
            line.concerned.patient.map(PatientId::uuid)
        }))
        .bind::<Array<Nullable<SqlUuid>>, Vec<Option<Uuid>>>(all(entries, |line| {
            line.concerned.booking.map(BookingId::uuid)
        }))
        .bind::<Array<Nullable<Text>>, Vec<Option<&str>>>(all(entries, |line| {
            line.request.as_ref().map(RequestId::as_str)
        }));
        written.execute(&mut self.0.get()?).map_err(Unavailable::unreachable)?;
        Ok(())
    }

    fn list(
        &self,
        filter: &AuditFilter,
        page: &PageRequest<AuditPosition>,
    ) -> Result<Page<AuditEntry, AuditPosition>, Unavailable> {
        let AuditFilter { patient, caller, action, outcome, from, to } = *filter;
        let mut query = audit::table.select(LineRow::as_select()).into_boxed();
        if let Some(patient) = patient {
            query = query.filter(audit::patient_id.eq(patient.uuid()));
        }
        if let Some(caller) = caller {
            query = query.filter(audit::caller.eq(caller.uuid()));
        }
        if let Some(action) = action {
            query = query.filter(audit::action.eq(action.as_str()));
        }
        match outcome {
            // SQL, since the index has only such lines: it serves here as long as this is no parameter.
            Some(Outcome::Refused) => query = query.filter(sql::<Bool>("outcome = 'refused'")),
            Some(Outcome::Seen) => query = query.filter(audit::outcome.eq(Outcome::Seen.as_str())),
            None => {}
        }
        if let Some(from) = from {
            query = query.filter(audit::at.ge(instant::ceil(from)));
        }
        if let Some(to) = to {
            query = query.filter(audit::at.lt(instant::ceil(to)));
        }
        if let Some(AuditPosition { at, id }) = page.after {
            let at = instant::floor(at);
            // The first half says nothing new, but lets the index be entered at the right place.
            query = query.filter(audit::at.le(at).and(audit::at.lt(at).or(audit::id.lt(id.uuid()))));
        }
        let rows = query
            .order((audit::at.desc(), audit::id.desc()))
            .limit(i64::from(page.limit.get()) + 1)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(AuditEntry::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, |entry| AuditPosition::from(entry)))
    }
}
