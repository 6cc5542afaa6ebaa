//! The hospital is open after all.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, ClosureId};
use doctor_booking_ports::{Clock, ClosureStep, Closures, Ids};

use super::closure_change::{ChangeClosureError, ClosureChanged, change_closure};
use crate::{ChangeOptions, Gate};

/// Removes a closure.
#[derive(Clone)]
pub struct RemoveClosure {
    gate: Gate,
    closures: Arc<dyn Closures>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl RemoveClosure {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, closures: Arc<dyn Closures>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { gate, closures, clock, ids }
    }

    /// Removes a closure. `options.expected` has no meaning here.
    ///
    /// # Errors
    ///
    /// [`ChangeClosureError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: ClosureId,
        options: ChangeOptions,
    ) -> Result<ClosureChanged, ChangeClosureError> {
        self.gate.require(actor, Action::ChangeClosures)?;
        let closure = self.closures.find(id)?.ok_or(ChangeClosureError::UnknownClosure)?;
        let ports = (&self.gate, &*self.closures, &*self.clock, &*self.ids);
        match change_closure(ports, actor, &ClosureStep::Remove(closure), options, None) {
            // What was there at first somebody else has removed.
            Err(ChangeClosureError::Contended) if self.closures.find(id)?.is_none() => {
                Err(ChangeClosureError::UnknownClosure)
            }
            changed => changed,
        }
    }
}
