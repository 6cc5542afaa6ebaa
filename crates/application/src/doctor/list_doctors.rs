//! Many doctors.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Doctor};
use doctor_booking_ports::{DoctorFilter, DoctorPosition, Doctors, Page, PageRequest};

use crate::{AccessError, Gate};

/// Lists and searches doctors.
#[derive(Clone)]
pub struct ListDoctors {
    gate: Gate,
    doctors: Arc<dyn Doctors>,
}

impl ListDoctors {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>) -> Self {
        Self { gate, doctors }
    }

    /// The doctors that pass the filter, by name, a page at a time.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &DoctorFilter,
        page: &PageRequest<DoctorPosition>,
    ) -> Result<Page<Doctor, DoctorPosition>, AccessError> {
        self.gate.require(actor, Action::ReadDoctors)?;
        Ok(self.doctors.list(filter, page)?)
    }
}
