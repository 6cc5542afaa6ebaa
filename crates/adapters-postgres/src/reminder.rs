//! Reminders of visits to come.

use chrono::{DateTime, Utc};
use diesel::dsl::{IntervalDsl, exists, not};
use diesel::prelude::*;
use diesel::sql_types::Interval;
use doctor_booking_domain::{Booking, BookingStatus, LeadTime};
use doctor_booking_ports::{Along, Limit, Reminders, Unavailable};
use uuid::Uuid;

use crate::instant;
use crate::pool::Pool;
use crate::rows::BookingRow;
use crate::schema::{bookings, reminders};

/// [`Reminders`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgReminders(Pool);

impl PgReminders {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Reminders for PgReminders {
    fn due(&self, lead: LeadTime, now: DateTime<Utc>, limit: Limit) -> Result<Vec<Booking>, Unavailable> {
        let furthest = now.checked_add_signed(lead.duration()).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let minutes = i32::from(lead.minutes());
        let reminded = reminders::table
            .filter(reminders::booking_id.eq(bookings::id).and(reminders::starts_at.eq(bookings::starts_at)))
            .filter(reminders::lead_minutes.eq(minutes));
        let rows: Vec<BookingRow> = bookings::table
            .filter(bookings::status.eq(BookingStatus::Booked.as_str()))
            .filter(bookings::starts_at.gt(instant::floor(now)).and(bookings::starts_at.le(instant::floor(furthest))))
            // Elapsed time: whatever the clocks show meanwhile.
            .filter(bookings::created_at.le(bookings::starts_at - minutes.minutes().into_sql::<Interval>()))
            .filter(not(exists(reminded)))
            .order((bookings::starts_at, bookings::id))
            .limit(i64::from(limit.get()))
            .select(BookingRow::as_select())
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        rows.into_iter().map(Booking::try_from).collect()
    }

    fn record(&self, booking: &Booking, lead: LeadTime, along: &Along) -> Result<bool, Unavailable> {
        let as_seen = (booking.doctor().uuid(), booking.id().uuid());
        let row = (
            reminders::booking_id.eq(booking.id().uuid()),
            reminders::starts_at.eq(booking.span().start()),
            reminders::lead_minutes.eq(i32::from(lead.minutes())),
        );
        self.0.change_if_there(along, |connection| {
            let as_seen = bookings::table.find(as_seen).filter(bookings::revision.eq(booking.revision().number()));
            // Nobody cancels it or moves it meanwhile.
            let there: Option<Uuid> = as_seen.select(bookings::id).for_share().first(connection).optional()?;
            if there.is_none() {
                return Ok(false);
            }
            let recorded =
                diesel::insert_into(reminders::table).values(row).on_conflict_do_nothing().execute(connection)?;
            Ok(recorded == 1)
        })
    }
}
