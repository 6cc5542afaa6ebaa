//! Patients.

use doctor_booking_domain::{Patient, PatientId, Revision};
use doctor_booking_ports::{AddError, Along, Page, PageRequest, PatientFilter, Patients, SaveError, Unavailable};

use crate::MemoryStore;
use crate::page::page;
use crate::store::insert;

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
        let PatientFilter { name } = filter;
        let state = self.0.lock();
        let wanted = state
            .patients
            .values()
            .filter(|patient| name.as_ref().is_none_or(|name| patient.details().name.key().matches(name)));
        Ok(page(wanted, request, Patient::id))
    }

    fn save(&self, patient: &Patient, seen: Revision) -> Result<(), SaveError> {
        let mut state = self.0.lock();
        let stored = state.patients.get_mut(&patient.id()).filter(|stored| stored.revision() == seen);
        *stored.ok_or(SaveError::Stale)? = patient.clone();
        Ok(())
    }
}
