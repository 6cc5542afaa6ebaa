//! What keeps doctors and patients busy.

use std::error::Error;

use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{BookingId, BookingParts, DoctorId, PatientId, Span};
use doctor_booking_ports::Unavailable;

use crate::one_of;
use crate::schema::occupancy;
use crate::value::{Id, Micros};

/// What the triggers on the table say.
const OVERLAP: &str = "occupancy_overlap";

/// Who can be busy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Doctor(DoctorId),
    Patient(PatientId),
}

impl Subject {
    fn kind(self) -> i32 {
        match self {
            Self::Doctor(_) => 1,
            Self::Patient(_) => 2,
        }
    }

    fn id(self) -> Id {
        match self {
            Self::Doctor(id) => id.into(),
            Self::Patient(id) => id.into(),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = occupancy, treat_none_as_default_value = false)]
struct OccupancyRow {
    kind: i32,
    subject: Id,
    starts_at: Micros,
    ends_at: Micros,
    booking: Id,
    live: bool,
}

/// Whether a subject could be occupied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occupied {
    Now,
    /// Something live was there before. The transaction must be rolled back.
    ByAnother,
}

/// Occupies the subject for as long as the booking lasts.
pub(crate) fn occupy(
    connection: &mut SqliteConnection,
    subject: Subject,
    booking: &BookingParts,
) -> QueryResult<Occupied> {
    let row = OccupancyRow {
        kind: subject.kind(),
        subject: subject.id(),
        starts_at: Micros::floor(booking.span.start()),
        ends_at: Micros::floor(booking.span.end()),
        booking: booking.id.into(),
        live: booking.status.is_live(),
    };
    match diesel::insert_into(occupancy::table).values(row).execute(connection) {
        Ok(_) => Ok(Occupied::Now),
        // Diesel has no kind for what a trigger raises, and no name of a constraint on SQLite: only the text.
        Err(DieselError::DatabaseError(_, info)) if info.message() == OVERLAP => Ok(Occupied::ByAnother),
        Err(error) => Err(error),
    }
}

/// Gives back what the booking occupied of the subject.
pub(crate) fn release(connection: &mut SqliteConnection, subject: Subject, booking: BookingId) -> QueryResult<usize> {
    diesel::update(occupancy::table.find((subject.kind(), subject.id(), Id::from(booking))))
        .set(occupancy::live.eq(false))
        .execute(connection)
}

/// What keeps a doctor busy.
#[derive(Clone, Copy, Debug, QueryableByName)]
#[diesel(check_for_backend(Sqlite))]
pub(crate) struct Stretch {
    #[diesel(sql_type = Binary)]
    pub(crate) doctor: Id,
    #[diesel(sql_type = BigInt)]
    starts_at: Micros,
    #[diesel(sql_type = BigInt)]
    ends_at: Micros,
    #[diesel(sql_type = Binary)]
    pub(crate) booking: Id,
}

impl Stretch {
    /// From when until when.
    pub(crate) fn span(&self) -> Result<Span, Unavailable> {
        let parse = || -> Result<Span, Box<dyn Error + Send + Sync>> {
            Ok(Span::new(self.starts_at.instant()?, self.ends_at.instant()?)?)
        };
        parse().map_err(|error| Unavailable::inconsistent("occupancy", &BookingId::from(self.booking), error))
    }
}

/// The live stretches of the doctors in ?1, a JSON array, that end after ?2 and start before ?3.
///
/// The join is in the order as written, without which SQLite might go through all stretches of all doctors. It uses an
/// index on what is live only where a query says `live`.
const LIVE: &str = "
    SELECT wanted.doctor, taken.starts_at, taken.ends_at, taken.booking
    FROM (SELECT unhex(value) AS doctor FROM json_each(?1)) AS wanted
    CROSS JOIN occupancy AS taken
    WHERE taken.kind = 1 AND taken.subject = wanted.doctor AND taken.live
        AND taken.starts_at >= coalesce(
            (
                SELECT before.starts_at
                FROM occupancy AS before
                WHERE before.kind = 1 AND before.subject = wanted.doctor AND before.live AND before.starts_at < ?2
                ORDER BY before.starts_at DESC
                LIMIT 1
            ),
            ?2
        )
        AND taken.starts_at < ?3
        AND taken.ends_at > ?2";

/// The live stretches of these doctors that overlap `during`, in any order: one statement.
///
/// What starts before `during` may have started any time ago; but live stretches of one subject are disjoint, so only
/// the last of them can reach into it.
pub(crate) fn live(connection: &mut SqliteConnection, doctors: &[Id], during: Span) -> QueryResult<Vec<Stretch>> {
    // Diesel has no words for rows made of a value, nor for a join in an order.
    diesel::sql_query(LIVE)
        .bind::<Text, _>(one_of::json(doctors))
        .bind::<BigInt, _>(Micros::floor(during.start()))
        .bind::<BigInt, _>(Micros::ceil(during.end()))
        .load(connection)
}
