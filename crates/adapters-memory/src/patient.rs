//! Patients.

use doctor_booking_domain::{DoctorId, Patient, PatientId, Revision};
use doctor_booking_ports::{AddError, Along, Page, PageRequest, PatientFilter, Patients, SaveError, Unavailable};

use crate::MemoryStore;
use crate::page::page;
use crate::store::{State, insert};

/// [`Patients`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryPatients(MemoryStore);

impl MemoryPatients {
    /// The patients in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Patients for MemoryPatients {
    fn add(&self, patient: &Patient, along: &Along) -> Result<(), AddError> {
        let mut state = self.0.lock();
        state.is_new(along)?;
        insert(&mut state.patients, "patients", patient.id(), patient.clone())?;
        state.write(along);
        Ok(())
    }

    fn find(&self, id: PatientId) -> Result<Option<Patient>, Unavailable> {
        Ok(self.0.lock().patients.get(&id).cloned())
    }

    fn list(
        &self,
        filter: &PatientFilter,
        request: &PageRequest<PatientId>,
    ) -> Result<Page<Patient, PatientId>, Unavailable> {
        let PatientFilter { name, only, seen_by } = filter;
        let state = self.0.lock();
        let wanted = state.patients.values().filter(|patient| {
            name.as_ref().is_none_or(|name| patient.details().name.key().matches(name))
                && only.is_none_or(|only| only == patient.id())
                && seen_by.is_none_or(|doctor| state.is_seen_by(patient.id(), doctor))
        });
        Ok(page(wanted, request, Patient::id))
    }

    fn is_seen_by(&self, id: PatientId, doctor: DoctorId) -> Result<bool, Unavailable> {
        Ok(self.0.lock().is_seen_by(id, doctor))
    }

    fn save(&self, patient: &Patient, seen: Revision) -> Result<(), SaveError> {
        let mut state = self.0.lock();
        let stored = state.patients.get_mut(&patient.id()).filter(|stored| stored.revision() == seen);
        *stored.ok_or(SaveError::Stale)? = patient.clone();
        Ok(())
    }
}

impl State {
    /// Whether the patient has a booking with the doctor.
    fn is_seen_by(&self, patient: PatientId, doctor: DoctorId) -> bool {
        self.bookings.values().any(|booking| booking.parts().patient == patient && booking.doctor() == doctor)
    }
}
