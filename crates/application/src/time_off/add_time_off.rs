//! A doctor will be away.

use std::convert::Infallible;
use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, DoctorId, Entry, Reason, Span, TimeOff, What};
use doctor_booking_ports::{Clock, Doctors, ExceptionChange, Ids, Outlook};

use crate::rules_change::{ChangeRules, Decision, Making};
use crate::{ChangeOptions, ChangeRulesError, Gate, Once, Resource, RulesChanged};

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
    gate: Gate,
    rules: ChangeRules,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl AddTimeOff {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        let rules = ChangeRules::new(gate.clone(), doctors, Arc::clone(&clock), Arc::clone(&ids));
        Self { gate, rules, clock, ids }
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
        once: Option<&Once<'_, (TimeOff, RulesChanged)>>,
    ) -> Result<(TimeOff, RulesChanged), ChangeRulesError<Infallible>> {
        if !self.gate.admit(actor, Action::ChangeHours, Resource::OfDoctor(new.doctor))? {
            return Err(ChangeRulesError::UnknownDoctor);
        }
        let away = TimeOff {
            id: self.ids.time_off(),
            doctor: new.doctor,
            span: new.span,
            reason: new.reason.clone(),
            created_at: self.clock.now(),
        };
        let decide = |seen: &Outlook, making: &Making| {
            let mut exceptions = seen.exceptions.clone();
            exceptions.time_off.push(away.span);
            let zone = &seen.doctor.rules().zone;
            let entry = Entry::time_off(making.entry, What::TimeOffAdded, &away, zone, &making.by);
            Ok(Decision::of_exceptions(seen, exceptions, ExceptionChange::TimeOff(away.clone()), entry))
        };
        let answer = |changed: &RulesChanged, now| once.map(|once| once.answer(&(away.clone(), changed.clone()), now));
        let changed = self.rules.make_once(actor, new.doctor, options, decide, answer)?;
        Ok((away, changed))
    }
}
