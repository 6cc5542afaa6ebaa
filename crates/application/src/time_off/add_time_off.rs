//! A doctor will be away.

use std::convert::Infallible;
use std::sync::Arc;

use doctor_booking_domain::{Actor, DoctorId, Reason, Span, TimeOff};
use doctor_booking_ports::{Clock, Doctors, ExceptionChange, Ids};

use crate::rules_change::{Decision, change_rules};
use crate::{ChangeOptions, ChangeRulesError, RulesChanged};

/// Time off to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTimeOff {
    /// Whose.
    pub doctor: DoctorId,
    /// From when until when.
    pub span: Span,
    /// Why.
    pub reason: Option<Reason>,
}

/// Enters time off.
#[derive(Clone)]
pub struct AddTimeOff {
    doctors: Arc<dyn Doctors>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl AddTimeOff {
    /// The use case over these ports.
    pub fn new(doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { doctors, clock, ids }
    }

    /// Enters a stretch in which a doctor is away; answers it with what the change does.
    ///
    /// # Errors
    ///
    /// [`ChangeRulesError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        new: &NewTimeOff,
        options: ChangeOptions,
    ) -> Result<(TimeOff, RulesChanged), ChangeRulesError<Infallible>> {
        let Actor::Administrator = actor;
        let away = TimeOff {
            id: self.ids.time_off(),
            doctor: new.doctor,
            span: new.span,
            reason: new.reason.clone(),
            created_at: self.clock.now(),
        };
        let changed = change_rules(&*self.doctors, &*self.clock, new.doctor, options, |seen, now| {
            let mut exceptions = seen.exceptions.clone();
            exceptions.time_off.push(away.span);
            Ok(Decision::of_exceptions(seen, exceptions, ExceptionChange::TimeOff(away.clone()), now))
        })?;
        Ok((away, changed))
    }
}
