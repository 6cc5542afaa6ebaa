//! A version of the hours that should not be.

use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Actor, DoctorId, Role, UnknownVersion, VersionOverlap};
use doctor_booking_ports::{Clock, Doctors, Ids};
use thiserror::Error;

use crate::rules_change::{ChangeRules, Decision};
use crate::{ChangeOptions, ChangeRulesError, RulesChanged};

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
    rules: ChangeRules,
}

impl RemoveWorkingHours {
    /// The use case over these ports.
    pub fn new(doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { rules: ChangeRules::new(doctors, clock, ids) }
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
        let Role::Administrator = actor.role;
        self.rules.make(actor, id, options, |seen, making| {
            let hours = seen.doctor.rules().hours.without_version(effective_from)??;
            Ok(Decision::of_doctor(seen.doctor.with_hours(hours, making.by.at), seen, making))
        })
    }
}
