//! Who has seen what.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use doctor_booking_domain::AuditEntry;
use doctor_booking_ports::{AuditFilter, AuditLog, AuditPosition, Page, PageRequest, Unavailable};

use crate::MemoryStore;
use crate::page::page;
use crate::store::insert;

/// [`AuditLog`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryAuditLog(MemoryStore);

impl MemoryAuditLog {
    /// The audit log of `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl AuditLog for MemoryAuditLog {
    fn record(&self, entries: &[AuditEntry]) -> Result<(), Unavailable> {
        let mut lines = BTreeMap::new();
        for entry in entries {
            insert(&mut lines, "audit", entry.id, entry.clone())?;
        }
        let mut state = self.0.lock();
        if let Some(taken) = lines.keys().find(|id| state.audit.contains_key(id)) {
            return Err(Unavailable::inconsistent("audit", taken, "it is there already"));
        }
        state.audit.append(&mut lines);
        Ok(())
    }

    fn list(
        &self,
        filter: &AuditFilter,
        request: &PageRequest<AuditPosition>,
    ) -> Result<Page<AuditEntry, AuditPosition>, Unavailable> {
        let AuditFilter { patient, caller, action, outcome, from, to } = *filter;
        let state = self.0.lock();
        let wanted = state.audit.values().filter(|entry| {
            patient.is_none_or(|patient| entry.concerned.patient == Some(patient))
                && caller.is_none_or(|caller| entry.caller == Some(caller))
                && action.is_none_or(|action| entry.action == action)
                && outcome.is_none_or(|outcome| entry.outcome == outcome)
                && from.is_none_or(|from| entry.at >= from)
                && to.is_none_or(|to| entry.at < to)
        });
        let latest_first = PageRequest { after: request.after.map(Reverse), limit: request.limit };
        let Page { items, next } = page(wanted, &latest_first, |entry| Reverse(AuditPosition::from(entry)));
        Ok(Page { items, next: next.map(|Reverse(next)| next) })
    }
}
