//! A date with windows of its own.

use std::convert::Infallible;
use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Actor, DoctorId, Exceptions, Window};
use doctor_booking_ports::{Clock, Doctors, ExceptionChange};

use crate::rules_change::{Decision, change_rules};
use crate::{ChangeOptions, ChangeRulesError, RulesChanged};

/// Gives a date windows of its own.
#[derive(Clone)]
pub struct SetOverride {
    doctors: Arc<dyn Doctors>,
    clock: Arc<dyn Clock>,
}

impl SetOverride {
    /// The use case over these ports.
    pub fn new(doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>) -> Self {
        Self { doctors, clock }
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
        let Actor::Administrator = actor;
        let mut windows = windows.to_vec();
        windows.sort_unstable();
        change_rules(&*self.doctors, &*self.clock, id, options, |seen, now| {
            let before = seen.exceptions.clone();
            let exceptions = Exceptions { overrides: before.overrides.with(date, windows.clone()), ..before };
            let change = ExceptionChange::Override { date, windows: windows.clone() };
            Ok(Decision::of_exceptions(seen, exceptions, change, now))
        })
    }
}
