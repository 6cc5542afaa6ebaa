//! The next free slot of a doctor.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use doctor_booking_domain::{Action, Actor, DateRange, DoctorId, Slot, VisitTypeId, Zone};
use doctor_booking_ports::{Calendars, Clock, VisitTypes};

use super::FindAvailabilityError;
use crate::Gate;
use crate::visit_type::for_wanted;

/// How many days are searched at most.
pub const NEXT_WITHIN_DAYS: u64 = 366;

/// The next free slot, or how far there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextSlot {
    /// On whose clock.
    pub zone: Zone,
    /// The slot, if one is free.
    pub slot: Option<Slot>,
    /// The last date that was searched.
    pub searched_to: NaiveDate,
}

/// Finds the next free slot of a doctor.
#[derive(Clone)]
pub struct FindNextSlot {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
}

impl FindNextSlot {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { gate, calendars, visit_types, clock }
    }

    /// The first free slot for a visit of a type, or of no particular one, that does not start before `after` (by
    /// default now), searched for [`NEXT_WITHIN_DAYS`], or as far as visits of the type can be booked.
    ///
    /// # Errors
    ///
    /// [`FindAvailabilityError`].
    pub fn execute(
        &self,
        actor: &Actor,
        doctor: DoctorId,
        after: Option<DateTime<Utc>>,
        visit_type: Option<VisitTypeId>,
    ) -> Result<NextSlot, FindAvailabilityError> {
        self.gate.require(actor, Action::FindFreeSlots)?;
        let now = self.clock.now();
        let after = after.unwrap_or(now).max(now);
        // Which date it is depends on the zone, which is not known yet: a day more at both ends.
        let around = after.date_naive();
        let end = around.checked_add_signed(TimeDelta::days(1)).unwrap_or(NaiveDate::MAX);
        let end = end.checked_add_days(Days::new(NEXT_WITHIN_DAYS)).unwrap_or(NaiveDate::MAX);
        let reach = DateRange::new(around.pred_opt().unwrap_or(around), end).unwrap_or_else(|_| DateRange::day(around));
        let seen = self.calendars.load(doctor, reach.reach())?.ok_or(FindAvailabilityError::UnknownDoctor)?;
        let calendar = for_wanted(seen.calendar, visit_type, &*self.visit_types)?;
        let calendar = calendar.ok_or(FindAvailabilityError::UnknownVisitType)?;
        if !calendar.is_offered() {
            return Err(FindAvailabilityError::NotOffered);
        }
        let zone = calendar.rules().zone.clone();
        let first = zone.date(after);
        let last = first.checked_add_days(Days::new(NEXT_WITHIN_DAYS)).unwrap_or(NaiveDate::MAX);
        let last = calendar.last_date(now).map_or(last, |horizon| horizon.clamp(first, last));
        let slot = DateRange::new(first, last).ok().and_then(|dates| calendar.next_free(dates, after, now));
        Ok(NextSlot { zone, slot, searched_to: last })
    }
}
