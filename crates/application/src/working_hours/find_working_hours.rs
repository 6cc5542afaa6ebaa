//! The hours in force on a date.

use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Action, Actor, Doctor, DoctorId, Version, Weekly};
use doctor_booking_ports::{Clock, Doctors};

use crate::{AccessError, Gate, Resource, authorize};

/// The week that is in force on a date, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursInForce {
    /// The first date on which it holds; `None`: since ever.
    pub effective_from: Option<NaiveDate>,
    /// The last date on which it holds; `None`: from then on.
    pub effective_to: Option<NaiveDate>,
    /// Its windows; none before the first version begins.
    pub weekly: Weekly,
}

impl HoursInForce {
    /// What is in force on `date`.
    #[must_use]
    pub fn on(doctor: &Doctor, date: NaiveDate) -> Self {
        let hours = &doctor.rules().hours;
        let version = hours.in_force(date);
        Self {
            effective_from: version.and_then(Version::effective_from),
            effective_to: hours.in_force_until(date),
            weekly: version.map(|version| version.weekly().clone()).unwrap_or_default(),
        }
    }

    /// Every version, the earliest first.
    #[must_use]
    pub fn all(doctor: &Doctor) -> Vec<Self> {
        let hours = &doctor.rules().hours;
        let first_date = |version: &Version| version.effective_from().unwrap_or(NaiveDate::MIN);
        hours.versions().iter().map(|version| Self::on(doctor, first_date(version))).collect()
    }
}

/// Finds a doctor's working hours.
#[derive(Clone)]
pub struct FindWorkingHours {
    gate: Gate,
    doctors: Arc<dyn Doctors>,
    clock: Arc<dyn Clock>,
}

impl FindWorkingHours {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>) -> Self {
        Self { gate, doctors, clock }
    }

    /// The hours in force on a date, by default today's at the doctor's, and the doctor.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        id: DoctorId,
        on: Option<NaiveDate>,
    ) -> Result<Option<(Doctor, HoursInForce)>, AccessError> {
        if !self.gate.admit(actor, Action::ReadHours, Resource::OfDoctor(id))? {
            return Ok(None);
        }
        Ok(self.doctors.find(id)?.map(|doctor| {
            let hours = on.map_or_else(|| self.today(&doctor), |date| HoursInForce::on(&doctor, date));
            (doctor, hours)
        }))
    }

    /// The hours of a doctor who was found already that are in force today, at the doctor's.
    #[must_use]
    pub fn today(&self, doctor: &Doctor) -> HoursInForce {
        HoursInForce::on(doctor, doctor.rules().zone.date(self.clock.now()))
    }

    /// The same for an actor: `None` where the actor must not know them.
    #[must_use]
    pub fn today_for(&self, actor: &Actor, doctor: &Doctor) -> Option<HoursInForce> {
        let may_know = authorize(actor, Action::ReadHours, Resource::OfDoctor(doctor.id())).is_ok();
        may_know.then(|| self.today(doctor))
    }
}
