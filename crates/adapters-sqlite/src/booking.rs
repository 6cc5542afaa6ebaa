//! Bookings, and what they occupy.

use std::error::Error;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{
    Booking, BookingId, BookingParts, BookingStatus, DateRange, DoctorId, PatientId, Reason, Revision, SeriesId, Span,
    VisitTypeId,
};
use doctor_booking_ports::{
    BookingChange, BookingFilter, BookingPosition, Bookings, NewBooking, NewSeries, Occupied, Page, PageRequest,
    SaveError, StoreBookingError, StoreSeriesError, Unavailable,
};
use thiserror::Error;

use crate::occupancy::{self, Subject};
use crate::one_of::one_of;
use crate::pools::Pools;
use crate::schema::{bookings, patients};
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros, date_to_text, footprint};
use crate::{SqliteStore, along, doctor, hold};

/// [`Bookings`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteBookings(Pools);

impl SqliteBookings {
    /// The bookings in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Bookings for SqliteBookings {
    fn store(&self, new: &NewBooking) -> Result<(), StoreBookingError> {
        let NewBooking { booking, decided_on, hold, along } = new;
        let refused = |why| Err(Abort::Refused(why));
        self.0.write(|connection| {
            along::write(connection, along)?;
            if !doctor::has_rules(connection, booking.doctor(), *decided_on)? {
                return refused(StoreBookingError::Stale);
            }
            if !is_patient(connection, booking)? {
                return refused(StoreBookingError::UnknownPatient);
            }
            hold::clear_expired(connection, booking.parts().updated_at)?;
            let [doctor, patient] = Subject::of(booking);
            let is_handed_over = match hold {
                Some(hold) if hold::hand_over(connection, *hold, booking)? => {
                    occupancy::hand_over(connection, *hold, booking)?
                }
                Some(_) => return refused(StoreBookingError::HoldGone),
                None => false,
            };
            let to_occupy = if is_handed_over { &[patient][..] } else { &[doctor, patient] };
            if let Some(occupied) = occupied(connection, to_occupy, booking)? {
                return refused(busy(occupied));
            }
            insert(connection, std::slice::from_ref(booking))
        })
    }

    fn store_all(&self, new: &NewSeries) -> Result<(), StoreSeriesError> {
        let NewSeries { bookings, decided_on, along } = new;
        let refused = |why| Err(Abort::Refused(why));
        self.0.write(|connection| {
            along::write(connection, along)?;
            // All of them are of one patient with one doctor.
            let Some(first) = bookings.first() else { return Ok(()) };
            if !doctor::has_rules(connection, first.doctor(), *decided_on)? {
                return refused(StoreSeriesError::Stale);
            }
            if !is_patient(connection, first)? {
                return refused(StoreSeriesError::UnknownPatient);
            }
            hold::clear_expired(connection, first.parts().updated_at)?;
            let mut conflicts = Vec::new();
            for booking in bookings {
                let occupied = occupied(connection, &Subject::of(booking), booking)?;
                conflicts.extend(occupied.map(|occupied| (booking.id(), occupied)));
            }
            if !conflicts.is_empty() {
                return refused(StoreSeriesError::Occupied(conflicts));
            }
            insert(connection, bookings)
        })
    }

    fn place(&self, change: &BookingChange, decided_on: Revision) -> Result<(), StoreBookingError> {
        let BookingChange { booking, seen, along } = change;
        let parts = booking.parts();
        let refused = |why| Err(Abort::Refused(why));
        self.0.write(|connection| {
            along::write(connection, along)?;
            if !doctor::has_rules(connection, booking.doctor(), decided_on)? {
                return refused(StoreBookingError::Stale);
            }
            let as_seen =
                bookings::table.filter(bookings::id.eq(Id::from(parts.id)).and(bookings::revision.eq(seen.number())));
            let there: Option<(Id, Id)> =
                as_seen.select((bookings::doctor_id, bookings::patient_id)).first(connection).optional()?;
            let Some((doctor, patient)) = there else { return refused(StoreBookingError::Stale) };
            hold::clear_expired(connection, parts.updated_at)?;
            // First, so that it is not in its own way; where it stays after all, everything is rolled back.
            let own = [Subject::Doctor(doctor.into()), Subject::Patient(patient.into())];
            occupancy::vacate(connection, own, parts.id)?;
            if let Some(occupied) = occupied(connection, &Subject::of(booking), booking)? {
                return refused(busy(occupied));
            }
            diesel::update(as_seen)
                .set((BookingRow::from(parts), bookings::local_start.eq(local_start(parts))))
                .execute(connection)?;
            Ok(())
        })
    }

    fn find(&self, id: BookingId) -> Result<Option<Booking>, Unavailable> {
        self.0.read(|connection| {
            let query = bookings::table.filter(bookings::id.eq(Id::from(id))).select(BookingRow::as_select());
            let row = query.first(connection).optional()?;
            Ok(row.map(Booking::try_from).transpose()?)
        })
    }

    fn list(
        &self,
        filter: &BookingFilter,
        page: &PageRequest<BookingPosition>,
    ) -> Result<Page<Booking, BookingPosition>, Unavailable> {
        let BookingFilter { doctor, patient, from, to, from_date, to_date, status } = *filter;
        self.0.read(|connection| {
            let mut query = bookings::table.select(BookingRow::as_select()).into_boxed();
            if let Some(doctor) = doctor {
                query = query.filter(bookings::doctor_id.eq(Id::from(doctor)));
            }
            if let Some(patient) = patient {
                query = query.filter(bookings::patient_id.eq(Id::from(patient)));
            }
            if let Some(from) = from {
                query = query.filter(bookings::starts_at.ge(Micros::ceil(from)));
            }
            if let Some(to) = to {
                query = query.filter(bookings::starts_at.lt(Micros::ceil(to)));
            }
            if let Some(from) = from_date {
                query = query.filter(bookings::local_start.ge(date_to_text(from)));
                // What the index can find; it is no instant of that date anywhere before.
                query = query.filter(bookings::starts_at.ge(Micros::floor(DateRange::day(from).reach().start())));
            }
            if let Some(to) = to_date {
                query = query.filter(bookings::local_start.lt(end_of_day_to_text(to)));
                query = query.filter(bookings::starts_at.lt(Micros::ceil(DateRange::day(to).reach().end())));
            }
            if let Some(status) = status {
                query = query.filter(bookings::status.eq(status.as_str()));
            }
            if let Some(BookingPosition { start, id }) = page.after {
                let start = Micros::floor(start);
                // The first condition is for the index.
                query = query.filter(bookings::starts_at.ge(start));
                query = query.filter(bookings::starts_at.gt(start).or(bookings::id.gt(Id::from(id))));
            }
            let one_more = i64::from(page.limit.get()) + 1;
            let rows = query.order((bookings::starts_at, bookings::id)).limit(one_more).load(connection)?;
            let found = rows.into_iter().map(Booking::try_from).collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(found, page.limit, |booking| BookingPosition::from(booking)))
        })
    }

    fn save(&self, change: &BookingChange) -> Result<(), SaveError> {
        let BookingChange { booking, seen, along } = change;
        let BookingParts { id, status, reason, cancel_reason, revision, updated_at, .. } = booking.parts();
        let mut as_seen = diesel::update(bookings::table).into_boxed();
        as_seen = as_seen.filter(bookings::id.eq(Id::from(*id)).and(bookings::revision.eq(seen.number())));
        if status.is_live() {
            // What was given back is not taken again: its time may be someone else's by now.
            as_seen = as_seen.filter(bookings::status.eq_any(live()));
        }
        let saved = as_seen.set((
            bookings::status.eq(status.as_str()),
            bookings::reason.eq(reason.as_ref().map(Reason::as_str)),
            bookings::cancel_reason.eq(cancel_reason.as_ref().map(Reason::as_str)),
            bookings::revision.eq(revision.number()),
            bookings::updated_at.eq(Micros::floor(*updated_at)),
        ));
        self.0.write(|connection| {
            along::write(connection, along)?;
            let saved: Option<(Id, Id)> =
                saved.returning((bookings::doctor_id, bookings::patient_id)).get_result(connection).optional()?;
            let Some((doctor, patient)) = saved else { return Err(Abort::Refused(SaveError::Stale)) };
            if !status.is_live() {
                occupancy::release(connection, Subject::Doctor(doctor.into()), *id)?;
                occupancy::release(connection, Subject::Patient(patient.into()), *id)?;
            }
            Ok(())
        })
    }
}

/// The statuses of bookings that occupy somebody.
fn live() -> impl Iterator<Item = &'static str> {
    BookingStatus::ALL.into_iter().filter(|status| status.is_live()).map(BookingStatus::as_str)
}

/// Whether the booking's patient is there.
fn is_patient(connection: &mut SqliteConnection, booking: &Booking) -> QueryResult<bool> {
    let patient = patients::table.find(Id::from(booking.parts().patient));
    diesel::select(diesel::dsl::exists(patient)).get_result(connection)
}

/// Occupies these subjects with the booking, one after the other, until one is occupied by something else; which.
fn occupied<E: From<Unavailable>>(
    connection: &mut SqliteConnection,
    subjects: &[Subject],
    booking: &Booking,
) -> Result<Option<Occupied>, Abort<E>> {
    for &subject in subjects {
        if occupancy::occupy(connection, subject, booking)? == occupancy::Occupied::ByAnother {
            return Ok(Some(match subject {
                Subject::Doctor(_) => Occupied::Doctor,
                Subject::Patient(_) => Occupied::Patient,
            }));
        }
    }
    Ok(None)
}

fn busy(occupied: Occupied) -> StoreBookingError {
    match occupied {
        Occupied::Doctor => StoreBookingError::DoctorBusy,
        Occupied::Patient => StoreBookingError::PatientBusy,
    }
}

/// Writes new bookings.
fn insert<E: From<Unavailable>>(connection: &mut SqliteConnection, new: &[Booking]) -> Result<(), Abort<E>> {
    let row = |booking: &Booking| {
        let parts = booking.parts();
        (BookingRow::from(parts), bookings::local_start.eq(local_start(parts)))
    };
    // A series, of 52 at most, is short enough for one statement.
    let rows: Vec<_> = new.iter().map(row).collect();
    // Which of several is there already, SQLite does not say.
    diesel::insert_into(bookings::table)
        .values(rows)
        .execute(connection)
        .map_err(|error| not_added("bookings", &new[0].id(), error))?;
    Ok(())
}

/// What the bookings in ?1, a JSON array of arrays, become where they are still live and one revision before.
const MARK: &str = "
    UPDATE bookings
    SET outside_hours = marked.outside_hours, revision = marked.revision, updated_at = marked.updated_at
    FROM (
        SELECT unhex(value ->> 0) AS id, value ->> 1 AS outside_hours, value ->> 2 AS revision,
            value ->> 3 AS updated_at
        FROM json_each(?1)
    ) AS marked
    WHERE bookings.id = marked.id AND bookings.revision = marked.revision - 1
        AND bookings.status IN ('booked', 'arrived', 'fulfilled')";

/// Gives bookings their marks, each of which has to be one revision later than what is there: one statement, however
/// many they are.
pub(crate) fn mark(connection: &mut SqliteConnection, marked: &[Booking]) -> Result<(), Abort<SaveError>> {
    if marked.is_empty() {
        return Ok(());
    }
    let row = |booking: &Booking| {
        let BookingParts { id, outside_hours, revision, updated_at, .. } = booking.parts();
        let (id, outside_hours) = (Id::from(*id).hex(), u8::from(*outside_hours));
        format!("[\"{id}\",{outside_hours},{revision},{}]", Micros::floor(*updated_at))
    };
    let rows: Vec<_> = marked.iter().map(row).collect();
    // Diesel has no words for rows made of a value.
    let saved = diesel::sql_query(MARK).bind::<Text, _>(format!("[{}]", rows.join(","))).execute(connection)?;
    if saved == marked.len() { Ok(()) } else { Err(Abort::Refused(SaveError::Stale)) }
}

/// The doctor's live bookings that end after `as_of`, in any order.
pub(crate) fn upcoming(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    as_of: DateTime<Utc>,
) -> Result<Vec<Booking>, Abort<Unavailable>> {
    let rows: Vec<BookingRow> = all_upcoming(doctor, as_of).select(BookingRow::as_select()).load(connection)?;
    Ok(rows.into_iter().map(Booking::try_from).collect::<Result<_, _>>()?)
}

/// The same bookings with their revisions, by id.
pub(crate) fn upcoming_revisions(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    as_of: DateTime<Utc>,
) -> QueryResult<Vec<(BookingId, Revision)>> {
    Ok(by_id(all_upcoming(doctor, as_of).select((bookings::id, bookings::revision)).load(connection)?))
}

/// Those of the bookings with these ids that overlap `during`, in any order.
pub(crate) fn find_all(
    connection: &mut SqliteConnection,
    ids: &[Id],
    during: Span,
) -> Result<Vec<Booking>, Abort<Unavailable>> {
    let rows: Vec<BookingRow> = all_during(ids, during).select(BookingRow::as_select()).load(connection)?;
    Ok(rows.into_iter().map(Booking::try_from).collect::<Result<_, _>>()?)
}

/// The same bookings with their revisions, by id.
pub(crate) fn revisions(
    connection: &mut SqliteConnection,
    ids: &[Id],
    during: Span,
) -> QueryResult<Vec<(BookingId, Revision)>> {
    Ok(by_id(all_during(ids, during).select((bookings::id, bookings::revision)).load(connection)?))
}

fn by_id(rows: Vec<(Id, i64)>) -> Vec<(BookingId, Revision)> {
    let mut found: Vec<_> =
        rows.into_iter().map(|(id, revision)| (id.into(), Revision::from_number(revision))).collect();
    // Asked to do it, SQLite would rather go through all of a doctor's bookings by id.
    found.sort_unstable();
    found
}

fn all_upcoming(doctor: DoctorId, as_of: DateTime<Utc>) -> bookings::BoxedQuery<'static, Sqlite> {
    bookings::table
        .filter(bookings::doctor_id.eq(Id::from(doctor)))
        .filter(bookings::ends_at.gt(Micros::floor(as_of)))
        .filter(bookings::status.eq_any(live()))
        .into_boxed()
}

fn all_during(ids: &[Id], during: Span) -> bookings::BoxedQuery<'static, Sqlite> {
    bookings::table
        .filter(one_of(bookings::id, ids))
        .filter(bookings::starts_at.lt(Micros::ceil(during.end())))
        .filter(bookings::ends_at.gt(Micros::floor(during.start())))
        .into_boxed()
}

/// Every column but `local_start`, which follows from others and is there to be looked for.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = bookings, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct BookingRow {
    doctor_id: Id,
    id: Id,
    patient_id: Id,
    starts_at: Micros,
    ends_at: Micros,
    time_zone: String,
    status: String,
    reason: Option<String>,
    cancel_reason: Option<String>,
    outside_hours: bool,
    revision: i64,
    created_at: Micros,
    updated_at: Micros,
    visit_type_id: Option<Id>,
    buffer_before_minutes: i32,
    buffer_after_minutes: i32,
    capacity: i32,
    series_id: Option<Id>,
    beside_others: bool,
}

impl From<&BookingParts> for BookingRow {
    fn from(booking: &BookingParts) -> Self {
        Self {
            doctor_id: booking.doctor.into(),
            id: booking.id.into(),
            patient_id: booking.patient.into(),
            starts_at: Micros::floor(booking.span.start()),
            ends_at: Micros::floor(booking.span.end()),
            time_zone: booking.zone.name().to_owned(),
            status: booking.status.as_str().to_owned(),
            reason: booking.reason.as_ref().map(|reason| reason.as_str().to_owned()),
            cancel_reason: booking.cancel_reason.as_ref().map(|reason| reason.as_str().to_owned()),
            outside_hours: booking.outside_hours,
            revision: booking.revision.number(),
            created_at: Micros::floor(booking.created_at),
            updated_at: Micros::floor(booking.updated_at),
            visit_type_id: booking.visit_type.map(Id::from),
            buffer_before_minutes: booking.footprint.before.get().into(),
            buffer_after_minutes: booking.footprint.after.get().into(),
            capacity: booking.footprint.capacity.get().into(),
            series_id: booking.series.map(Id::from),
            beside_others: booking.beside_others,
        }
    }
}

impl TryFrom<BookingRow> for Booking {
    type Error = Unavailable;

    fn try_from(row: BookingRow) -> Result<Self, Unavailable> {
        let id = BookingId::from(row.id);
        parse(id, &row).map(Booking::from_parts).map_err(|error| Unavailable::inconsistent("bookings", &id, error))
    }
}

fn parse(id: BookingId, row: &BookingRow) -> Result<BookingParts, Box<dyn Error + Send + Sync>> {
    Ok(BookingParts {
        id,
        doctor: DoctorId::from(row.doctor_id),
        patient: PatientId::from(row.patient_id),
        span: Span::new(row.starts_at.instant()?, row.ends_at.instant()?)?,
        visit_type: row.visit_type_id.map(VisitTypeId::from),
        series: row.series_id.map(SeriesId::from),
        footprint: footprint(row.buffer_before_minutes, row.buffer_after_minutes, row.capacity)?,
        zone: row.time_zone.parse()?,
        status: BookingStatus::find(&row.status).ok_or(UnknownStatus)?,
        reason: row.reason.as_deref().map(Reason::parse).transpose()?,
        cancel_reason: row.cancel_reason.as_deref().map(Reason::parse).transpose()?,
        outside_hours: row.outside_hours,
        beside_others: row.beside_others,
        revision: Revision::from_number(row.revision),
        created_at: row.created_at.instant()?,
        updated_at: row.updated_at.instant()?,
    })
}

/// What the clock on the doctor's wall shows at the start.
fn local_start(booking: &BookingParts) -> String {
    booking.zone.local(booking.span.start()).format("%Y-%m-%dT%H:%M:%S%.f").to_string()
}

/// What no local start on or before this date comes after. Texts sort like dates in years of four digits.
fn end_of_day_to_text(date: NaiveDate) -> String {
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    date_to_text(date.min(last)) + "T24"
}

#[derive(Debug, Error)]
#[error("its status is unknown")]
struct UnknownStatus;
