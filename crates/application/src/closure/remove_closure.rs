//! The hospital is open after all.

use std::sync::Arc;

use doctor_booking_domain::{Actor, ClosureId};
use doctor_booking_ports::{Clock, ClosureStep, Closures};

use super::closure_change::{ChangeClosureError, ClosureChanged, change_closure};
use crate::ChangeOptions;

/// Removes a closure.
#[derive(Clone)]
pub struct RemoveClosure {
    closures: Arc<dyn Closures>,
    clock: Arc<dyn Clock>,
}

impl RemoveClosure {
    /// The use case over these ports.
    pub fn new(closures: Arc<dyn Closures>, clock: Arc<dyn Clock>) -> Self {
        Self { closures, clock }
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
        let Actor::Administrator = actor;
        let closure = self.closures.find(id)?.ok_or(ChangeClosureError::UnknownClosure)?;
        match change_closure(&*self.closures, &*self.clock, &ClosureStep::Remove(closure), options) {
            // What was there at first somebody else has removed.
            Err(ChangeClosureError::Contended) if self.closures.find(id)?.is_none() => {
                Err(ChangeClosureError::UnknownClosure)
            }
            changed => changed,
        }
    }
}
