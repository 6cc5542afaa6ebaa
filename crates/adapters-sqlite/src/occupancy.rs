//! What keeps doctors and patients busy.

use std::error::Error;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{Booking, BookingId, Busy, DoctorId, Hold, HoldId, PatientId, Seat, Seated, Span};
use doctor_booking_ports::Unavailable;

use crate::schema::occupancy;
use crate::unavailable::Abort;
use crate::value::{Id, Micros, capacity};
use crate::{one_of, seating};

/// What the triggers on the table say.
const OVERLAP: &str = "occupancy_overlap";

/// Who can be busy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Doctor(DoctorId),
    Patient(PatientId),
}

impl Subject {
    /// Whom a booking occupies: the doctor first.
    pub(crate) fn of(booking: &Booking) -> [Self; 2] {
        [Self::Doctor(booking.doctor()), Self::Patient(booking.parts().patient)]
    }

    pub(crate) fn kind(self) -> i32 {
        match self {
            Self::Doctor(_) => 1,
            Self::Patient(_) => 2,
        }
    }

    pub(crate) fn id(self) -> Id {
        match self {
            Self::Doctor(id) => id.into(),
            Self::Patient(id) => id.into(),
        }
    }

    /// What the booking takes of it.
    fn busy(self, booking: &Booking) -> Busy {
        match self {
            Self::Doctor(_) => booking.busy(),
            Self::Patient(_) => booking.span().into(),
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
    /// Or a hold's.
    booking: Id,
    live: bool,
    capacity: i32,
    seat: i32,
    held_until: Option<Micros>,
}

/// Whether a subject could be occupied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occupied {
    Now,
    /// Something live was there before, or as many as can be: nothing was written. The transaction must be rolled back.
    ByAnother,
}

/// Occupies the subject with what the booking takes of it.
pub(crate) fn occupy<E: From<Unavailable>>(
    connection: &mut SqliteConnection,
    subject: Subject,
    booking: &Booking,
) -> Result<Occupied, Abort<E>> {
    let (busy, live) = (subject.busy(booking), booking.status().is_live());
    let seat = match subject {
        Subject::Patient(patient) if booking.parts().beside_others && live => {
            seating::take_beside(connection, patient, busy.span)?
        }
        Subject::Patient(_) => Some(Seat::Alone),
        Subject::Doctor(doctor) => seat(connection, doctor, busy, live)?,
    };
    insert(connection, subject, busy, seat, booking.id().into(), live)
}

/// Occupies the doctor with what is held. What has expired has to be cleared away before.
pub(crate) fn hold<E: From<Unavailable>>(connection: &mut SqliteConnection, hold: &Hold) -> Result<Occupied, Abort<E>> {
    let (doctor, busy) = (hold.doctor, hold.busy());
    let seat = seat(connection, doctor, busy, true)?;
    insert(connection, Subject::Doctor(doctor), busy, seat, hold.id.into(), true)
}

/// A seat of the doctor's; `None` when there is no room.
fn seat<E: From<Unavailable>>(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    busy: Busy,
    live: bool,
) -> Result<Option<Seat>, Abort<E>> {
    if !busy.capacity.is_shared() {
        return Ok(Some(Seat::Alone));
    }
    // What is not live is in nobody's way on any seat.
    if live { seating::take(connection, doctor, busy) } else { Ok(Some(Seat::Number(1))) }
}

fn insert<E: From<Unavailable>>(
    connection: &mut SqliteConnection,
    subject: Subject,
    busy: Busy,
    seat: Option<Seat>,
    by: Id,
    live: bool,
) -> Result<Occupied, Abort<E>> {
    let Some(seat) = seat else { return Ok(Occupied::ByAnother) };
    let row = OccupancyRow {
        kind: subject.kind(),
        subject: subject.id(),
        starts_at: Micros::floor(busy.span.start()),
        ends_at: Micros::floor(busy.span.end()),
        booking: by,
        live,
        capacity: busy.capacity.get().into(),
        seat: seat.number().into(),
        held_until: busy.held_until.map(Micros::floor),
    };
    match diesel::insert_into(occupancy::table).values(row).execute(connection) {
        Ok(_) => Ok(Occupied::Now),
        // Diesel has no kind for what a trigger raises, and no name of a constraint on SQLite: only the text.
        Err(DieselError::DatabaseError(_, info)) if info.message() == OVERLAP => Ok(Occupied::ByAnother),
        Err(error) => Err(error.into()),
    }
}

/// Makes what is held the booking's, on the seat on which it is; whether that is what the booking takes of its doctor.
/// Where it takes something else, it is given back.
pub(crate) fn hand_over(connection: &mut SqliteConnection, hold: HoldId, booking: &Booking) -> QueryResult<bool> {
    let subject = Subject::Doctor(booking.doctor());
    let busy = subject.busy(booking);
    let same = occupancy::table
        .find((subject.kind(), subject.id(), Id::from(hold)))
        .filter(occupancy::starts_at.eq(Micros::floor(busy.span.start())))
        .filter(occupancy::ends_at.eq(Micros::floor(busy.span.end())))
        .filter(occupancy::capacity.eq(i32::from(busy.capacity.get())));
    let booked = (
        occupancy::booking.eq(Id::from(booking.id())),
        occupancy::held_until.eq(None::<Micros>),
        occupancy::live.eq(booking.status().is_live()),
    );
    if diesel::update(same).set(booked).execute(connection)? > 0 {
        return Ok(true);
    }
    give_back(connection, booking.doctor(), hold)?;
    Ok(false)
}

/// Gives back what the booking occupied of the subject.
pub(crate) fn release(connection: &mut SqliteConnection, subject: Subject, booking: BookingId) -> QueryResult<usize> {
    diesel::update(occupancy::table.find((subject.kind(), subject.id(), Id::from(booking))))
        .set(occupancy::live.eq(false))
        .execute(connection)
}

/// Takes away what the booking occupies, or has occupied, of these: it will be in another place.
pub(crate) fn vacate(
    connection: &mut SqliteConnection,
    subjects: [Subject; 2],
    booking: BookingId,
) -> QueryResult<usize> {
    let of = |subject: Subject| {
        occupancy::kind
            .eq(subject.kind())
            .and(occupancy::subject.eq(subject.id()))
            .and(occupancy::booking.eq(Id::from(booking)))
    };
    let [one, other] = subjects.map(of);
    diesel::delete(occupancy::table.filter(one.or(other))).execute(connection)
}

/// Gives back what is held of the doctor.
pub(crate) fn give_back(connection: &mut SqliteConnection, doctor: DoctorId, hold: HoldId) -> QueryResult<usize> {
    let subject = Subject::Doctor(doctor);
    diesel::delete(occupancy::table.find((subject.kind(), subject.id(), Id::from(hold)))).execute(connection)
}

/// Gives back everything that is held no longer at this instant.
pub(crate) fn clear_expired(connection: &mut SqliteConnection, now: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(occupancy::table.filter(occupancy::held_until.le(Micros::floor(now)))).execute(connection)
}

/// What keeps a doctor, or a patient, busy.
#[derive(Clone, Copy, Debug, QueryableByName)]
#[diesel(check_for_backend(Sqlite))]
pub(crate) struct Stretch {
    #[diesel(sql_type = Binary)]
    pub(crate) subject: Id,
    #[diesel(sql_type = BigInt)]
    starts_at: Micros,
    #[diesel(sql_type = BigInt)]
    ends_at: Micros,
    /// Or the hold.
    #[diesel(sql_type = Binary)]
    pub(crate) booking: Id,
    #[diesel(sql_type = Integer)]
    capacity: i32,
    #[diesel(sql_type = Integer)]
    seat: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    held_until: Option<Micros>,
}

impl Stretch {
    /// With what, and on which seat.
    pub(crate) fn seated(&self) -> Result<Seated<Id>, Unavailable> {
        self.parse().map_err(|error| Unavailable::inconsistent("occupancy", &self.booking, error))
    }

    fn parse(&self) -> Result<Seated<Id>, Box<dyn Error + Send + Sync>> {
        let span = Span::new(self.starts_at.instant()?, self.ends_at.instant()?)?;
        let held_until = self.held_until.map(Micros::instant).transpose()?;
        let busy = Busy { span, capacity: capacity(self.capacity)?, held_until };
        Ok(Seated { key: self.booking, busy, seat: Seat::from_number(u8::try_from(self.seat)?) })
    }

    pub(crate) fn is_held(&self) -> bool {
        self.held_until.is_some()
    }
}

/// The live stretches of the doctors in ?1, a JSON array, that end after ?2 and start before ?3.
///
/// The join is in the order as written, without which SQLite might go through all stretches of all doctors. It uses an
/// index on what is live only where a query says `live`. What starts before ?2 may be on any seat; but nothing lasts
/// longer than 24 hours, so what is long over is not looked at.
const LIVE: &str = "
    SELECT wanted.doctor AS subject, taken.starts_at, taken.ends_at, taken.booking, taken.capacity, taken.seat,
        taken.held_until
    FROM (SELECT unhex(value) AS doctor FROM json_each(?1)) AS wanted
    CROSS JOIN occupancy AS taken
    WHERE taken.kind = 1 AND taken.subject = wanted.doctor AND taken.live
        AND taken.starts_at > ?2 - 86400000000
        AND taken.starts_at < ?3
        AND taken.ends_at > ?2";

/// The live stretches of these doctors that overlap `during`, in any order: one statement.
pub(crate) fn live(connection: &mut SqliteConnection, doctors: &[Id], during: Span) -> QueryResult<Vec<Stretch>> {
    // Diesel has no words for rows made of a value, nor for a join in an order.
    diesel::sql_query(LIVE)
        .bind::<Text, _>(one_of::json(doctors))
        .bind::<BigInt, _>(Micros::floor(during.start()))
        .bind::<BigInt, _>(Micros::ceil(during.end()))
        .load(connection)
}

/// The live stretches of the patient ?1 that end after ?2 and start before ?3. What is long over is not looked at, as in
/// [`LIVE`].
const VISITS: &str = "
    SELECT taken.subject, taken.starts_at, taken.ends_at, taken.booking, taken.capacity, taken.seat, taken.held_until
    FROM occupancy AS taken
    WHERE taken.kind = 2 AND taken.subject = ?1 AND taken.live
        AND taken.starts_at > ?2 - 86400000000
        AND taken.starts_at < ?3
        AND taken.ends_at > ?2";

/// The live visits of the patient that overlap `during`, in any order.
pub(crate) fn visits(connection: &mut SqliteConnection, patient: PatientId, during: Span) -> QueryResult<Vec<Stretch>> {
    // In SQL like its sibling, so that both bounds are calculated in the same words.
    diesel::sql_query(VISITS)
        .bind::<Binary, _>(Id::from(patient))
        .bind::<BigInt, _>(Micros::floor(during.start()))
        .bind::<BigInt, _>(Micros::ceil(during.end()))
        .load(connection)
}
