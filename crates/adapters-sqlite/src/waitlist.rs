//! Patients who wait for a slot to become free.

use std::error::Error;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{
    DateRange, HoldId, PatientId, Revision, Specialty, VisitTypeId, WaitFor, Waiting, WaitingId, WaitingParts,
    WaitingStatus,
};
use doctor_booking_ports::{
    AddError, Along, Limit, Offering, Page, PageRequest, StoreHoldError, Unavailable, WaitingFilter, Waitlist,
};
use thiserror::Error;

use crate::pools::Pools;
use crate::schema::waitlist;
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros, date_bound, date_from_text, date_to_text};
use crate::{SqliteStore, along, hold};

const WAITING: &str = "waiting";
const OFFERED: &str = "offered";
const BOOKED: &str = "booked";

/// [`Waitlist`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteWaitlist(Pools);

impl SqliteWaitlist {
    /// The line in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Waitlist for SqliteWaitlist {
    fn add(&self, waiting: &Waiting, along: &Along) -> Result<(), AddError> {
        self.0.write(|connection| {
            along::write(connection, along)?;
            diesel::insert_into(waitlist::table)
                .values(WaitingRow::from(waiting))
                .execute(connection)
                .map_err(|error| not_added("waitlist", &waiting.id(), error))?;
            Ok(())
        })
    }

    fn find(&self, id: WaitingId) -> Result<Option<Waiting>, Unavailable> {
        self.0.read(|connection| {
            let query = waitlist::table.find(Id::from(id)).select(WaitingRow::as_select());
            let row = query.first(connection).optional()?;
            Ok(row.map(Waiting::try_from).transpose()?)
        })
    }

    fn list(
        &self,
        filter: &WaitingFilter,
        page: &PageRequest<WaitingId>,
    ) -> Result<Page<Waiting, WaitingId>, Unavailable> {
        let WaitingFilter { patient, doctor } = *filter;
        self.0.read(|connection| {
            let mut query = waitlist::table.select(WaitingRow::as_select()).into_boxed();
            if let Some(patient) = patient {
                query = query.filter(waitlist::patient_id.eq(Id::from(patient)));
            }
            if let Some(doctor) = doctor {
                query = query.filter(waitlist::doctor_id.eq(Id::from(doctor)));
            }
            if let Some(after) = page.after {
                query = query.filter(waitlist::id.gt(Id::from(after)));
            }
            let one_more = i64::from(page.limit.get()) + 1;
            let found = parsed(query.order(waitlist::id).limit(one_more).load(connection)?)?;
            Ok(Page::cut(found, page.limit, Waiting::id))
        })
    }

    fn remove(&self, id: WaitingId, along: &Along) -> Result<bool, Unavailable> {
        self.0.write(|connection| {
            let there: Option<Option<Id>> = diesel::delete(waitlist::table.find(Id::from(id)))
                .returning(waitlist::hold_id)
                .get_result(connection)
                .optional()?;
            let Some(held) = there else { return Ok(false) };
            if let Some(held) = held {
                hold::give_back(connection, held.into())?;
            }
            along::write_anyway(connection, along)?;
            Ok(true)
        })
    }

    fn in_line(
        &self,
        today: NaiveDate,
        after: Option<(DateTime<Utc>, WaitingId)>,
        limit: Limit,
    ) -> Result<Vec<Waiting>, Unavailable> {
        self.0.read(|connection| {
            let mut query = waitlist::table
                .filter(waitlist::status.eq(WAITING).and(waitlist::to_date.ge(date_bound(today))))
                .select(WaitingRow::as_select())
                .into_boxed();
            if let Some((since, id)) = after {
                let since = Micros::floor(since);
                // The first condition is for the index.
                query = query.filter(waitlist::since.ge(since));
                query = query.filter(waitlist::since.gt(since).or(waitlist::id.gt(Id::from(id))));
            }
            parsed(query.order((waitlist::since, waitlist::id)).limit(limit.get().into()).load(connection)?)
        })
    }

    fn offer(&self, offering: &Offering) -> Result<(), StoreHoldError> {
        let Offering { waiting, seen, hold } = offering;
        let row = WaitingRow::from(waiting);
        self.0.write(|connection| {
            let as_seen = waitlist::table.find(row.id).filter(waitlist::revision.eq(seen.number()));
            if diesel::update(as_seen).set(row).execute(connection)? == 0 {
                return Err(Abort::Refused(StoreHoldError::Stale));
            }
            hold::store(connection, hold)
        })
    }

    fn lapse(&self, now: DateTime<Utc>) -> Result<usize, Unavailable> {
        let now = Micros::floor(now);
        let lapsed = waitlist::table.filter(waitlist::status.eq(OFFERED).and(waitlist::offered_until.le(now)));
        self.0.write(|connection| {
            let back =
                (Settled::at(WAITING, now), waitlist::since.eq(now), waitlist::revision.eq(waitlist::revision + 1));
            Ok(diesel::update(lapsed).set(back).execute(connection)?)
        })
    }
}

/// Whoever waits there has booked what was offered, if it was this.
pub(crate) fn booked(
    connection: &mut SqliteConnection,
    id: WaitingId,
    offered: HoldId,
    now: Micros,
) -> QueryResult<usize> {
    let there = waitlist::table.find(Id::from(id)).filter(waitlist::hold_id.eq(Id::from(offered)));
    diesel::update(there)
        .set((Settled::at(BOOKED, now), waitlist::revision.eq(waitlist::revision + 1)))
        .execute(connection)
}

/// Whoever waits there is at the end of the line again, if this was offered.
pub(crate) fn back_in_line(
    connection: &mut SqliteConnection,
    id: WaitingId,
    offered: HoldId,
    now: Micros,
) -> QueryResult<usize> {
    let there = waitlist::table.find(Id::from(id)).filter(waitlist::hold_id.eq(Id::from(offered)));
    diesel::update(there)
        .set((Settled::at(WAITING, now), waitlist::since.eq(now), waitlist::revision.eq(waitlist::revision + 1)))
        .execute(connection)
}

/// What becomes of a place once nothing is offered any more.
#[derive(AsChangeset)]
#[diesel(table_name = waitlist, treat_none_as_null = true)]
struct Settled {
    status: &'static str,
    hold_id: Option<Id>,
    offered_until: Option<Micros>,
    updated_at: Micros,
}

impl Settled {
    fn at(status: &'static str, now: Micros) -> Self {
        Self { status, hold_id: None, offered_until: None, updated_at: now }
    }
}

fn parsed(rows: Vec<WaitingRow>) -> Result<Vec<Waiting>, Abort<Unavailable>> {
    Ok(rows.into_iter().map(Waiting::try_from).collect::<Result<_, _>>()?)
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = waitlist, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct WaitingRow {
    id: Id,
    patient_id: Id,
    doctor_id: Option<Id>,
    specialty: Option<String>,
    visit_type_id: Option<Id>,
    from_date: String,
    to_date: String,
    owner: Id,
    since: Micros,
    status: String,
    hold_id: Option<Id>,
    offered_until: Option<Micros>,
    revision: i64,
    created_at: Micros,
    updated_at: Micros,
}

impl From<&Waiting> for WaitingRow {
    fn from(waiting: &Waiting) -> Self {
        let WaitingParts {
            id,
            patient,
            wanted,
            visit_type,
            dates,
            owner,
            since,
            status,
            revision,
            created_at,
            updated_at,
        } = waiting.parts();
        let (doctor_id, specialty) = match wanted {
            WaitFor::Doctor(doctor) => (Some(Id::from(*doctor)), None),
            WaitFor::Specialty(specialty) => (None, Some(specialty.as_str().to_owned())),
        };
        let (status, hold_id, offered_until) = match *status {
            WaitingStatus::Waiting => (WAITING, None, None),
            WaitingStatus::Offered { hold, until } => (OFFERED, Some(hold.into()), Some(Micros::floor(until))),
            WaitingStatus::Booked => (BOOKED, None, None),
        };
        Self {
            id: (*id).into(),
            patient_id: (*patient).into(),
            doctor_id,
            specialty,
            visit_type_id: visit_type.map(Id::from),
            from_date: date_to_text(dates.from()),
            to_date: date_to_text(dates.to()),
            owner: (*owner).into(),
            since: Micros::floor(*since),
            status: status.to_owned(),
            hold_id,
            offered_until,
            revision: revision.number(),
            created_at: Micros::floor(*created_at),
            updated_at: Micros::floor(*updated_at),
        }
    }
}

impl TryFrom<WaitingRow> for Waiting {
    type Error = Unavailable;

    fn try_from(row: WaitingRow) -> Result<Self, Unavailable> {
        let id = WaitingId::from(row.id);
        parse(id, &row).map(Waiting::from_parts).map_err(|error| Unavailable::inconsistent("waitlist", &id, error))
    }
}

#[derive(Debug, Error)]
enum Unfit {
    #[error("it waits for a doctor or a specialty, and for one of them only")]
    Wanted,
    #[error("its status is unknown, or does not fit what is offered")]
    Status,
}

fn parse(id: WaitingId, row: &WaitingRow) -> Result<WaitingParts, Box<dyn Error + Send + Sync>> {
    let wanted = match (row.doctor_id, &row.specialty) {
        (Some(doctor), None) => WaitFor::Doctor(doctor.into()),
        (None, Some(specialty)) => WaitFor::Specialty(Specialty::parse(specialty)?),
        _ => return Err(Unfit::Wanted.into()),
    };
    let status = match (row.status.as_str(), row.hold_id, row.offered_until) {
        (WAITING, None, None) => WaitingStatus::Waiting,
        (OFFERED, Some(hold), Some(until)) => WaitingStatus::Offered { hold: hold.into(), until: until.instant()? },
        (BOOKED, None, None) => WaitingStatus::Booked,
        _ => return Err(Unfit::Status.into()),
    };
    Ok(WaitingParts {
        id,
        patient: PatientId::from(row.patient_id),
        wanted,
        visit_type: row.visit_type_id.map(VisitTypeId::from),
        dates: DateRange::new(date_from_text(&row.from_date)?, date_from_text(&row.to_date)?)?,
        owner: row.owner.into(),
        since: row.since.instant()?,
        status,
        revision: Revision::from_number(row.revision),
        created_at: row.created_at.instant()?,
        updated_at: row.updated_at.instant()?,
    })
}
