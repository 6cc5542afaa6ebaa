//! A date with the week's windows again.

use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Actor, DateRange, DoctorId, Exceptions, Overrides};
use doctor_booking_ports::{Calendars, Clock, Doctors, ExceptionChange, Unavailable};
use thiserror::Error;

use crate::rules_change::{Decision, change_rules};
use crate::{ChangeOptions, ChangeRulesError, RulesChanged};

/// The date has no windows of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the date has no override")]
pub struct UnknownOverride;

/// Gives a date the week's windows again.
#[derive(Clone)]
pub struct RemoveOverride {
    doctors: Arc<dyn Doctors>,
    calendars: Arc<dyn Calendars>,
    clock: Arc<dyn Clock>,
}

impl RemoveOverride {
    /// The use case over these ports.
    pub fn new(doctors: Arc<dyn Doctors>, calendars: Arc<dyn Calendars>, clock: Arc<dyn Clock>) -> Self {
        Self { doctors, calendars, clock }
    }

    /// Removes the override of `date`.
    ///
    /// # Errors
    ///
    /// [`ChangeRulesError`], of [`UnknownOverride`] when there is none; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: DoctorId,
        date: NaiveDate,
        options: ChangeOptions,
    ) -> Result<RulesChanged, ChangeRulesError<UnknownOverride>> {
        let Actor::Administrator = actor;
        // Also one that is past, which a change of rules need not look at.
        let there = self.find(id, date)?;
        let changed = change_rules(&*self.doctors, &*self.clock, id, options, |seen, now| {
            if there.on(date).is_none() {
                return Err(UnknownOverride);
            }
            let before = seen.exceptions.clone();
            let exceptions = Exceptions { overrides: before.overrides.without(date), ..before };
            Ok(Decision::of_exceptions(seen, exceptions, ExceptionChange::NoOverride(date), now))
        });
        match changed {
            // What was there at first somebody else has removed.
            Err(ChangeRulesError::Contended) if self.find(id, date)?.on(date).is_none() => {
                Err(ChangeRulesError::Refused(UnknownOverride))
            }
            changed => changed,
        }
    }

    fn find(&self, id: DoctorId, date: NaiveDate) -> Result<Overrides, Unavailable> {
        self.calendars.overrides(id, DateRange::day(date))
    }
}
