//! A doctor is not away after all.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, DoctorId, Entry, TimeOff, TimeOffId, What};
use doctor_booking_ports::{Calendars, Clock, Doctors, ExceptionChange, Ids, Unavailable};
use thiserror::Error;

use crate::rules_change::{ChangeRules, Decision};
use crate::{ChangeOptions, ChangeRulesError, Gate, Resource, RulesChanged};

/// The doctor has no such time off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the doctor has no such time off")]
pub struct UnknownTimeOff;

/// Removes time off.
#[derive(Clone)]
pub struct RemoveTimeOff {
    gate: Gate,
    rules: ChangeRules,
    calendars: Arc<dyn Calendars>,
}

impl RemoveTimeOff {
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
        if !self.gate.admit(actor, Action::ChangeHours, Resource::OfDoctor(doctor))? {
            return Err(ChangeRulesError::UnknownDoctor);
        }
        let there = self.find(doctor, id)?;
        let changed = self.rules.make(actor, doctor, options, |seen, making| {
            let away = there.as_ref().ok_or(UnknownTimeOff)?;
            let exceptions = seen.exceptions.clone().without_time_off(away.span);
            let zone = &seen.doctor.rules().zone;
            let entry = Entry::time_off(making.entry, What::TimeOffRemoved, away, zone, &making.by);
            Ok(Decision::of_exceptions(seen, exceptions, ExceptionChange::NoTimeOff(id), entry))
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
