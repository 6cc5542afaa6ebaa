//! What has happened, from a position on.

use std::sync::Arc;

use doctor_booking_domain::{Actor, Role};
use doctor_booking_ports::{Event, Events, Limit, Unavailable};

/// Follows what happens.
#[derive(Clone)]
pub struct FollowEvents {
    events: Arc<dyn Events>,
}

impl FollowEvents {
    /// The use case over this port.
    pub fn new(events: Arc<dyn Events>) -> Self {
        Self { events }
    }

    /// The events after a position, in order, as many as the limit says at most.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, actor: &Actor, after: i64, limit: Limit) -> Result<Vec<Event>, Unavailable> {
        let Role::Administrator = actor.role;
        self.events.after(after, limit)
    }

    /// The position of the last event there is, from which on to follow what will happen.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn last(&self) -> Result<i64, Unavailable> {
        self.events.last()
    }

    /// Publishes what was written since, all of it; how many events.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn publish(&self) -> Result<usize, Unavailable> {
        let mut all = 0;
        loop {
            let some = self.events.publish()?;
            all += some;
            if some == 0 {
                return Ok(all);
            }
        }
    }
}
