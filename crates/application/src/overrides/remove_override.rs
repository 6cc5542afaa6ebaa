//! A date with the week's windows again.

use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Action, Actor, DateRange, DoctorId, Entry, Exceptions, Overrides};
use doctor_booking_ports::{Calendars, Clock, Doctors, ExceptionChange, Ids, Unavailable};
use thiserror::Error;

use super::with_that_of;
use crate::rules_change::{ChangeRules, Decision};
use crate::{ChangeOptions, ChangeRulesError, Gate, Resource, RulesChanged};

/// The date has no windows of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the date has no override")]
pub struct UnknownOverride;

/// Gives a date the week's windows again.
#[derive(Clone)]
pub struct RemoveOverride {
    gate: Gate,
    rules: ChangeRules,
    calendars: Arc<dyn Calendars>,
}

impl RemoveOverride {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        doctors: Arc<dyn Doctors>,
        calendars: Arc<dyn Calendars>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { rules: ChangeRules::new(gate.clone(), doctors, clock, ids), gate, calendars }
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
        if !self.gate.admit(actor, Action::ChangeHours, Resource::OfDoctor(id))? {
            return Err(ChangeRulesError::UnknownDoctor);
        }
        // Also one that is past, which a change of rules need not look at.
        let found = self.find(id, date)?;
        let changed = self.rules.make(actor, id, options, |seen, making| {
            let there = with_that_of(date, seen, &found);
            if there.on(date).is_none() {
                return Err(UnknownOverride);
            }
            let before = seen.exceptions.clone();
            let exceptions = Exceptions { overrides: before.overrides.without(date), ..before };
            let entry = Entry::overrides(making.entry, id, date, there, &Overrides::default(), &making.by);
            Ok(Decision::of_exceptions(seen, exceptions, ExceptionChange::NoOverride(date), entry))
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
