//! Slots that are held for a little while.

use std::error::Error;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{Booking, DoctorId, Hold, HoldId, Span, VisitTypeId, WaitingId};
use doctor_booking_ports::{Along, Holds, NewHold, StoreHoldError, Unavailable};

use crate::occupancy::{self, Occupied};
use crate::pools::Pools;
use crate::schema::holds;
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros, footprint};
use crate::{SqliteStore, along, doctor, waitlist};

/// [`Holds`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteHolds(Pools);

impl SqliteHolds {
    /// The holds in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Holds for SqliteHolds {
    fn store(&self, new: &NewHold) -> Result<(), StoreHoldError> {
        self.0.write(|connection| store(connection, new))
    }

    fn find(&self, id: HoldId) -> Result<Option<Hold>, Unavailable> {
        self.0.read(|connection| {
            let row = holds::table.find(Id::from(id)).select(HoldRow::as_select()).first(connection).optional()?;
            Ok(row.map(Hold::try_from).transpose()?)
        })
    }

    fn release(&self, id: HoldId, along: &Along) -> Result<bool, Unavailable> {
        self.0.write(|connection| {
            let Some(Taken { waiting, created_at }) = take(connection, id)? else { return Ok(false) };
            if let Some(waiting) = waiting {
                let now = along.history.first().map_or(created_at, |entry| Micros::floor(entry.at));
                waitlist::back_in_line(connection, waiting, id, now)?;
            }
            along::write_anyway(connection, along)?;
            Ok(true)
        })
    }

    fn sweep(&self, now: DateTime<Utc>) -> Result<usize, Unavailable> {
        self.0.write(|connection| Ok(clear_expired(connection, now)?))
    }
}

/// Stores a hold, and what goes along.
pub(crate) fn store(connection: &mut SqliteConnection, new: &NewHold) -> Result<(), Abort<StoreHoldError>> {
    let NewHold { hold, decided_on, most, along } = new;
    let refused = |why| Err(Abort::Refused(why));
    along::write(connection, along)?;
    if !doctor::has_rules(connection, hold.doctor, *decided_on)? {
        return refused(StoreHoldError::Stale);
    }
    clear_expired(connection, hold.created_at)?;
    if hold.waiting.is_none() {
        // What has expired has just been cleared away.
        let of_owner = holds::table.filter(holds::owner.eq(Id::from(hold.owner)).and(holds::waiting_id.is_null()));
        let there: i64 = of_owner.count().get_result(connection)?;
        if usize::try_from(there).is_ok_and(|there| there >= *most) {
            return refused(StoreHoldError::TooMany);
        }
    }
    if occupancy::hold(connection, hold)? == Occupied::ByAnother {
        return refused(StoreHoldError::DoctorBusy);
    }
    diesel::insert_into(holds::table)
        .values(HoldRow::from(hold))
        .execute(connection)
        .map_err(|error| not_added("holds", &hold.id, error))?;
    Ok(())
}

/// What matters of a hold that is no longer there.
struct Taken {
    waiting: Option<WaitingId>,
    created_at: Micros,
}

/// Takes a hold away, with what it occupies; `None`: it was not there.
fn take(connection: &mut SqliteConnection, id: HoldId) -> QueryResult<Option<Taken>> {
    let taken: Option<(Id, Option<Id>, Micros)> = diesel::delete(holds::table.find(Id::from(id)))
        .returning((holds::doctor_id, holds::waiting_id, holds::created_at))
        .get_result(connection)
        .optional()?;
    let Some((doctor, waiting, created_at)) = taken else { return Ok(None) };
    occupancy::give_back(connection, doctor.into(), id)?;
    Ok(Some(Taken { waiting: waiting.map(WaitingId::from), created_at }))
}

/// Gives back what is held by this id, if anything is.
pub(crate) fn give_back(connection: &mut SqliteConnection, id: HoldId) -> QueryResult<()> {
    take(connection, id).map(|_| ())
}

/// Makes the hold the booking's, for whose doctor it has to be: it is no longer there, but what it occupies of the doctor
/// is. Whether it was there. What has expired has to be cleared away before.
pub(crate) fn hand_over(connection: &mut SqliteConnection, id: HoldId, booking: &Booking) -> QueryResult<bool> {
    let of_doctor = holds::table.find(Id::from(id)).filter(holds::doctor_id.eq(Id::from(booking.doctor())));
    let waiting: Option<Option<Id>> =
        diesel::delete(of_doctor).returning(holds::waiting_id).get_result(connection).optional()?;
    if let Some(Some(waiting)) = waiting {
        waitlist::booked(connection, waiting.into(), id, Micros::floor(booking.parts().updated_at))?;
    }
    Ok(waiting.is_some())
}

/// Clears away what has expired at this instant, so that it is in nobody's way; how many holds.
pub(crate) fn clear_expired(connection: &mut SqliteConnection, now: DateTime<Utc>) -> QueryResult<usize> {
    occupancy::clear_expired(connection, now)?;
    diesel::delete(holds::table.filter(holds::expires_at.le(Micros::floor(now)))).execute(connection)
}

/// The doctor's holds that expire after `as_of`, in any order.
pub(crate) fn upcoming(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    as_of: DateTime<Utc>,
) -> Result<Vec<Hold>, Abort<Unavailable>> {
    parsed(all_upcoming(doctor, as_of).select(HoldRow::as_select()).load(connection)?)
}

/// The same holds by id.
pub(crate) fn upcoming_ids(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    as_of: DateTime<Utc>,
) -> QueryResult<Vec<HoldId>> {
    Ok(sorted(all_upcoming(doctor, as_of).select(holds::id).load(connection)?))
}

/// The holds of all doctors that overlap `during` and expire after `as_of`, in any order.
pub(crate) fn during(
    connection: &mut SqliteConnection,
    during: Span,
    as_of: DateTime<Utc>,
) -> Result<Vec<Hold>, Abort<Unavailable>> {
    parsed(all_during(during, as_of).select(HoldRow::as_select()).load(connection)?)
}

/// The same holds by id.
pub(crate) fn ids_during(
    connection: &mut SqliteConnection,
    during: Span,
    as_of: DateTime<Utc>,
) -> QueryResult<Vec<HoldId>> {
    Ok(sorted(all_during(during, as_of).select(holds::id).load(connection)?))
}

fn parsed(rows: Vec<HoldRow>) -> Result<Vec<Hold>, Abort<Unavailable>> {
    Ok(rows.into_iter().map(Hold::try_from).collect::<Result<_, _>>()?)
}

fn sorted(ids: Vec<Id>) -> Vec<HoldId> {
    let mut ids: Vec<_> = ids.into_iter().map(HoldId::from).collect();
    ids.sort_unstable();
    ids
}

fn all_upcoming(doctor: DoctorId, as_of: DateTime<Utc>) -> holds::BoxedQuery<'static, Sqlite> {
    holds::table
        .filter(holds::doctor_id.eq(Id::from(doctor)).and(holds::expires_at.gt(Micros::floor(as_of))))
        .into_boxed()
}

fn all_during(during: Span, as_of: DateTime<Utc>) -> holds::BoxedQuery<'static, Sqlite> {
    holds::table
        .filter(holds::expires_at.gt(Micros::floor(as_of)))
        .filter(holds::starts_at.lt(Micros::ceil(during.end())))
        .filter(holds::ends_at.gt(Micros::floor(during.start())))
        .into_boxed()
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = holds, check_for_backend(Sqlite), treat_none_as_default_value = false)]
struct HoldRow {
    id: Id,
    doctor_id: Id,
    starts_at: Micros,
    ends_at: Micros,
    time_zone: String,
    visit_type_id: Option<Id>,
    buffer_before_minutes: i32,
    buffer_after_minutes: i32,
    capacity: i32,
    owner: Id,
    waiting_id: Option<Id>,
    expires_at: Micros,
    created_at: Micros,
}

impl From<&Hold> for HoldRow {
    fn from(hold: &Hold) -> Self {
        Self {
            id: hold.id.into(),
            doctor_id: hold.doctor.into(),
            starts_at: Micros::floor(hold.span.start()),
            ends_at: Micros::floor(hold.span.end()),
            time_zone: hold.zone.name().to_owned(),
            visit_type_id: hold.visit_type.map(Id::from),
            buffer_before_minutes: hold.footprint.before.get().into(),
            buffer_after_minutes: hold.footprint.after.get().into(),
            capacity: hold.footprint.capacity.get().into(),
            owner: hold.owner.into(),
            waiting_id: hold.waiting.map(Id::from),
            expires_at: Micros::floor(hold.expires_at),
            created_at: Micros::floor(hold.created_at),
        }
    }
}

impl TryFrom<HoldRow> for Hold {
    type Error = Unavailable;

    fn try_from(row: HoldRow) -> Result<Self, Unavailable> {
        let id = HoldId::from(row.id);
        parse(id, &row).map_err(|error| Unavailable::inconsistent("holds", &id, error))
    }
}

fn parse(id: HoldId, row: &HoldRow) -> Result<Hold, Box<dyn Error + Send + Sync>> {
    Ok(Hold {
        id,
        doctor: DoctorId::from(row.doctor_id),
        span: Span::new(row.starts_at.instant()?, row.ends_at.instant()?)?,
        visit_type: row.visit_type_id.map(VisitTypeId::from),
        footprint: footprint(row.buffer_before_minutes, row.buffer_after_minutes, row.capacity)?,
        zone: row.time_zone.parse()?,
        owner: row.owner.into(),
        waiting: row.waiting_id.map(WaitingId::from),
        expires_at: row.expires_at.instant()?,
        created_at: row.created_at.instant()?,
    })
}
