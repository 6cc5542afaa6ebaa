//! Whether the store is there.

use doctor_booking_ports::{Health, Unavailable};

use crate::MemoryStore;

/// [`Health`] in memory: always well.
#[derive(Clone, Debug)]
pub struct MemoryHealth(MemoryStore);

impl MemoryHealth {
    /// The health of `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Health for MemoryHealth {
    fn check(&self) -> Result<(), Unavailable> {
        drop(self.0.lock());
        Ok(())
    }
}
