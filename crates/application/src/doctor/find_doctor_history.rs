//! What has happened to a doctor's rules.

use std::sync::Arc;

use doctor_booking_domain::{Actor, DoctorId, Entry, Role};
use doctor_booking_ports::{Doctors, EntryPosition, History, Page, PageRequest, Unavailable};

/// Tells what has happened to a doctor's rules.
#[derive(Clone)]
pub struct FindDoctorHistory {
    doctors: Arc<dyn Doctors>,
    history: Arc<dyn History>,
}

impl FindDoctorHistory {
    /// The use case over these ports.
    pub fn new(doctors: Arc<dyn Doctors>, history: Arc<dyn History>) -> Self {
        Self { doctors, history }
    }

    /// Everything that has happened to a doctor's hours, overrides, time off and what else is known, from the beginning,
    /// a page at a time; `None` when there is no such doctor.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        id: DoctorId,
        page: &PageRequest<EntryPosition>,
    ) -> Result<Option<Page<Entry, EntryPosition>>, Unavailable> {
        let Role::Administrator = actor.role;
        let there = self.doctors.find(id)?;
        there.map(|_| self.history.of_doctor(id, page)).transpose()
    }
}
