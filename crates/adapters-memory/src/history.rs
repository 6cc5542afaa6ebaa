//! What has happened.

use doctor_booking_domain::{BookingId, DoctorId, Entry, What};
use doctor_booking_ports::{EntryPosition, History, Page, PageRequest, Unavailable};

use crate::MemoryStore;
use crate::page::page;

/// [`History`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryHistory(MemoryStore);

impl MemoryHistory {
    /// What has happened in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl History for MemoryHistory {
    fn of_booking(
        &self,
        booking: BookingId,
        request: &PageRequest<EntryPosition>,
    ) -> Result<Page<Entry, EntryPosition>, Unavailable> {
        let state = self.0.lock();
        let wanted = state.history.iter().filter(|entry| entry.booking == Some(booking));
        Ok(page(wanted, request, |entry| EntryPosition::from(entry)))
    }

    fn of_doctor(
        &self,
        doctor: DoctorId,
        request: &PageRequest<EntryPosition>,
    ) -> Result<Page<Entry, EntryPosition>, Unavailable> {
        let state = self.0.lock();
        let is_hold = |what| matches!(what, What::HoldCreated | What::HoldReleased);
        let is_own = |entry: &&Entry| entry.doctor == Some(doctor) && entry.patient.is_none() && !is_hold(entry.what);
        let wanted = state.history.iter().filter(is_own);
        Ok(page(wanted, request, |entry| EntryPosition::from(entry)))
    }
}
