//! What is kept, and the lock around it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doctor_booking_domain::{
    Booking, BookingId, Closure, ClosureId, Doctor, DoctorId, Overrides, Patient, PatientId, TimeOff, TimeOffId,
    VisitType, VisitTypeId,
};
use doctor_booking_ports::{Stores, Unavailable};

use crate::occupancy::Occupancy;
use crate::{
    MemoryBookings, MemoryCalendars, MemoryClosures, MemoryDoctors, MemoryHealth, MemoryPatients, MemoryVisitTypes,
};

/// A store in memory, empty at first. Clones share what is in it; it is gone with the last of them.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<State>>);

/// Everything that is kept.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) doctors: BTreeMap<DoctorId, Doctor>,
    pub(crate) overrides: BTreeMap<DoctorId, Overrides>,
    pub(crate) time_off: BTreeMap<TimeOffId, TimeOff>,
    pub(crate) closures: BTreeMap<ClosureId, Closure>,
    pub(crate) visit_types: BTreeMap<VisitTypeId, VisitType>,
    pub(crate) patients: BTreeMap<PatientId, Patient>,
    pub(crate) bookings: BTreeMap<BookingId, Booking>,
    /// What live bookings occupy.
    pub(crate) occupancy: Occupancy,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All ports of this store.
    #[must_use]
    pub fn stores(&self) -> Stores {
        Stores {
            doctors: Arc::new(MemoryDoctors::new(self)),
            patients: Arc::new(MemoryPatients::new(self)),
            calendars: Arc::new(MemoryCalendars::new(self)),
            visit_types: Arc::new(MemoryVisitTypes::new(self)),
            closures: Arc::new(MemoryClosures::new(self)),
            bookings: Arc::new(MemoryBookings::new(self)),
            health: Arc::new(MemoryHealth::new(self)),
        }
    }

    /// What is kept, for one call. Nothing between the first and the last write of a call can panic, so what a
    /// panicking thread leaves is whole.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts something new into a table, as a primary key would: never in the place of something else.
pub(crate) fn insert<K: Ord + ToString, V>(
    table: &mut BTreeMap<K, V>,
    name: &'static str,
    key: K,
    value: V,
) -> Result<(), Unavailable> {
    match table.entry(key) {
        Entry::Vacant(place) => {
            place.insert(value);
            Ok(())
        }
        Entry::Occupied(taken) => Err(Unavailable::inconsistent(name, taken.key(), "it is there already")),
    }
}
