//! A new kind of visit.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, NoticeBeyondHorizon, Terms, VisitType, VisitTypeName};
use doctor_booking_ports::{AddError, Along, Clock, Ids, Unavailable, VisitTypes};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::{Gate, Once};

/// A visit type to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVisitType {
    /// What it is called.
    pub name: VisitTypeName,
    /// How it can be booked.
    pub terms: Terms,
}

/// Why a visit type was not entered.
#[derive(Debug, Error)]
pub enum AddVisitTypeError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// It could never be booked.
    #[error(transparent)]
    NoticeBeyondHorizon(#[from] NoticeBeyondHorizon),
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(AddVisitTypeError);

impl From<AddError> for AddVisitTypeError {
    fn from(error: AddError) -> Self {
        match error {
            AddError::Answered => Self::Answered,
            AddError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

/// Enters a visit type.
#[derive(Clone)]
pub struct AddVisitType {
    gate: Gate,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl AddVisitType {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, visit_types: Arc<dyn VisitTypes>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { gate, visit_types, clock, ids }
    }

    /// Enters a visit type, which every doctor then offers who offers all.
    ///
    /// # Errors
    ///
    /// [`AddVisitTypeError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        new: NewVisitType,
        once: Option<&Once<'_, VisitType>>,
    ) -> Result<VisitType, AddVisitTypeError> {
        self.gate.require(actor, Action::ChangeVisitTypes)?;
        let now = self.clock.now();
        let visit_type = VisitType::new(self.ids.visit_type(), new.name, new.terms, now)?;
        let answer = once.map(|once| once.answer(&visit_type, now));
        self.visit_types.add(&visit_type, &Along { history: vec![], answer })?;
        Ok(visit_type)
    }
}
