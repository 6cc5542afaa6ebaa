//! The whole hospital will be closed.

use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Action, Actor, Closure, ClosureName};
use doctor_booking_ports::{Clock, ClosureStep, Closures, Ids};

use super::closure_change::{ChangeClosureError, ClosureChanged, change_closure};
use crate::{ChangeOptions, Gate, Once};

/// A closure to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClosure {
    /// The date.
    pub date: NaiveDate,
    /// What it is called.
    pub name: ClosureName,
}

/// Enters a closure.
#[derive(Clone)]
pub struct AddClosure {
    gate: Gate,
    closures: Arc<dyn Closures>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl AddClosure {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, closures: Arc<dyn Closures>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { gate, closures, clock, ids }
    }

    /// Closes the whole hospital on a date. `options.expected` has no meaning here.
    ///
    /// # Errors
    ///
    /// [`ChangeClosureError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        new: NewClosure,
        options: ChangeOptions,
        once: Option<&Once<'_, ClosureChanged>>,
    ) -> Result<ClosureChanged, ChangeClosureError> {
        self.gate.require(actor, Action::ChangeClosures)?;
        let NewClosure { date, name } = new;
        let closure = Closure { id: self.ids.closure(), date, name, created_at: self.clock.now() };
        let ports = (&self.gate, &*self.closures, &*self.clock, &*self.ids);
        change_closure(ports, actor, &ClosureStep::Add(closure), options, once)
    }
}
