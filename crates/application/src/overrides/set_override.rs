//! A date with windows of its own.

use std::convert::Infallible;
use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Action, Actor, DateRange, DoctorId, Entry, Exceptions, Window};
use doctor_booking_ports::{Calendars, Clock, Doctors, ExceptionChange, Ids};

use super::with_that_of;
use crate::rules_change::{ChangeRules, Decision};
use crate::{ChangeOptions, ChangeRulesError, Gate, Resource, RulesChanged};

/// Gives a date windows of its own.
#[derive(Clone)]
pub struct SetOverride {
    gate: Gate,
    rules: ChangeRules,
    calendars: Arc<dyn Calendars>,
}

impl SetOverride {
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

    /// Replaces a doctor's hours on `date` by `windows`, in any order; without any the date is closed.
    ///
    /// # Errors
    ///
    /// [`ChangeRulesError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: DoctorId,
        date: NaiveDate,
        windows: &[Window],
        options: ChangeOptions,
    ) -> Result<RulesChanged, ChangeRulesError<Infallible>> {
        if !self.gate.admit(actor, Action::ChangeHours, Resource::OfDoctor(id))? {
            return Err(ChangeRulesError::UnknownDoctor);
        }
        let mut windows = windows.to_vec();
        windows.sort_unstable();
        // Also one that is past, which a change of rules need not look at.
        let found = self.calendars.overrides(id, DateRange::day(date))?;
        self.rules.make(actor, id, options, |seen, making| {
            let before = seen.exceptions.clone();
            let overrides = before.overrides.clone().with(date, windows.clone());
            let there = with_that_of(date, seen, &found);
            let entry = Entry::overrides(making.entry, id, date, there, &overrides, &making.by);
            let change = ExceptionChange::Override { date, windows: windows.clone() };
            Ok(Decision::of_exceptions(seen, Exceptions { overrides, ..before }, change, entry))
        })
    }
}
