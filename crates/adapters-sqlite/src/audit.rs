//! Who has seen what, and who was not let in.

use std::error::Error;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{
    Action, AuditEntry, BookingId, CallerId, Concerned, DoctorId, EntryId, Outcome, PatientId, RequestId, Role,
};
use doctor_booking_ports::{AuditFilter, AuditLog, AuditPosition, Page, PageRequest, Unavailable};
use thiserror::Error;

use crate::SqliteStore;
use crate::pools::Pools;
use crate::schema::audit;
use crate::value::{Id, Micros};

/// [`AuditLog`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteAuditLog(Pools);

impl SqliteAuditLog {
    /// The audit log of `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

/// How many lines are written by one statement: SQLite takes 32,766 values in one, and a line has ten.
const AT_ONCE: usize = 1_000;

impl AuditLog for SqliteAuditLog {
    fn record(&self, entries: &[AuditEntry]) -> Result<(), Unavailable> {
        if entries.is_empty() {
            return Ok(());
        }
        self.0.write(|connection| {
            for some in entries.chunks(AT_ONCE) {
                let rows: Vec<_> = some.iter().map(LineRow::from).collect();
                diesel::insert_into(audit::table).values(rows).execute(connection)?;
            }
            Ok(())
        })
    }

    fn list(
        &self,
        filter: &AuditFilter,
        page: &PageRequest<AuditPosition>,
    ) -> Result<Page<AuditEntry, AuditPosition>, Unavailable> {
        let AuditFilter { patient, caller, action, outcome, from, to } = *filter;
        let mut query = audit::table.select(LineRow::as_select()).into_boxed();
        if let Some(patient) = patient {
            query = query.filter(audit::patient_id.eq(Id::from(patient)));
        }
        if let Some(caller) = caller {
            query = query.filter(audit::caller.eq(Id::from(caller)));
        }
        if let Some(action) = action {
            query = query.filter(audit::action.eq(action.as_str()));
        }
        match outcome {
            // In the very words of the index, which has nothing else; Diesel would put a value there.
            Some(Outcome::Refused) => query = query.filter(sql::<Bool>("outcome = 'refused'")),
            Some(Outcome::Seen) => query = query.filter(audit::outcome.eq(Outcome::Seen.as_str())),
            None => {}
        }
        if let Some(from) = from {
            query = query.filter(audit::at.ge(Micros::ceil(from)));
        }
        if let Some(to) = to {
            query = query.filter(audit::at.lt(Micros::ceil(to)));
        }
        if let Some(AuditPosition { at, id }) = page.after {
            let at = Micros::floor(at);
            // The first condition is for the index.
            query = query.filter(audit::at.le(at));
            query = query.filter(audit::at.lt(at).or(audit::id.lt(Id::from(id))));
        }
        let one_more = i64::from(page.limit.get()) + 1;
        let query = query.order((audit::at.desc(), audit::id.desc())).limit(one_more);
        self.0.read(|connection| {
            let rows = query.load(connection)?;
            let found = rows.into_iter().map(AuditEntry::try_from).collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(found, page.limit, |entry| AuditPosition::from(entry)))
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit, check_for_backend(Sqlite), treat_none_as_default_value = false)]
struct LineRow {
    id: Id,
    at: Micros,
    caller: Option<Id>,
    role: String,
    action: String,
    outcome: String,
    doctor_id: Option<Id>,
    patient_id: Option<Id>,
    booking_id: Option<Id>,
    request: Option<String>,
}

impl From<&AuditEntry> for LineRow {
    fn from(entry: &AuditEntry) -> Self {
        let AuditEntry { id, at, caller, role, action, outcome, concerned, request } = entry;
        Self {
            id: (*id).into(),
            at: Micros::floor(*at),
            caller: caller.map(Id::from),
            role: (*role).to_owned(),
            action: action.as_str().to_owned(),
            outcome: outcome.as_str().to_owned(),
            doctor_id: concerned.doctor.map(Id::from),
            patient_id: concerned.patient.map(Id::from),
            booking_id: concerned.booking.map(Id::from),
            request: request.as_ref().map(|request| request.as_str().to_owned()),
        }
    }
}

impl TryFrom<LineRow> for AuditEntry {
    type Error = Unavailable;

    fn try_from(row: LineRow) -> Result<Self, Unavailable> {
        let id = EntryId::from(row.id);
        parse(id, &row).map_err(|error| Unavailable::inconsistent("audit", &id, error))
    }
}

#[derive(Debug, Error)]
enum Unfit {
    #[error("its role is unknown")]
    Role,
    #[error("its action is unknown")]
    Action,
    #[error("its outcome is unknown")]
    Outcome,
    #[error("its request has no id")]
    Request,
}

fn parse(id: EntryId, row: &LineRow) -> Result<AuditEntry, Box<dyn Error + Send + Sync>> {
    let request = |text: &str| RequestId::parse(text).ok_or(Unfit::Request);
    Ok(AuditEntry {
        id,
        at: row.at.instant()?,
        caller: row.caller.map(CallerId::from),
        role: Role::NAMES.into_iter().find(|name| *name == row.role).ok_or(Unfit::Role)?,
        action: Action::find(&row.action).ok_or(Unfit::Action)?,
        outcome: Outcome::find(&row.outcome).ok_or(Unfit::Outcome)?,
        concerned: Concerned {
            doctor: row.doctor_id.map(DoctorId::from),
            patient: row.patient_id.map(PatientId::from),
            booking: row.booking_id.map(BookingId::from),
        },
        request: row.request.as_deref().map(request).transpose()?,
    })
}
