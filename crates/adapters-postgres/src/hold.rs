//! Slots that are held for a little while.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use doctor_booking_domain::{DateRange, DoctorId, Hold, HoldId, Span};
use doctor_booking_ports::{Along, Holds, NewHold, StoreHoldError, Unavailable};
use uuid::Uuid;

use crate::pool::Pool;
use crate::rows::{HoldRow, Occupant};
use crate::schema::holds;
use crate::transaction::Abort;
use crate::{instant, occupancy, seating, turn, waitlist};

/// [`Holds`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgHolds(Pool);

impl PgHolds {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Holds for PgHolds {
    fn store(&self, new: &NewHold) -> Result<(), StoreHoldError> {
        self.0.change(&new.along, |connection| store(connection, new))
    }

    fn find(&self, id: HoldId) -> Result<Option<Hold>, Unavailable> {
        let row = holds::table
            .filter(holds::id.eq(id.uuid()))
            .select(HoldRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(Hold::try_from).transpose()
    }

    fn release(&self, id: HoldId, along: &Along) -> Result<bool, Unavailable> {
        self.0.change_if_there(along, |connection| {
            let offered = waitlist::lock_offered(connection, id)?;
            let Some(made_at) = take(connection, id)? else { return Ok(false) };
            let now = along.history.first().map_or(made_at, |entry| entry.at);
            waitlist::back_in_line(connection, &offered, now)?;
            Ok(true)
        })
    }

    /// A transaction for each doctor with any, so that nobody waits for those of all.
    fn sweep(&self, now: DateTime<Utc>) -> Result<usize, Unavailable> {
        let expired: Vec<(Uuid, Uuid)> = holds::table
            .filter(holds::expires_at.le(instant::floor(now)))
            .order(holds::doctor_id)
            .select((holds::doctor_id, holds::id))
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let mut swept = 0;
        for of_doctor in expired.chunk_by(|one, next| one.0 == next.0) {
            let ids: Vec<_> = of_doctor.iter().map(|(_, id)| *id).collect();
            let doctor = DoctorId::from(of_doctor[0].0);
            swept += self.0.transaction(|connection| {
                turn::hold_seats(connection, doctor)?;
                Ok::<_, Abort<Unavailable>>(occupancy::clear(connection, doctor, &ids, now)?)
            })?;
        }
        Ok(swept)
    }
}

/// Stores a hold, in a transaction that also writes what goes along.
pub(crate) fn store(connection: &mut PgConnection, new: &NewHold) -> Result<(), Abort<StoreHoldError>> {
    let NewHold { hold, decided_on, most, .. } = new;
    let (now, occupant) = (hold.created_at, Occupant::from(hold));
    let counts = hold.waiting.is_none();
    if counts {
        turn::hold_holds(connection, hold.owner)?;
    }
    if turn::share_rules(connection, hold.doctor)? != Some(*decided_on) {
        return Err(Abort::Refused(StoreHoldError::Stale));
    }
    if counts {
        let own = holds::table
            .filter(holds::owner.eq(hold.owner.uuid()).and(holds::waiting_id.is_null()))
            .filter(holds::expires_at.gt(now));
        let there: i64 = own.count().get_result(connection)?;
        if usize::try_from(there).is_ok_and(|there| there >= *most) {
            return Err(Abort::Refused(StoreHoldError::TooMany));
        }
    }
    seating::begin(connection, occupant)?;
    if !occupancy::occupy_doctor(connection, occupant, now)? {
        return Err(Abort::Refused(StoreHoldError::DoctorBusy));
    }
    diesel::insert_into(holds::table).values(HoldRow::from(hold)).execute(connection)?;
    Ok(())
}

/// Removes a hold, and gives back what it occupies; when it was made. `None`: it was not there.
pub(crate) fn take(connection: &mut PgConnection, id: HoldId) -> QueryResult<Option<DateTime<Utc>>> {
    // With whom it is, which never changes, is what leads to the right shard.
    let found: Option<(Uuid, DateTime<Utc>)> = holds::table
        .filter(holds::id.eq(id.uuid()))
        .select((holds::doctor_id, holds::created_at))
        .first(connection)
        .optional()?;
    let Some((doctor, made_at)) = found else { return Ok(None) };
    if diesel::delete(holds::table.find((doctor, id.uuid()))).execute(connection)? == 0 {
        return Ok(None);
    }
    occupancy::release_doctor(connection, doctor.into(), id.uuid())?;
    Ok(Some(made_at))
}

/// The holds of a doctor that expire after `as_of`.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn upcoming(doctor: DoctorId, as_of: DateTime<Utc>) -> _ {
    let doctor: Uuid = doctor.uuid();
    let as_of: DateTime<Utc> = instant::floor(as_of);
    holds::table.filter(holds::doctor_id.eq(doctor)).filter(holds::expires_at.gt(as_of))
}

/// The holds, of all doctors, that a closure of `date` may meet and that expire after `as_of`.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn affected(date: NaiveDate, as_of: DateTime<Utc>) -> _ {
    let reach: Span = DateRange::day(date).reach();
    let after: DateTime<Utc> = instant::floor(reach.start());
    let before: DateTime<Utc> = instant::ceil(reach.end());
    let as_of: DateTime<Utc> = instant::floor(as_of);
    holds::table
        .filter(holds::expires_at.gt(as_of))
        .filter(holds::ends_at.gt(after))
        .filter(holds::starts_at.lt(before))
}
