//! Reminders of visits to come.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use doctor_booking_domain::{Booking, BookingStatus, LeadTime};
use doctor_booking_ports::{Along, Limit, Reminders, Unavailable};

use crate::booking::BookingRow;
use crate::pools::Pools;
use crate::schema::{bookings, reminders};
use crate::value::{Id, Micros};
use crate::{SqliteStore, along};

/// [`Reminders`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteReminders(Pools);

impl SqliteReminders {
    /// The reminders in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Reminders for SqliteReminders {
    fn due(&self, lead: LeadTime, now: DateTime<Utc>, limit: Limit) -> Result<Vec<Booking>, Unavailable> {
        let latest = now.checked_add_signed(lead.duration()).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let minutes = i32::from(lead.minutes());
        let reminded = reminders::table
            .filter(reminders::booking_id.eq(bookings::id).and(reminders::starts_at.eq(bookings::starts_at)))
            .filter(reminders::lead_minutes.eq(minutes));
        // As `LeadTime::is_due`.
        let query = bookings::table
            .filter(bookings::status.eq(BookingStatus::Booked.as_str()))
            .filter(bookings::starts_at.gt(Micros::floor(now)).and(bookings::starts_at.le(Micros::floor(latest))))
            .filter(bookings::created_at.le(bookings::starts_at - i64::from(minutes) * 60_000_000))
            .filter(not(exists(reminded)))
            .order((bookings::starts_at, bookings::id));
        self.0.read(|connection| {
            let rows = query.select(BookingRow::as_select()).limit(limit.get().into()).load(connection)?;
            Ok(rows.into_iter().map(Booking::try_from).collect::<Result<_, _>>()?)
        })
    }

    fn record(&self, booking: &Booking, lead: LeadTime, along: &Along) -> Result<bool, Unavailable> {
        let id = Id::from(booking.id());
        let as_seen =
            bookings::table.filter(bookings::id.eq(id).and(bookings::revision.eq(booking.revision().number())));
        let reminder = (
            reminders::booking_id.eq(id),
            reminders::starts_at.eq(Micros::floor(booking.span().start())),
            reminders::lead_minutes.eq(i32::from(lead.minutes())),
        );
        self.0.write(|connection| {
            if !diesel::select(exists(as_seen)).get_result::<bool>(connection)? {
                return Ok(false);
            }
            let recorded =
                diesel::insert_into(reminders::table).values(reminder).on_conflict_do_nothing().execute(connection)?;
            if recorded > 0 {
                along::write_anyway(connection, along)?;
            }
            Ok(recorded > 0)
        })
    }
}
