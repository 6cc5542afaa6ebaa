//! A version of the hours that should not be.

use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Action, Actor, DoctorId, UnknownVersion, VersionOverlap};
use doctor_booking_ports::{Clock, Doctors, Ids};
use thiserror::Error;

use crate::rules_change::{ChangeRules, Decision};
use crate::{ChangeOptions, ChangeRulesError, Gate, Resource, RulesChanged};

/// Why a version cannot be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RemovalRefusal {
    /// None begins on that date.
    #[error(transparent)]
    UnknownVersion(#[from] UnknownVersion),
    /// The version before it would reach into the first morning of the one after it.
    #[error(transparent)]
    VersionOverlap(#[from] VersionOverlap),
}

/// Removes a version of a doctor's working hours; the one before it then holds until the next.
#[derive(Clone)]
pub struct RemoveWorkingHours {
    gate: Gate,
    rules: ChangeRules,
}

impl RemoveWorkingHours {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { rules: ChangeRules::new(gate.clone(), doctors, clock, ids), gate }
    }

    /// Removes the version that begins on `effective_from`.
    ///
    /// # Errors
    ///
    /// [`ChangeRulesError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: DoctorId,
        effective_from: NaiveDate,
        options: ChangeOptions,
    ) -> Result<RulesChanged, ChangeRulesError<RemovalRefusal>> {
        if !self.gate.admit(actor, Action::ChangeHours, Resource::OfDoctor(id))? {
            return Err(ChangeRulesError::UnknownDoctor);
        }
        self.rules.make(actor, id, options, |seen, making| {
            let hours = seen.doctor.rules().hours.without_version(effective_from)??;
            Ok(Decision::of_doctor(seen.doctor.with_hours(hours, making.by.at), seen, making))
        })
    }
}
