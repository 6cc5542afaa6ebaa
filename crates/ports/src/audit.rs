//! Who has seen what, and who was not let in.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Action, AuditEntry, CallerId, EntryId, Outcome, PatientId};

use crate::{Page, PageRequest, Unavailable};

/// Which lines of the audit log to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Only what concerns this patient.
    pub patient: Option<PatientId>,
    /// Only what this caller did, or wanted.
    pub caller: Option<CallerId>,
    /// Only this.
    pub action: Option<Action>,
    /// Only what ended so.
    pub outcome: Option<Outcome>,
    /// Only what happened at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Only what happened before this instant.
    pub to: Option<DateTime<Utc>>,
}

/// Where a line stands: the latest first, then by id, the highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditPosition {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Which line.
    pub id: EntryId,
}

impl From<&AuditEntry> for AuditPosition {
    fn from(entry: &AuditEntry) -> Self {
        Self { at: entry.at, id: entry.id }
    }
}

/// Who has seen what, and who was not let in.
///
/// # Promises of every implementation
///
/// - Lines are written together, all or none, and found as they were written. They never change or go; a database that can
///   refuses whoever tries.
/// - Lists are in the order of [`AuditPosition`], the latest first, and stay right while lines are written.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait AuditLog: Send + Sync {
    /// Writes lines.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn record(&self, entries: &[AuditEntry]) -> Result<(), Unavailable>;

    /// The lines that pass the filter, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn list(
        &self,
        filter: &AuditFilter,
        page: &PageRequest<AuditPosition>,
    ) -> Result<Page<AuditEntry, AuditPosition>, Unavailable>;
}
