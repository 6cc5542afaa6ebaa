//! What keeps doctors and patients busy.

use diesel::prelude::*;
use diesel::result::Error;
use doctor_booking_domain::{BookingId, BookingParts, DoctorId, PatientId, Span};

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
        Err(Error::DatabaseError(_, info)) if info.message() == OVERLAP => Ok(Occupied::ByAnother),
        Err(error) => Err(error),
    }
}

/// Gives back what the booking occupied of the subject.
pub(crate) fn release(connection: &mut SqliteConnection, subject: Subject, booking: BookingId) -> QueryResult<usize> {
    diesel::update(occupancy::table.find((subject.kind(), subject.id(), Id::from(booking))))
        .set(occupancy::live.eq(false))
        .execute(connection)
}

/// The live stretches of the subject that overlap `during`, from when until when, in any order.
///
/// Two statements. What starts before `during` may have started any time ago; but live stretches of one subject are
/// disjoint, so only the last of them can reach into it.
pub(crate) fn live(
    connection: &mut SqliteConnection,
    subject: Subject,
    during: Span,
) -> QueryResult<Vec<(Micros, Micros, Id)>> {
    let (start, end) = (Micros::floor(during.start()), Micros::ceil(during.end()));
    // In just these words: an index on what is live is used only for a query that says so as the index does.
    let all = occupancy::table
        .filter(occupancy::kind.eq(subject.kind()).and(occupancy::subject.eq(subject.id())))
        .filter(occupancy::live)
        .select((occupancy::starts_at, occupancy::ends_at, occupancy::booking));
    let mut found: Vec<(Micros, Micros, Id)> =
        all.filter(occupancy::starts_at.ge(start).and(occupancy::starts_at.lt(end))).load(connection)?;
    let before: Option<(Micros, Micros, Id)> =
        all.filter(occupancy::starts_at.lt(start)).order(occupancy::starts_at.desc()).first(connection).optional()?;
    found.extend(before.filter(|(_, ends_at, _)| *ends_at > start));
    Ok(found)
}
