//! Another name, specialty, zone or slot length; a doctor who takes bookings no longer, or again.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, DoctorAmendment, DoctorId, OfferedTypes, VisitTypeId};
use doctor_booking_ports::{Clock, Doctors, Ids, Unavailable, VisitTypes};
use thiserror::Error;

use crate::rules_change::{ChangeRules, Decision};
use crate::{ChangeOptions, ChangeRulesError, Gate, Resource, RulesChanged};

/// There are no such visit types, so no doctor can offer them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there are no such visit types")]
pub struct UnknownVisitTypes(pub Vec<VisitTypeId>);

/// Amends what is known about a doctor.
#[derive(Clone)]
pub struct AmendDoctor {
    gate: Gate,
    rules: ChangeRules,
    visit_types: Arc<dyn VisitTypes>,
}

impl AmendDoctor {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        doctors: Arc<dyn Doctors>,
        visit_types: Arc<dyn VisitTypes>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { rules: ChangeRules::new(gate.clone(), doctors, clock, ids), gate, visit_types }
    }

    /// Amends a doctor. Another zone, or a doctor who takes no bookings, can leave bookings outside working hours.
    ///
    /// # Errors
    ///
    /// [`ChangeRulesError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: DoctorId,
        amendment: &DoctorAmendment,
        options: ChangeOptions,
    ) -> Result<RulesChanged, ChangeRulesError<UnknownVisitTypes>> {
        // When a doctor can be booked is the doctor's own business; what he or she is called is no secret to any of them.
        let action = if amendment.changes_rules() { Action::ChangeHours } else { Action::AmendDoctors };
        if !self.gate.admit(actor, action, Resource::OfDoctor(id))? {
            return Err(ChangeRulesError::Forbidden);
        }
        // Types are never removed, so what is there now stays.
        let unknown = self.unknown(amendment.visit_types.as_ref())?;
        self.rules.make(actor, id, options, |seen, making| {
            if !unknown.is_empty() {
                return Err(UnknownVisitTypes(unknown.clone()));
            }
            Ok(Decision::of_doctor(seen.doctor.amended(amendment.clone(), making.by.at), seen, making))
        })
    }

    /// Those of the types that are not there.
    fn unknown(&self, offered: Option<&OfferedTypes>) -> Result<Vec<VisitTypeId>, Unavailable> {
        let Some(OfferedTypes::Only(wanted)) = offered else { return Ok(vec![]) };
        let wanted: Vec<_> = wanted.iter().copied().collect();
        let found = self.visit_types.find_all(&wanted)?;
        let is_unknown = |id: &VisitTypeId| found.iter().all(|found| found.id() != *id);
        Ok(wanted.into_iter().filter(is_unknown).collect())
    }
}
