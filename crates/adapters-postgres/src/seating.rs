//! Seats of doctors who are shared.
//!
//! The constraint sees to it that nobody sits on another's seat, or with a doctor with whom somebody is alone. That there
//! are never more than the smallest capacity among them says, it cannot. So visits that share a doctor are seated one
//! after the other, and [`place`] decides with everybody in view. Visits alone with the doctor need not wait for that:
//! whichever comes second finds the time taken.
//!
//! Measured on PostgreSQL 15 and two busy cores, without waiting for the disk, 14 threads: 450 visits a second were
//! seated with one doctor, and 1,380 with twenty, nearly as many as were booked alone with twenty (1,450).

use chrono::{DateTime, Utc};
use diesel::dsl;
use diesel::prelude::*;
use diesel::sql_types::{Array, SmallInt, Uuid as SqlUuid};
use doctor_booking_domain::{DoctorId, PatientId, Placement, Seat, Seated, Span, place, place_beside};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use crate::rows::{Occupant, Range, SeatedRow, Subject};
use crate::schema::occupancy;
use crate::transaction::Abort;
use crate::{instant, occupancy as occupied, turn};

/// Lets nobody else be seated with the doctor, where `occupant` is to share him or her.
pub(crate) fn begin(connection: &mut PgConnection, occupant: Occupant) -> QueryResult<()> {
    if occupant.live && occupant.busy.capacity.is_shared() {
        turn::hold_seats(connection, occupant.doctor)?;
    }
    Ok(())
}

/// A seat of the doctor's for `occupant`, for which others may have moved, and holds that have expired `now` be gone;
/// `None` when there is no room. The doctor's seats are held.
///
/// One statement where nobody has to move, however many are there, and none for a visit alone with the doctor. Whoever
/// is just about to be alone with the doctor is not seen here: the insert finds out.
pub(crate) fn seat<R: From<Unavailable>>(
    connection: &mut PgConnection,
    occupant: Occupant,
    now: DateTime<Utc>,
) -> Result<Option<Seat>, Abort<R>> {
    let Occupant { doctor, busy: wanted, live, .. } = occupant;
    if !wanted.capacity.is_shared() {
        return Ok(Some(Seat::Alone));
    }
    if !live {
        // In nobody's way, wherever it sits.
        return Ok(Some(Seat::Number(1)));
    }
    // Those who share a moment with it are enough to tell whether there is room, and whether a seat is free throughout.
    let mut there: Vec<SeatedRow> = overlapping(Subject::DOCTOR, doctor.uuid(), wanted.span).load(connection)?;
    let expired: Vec<_> = there.iter().filter_map(|row| row.expired(now)).collect();
    if !expired.is_empty() {
        occupied::clear(connection, doctor, &expired, now)?;
        there = overlapping(Subject::DOCTOR, doctor.uuid(), wanted.span).load(connection)?;
    }
    match place(&seated(there)?, wanted) {
        Some(Placement { moves, .. }) if !moves.is_empty() => {}
        settled => return Ok(settled.map(|placement| placement.seat)),
    }
    // Further away it does not matter whether what is held has expired: it has its seat, and moves like all others.
    let there = connected(connection, doctor, wanted.span)?;
    let Some(Placement { seat, moves }) = place(&there, wanted) else { return Ok(None) };
    rearrange(connection, doctor, &moves)?;
    Ok(Some(seat))
}

/// A seat of the patient's for a visit that may be beside others, for which ordinary ones have made room; `None` when there
/// are too many. The patient's visits are held.
///
/// Those that are there are locked, so that none leaves and comes back on all seats. Whoever is just about to come is not
/// seen: the insert finds out.
pub(crate) fn seat_beside<R: From<Unavailable>>(
    connection: &mut PgConnection,
    patient: PatientId,
    during: Span,
) -> Result<Option<Seat>, Abort<R>> {
    let patient = patient.uuid();
    let there = seated(overlapping(Subject::PATIENT, patient, during).for_update().load(connection)?)?;
    let Some(Placement { seat, moves }) = place_beside(&there) else { return Ok(None) };
    for (booking, seat) in moves {
        let alone = occupancy::table.find((Subject::PATIENT, patient, booking));
        diesel::update(alone).set(occupancy::seat.eq(i16::from(seat.number()))).execute(connection)?;
    }
    Ok(Some(seat))
}

/// Whoever overlaps `wanted`, whoever overlaps these, and so on; locked, so that they stay until all have moved.
///
/// Each statement looks at three times the stretch over which they are known to reach, until they reach no further:
/// nine or ten statements for a year without a gap.
fn connected<R: From<Unavailable>>(
    connection: &mut PgConnection,
    doctor: DoctorId,
    wanted: Span,
) -> Result<Vec<Seated<Uuid>>, Abort<R>> {
    let mut reach = wanted;
    loop {
        let looked_at = threefold(reach);
        let mut there = seated(overlapping(Subject::DOCTOR, doctor.uuid(), looked_at).for_update().load(connection)?)?;
        loop {
            let with_them = there.iter().map(|seated| seated.busy.span).filter(|span| span.overlaps(&reach));
            let wider = with_them.fold(reach, both);
            if wider == reach {
                break;
            }
            reach = wider;
        }
        // Then whoever overlaps them has been looked at, too.
        if looked_at.contains(&reach) {
            there.retain(|seated| seated.busy.span.overlaps(&reach));
            return Ok(there);
        }
    }
}

/// What occupies the subject of this kind in some of `span`.
#[dsl::auto_type(no_type_alias)]
pub(crate) fn overlapping(kind: i16, subject: Uuid, span: Span) -> _ {
    let during: Range = instant::range(span);
    let row: dsl::AsSelect<SeatedRow, diesel::pg::Pg> = SeatedRow::as_select();
    occupancy::table
        .filter(occupancy::kind.eq(kind).and(occupancy::subject.eq(subject)))
        // The constraint's index has live rows only: it serves here as long as this is no parameter.
        .filter(occupancy::live)
        .filter(occupancy::during.overlaps_with(during))
        .select(row)
}

fn seated<R: From<Unavailable>>(rows: Vec<SeatedRow>) -> Result<Vec<Seated<Uuid>>, Abort<R>> {
    let parsed: Result<_, Unavailable> = rows.into_iter().map(Seated::try_from).collect();
    parsed.map_err(|senseless| Abort::Refused(senseless.into()))
}

/// Gives visits other seats. They are live, and locked.
fn rearrange(connection: &mut PgConnection, doctor: DoctorId, moves: &[(Uuid, Seat)]) -> QueryResult<()> {
    let who: Vec<_> = moves.iter().map(|(booking, _)| *booking).collect();
    let seats: Vec<i16> = moves.iter().map(|(_, seat)| seat.number().into()).collect();
    // All of them stand up before anybody sits down: the constraint looks at each row by itself.
    let theirs = occupancy::table
        .filter(occupancy::kind.eq(Subject::DOCTOR).and(occupancy::subject.eq(doctor.uuid())))
        .filter(occupancy::booking.eq_any(&who));
    diesel::update(theirs).set(occupancy::live.eq(false)).execute(connection)?;
    // SQL, since Diesel has no words for an update from a list of values.
    diesel::sql_query(
        "UPDATE occupancy SET seat = move.seat, live = true FROM unnest($1, $2) AS move (booking, seat) \
         WHERE occupancy.kind = $3 AND occupancy.subject = $4 AND occupancy.booking = move.booking",
    )
    .bind::<Array<SqlUuid>, _>(who)
    .bind::<Array<SmallInt>, _>(seats)
    .bind::<SmallInt, _>(Subject::DOCTOR)
    .bind::<SqlUuid, _>(doctor.uuid())
    .execute(connection)?;
    Ok(())
}

/// From as long before `span` as it lasts to as long after it.
fn threefold(span: Span) -> Span {
    let start = span.start().checked_sub_signed(span.length()).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let end = span.end().checked_add_signed(span.length()).unwrap_or(DateTime::<Utc>::MAX_UTC);
    Span::new(start, end).unwrap_or(span)
}

/// From the first start to the last end.
fn both(one: Span, other: Span) -> Span {
    Span::new(one.start().min(other.start()), one.end().max(other.end())).unwrap_or(one)
}
