//! Why a visit can start at a time, or cannot.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Action, Actor, Buffer, DoctorId, Finding, SlotLength, Span, VisitTypeId, Zone};
use doctor_booking_ports::{Calendars, Clock, VisitTypes};

use super::FindAvailabilityError;
use crate::Gate;
use crate::visit_type::for_wanted;

/// Every rule about a visit at a time, on whose clock it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// On whose clock.
    pub zone: Zone,
    /// Every rule, and whether it is kept.
    pub findings: Vec<Finding>,
}

/// Explains why a visit can start at a time, or cannot.
#[derive(Clone)]
pub struct ExplainStart {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
}

impl ExplainStart {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { gate, calendars, visit_types, clock }
    }

    /// Every rule that a visit of a type, or of no particular one, starting at `start` has to keep, and whether it does.
    ///
    /// # Errors
    ///
    /// [`FindAvailabilityError`]; that a type is not offered is a rule that is not kept.
    pub fn execute(
        &self,
        actor: &Actor,
        doctor: DoctorId,
        start: DateTime<Utc>,
        visit_type: Option<VisitTypeId>,
    ) -> Result<Explanation, FindAvailabilityError> {
        self.gate.require(actor, Action::SeeWhyNotFree)?;
        let seen = self.calendars.load(doctor, longest_visit_at(start))?;
        let seen = seen.ok_or(FindAvailabilityError::UnknownDoctor)?;
        let calendar = for_wanted(seen.calendar, visit_type, &*self.visit_types)?;
        let calendar = calendar.ok_or(FindAvailabilityError::UnknownVisitType)?;
        let findings = calendar.explain(start, self.clock.now());
        Ok(Explanation { zone: calendar.rules().zone.clone(), findings })
    }
}

/// All that a visit of any type can take of its doctor when it starts then, buffers included.
pub(crate) fn longest_visit_at(start: DateTime<Utc>) -> Span {
    let buffer = TimeDelta::minutes(i64::from(Buffer::MOST));
    let longest = TimeDelta::minutes(i64::from(SlotLength::MOST)) + buffer;
    let end = start.checked_add_signed(longest).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let from = start.min(end - longest).checked_sub_signed(buffer).unwrap_or(DateTime::<Utc>::MIN_UTC);
    Span::new(from, end).expect("the longest visit is not empty")
}
