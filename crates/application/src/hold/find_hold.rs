//! One hold.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Hold, HoldId, Role};
use doctor_booking_ports::{Clock, Holds, Unavailable};

/// Finds a hold.
#[derive(Clone)]
pub struct FindHold {
    holds: Arc<dyn Holds>,
    clock: Arc<dyn Clock>,
}

impl FindHold {
    /// The use case over these ports.
    pub fn new(holds: Arc<dyn Holds>, clock: Arc<dyn Clock>) -> Self {
        Self { holds, clock }
    }

    /// The caller's hold with this id, if there is one that is live.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: HoldId) -> Result<Option<Hold>, Unavailable> {
        let Role::Administrator = actor.role;
        let now = self.clock.now();
        Ok(self.holds.find(id)?.filter(|hold| hold.owner == actor.caller && hold.is_live(now)))
    }
}
