//! Why a visit can start at a time, or cannot.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Actor, DoctorId, Finding, SlotLength, Span, Zone};
use doctor_booking_ports::{Calendars, Clock, Unavailable};

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
    calendars: Arc<dyn Calendars>,
    clock: Arc<dyn Clock>,
}

impl ExplainStart {
    /// The use case over these ports.
    pub fn new(calendars: Arc<dyn Calendars>, clock: Arc<dyn Clock>) -> Self {
        Self { calendars, clock }
    }

    /// Every rule that a visit starting at `start` has to keep, and whether it does; `None` when there is no such doctor.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        doctor: DoctorId,
        start: DateTime<Utc>,
    ) -> Result<Option<Explanation>, Unavailable> {
        let Actor::Administrator = actor;
        let seen = self.calendars.load(doctor, longest_visit_at(start))?;
        Ok(seen.map(|seen| Explanation {
            zone: seen.calendar.rules().zone.clone(),
            findings: seen.calendar.explain(start, self.clock.now()),
        }))
    }
}

/// All that a visit of any length can take when it starts then.
pub(crate) fn longest_visit_at(start: DateTime<Utc>) -> Span {
    let longest = TimeDelta::minutes(i64::from(SlotLength::MOST));
    let end = start.checked_add_signed(longest).unwrap_or(DateTime::<Utc>::MAX_UTC);
    Span::new(start.min(end - longest), end).expect("the longest visit is not empty")
}
