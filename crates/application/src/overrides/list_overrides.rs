//! The dates that have windows of their own.

use std::sync::Arc;

use crate::access::can_be_forbidden;
use doctor_booking_domain::{Action, Actor, DateRange, DoctorId, Overrides};
use doctor_booking_ports::{Calendars, Doctors, Unavailable};
use thiserror::Error;

use crate::{Gate, Resource};

/// The longest range of dates whose overrides are listed at once.
pub const MOST_OVERRIDE_DAYS: u64 = 366;

/// Why there is no list.
#[derive(Debug, Error)]
pub enum ListOverridesError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// The range has more than [`MOST_OVERRIDE_DAYS`] dates.
    #[error("a range of dates has at most {MOST_OVERRIDE_DAYS} days")]
    RangeTooLong,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(ListOverridesError);

/// Lists a doctor's overrides.
#[derive(Clone)]
pub struct ListOverrides {
    gate: Gate,
    doctors: Arc<dyn Doctors>,
    calendars: Arc<dyn Calendars>,
}

impl ListOverrides {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>, calendars: Arc<dyn Calendars>) -> Self {
        Self { gate, doctors, calendars }
    }

    /// The overrides on the dates of a range.
    ///
    /// # Errors
    ///
    /// [`ListOverridesError`].
    pub fn execute(&self, actor: &Actor, id: DoctorId, range: DateRange) -> Result<Overrides, ListOverridesError> {
        if !self.gate.admit(actor, Action::ReadHours, Resource::OfDoctor(id))? {
            return Err(ListOverridesError::UnknownDoctor);
        }
        if range.count() > MOST_OVERRIDE_DAYS {
            return Err(ListOverridesError::RangeTooLong);
        }
        self.doctors.find(id)?.ok_or(ListOverridesError::UnknownDoctor)?;
        Ok(self.calendars.overrides(id, range)?)
    }
}
