//! A slot that need not be kept any longer.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Author, Entry, HoldId, What};
use doctor_booking_ports::{Along, Clock, Holds, Ids};

use crate::{AccessError, Gate};

/// Gives a hold back.
#[derive(Clone)]
pub struct ReleaseHold {
    gate: Gate,
    holds: Arc<dyn Holds>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl ReleaseHold {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, holds: Arc<dyn Holds>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { gate, holds, clock, ids }
    }

    /// Gives the caller's hold back; whether the caller had it and it was live. Its slot is free again.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: HoldId) -> Result<bool, AccessError> {
        let now = self.clock.now();
        let there = self.holds.find(id)?.filter(|hold| hold.is_live(now));
        let Some(hold) = self.gate.pass(actor, Action::Hold, there)? else { return Ok(false) };
        let by = Author { who: actor.into(), at: now, why: None };
        let entry = Entry::hold(self.ids.entry(), What::HoldReleased, &hold, &by);
        Ok(self.holds.release(id, &Along::entry(entry))?)
    }
}
