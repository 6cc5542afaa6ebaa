//! Patients who wait for a slot to become free.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use doctor_booking_domain::{HoldId, Waiting, WaitingId};
use doctor_booking_ports::{
    AddError, Along, Limit, Offering, Page, PageRequest, StoreHoldError, Unavailable, WaitingFilter, Waitlist,
};
use uuid::Uuid;

use crate::pool::Pool;
use crate::rows::WaitingRow;
use crate::schema::waitlist;
use crate::transaction::Abort;
use crate::{hold, instant};

/// [`Waitlist`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgWaitlist(Pool);

impl PgWaitlist {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Waitlist for PgWaitlist {
    fn add(&self, waiting: &Waiting, along: &Along) -> Result<(), AddError> {
        self.0.change(along, |connection| {
            diesel::insert_into(waitlist::table).values(WaitingRow::from(waiting)).execute(connection)?;
            Ok(())
        })
    }

    fn find(&self, id: WaitingId) -> Result<Option<Waiting>, Unavailable> {
        let row = waitlist::table
            .find(id.uuid())
            .select(WaitingRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(Waiting::try_from).transpose()
    }

    fn list(
        &self,
        filter: &WaitingFilter,
        page: &PageRequest<WaitingId>,
    ) -> Result<Page<Waiting, WaitingId>, Unavailable> {
        let mut query = waitlist::table.select(WaitingRow::as_select()).into_boxed();
        if let Some(patient) = filter.patient {
            query = query.filter(waitlist::patient_id.eq(patient.uuid()));
        }
        if let Some(doctor) = filter.doctor {
            query = query.filter(waitlist::doctor_id.eq(doctor.uuid()));
        }
        if let Some(after) = page.after {
            query = query.filter(waitlist::id.gt(after.uuid()));
        }
        let rows = query
            .order(waitlist::id)
            .limit(i64::from(page.limit.get()) + 1)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(Waiting::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, Waiting::id))
    }

    fn remove(&self, id: WaitingId, along: &Along) -> Result<bool, Unavailable> {
        self.0.change_if_there(along, |connection| {
            let there = waitlist::table.find(id.uuid());
            let row = there.select(WaitingRow::as_select()).for_update().first(connection).optional()?;
            let Some(row) = row else { return Ok(false) };
            if let Some(hold) = row.hold() {
                hold::take(connection, hold)?;
            }
            diesel::delete(there).execute(connection)?;
            Ok(true)
        })
    }

    fn in_line(
        &self,
        today: NaiveDate,
        after: Option<(DateTime<Utc>, WaitingId)>,
        limit: Limit,
    ) -> Result<Vec<Waiting>, Unavailable> {
        let mut query = waitlist::table
            // SQL, since the index has only those in line: it serves here as long as this is no parameter.
            .filter(sql::<Bool>("status = 'waiting'"))
            .filter(waitlist::to_date.ge(instant::date(today)))
            .into_boxed();
        if let Some((since, id)) = after {
            let since = instant::floor(since);
            let after = waitlist::since.eq(since).and(waitlist::id.gt(id.uuid()));
            query = query.filter(waitlist::since.gt(since).or(after));
        }
        let rows: Vec<WaitingRow> = query
            .order((waitlist::since, waitlist::id))
            .limit(i64::from(limit.get()))
            .select(WaitingRow::as_select())
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        rows.into_iter().map(Waiting::try_from).collect()
    }

    fn offer(&self, offering: &Offering) -> Result<(), StoreHoldError> {
        let Offering { waiting, seen, hold } = offering;
        let as_seen = waitlist::table.find(waiting.id().uuid()).filter(waitlist::revision.eq(seen.number()));
        self.0.change(&hold.along, |connection| {
            if diesel::update(as_seen).set(WaitingRow::from(waiting)).execute(connection)? != 1 {
                return Err(Abort::Refused(StoreHoldError::Stale));
            }
            hold::store(connection, hold)
        })
    }

    fn lapse(&self, now: DateTime<Utc>) -> Result<usize, Unavailable> {
        // Whoever is just about to book, or to give the hold back, is passed over: that settles it, or the next time.
        let lapsed = waitlist::table
            .filter(waitlist::held_until.le(instant::floor(now)))
            .select(waitlist::id)
            .for_update()
            .skip_locked();
        self.0.transaction(|connection| {
            let lapsed: Vec<Uuid> = lapsed.load(connection)?;
            Ok::<_, Abort<Unavailable>>(back_in_line(connection, &lapsed, now)?)
        })
    }
}

/// Whoever is offered this hold, if anybody is, which stays so until the transaction ends. To be asked before the hold
/// itself is touched: whoever gives up a place in the line holds that when he or she gives back the hold.
pub(crate) fn lock_offered(connection: &mut PgConnection, hold: HoldId) -> QueryResult<Vec<Uuid>> {
    let offered = waitlist::table.filter(waitlist::hold_id.eq(hold.uuid()));
    offered.select(waitlist::id).for_update().load(connection)
}

/// Whoever is offered this hold, if anybody is, has booked it.
pub(crate) fn book_offered(connection: &mut PgConnection, hold: HoldId, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(waitlist::table.filter(waitlist::hold_id.eq(hold.uuid())))
        .set((
            waitlist::status.eq(WaitingRow::BOOKED),
            waitlist::hold_id.eq(None::<Uuid>),
            waitlist::held_until.eq(None::<DateTime<Utc>>),
            waitlist::revision.eq(waitlist::revision + 1),
            waitlist::updated_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// These are at the end of the line again.
pub(crate) fn back_in_line(connection: &mut PgConnection, who: &[Uuid], now: DateTime<Utc>) -> QueryResult<usize> {
    if who.is_empty() {
        return Ok(0);
    }
    let now = instant::floor(now);
    diesel::update(waitlist::table.filter(waitlist::id.eq_any(who)))
        .set((
            waitlist::status.eq(WaitingRow::WAITING),
            waitlist::since.eq(now),
            waitlist::hold_id.eq(None::<Uuid>),
            waitlist::held_until.eq(None::<DateTime<Utc>>),
            waitlist::revision.eq(waitlist::revision + 1),
            waitlist::updated_at.eq(now),
        ))
        .execute(connection)
}
