//! What a decision about a doctor's time needs.

use doctor_booking_domain::{Calendar, DoctorId, Span};
use doctor_booking_ports::{Calendars, Snapshot, Unavailable};

use crate::MemoryStore;
use crate::occupancy::Subject;

/// [`Calendars`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryCalendars(MemoryStore);

impl MemoryCalendars {
    /// The calendars of the doctors in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Calendars for MemoryCalendars {
    fn load(&self, doctor: DoctorId, during: Span) -> Result<Option<Snapshot>, Unavailable> {
        let state = self.0.lock();
        Ok(state.doctors.get(&doctor).map(|found| {
            let busy = state.occupancy.during(Subject::Doctor(doctor), during);
            Snapshot { calendar: Calendar::new(doctor, found.rules().clone(), busy), rules: found.revision() }
        }))
    }
}
