//! The earliest free slots of many doctors.

use std::sync::Arc;

use crate::Gate;
use crate::access::can_be_forbidden;
use doctor_booking_domain::{Action, Actor, DateRange, Day, DoctorId, Span, VisitTypeId, Zone};
use doctor_booking_ports::{CalendarFilter, Calendars, Clock, Limit, Unavailable, VisitTypes};
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
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such visit type.
    #[error("there is no such visit type")]
    UnknownVisitType,
    /// The range has more than [`MOST_DAYS`] dates.
    #[error("a range of dates has at most {MOST_DAYS} days")]
    RangeTooLong,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(SearchAvailabilityError);

/// Searches the free time of many doctors.
#[derive(Clone)]
pub struct SearchAvailability {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
}

impl SearchAvailability {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { gate, calendars, visit_types, clock }
    }

    /// The earliest free slots for visits of a type, or of no particular one, on the dates of `range`, on each doctor's
    /// own clock: by start, then doctor. Who does not offer the type has none.
    ///
    /// # Errors
    ///
    /// [`SearchAvailabilityError`].
    pub fn execute(
        &self,
        actor: &Actor,
        which: &CalendarFilter,
        range: DateRange,
        visit_type: Option<VisitTypeId>,
        limit: Limit,
    ) -> Result<Vec<FreeSlot>, SearchAvailabilityError> {
        self.gate.require(actor, Action::FindFreeSlots)?;
        if range.count() > MOST_DAYS {
            return Err(SearchAvailabilityError::RangeTooLong);
        }
        let now = self.clock.now();
        let most = usize::from(limit.get());
        let mut earliest = Vec::new();
        let all = self.calendars.load_all(which, range.reach())?;
        let visit_type = match visit_type {
            Some(id) => Some(self.visit_types.find(id)?.ok_or(SearchAvailabilityError::UnknownVisitType)?),
            None => None,
        };
        for seen in all {
            let calendar = match &visit_type {
                Some(visit_type) => seen.calendar.for_visits(visit_type),
                None => seen.calendar,
            };
            let days = calendar.days(range, now);
            let free = days.iter().flat_map(Day::free).take(most);
            earliest.extend(free.map(|slot| FreeSlot {
                doctor: calendar.doctor(),
                span: slot.span,
                zone: calendar.rules().zone.clone(),
            }));
        }
        earliest.sort_by_key(|slot| (slot.span.start(), slot.doctor));
        earliest.truncate(most);
        Ok(earliest)
    }
}
