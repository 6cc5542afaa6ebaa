//! Who has seen what, and who was not let in.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, AuditEntry};
use doctor_booking_ports::{AuditFilter, AuditLog, AuditPosition, Page, PageRequest};

use crate::{AccessError, Gate};

/// Lists lines of the audit log.
#[derive(Clone)]
pub struct ListAudit {
    gate: Gate,
    audit: Arc<dyn AuditLog>,
}

impl ListAudit {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, audit: Arc<dyn AuditLog>) -> Self {
        Self { gate, audit }
    }

    /// The lines that pass the filter, the latest first, a page at a time.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        page: &PageRequest<AuditPosition>,
    ) -> Result<Page<AuditEntry, AuditPosition>, AccessError> {
        self.gate.require(actor, Action::ReadAudit)?;
        Ok(self.audit.list(filter, page)?)
    }
}
