//! What has happened, from a position on.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Audience, EntryId};
use doctor_booking_ports::{Event, Events, Limit, Unavailable};

use crate::{AccessError, Gate, Resource, Scope};

/// Follows what happens.
#[derive(Clone)]
pub struct FollowEvents {
    gate: Gate,
    events: Arc<dyn Events>,
}

impl FollowEvents {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, events: Arc<dyn Events>) -> Self {
        Self { gate, events }
    }

    /// As whom the actor may follow what happens.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn audience(&self, actor: &Actor) -> Result<Audience, AccessError> {
        let scope = self.gate.scope(actor, Action::FollowEvents)?;
        let (audience, whose) = match scope {
            Scope::All => (Audience::Everybody, Resource::Hospital),
            Scope::OfDoctor(id) => (Audience::Doctor(id), Resource::OfDoctor(id)),
            Scope::OfPatient(id) => (Audience::Patient(id), Resource::of_patient(id)),
        };
        // What comes is not written down one by one: that it is followed tells that all of it is seen.
        self.gate.seen(actor, Action::FollowEvents, [whose])?;
        Ok(audience)
    }

    /// The events after a position of which the audience may know, in order, as many as the limit says at most.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn after(&self, position: i64, audience: Audience, limit: Limit) -> Result<Vec<Event>, Unavailable> {
        self.events.after(position, audience, limit)
    }

    /// The position of the event that tells of an entry of the history.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn position_of(&self, entry: EntryId) -> Result<Option<i64>, Unavailable> {
        self.events.position_of(entry)
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
