//! Reminders of visits to come.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Booking, LeadTime};
use doctor_booking_ports::{Along, Limit, Reminders, Unavailable};

use crate::MemoryStore;

/// [`Reminders`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryReminders(MemoryStore);

impl MemoryReminders {
    /// The reminders in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Reminders for MemoryReminders {
    fn due(&self, lead: LeadTime, now: DateTime<Utc>, limit: Limit) -> Result<Vec<Booking>, Unavailable> {
        let state = self.0.lock();
        let is_new = |booking: &&Booking| !state.reminded.contains(&(booking.id(), booking.span().start(), lead));
        let due = state.bookings.values().filter(|booking| lead.is_due(booking, now)).filter(is_new);
        let mut due: Vec<_> = due.cloned().collect();
        due.sort_by_key(|booking| (booking.span().start(), booking.id()));
        due.truncate(usize::from(limit.get()));
        Ok(due)
    }

    fn record(&self, booking: &Booking, lead: LeadTime, along: &Along) -> Result<bool, Unavailable> {
        let mut state = self.0.lock();
        let as_seen = state.bookings.get(&booking.id()).is_some_and(|there| there.revision() == booking.revision());
        let is_new = as_seen && state.reminded.insert((booking.id(), booking.span().start(), lead));
        if is_new {
            state.write(along);
        }
        Ok(is_new)
    }
}
