//! Another name, specialty, zone or slot length; a doctor who takes bookings no longer, or again.

use std::convert::Infallible;
use std::sync::Arc;

use doctor_booking_domain::{Actor, DoctorAmendment, DoctorId};
use doctor_booking_ports::{Clock, Doctors};

use crate::rules_change::{Decision, change_rules};
use crate::{ChangeOptions, ChangeRulesError, RulesChanged};

/// Amends what is known about a doctor.
#[derive(Clone)]
pub struct AmendDoctor {
    doctors: Arc<dyn Doctors>,
    clock: Arc<dyn Clock>,
}

impl AmendDoctor {
    /// The use case over these ports.
    pub fn new(doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>) -> Self {
        Self { doctors, clock }
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
    ) -> Result<RulesChanged, ChangeRulesError<Infallible>> {
        let Actor::Administrator = actor;
        change_rules(&*self.doctors, &*self.clock, id, options, |seen, now| {
            Ok(Decision::of_doctor(seen.doctor.amended(amendment.clone(), now), seen))
        })
    }
}
