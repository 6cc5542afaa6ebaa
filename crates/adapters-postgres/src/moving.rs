//! Bookings that are put into another place, or back into theirs.

use diesel::prelude::*;
use doctor_booking_domain::{BookingParts, DoctorId, Revision};
use doctor_booking_ports::{BookingChange, StoreBookingError};
use uuid::Uuid;

use crate::rows::{BookingRow, Occupant};
use crate::schema::bookings;
use crate::transaction::Abort;
use crate::{occupancy, turn};

/// Puts a booking into its place, in a transaction that also writes what goes along.
///
/// Two who want each other's places would each wait for what the other has given back. So whoever moves holds the seats
/// of both doctors, and the visits of the patient, before anything is given back: of two who share any of these the
/// second waits there, and finds out.
pub(crate) fn place(
    connection: &mut PgConnection,
    change: &BookingChange,
    decided_on: Revision,
) -> Result<(), Abort<StoreBookingError>> {
    let BookingChange { booking, seen, .. } = change;
    let &BookingParts { id, patient, updated_at: now, .. } = booking.parts();
    let occupant = Occupant::from(booking);
    if turn::share_rules(connection, occupant.doctor)? != Some(decided_on) {
        return Err(Abort::Refused(StoreBookingError::Stale));
    }
    // With whom it is at this revision; whom it is for never changes.
    let as_seen = || bookings::revision.eq(seen.number()).and(bookings::patient_id.eq(patient.uuid()));
    let was_with: Option<Uuid> = bookings::table
        .filter(bookings::id.eq(id.uuid()).and(as_seen()))
        .select(bookings::doctor_id)
        .first(connection)
        .optional()?;
    let Some(was_with) = was_with.map(DoctorId::from) else {
        return Err(Abort::Refused(StoreBookingError::Stale));
    };
    // In one order for everybody, whoever moves from whom to whom.
    let mut doctors = vec![was_with, occupant.doctor];
    doctors.sort_unstable();
    doctors.dedup();
    for doctor in doctors {
        turn::hold_seats(connection, doctor)?;
    }
    turn::hold_visits(connection, patient)?;
    let stored = bookings::table.find((was_with.uuid(), id.uuid())).filter(as_seen());
    let still_there: Option<Uuid> = stored.select(bookings::id).for_update().first(connection).optional()?;
    if still_there.is_none() {
        return Err(Abort::Refused(StoreBookingError::Stale));
    }
    occupancy::release_doctor(connection, was_with, id.uuid())?;
    if !occupancy::occupy_doctor(connection, occupant, now)? {
        return Err(Abort::Refused(StoreBookingError::DoctorBusy));
    }
    occupancy::release_patient(connection, patient, id)?;
    if !occupancy::occupy_patient(connection, booking)? {
        return Err(Abort::Refused(StoreBookingError::PatientBusy));
    }
    let there = bookings::table.find((was_with.uuid(), id.uuid()));
    let row = BookingRow::from(booking);
    if was_with == occupant.doctor {
        diesel::update(there).set(row).execute(connection)?;
    } else {
        // On Citus another doctor is another shard, to which no update leads.
        diesel::delete(there).execute(connection)?;
        diesel::insert_into(bookings::table).values(row).execute(connection)?;
    }
    Ok(())
}
