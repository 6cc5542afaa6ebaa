//! Another name or other terms for a kind of visit.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, NoticeBeyondHorizon, Revision, VisitType, VisitTypeAmendment, VisitTypeId};
use doctor_booking_ports::{Clock, SaveError, Unavailable, VisitTypes};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::{ATTEMPTS, Gate};

/// Why a visit type was not amended.
#[derive(Debug, Error)]
pub enum AmendVisitTypeError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such visit type.
    #[error("there is no such visit type")]
    UnknownVisitType,
    /// The visit type no longer has the expected revision.
    #[error("the visit type has changed in the meantime")]
    Changed,
    /// It could never be booked.
    #[error(transparent)]
    NoticeBeyondHorizon(#[from] NoticeBeyondHorizon),
    /// Others changed the same again and again.
    #[error("others changed the same again and again")]
    Contended,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(AmendVisitTypeError);

/// Amends a visit type.
#[derive(Clone)]
pub struct AmendVisitType {
    gate: Gate,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
}

impl AmendVisitType {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, visit_types: Arc<dyn VisitTypes>, clock: Arc<dyn Clock>) -> Self {
        Self { gate, visit_types, clock }
    }

    /// Amends a visit type, only at the revision `expected` if that is given. Bookings there are keep what was agreed.
    ///
    /// # Errors
    ///
    /// [`AmendVisitTypeError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        id: VisitTypeId,
        amendment: &VisitTypeAmendment,
        expected: Option<Revision>,
    ) -> Result<VisitType, AmendVisitTypeError> {
        self.gate.require(actor, Action::ChangeVisitTypes)?;
        for _ in 0..ATTEMPTS {
            let before = self.visit_types.find(id)?.ok_or(AmendVisitTypeError::UnknownVisitType)?;
            if expected.is_some_and(|expected| expected != before.revision()) {
                return Err(AmendVisitTypeError::Changed);
            }
            let visit_type = before.amended(amendment.clone(), self.clock.now())?;
            match self.visit_types.save(&visit_type, before.revision()) {
                Ok(()) => return Ok(visit_type),
                // No request of this kind is kept, so none has been answered already.
                Err(SaveError::Stale | SaveError::Answered) => {} // someone else was faster: look again
                Err(SaveError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(AmendVisitTypeError::Contended)
    }
}
