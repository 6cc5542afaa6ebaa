//! Whether the service can answer.

use std::sync::Arc;

use doctor_booking_ports::{Health, Unavailable};

/// Tells whether the store is there. Anybody may ask.
#[derive(Clone)]
pub struct CheckHealth {
    health: Arc<dyn Health>,
}

impl CheckHealth {
    /// The use case over this port.
    pub fn new(health: Arc<dyn Health>) -> Self {
        Self { health }
    }

    /// Asks the store.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when it cannot answer.
    pub fn execute(&self) -> Result<(), Unavailable> {
        self.health.check()
    }
}
