//! Many doctors.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Doctor, Role};
use doctor_booking_ports::{DoctorFilter, DoctorPosition, Doctors, Page, PageRequest, Unavailable};

/// Lists and searches doctors.
#[derive(Clone)]
pub struct ListDoctors {
    doctors: Arc<dyn Doctors>,
}

impl ListDoctors {
    /// The use case over this port.
    pub fn new(doctors: Arc<dyn Doctors>) -> Self {
        Self { doctors }
    }

    /// The doctors that pass the filter, by name, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &DoctorFilter,
        page: &PageRequest<DoctorPosition>,
    ) -> Result<Page<Doctor, DoctorPosition>, Unavailable> {
        let Role::Administrator = actor.role;
        self.doctors.list(filter, page)
    }
}
