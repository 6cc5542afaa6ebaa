//! Seats: of doctors who are shared, and of patients who have a visit beside others.

use chrono::{DateTime, Days, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};
use doctor_booking_domain::{Busy, DoctorId, PatientId, Placement, Seat, Seated, Span, place, place_beside};
use doctor_booking_ports::Unavailable;

use crate::occupancy::{Stretch, Subject, live, visits};
use crate::one_of::one_of;
use crate::schema::occupancy;
use crate::unavailable::Abort;
use crate::value::Id;

/// A seat for a visit that would keep the doctor busy as `wanted`; `None` when there is no room. Whoever has to move for
/// it has moved then.
pub(crate) fn take<E: From<Unavailable>>(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    wanted: Busy,
) -> Result<Option<Seat>, Abort<E>> {
    let Some(Placement { seat, moves }) = room(connection, doctor, wanted)? else { return Ok(None) };
    reseat(connection, doctor, &moves)?;
    Ok(Some(seat))
}

/// A seat for a visit of the patient's that may be beside others; `None` when there are too many. The ordinary visits that
/// it meets have made room then.
pub(crate) fn take_beside<E: From<Unavailable>>(
    connection: &mut SqliteConnection,
    patient: PatientId,
    during: Span,
) -> Result<Option<Seat>, Abort<E>> {
    let subject = Subject::Patient(patient);
    let there = visits(connection, patient, during)?;
    let there = there.iter().map(Stretch::seated).collect::<Result<Vec<_>, _>>()?;
    let Some(Placement { seat, moves }) = place_beside(&there) else { return Ok(None) };
    // Each of them is alone until now, so that none is in another's way.
    for (booking, seat) in moves {
        diesel::update(occupancy::table.find((subject.kind(), subject.id(), booking)))
            .set(occupancy::seat.eq(i32::from(seat.number())))
            .execute(connection)?;
    }
    Ok(Some(seat))
}

/// Where there is room, and who has to move: one statement where nobody has to, and mostly two.
fn room<E: From<Unavailable>>(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    wanted: Busy,
) -> Result<Option<Placement<Id>>, Abort<E>> {
    let mut known = wanted.span;
    loop {
        let near = live(connection, &[doctor.into()], known)?;
        let mut there = near.iter().map(Stretch::seated).collect::<Result<Vec<_>, _>>()?;
        let whole = connected(&there, wanted.span);
        there.retain(|seated| seated.busy.span.overlaps(&whole));
        let placement = place(&there, wanted);
        // Whether there is room, and a free seat, those decide who overlap `wanted`. Only who moves may meet others.
        let somebody_moves = placement.as_ref().is_some_and(|placement| !placement.moves.is_empty());
        if !somebody_moves || (known.start() <= whole.start() && whole.end() <= known.end()) {
            return Ok(placement);
        }
        known = a_day_around(whole);
    }
}

/// The time of whoever overlaps `wanted`, of whoever overlaps these, and so on.
fn connected(near: &[Seated<Id>], wanted: Span) -> Span {
    let mut whole = wanted;
    loop {
        let spans = near.iter().map(|seated| seated.busy.span).filter(|span| span.overlaps(&whole));
        let (start, end) = spans
            .fold((whole.start(), whole.end()), |(start, end), span| (start.min(span.start()), end.max(span.end())));
        match Span::new(start, end) {
            Ok(wider) if wider != whole => whole = wider,
            _ => return whole,
        }
    }
}

/// Visits that overlap each other seldom go on for longer than a working day.
fn a_day_around(whole: Span) -> Span {
    let start = whole.start().checked_sub_days(Days::new(1)).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let end = whole.end().checked_add_days(Days::new(1)).unwrap_or(DateTime::<Utc>::MAX_UTC);
    Span::new(start, end).unwrap_or(whole)
}

/// Where the bookings and holds in ?2, a JSON array of arrays, sit down again: on other seats of the doctor ?1.
///
/// The last condition follows from the one before, and is for the index: SQLite would go through all that ever occupied
/// the doctor, and look for each in the array.
const SIT_DOWN: &str = "
    WITH moved (booking, seat) AS (SELECT unhex(value ->> 0), value ->> 1 FROM json_each(?2))
    UPDATE occupancy
    SET seat = moved.seat, live = 1
    FROM moved
    WHERE occupancy.kind = 1 AND occupancy.subject = ?1 AND occupancy.booking = moved.booking
        AND occupancy.booking IN (SELECT booking FROM moved)";

/// Gives what occupies the doctor other seats, on which nobody else sits once all of them have moved: two
/// statements, however many they are.
fn reseat(connection: &mut SqliteConnection, doctor: DoctorId, moves: &[(Id, Seat)]) -> QueryResult<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let subject = Subject::Doctor(doctor);
    let bookings: Vec<Id> = moves.iter().map(|&(booking, _)| booking).collect();
    let standing = occupancy::table
        .filter(occupancy::kind.eq(subject.kind()).and(occupancy::subject.eq(subject.id())))
        .filter(one_of(occupancy::booking, &bookings));
    // All of them stand up first: on the way two would be on one seat, and the triggers look at every step.
    diesel::update(standing).set(occupancy::live.eq(false)).execute(connection)?;
    let row = |&(booking, seat): &(Id, Seat)| format!("[\"{}\",{}]", booking.hex(), seat.number());
    let rows: Vec<_> = moves.iter().map(row).collect();
    // Diesel has no words for rows made of a value.
    diesel::sql_query(SIT_DOWN)
        .bind::<Binary, _>(subject.id())
        .bind::<Text, _>(format!("[{}]", rows.join(",")))
        .execute(connection)?;
    Ok(())
}
