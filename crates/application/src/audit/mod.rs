//! The audit log: who has seen what, and who was not let in.

mod list_audit;

pub use list_audit::ListAudit;
