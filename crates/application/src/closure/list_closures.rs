//! All closures.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Closure, Role};
use doctor_booking_ports::{ClosurePosition, Closures, Page, PageRequest, Unavailable};

/// Lists closures.
#[derive(Clone)]
pub struct ListClosures {
    closures: Arc<dyn Closures>,
}

impl ListClosures {
    /// The use case over this port.
    pub fn new(closures: Arc<dyn Closures>) -> Self {
        Self { closures }
    }

    /// All closures, by date, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(
        &self,
        actor: &Actor,
        page: &PageRequest<ClosurePosition>,
    ) -> Result<Page<Closure, ClosurePosition>, Unavailable> {
        let Role::Administrator = actor.role;
        self.closures.list(page)
    }
}
