//! Everybody who waits.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Waiting, WaitingId};
use doctor_booking_ports::{Page, PageRequest, WaitingFilter, Waitlist};

use crate::{AccessError, Gate, Scope};

/// Lists those who wait.
#[derive(Clone)]
pub struct ListWaitlist {
    gate: Gate,
    waitlist: Arc<dyn Waitlist>,
}

impl ListWaitlist {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, waitlist: Arc<dyn Waitlist>) -> Self {
        Self { gate, waitlist }
    }

    /// The places that pass the filter, in the order in which they were entered, a page at a time.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &WaitingFilter,
        page: &PageRequest<WaitingId>,
    ) -> Result<Page<Waiting, WaitingId>, AccessError> {
        let filter = match self.gate.scope(actor, Action::Wait)? {
            Scope::OfPatient(own) if filter.patient.is_none_or(|wanted| wanted == own) => {
                WaitingFilter { patient: Some(own), ..*filter }
            }
            // Doctors do not see who waits.
            Scope::OfPatient(_) | Scope::OfDoctor(_) => return Ok(Page { items: vec![], next: None }),
            Scope::All => *filter,
        };
        Ok(self.waitlist.list(&filter, page)?)
    }
}
