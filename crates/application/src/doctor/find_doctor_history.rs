//! What has happened to a doctor's rules.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, DoctorId, Entry};
use doctor_booking_ports::{Doctors, EntryPosition, History, Page, PageRequest};

use crate::{AccessError, Gate, Resource};

/// Tells what has happened to a doctor's rules.
#[derive(Clone)]
pub struct FindDoctorHistory {
    gate: Gate,
    doctors: Arc<dyn Doctors>,
    history: Arc<dyn History>,
}

impl FindDoctorHistory {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, doctors: Arc<dyn Doctors>, history: Arc<dyn History>) -> Self {
        Self { gate, doctors, history }
    }

    /// Everything that has happened to a doctor's hours, overrides, time off and what else is known, from the beginning,
    /// a page at a time; `None` when there is no such doctor.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        id: DoctorId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Option<Page<Entry, EntryPosition>>, AccessError> {
        if !self.gate.admit(actor, Action::ReadHours, Resource::OfDoctor(id))? {
            return Ok(None);
        }
        let there = self.doctors.find(id)?;
        Ok(there.map(|_| self.history.of_doctor(id, page)).transpose()?)
    }
}
