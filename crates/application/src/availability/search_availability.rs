//! The earliest free slots of many doctors.

use std::sync::Arc;

use doctor_booking_domain::{Actor, DateRange, Day, DoctorId, Span, Zone};
use doctor_booking_ports::{CalendarFilter, Calendars, Clock, Limit, Unavailable};
use thiserror::Error;

use super::MOST_DAYS;

/// A slot that can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeSlot {
    /// With whom.
    pub doctor: DoctorId,
    /// When.
    pub span: Span,
    /// On whose clock.
    pub zone: Zone,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum SearchAvailabilityError {
    /// The range has more than [`MOST_DAYS`] dates.
    #[error("a range of dates has at most {MOST_DAYS} days")]
    RangeTooLong,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Searches the free time of many doctors.
#[derive(Clone)]
pub struct SearchAvailability {
    calendars: Arc<dyn Calendars>,
    clock: Arc<dyn Clock>,
}

impl SearchAvailability {
    /// The use case over these ports.
    pub fn new(calendars: Arc<dyn Calendars>, clock: Arc<dyn Clock>) -> Self {
        Self { calendars, clock }
    }

    /// The earliest free slots on the dates of `range`, on each doctor's own clock: by start, then doctor.
    ///
    /// # Errors
    ///
    /// [`SearchAvailabilityError`].
    pub fn execute(
        &self,
        actor: &Actor,
        which: &CalendarFilter,
        range: DateRange,
        limit: Limit,
    ) -> Result<Vec<FreeSlot>, SearchAvailabilityError> {
        let Actor::Administrator = actor;
        if range.count() > MOST_DAYS {
            return Err(SearchAvailabilityError::RangeTooLong);
        }
        let now = self.clock.now();
        let most = usize::from(limit.get());
        let mut earliest = Vec::new();
        for seen in self.calendars.load_all(which, range.reach())? {
            let days = seen.calendar.days(range, now);
            let free = days.iter().flat_map(Day::free).take(most);
            earliest.extend(free.map(|slot| FreeSlot {
                doctor: seen.calendar.doctor(),
                span: slot.span,
                zone: seen.calendar.rules().zone.clone(),
            }));
        }
        earliest.sort_by_key(|slot| (slot.span.start(), slot.doctor));
        earliest.truncate(most);
        Ok(earliest)
    }
}
