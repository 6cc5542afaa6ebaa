//! A kind of visit that nobody can book any more.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Revision, VisitType, VisitTypeId};
use doctor_booking_ports::{Clock, SaveError, Unavailable, VisitTypes};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::{ATTEMPTS, Gate};

/// Why a visit type was not retired.
#[derive(Debug, Error)]
pub enum RetireVisitTypeError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such visit type.
    #[error("there is no such visit type")]
    UnknownVisitType,
    /// The visit type no longer has the expected revision.
    #[error("the visit type has changed in the meantime")]
    Changed,
    /// Others changed the same again and again.
    #[error("others changed the same again and again")]
    Contended,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(RetireVisitTypeError);

/// Retires a visit type.
#[derive(Clone)]
pub struct RetireVisitType {
    gate: Gate,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
}

impl RetireVisitType {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, visit_types: Arc<dyn VisitTypes>, clock: Arc<dyn Clock>) -> Self {
        Self { gate, visit_types, clock }
    }

    /// Retires a visit type, only at the revision `expected` if that is given: no new bookings, old ones keep it. One
    /// that is retired already stays as it is.
    ///
    /// # Errors
    ///
    /// [`RetireVisitTypeError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: VisitTypeId,
        expected: Option<Revision>,
    ) -> Result<VisitType, RetireVisitTypeError> {
        self.gate.require(actor, Action::ChangeVisitTypes)?;
        for _ in 0..ATTEMPTS {
            let before = self.visit_types.find(id)?.ok_or(RetireVisitTypeError::UnknownVisitType)?;
            if expected.is_some_and(|expected| expected != before.revision()) {
                return Err(RetireVisitTypeError::Changed);
            }
            let Some(retired) = before.retired(self.clock.now()) else { return Ok(before) };
            match self.visit_types.save(&retired, before.revision()) {
                Ok(()) => return Ok(retired),
                // No request of this kind is kept, so none has been answered already.
                Err(SaveError::Stale | SaveError::Answered) => {} // someone else was faster: look again
                Err(SaveError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(RetireVisitTypeError::Contended)
    }
}
