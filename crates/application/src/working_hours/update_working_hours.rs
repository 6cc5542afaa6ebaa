//! Other hours from a date on.

use std::sync::Arc;

use chrono::{NaiveDate, Weekday};
use doctor_booking_domain::{Action, Actor, DoctorId, VersionOverlap, Weekly, Window, WindowsOverlap};
use doctor_booking_ports::{Clock, Doctors, Ids};
use thiserror::Error;

use crate::rules_change::{ChangeRules, Decision};
use crate::{ChangeOptions, ChangeRulesError, Gate, Resource, RulesChanged};

/// The hours that a doctor should have from a date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHours {
    /// The first date on which they hold, in the past or in the future; `None`: since ever. They hold until the next
    /// version begins, and replace one that begins on the same date: where a later version is in force today, hours
    /// since ever change nothing today.
    pub effective_from: Option<NaiveDate>,
    /// The windows.
    pub week: Week,
}

/// The windows of a whole week, or of some days only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Week {
    /// All of it.
    Whole(Weekly),
    /// These days; the others stay as they are in force when the new hours begin.
    Days(Vec<(Weekday, Vec<Window>)>),
}

/// Why hours are not possible.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HoursRefusal {
    /// Windows of the week that results overlap: all of them.
    #[error("windows of the week overlap")]
    WindowsOverlap(Vec<WindowsOverlap>),
    /// The last night of one version reaches into the first morning of the next.
    #[error(transparent)]
    VersionOverlap(#[from] VersionOverlap),
}

/// Updates a doctor's working hours.
#[derive(Clone)]
pub struct UpdateWorkingHours {
    gate: Gate,
    rules: ChangeRules,
}

impl UpdateWorkingHours {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { rules: ChangeRules::new(gate.clone(), doctors, clock, ids), gate }
    }

    /// Gives a doctor other hours from a date on.
    ///
    /// # Errors
    ///
    /// [`ChangeRulesError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: DoctorId,
        new: &NewHours,
        options: ChangeOptions,
    ) -> Result<RulesChanged, ChangeRulesError<HoursRefusal>> {
        if !self.gate.admit(actor, Action::ChangeHours, Resource::OfDoctor(id))? {
            return Err(ChangeRulesError::UnknownDoctor);
        }
        self.rules.make(actor, id, options, |seen, making| {
            let hours = &seen.doctor.rules().hours;
            let week = match &new.week {
                Week::Whole(weekly) => weekly.clone(),
                Week::Days(days) => hours
                    .amended_week(new.effective_from, days.iter().map(|(day, windows)| (*day, windows.as_slice())))
                    .map_err(HoursRefusal::WindowsOverlap)?,
            };
            let hours = hours.with_version(new.effective_from, week)?;
            Ok(Decision::of_doctor(seen.doctor.with_hours(hours, making.by.at), seen, making))
        })
    }
}
