//! The door of every use case: nobody goes through who may not, and what has to be known later is written down.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, AuditEntry, Concerned, Outcome};
use doctor_booking_ports::{AuditLog, Clock, Ids, Unavailable};
use thiserror::Error;

use super::authorize::{Denied, Resource, Scope, authorize, scope};

/// Why a question was not answered.
#[derive(Debug, Error)]
pub enum AccessError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Lets those through who may do something, and writes into the audit log who was not let, and who has seen something of
/// a patient's. What cannot be written down does not happen.
#[derive(Clone)]
pub struct Gate {
    audit: Arc<dyn AuditLog>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Gate {
    /// The gate over these ports.
    pub fn new(audit: Arc<dyn AuditLog>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { audit, clock, ids }
    }

    /// Lets through who may do something on the whole hospital.
    pub(crate) fn require(&self, actor: &Actor, action: Action) -> Result<(), AccessError> {
        if self.admit(actor, action, Resource::Hospital)? { Ok(()) } else { Err(AccessError::Forbidden) }
    }

    /// Whether the actor may do something on what is there; `false`: it has to be as if it were not.
    pub(crate) fn admit(&self, actor: &Actor, action: Action, on: Resource) -> Result<bool, AccessError> {
        let Err(denied) = authorize(actor, action, on) else { return Ok(true) };
        self.record(actor, (action, Outcome::Refused), [on.concerned()])?;
        match denied {
            Denied::Hidden => Ok(false),
            Denied::Forbidden => Err(AccessError::Forbidden),
        }
    }

    /// What was found, if the actor may do something on it.
    ///
    /// Where nothing was found, that is written down too if the actor would only see his or her own: else the time it
    /// takes would tell the two apart.
    pub(crate) fn pass<T>(&self, actor: &Actor, action: Action, found: Option<T>) -> Result<Option<T>, AccessError>
    where
        for<'a> Resource: From<&'a T>,
    {
        let on = found.as_ref().map_or(Resource::Absent, Resource::from);
        Ok(if self.admit(actor, action, on)? { found } else { None })
    }

    /// What of a list the actor may see.
    pub(crate) fn scope(&self, actor: &Actor, action: Action) -> Result<Scope, AccessError> {
        if let Ok(scope) = scope(actor, action) {
            return Ok(scope);
        }
        self.record(actor, (action, Outcome::Refused), [Concerned::default()])?;
        Err(AccessError::Forbidden)
    }

    /// Writes down that the actor sees something of patients'.
    pub(crate) fn seen(
        &self,
        actor: &Actor,
        action: Action,
        what: impl IntoIterator<Item = Resource>,
    ) -> Result<(), AccessError> {
        Ok(self.record(actor, (action, Outcome::Seen), what.into_iter().map(Resource::concerned))?)
    }

    /// Bits that nobody can guess.
    pub(crate) fn secret(&self) -> [u8; 32] {
        self.ids.secret()
    }

    pub(crate) fn record(
        &self,
        actor: &Actor,
        did: (Action, Outcome),
        concerned: impl IntoIterator<Item = Concerned>,
    ) -> Result<(), Unavailable> {
        let at = self.clock.now();
        let entry = |concerned| AuditEntry::of(actor, self.ids.entry(), at, did, concerned);
        let entries: Vec<_> = concerned.into_iter().map(entry).collect();
        if !entries.is_empty() {
            self.audit.record(&entries)?;
        }
        Ok(())
    }
}
