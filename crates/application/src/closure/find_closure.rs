//! One closure.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Closure, ClosureId, Role};
use doctor_booking_ports::{Closures, Unavailable};

/// Finds a closure.
#[derive(Clone)]
pub struct FindClosure {
    closures: Arc<dyn Closures>,
}

impl FindClosure {
    /// The use case over this port.
    pub fn new(closures: Arc<dyn Closures>) -> Self {
        Self { closures }
    }

    /// The closure with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, id: ClosureId) -> Result<Option<Closure>, Unavailable> {
        let Role::Administrator = actor.role;
        self.closures.find(id)
    }
}
