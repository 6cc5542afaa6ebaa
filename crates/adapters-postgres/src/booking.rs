//! Bookings, and what they occupy.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz, Uuid as SqlUuid};
use doctor_booking_domain::{Booking, BookingId, Reason, Revision};
use doctor_booking_ports::{
    BookingChange, BookingFilter, BookingPosition, Bookings, NewBooking, NewSeries, Page, PageRequest, SaveError,
    StoreBookingError, StoreSeriesError, Unavailable,
};
use uuid::Uuid;

use crate::pool::Pool;
use crate::rows::{BookingRow, Occupant};
use crate::schema::{bookings, patients};
use crate::transaction::Abort;
use crate::{instant, moving, occupancy, seating, series, turn, waitlist};

/// [`Bookings`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgBookings(Pool);

impl PgBookings {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Bookings for PgBookings {
    fn store(&self, new: &NewBooking) -> Result<(), StoreBookingError> {
        let NewBooking { booking, decided_on, hold, along } = new;
        let (occupant, now) = (Occupant::from(booking), booking.parts().updated_at);
        self.0.change(along, |connection| {
            if let Some(hold) = hold {
                waitlist::book_offered(connection, *hold, now)?;
            }
            if turn::share_rules(connection, occupant.doctor)? != Some(*decided_on) {
                return Err(Abort::Refused(StoreBookingError::Stale));
            }
            if !has_patient(connection, booking)? {
                return Err(Abort::Refused(StoreBookingError::UnknownPatient));
            }
            if let Some(hold) = hold {
                if !occupancy::take_over(connection, *hold, booking)? {
                    return Err(Abort::Refused(StoreBookingError::HoldGone));
                }
            } else {
                seating::begin(connection, occupant)?;
                if !occupancy::occupy_doctor(connection, occupant, now)? {
                    return Err(Abort::Refused(StoreBookingError::DoctorBusy));
                }
            }
            if !occupancy::occupy_patient(connection, booking)? {
                return Err(Abort::Refused(StoreBookingError::PatientBusy));
            }
            diesel::insert_into(bookings::table).values(BookingRow::from(booking)).execute(connection)?;
            Ok(())
        })
    }

    fn store_all(&self, new: &NewSeries) -> Result<(), StoreSeriesError> {
        self.0.change(&new.along, |connection| series::store(connection, new))
    }

    fn place(&self, change: &BookingChange, decided_on: Revision) -> Result<(), StoreBookingError> {
        self.0.change(&change.along, |connection| moving::place(connection, change, decided_on))
    }

    fn find(&self, id: BookingId) -> Result<Option<Booking>, Unavailable> {
        let row = bookings::table
            .filter(bookings::id.eq(id.uuid()))
            .select(BookingRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(Booking::try_from).transpose()
    }

    fn list(
        &self,
        filter: &BookingFilter,
        page: &PageRequest<BookingPosition>,
    ) -> Result<Page<Booking, BookingPosition>, Unavailable> {
        let mut query = bookings::table.select(BookingRow::as_select()).into_boxed();
        if let Some(doctor) = filter.doctor {
            query = query.filter(bookings::doctor_id.eq(doctor.uuid()));
        }
        if let Some(patient) = filter.patient {
            query = query.filter(bookings::patient_id.eq(patient.uuid()));
        }
        if let Some(from) = filter.from {
            query = query.filter(bookings::starts_at.ge(instant::ceil(from)));
        }
        if let Some(to) = filter.to {
            query = query.filter(bookings::starts_at.lt(instant::ceil(to)));
        }
        // The half about `starts_at` says nothing new, but lets an index be entered at the right place.
        if let Some(from) = filter.from_date {
            let from = instant::midnight(from);
            query =
                query.filter(bookings::local_start.ge(from).and(bookings::starts_at.ge(instant::earliest_of(from))));
        }
        if let Some(next) = filter.to_date.and_then(|to| to.succ_opt()) {
            let next = instant::midnight(next);
            query = query.filter(bookings::local_start.lt(next).and(bookings::starts_at.lt(instant::latest_of(next))));
        }
        if let Some(status) = filter.status {
            query = query.filter(bookings::status.eq(status.as_str()));
        }
        if let Some(BookingPosition { start, id }) = page.after {
            let start = instant::floor(start);
            // The first half says nothing new, but lets the index be entered at the right place.
            let after = bookings::starts_at.gt(start).or(bookings::id.gt(id.uuid()));
            query = query.filter(bookings::starts_at.ge(start).and(after));
        }
        let rows = query
            .order((bookings::starts_at, bookings::id))
            .limit(i64::from(page.limit.get()) + 1)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(Booking::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, |booking| BookingPosition::from(booking)))
    }

    fn save(&self, change: &BookingChange) -> Result<(), SaveError> {
        let BookingChange { booking, seen, along } = change;
        let (id, parts) = (booking.id().uuid(), booking.parts());
        self.0.change(along, |connection| {
            // With whom it is leads to the right shards. Should it move in between, it has another revision then.
            let with: Option<(Uuid, Uuid)> = bookings::table
                .filter(bookings::id.eq(id))
                .select((bookings::doctor_id, bookings::patient_id))
                .first(connection)
                .optional()?;
            let Some((doctor, patient)) = with else { return Err(Abort::Refused(SaveError::Stale)) };
            // Nobody comes alive again: what was given back may be somebody else's by now.
            let was_live = bookings::status.eq_any(BookingRow::live());
            let stays_gone = (!parts.status.is_live()).into_sql::<Bool>();
            let as_seen = bookings::table
                .find((doctor, id))
                .filter(bookings::revision.eq(seen.number()))
                .filter(was_live.or(stays_gone));
            let changed = diesel::update(as_seen)
                .set((
                    bookings::status.eq(parts.status.as_str()),
                    bookings::reason.eq(parts.reason.as_ref().map(Reason::as_str)),
                    bookings::cancel_reason.eq(parts.cancel_reason.as_ref().map(Reason::as_str)),
                    bookings::revision.eq(parts.revision.number()),
                    bookings::updated_at.eq(parts.updated_at),
                ))
                .execute(connection)?;
            if changed != 1 {
                return Err(Abort::Refused(SaveError::Stale));
            }
            if !parts.status.is_live() {
                occupancy::retire(connection, id, doctor, patient)?;
            }
            Ok(())
        })
    }
}

/// Whether the booking's patient is there.
///
/// Nothing ever removes a patient, so nothing need be locked. But where the booking may be beside others, these make room:
/// so the patient's visits are held, and before them the doctor's seats, as whoever moves holds them.
fn has_patient(connection: &mut PgConnection, booking: &Booking) -> QueryResult<bool> {
    let patient = booking.parts().patient;
    if booking.parts().beside_others {
        turn::hold_seats(connection, booking.doctor())?;
        return turn::hold_visits(connection, patient);
    }
    diesel::select(exists(patients::table.find(patient.uuid()))).get_result(connection)
}

/// Gives bookings their marks, each if it has the revision before; how many did.
pub(crate) fn mark(connection: &mut PgConnection, marked: &[Booking]) -> QueryResult<usize> {
    if marked.is_empty() {
        return Ok(0);
    }
    let parts = || marked.iter().map(Booking::parts);
    // SQL, since Diesel has no words for an update from a list of values. One statement for all of them: the doctors
    // are locked meanwhile.
    diesel::sql_query(
        "UPDATE bookings SET outside_hours = mark.outside, revision = mark.revision, updated_at = mark.at \
         FROM unnest($1, $2, $3, $4, $5) AS mark (doctor, id, outside, revision, at) \
         WHERE bookings.doctor_id = mark.doctor AND bookings.id = mark.id AND bookings.revision = mark.revision - 1",
    )
    .bind::<Array<SqlUuid>, _>(parts().map(|parts| parts.doctor.uuid()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(parts().map(|parts| parts.id.uuid()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(parts().map(|parts| parts.outside_hours).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(parts().map(|parts| parts.revision.number()).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(parts().map(|parts| parts.updated_at).collect::<Vec<_>>())
    .execute(connection)
}
