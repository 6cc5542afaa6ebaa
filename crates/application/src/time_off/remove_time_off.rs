//! A doctor is not away after all.

use std::sync::Arc;

use doctor_booking_domain::{Actor, DoctorId, TimeOff, TimeOffId};
use doctor_booking_ports::{Calendars, Clock, Doctors, ExceptionChange, Unavailable};
use thiserror::Error;

use crate::rules_change::{Decision, change_rules};
use crate::{ChangeOptions, ChangeRulesError, RulesChanged};

/// The doctor has no such time off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the doctor has no such time off")]
pub struct UnknownTimeOff;

/// Removes time off.
#[derive(Clone)]
pub struct RemoveTimeOff {
    doctors: Arc<dyn Doctors>,
    calendars: Arc<dyn Calendars>,
    clock: Arc<dyn Clock>,
}

impl RemoveTimeOff {
    /// The use case over these ports.
    pub fn new(doctors: Arc<dyn Doctors>, calendars: Arc<dyn Calendars>, clock: Arc<dyn Clock>) -> Self {
        Self { doctors, calendars, clock }
    }

    /// Removes a stretch of a doctor's time off.
    ///
    /// # Errors
    ///
    /// [`ChangeRulesError`], of [`UnknownTimeOff`] when the doctor has none of that id; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        doctor: DoctorId,
        id: TimeOffId,
        options: ChangeOptions,
    ) -> Result<RulesChanged, ChangeRulesError<UnknownTimeOff>> {
        let Actor::Administrator = actor;
        let there = self.find(doctor, id)?;
        let changed = change_rules(&*self.doctors, &*self.clock, doctor, options, |seen, now| {
            let away = there.as_ref().ok_or(UnknownTimeOff)?;
            let exceptions = seen.exceptions.clone().without_time_off(away.span);
            Ok(Decision::of_exceptions(seen, exceptions, ExceptionChange::NoTimeOff(id), now))
        });
        match changed {
            // What was there at first somebody else has removed.
            Err(ChangeRulesError::Contended) if self.find(doctor, id)?.is_none() => {
                Err(ChangeRulesError::Refused(UnknownTimeOff))
            }
            changed => changed,
        }
    }

    fn find(&self, doctor: DoctorId, id: TimeOffId) -> Result<Option<TimeOff>, Unavailable> {
        Ok(self.calendars.find_time_off(id)?.filter(|away| away.doctor == doctor))
    }
}
