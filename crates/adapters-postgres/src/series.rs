//! Bookings that are stored together.

use std::collections::HashSet;

use diesel::prelude::*;
use doctor_booking_domain::{Booking, Seat};
use doctor_booking_ports::{NewSeries, Occupied, StoreSeriesError};
use uuid::Uuid;

use crate::rows::{BookingRow, OccupancyRow, Occupant};
use crate::schema::bookings;
use crate::transaction::Abort;
use crate::{occupancy, turn};

/// Stores all of them or none, in a transaction that also writes what goes along.
///
/// Whoever takes several places of a doctor's would wait in a circle with another who does, wherever they meet in
/// different orders: so they come one after the other, as those who move do.
pub(crate) fn store(connection: &mut PgConnection, new: &NewSeries) -> Result<(), Abort<StoreSeriesError>> {
    let NewSeries { bookings, decided_on, .. } = new;
    let mut wanted: Vec<&Booking> = bookings.iter().collect();
    wanted.sort_unstable_by_key(|booking| (booking.doctor(), booking.span(), booking.id()));
    let Some(first) = wanted.first() else { return Ok(()) };
    let (doctor, patient) = (first.doctor(), first.parts().patient);
    if turn::share_rules(connection, doctor)? != Some(*decided_on) {
        return Err(Abort::Refused(StoreSeriesError::Stale));
    }
    turn::hold_seats(connection, doctor)?;
    if !turn::hold_visits(connection, patient)? {
        return Err(Abort::Refused(StoreSeriesError::UnknownPatient));
    }
    let mut conflicts = Vec::new();
    let with_doctor = occupy_doctor(connection, &wanted)?;
    let patients = wanted.iter().filter(|booking| with_doctor.contains(&booking.id().uuid()));
    let patients = patients.map(|booking| OccupancyRow::of_patient(booking, Seat::Alone)).collect();
    let with_both: HashSet<Uuid> = occupancy::occupy_all(connection, patients)?.into_iter().collect();
    for booking in &wanted {
        let id = booking.id().uuid();
        if !with_doctor.contains(&id) {
            conflicts.push((booking.id(), Occupied::Doctor));
        } else if !with_both.contains(&id) {
            conflicts.push((booking.id(), Occupied::Patient));
        }
    }
    if !conflicts.is_empty() {
        return Err(Abort::Refused(StoreSeriesError::Occupied(conflicts)));
    }
    let rows: Vec<_> = wanted.into_iter().map(BookingRow::from).collect();
    diesel::insert_into(bookings::table).values(rows).execute(connection)?;
    Ok(())
}

/// Occupies the doctor, whose seats are held; the bookings for which there was room.
fn occupy_doctor(connection: &mut PgConnection, wanted: &[&Booking]) -> Result<HashSet<Uuid>, Abort<StoreSeriesError>> {
    let alone = wanted.iter().map(|booking| Occupant::from(*booking)).filter(|it| !it.busy.capacity.is_shared());
    let alone = alone.map(|occupant| OccupancyRow::of_doctor(occupant, Seat::Alone)).collect();
    let mut occupied: HashSet<Uuid> = occupancy::occupy_all(connection, alone)?.into_iter().collect();
    // One by one where the doctor is shared, since for each others may have to move; and where something was in the way,
    // since it may be a hold that has expired.
    for booking in wanted {
        let occupant = Occupant::from(*booking);
        if !occupied.contains(&occupant.id)
            && occupancy::occupy_doctor(connection, occupant, booking.parts().updated_at)?
        {
            occupied.insert(occupant.id);
        }
    }
    Ok(occupied)
}
