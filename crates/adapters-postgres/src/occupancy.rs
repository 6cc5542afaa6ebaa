//! What keeps doctors and patients busy, and who takes it and gives it back.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use doctor_booking_domain::{Booking, BookingId, DoctorId, HoldId, PatientId, Seat};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use crate::rows::{OccupancyRow, Occupant, SeatedRow, Subject};
use crate::schema::{holds, occupancy};
use crate::transaction::Abort;
use crate::{instant, seating, turn};

/// Occupies a doctor, unless there is no room; what is held no longer `now` is cleared away first. Where that is still
/// being decided, it waits.
///
/// For a visit alone with the doctor it is one statement: there is no look before, only after it was refused. For one
/// that shares the doctor the seats are held already.
pub(crate) fn occupy_doctor<R: From<Unavailable>>(
    connection: &mut PgConnection,
    occupant: Occupant,
    now: DateTime<Utc>,
) -> Result<bool, Abort<R>> {
    let Some(seat) = seating::seat(connection, occupant, now)? else { return Ok(false) };
    if occupy(connection, OccupancyRow::of_doctor(occupant, seat))? {
        return Ok(true);
    }
    // Where the doctor is shared, that was looked at when the seat was found.
    if occupant.busy.capacity.is_shared() {
        return Ok(false);
    }
    let there = seating::overlapping(Subject::DOCTOR, occupant.doctor.uuid(), occupant.busy.span)
        .load::<SeatedRow>(connection)?;
    let expired: Vec<_> = there.iter().filter_map(|row| row.expired(now)).collect();
    if expired.is_empty() || expired.len() < there.len() {
        return Ok(false);
    }
    turn::hold_seats(connection, occupant.doctor)?;
    clear(connection, occupant.doctor, &expired, now)?;
    Ok(occupy(connection, OccupancyRow::of_doctor(occupant, seat))?)
}

/// How often a visit that may be beside others is put there at most: each time somebody else was faster, and is there.
const TRIES: usize = 20;

/// Occupies the patient of a booking, unless something else does. Where that is still being decided, it waits.
///
/// Always after the doctor: so nobody waits for a doctor while others wait for his or her patient, on whatever shards
/// the two are. Of a booking that may be beside others the patient's visits are held.
pub(crate) fn occupy_patient<R: From<Unavailable>>(
    connection: &mut PgConnection,
    booking: &Booking,
) -> Result<bool, Abort<R>> {
    if !(booking.parts().beside_others && booking.status().is_live()) {
        return Ok(occupy(connection, OccupancyRow::of_patient(booking, Seat::Alone))?);
    }
    for _ in 0..TRIES {
        let Some(seat) = seating::seat_beside(connection, booking.parts().patient, booking.span())? else {
            return Ok(false);
        };
        if occupy(connection, OccupancyRow::of_patient(booking, seat))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Occupies many subjects of one kind, all or some; the bookings that do now.
pub(crate) fn occupy_all(connection: &mut PgConnection, rows: Vec<OccupancyRow>) -> QueryResult<Vec<Uuid>> {
    diesel::insert_into(occupancy::table)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(occupancy::booking)
        .get_results(connection)
}

/// Without a conflict target, since constraints on Citus have other names.
fn occupy(connection: &mut PgConnection, row: OccupancyRow) -> QueryResult<bool> {
    let inserted = diesel::insert_into(occupancy::table).values(row).on_conflict_do_nothing().execute(connection)?;
    Ok(inserted == 1)
}

/// Gives back what a booking, or a hold, occupies of a doctor. Whoever does holds the row of that.
pub(crate) fn release_doctor(connection: &mut PgConnection, doctor: DoctorId, id: Uuid) -> QueryResult<()> {
    diesel::delete(occupancy::table.find((Subject::DOCTOR, doctor.uuid(), id))).execute(connection)?;
    Ok(())
}

/// Gives back what a booking occupies of its patient. Whoever does holds its row.
pub(crate) fn release_patient(connection: &mut PgConnection, patient: PatientId, id: BookingId) -> QueryResult<()> {
    diesel::delete(occupancy::table.find((Subject::PATIENT, patient.uuid(), id.uuid()))).execute(connection)?;
    Ok(())
}

/// Makes a record of what a booking that is no longer live occupied, in nobody's way.
pub(crate) fn retire(connection: &mut PgConnection, booking: Uuid, doctor: Uuid, patient: Uuid) -> QueryResult<()> {
    // One statement each, so that each goes to one shard.
    for (kind, subject) in [(Subject::DOCTOR, doctor), (Subject::PATIENT, patient)] {
        let own = occupancy::table.find((kind, subject, booking));
        diesel::update(own).set(occupancy::live.eq(false)).execute(connection)?;
    }
    Ok(())
}

/// Gives a booking what a hold occupies, as it is, seat and all; whether the hold was there, live, and of the same
/// stretch. For everybody else nothing has changed: the row that is in their way is the same one.
pub(crate) fn take_over(connection: &mut PgConnection, hold: HoldId, booking: &Booking) -> QueryResult<bool> {
    let (doctor, hold) = (booking.doctor().uuid(), hold.uuid());
    let live = holds::table.find((doctor, hold)).filter(holds::expires_at.gt(booking.parts().updated_at));
    if diesel::delete(live).execute(connection)? == 0 {
        return Ok(false);
    }
    let Occupant { id, busy, .. } = booking.into();
    let capacity = i16::from(busy.capacity.get());
    let same = occupancy::during.eq(OccupancyRow::during(busy.span)).and(occupancy::capacity.eq(capacity));
    let occupied = occupancy::table.find((Subject::DOCTOR, doctor, hold)).filter(same);
    let taken = diesel::update(occupied)
        .set((occupancy::booking.eq(id), occupancy::held_until.eq(None::<DateTime<Utc>>)))
        .execute(connection)?;
    Ok(taken == 1)
}

/// Clears away those of these holds of a doctor that have expired; how many. The doctor's seats are held, so that nobody
/// else clears away, moves or gives seats to several of the doctor's at the same time, in another order.
///
/// Somebody whose clock is behind may be about to make a booking of one: then it is not there any more.
pub(crate) fn clear(
    connection: &mut PgConnection,
    doctor: DoctorId,
    expired: &[Uuid],
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let now = instant::floor(now);
    let rows = holds::table.filter(holds::doctor_id.eq(doctor.uuid()).and(holds::id.eq_any(expired)));
    let cleared = diesel::delete(rows.filter(holds::expires_at.le(now))).execute(connection)?;
    let held = occupancy::table
        .filter(occupancy::kind.eq(Subject::DOCTOR).and(occupancy::subject.eq(doctor.uuid())))
        .filter(occupancy::booking.eq_any(expired));
    diesel::delete(held.filter(occupancy::held_until.le(now))).execute(connection)?;
    Ok(cleared)
}
