//! The whole hospital will be closed.

use std::sync::Arc;

use chrono::NaiveDate;
use doctor_booking_domain::{Actor, Closure, ClosureName, Role};
use doctor_booking_ports::{Clock, ClosureStep, Closures, Ids};

use super::closure_change::{ChangeClosureError, ClosureChanged, change_closure};
use crate::{ChangeOptions, Once};

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
    closures: Arc<dyn Closures>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl AddClosure {
    /// The use case over these ports.
    pub fn new(closures: Arc<dyn Closures>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { closures, clock, ids }
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
        let Role::Administrator = actor.role;
        let NewClosure { date, name } = new;
        let closure = Closure { id: self.ids.closure(), date, name, created_at: self.clock.now() };
        let ports = (&*self.closures, &*self.clock, &*self.ids);
        change_closure(ports, actor, &ClosureStep::Add(closure), options, once)
    }
}
