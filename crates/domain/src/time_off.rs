//! When a doctor is away although the hours say otherwise.

use chrono::{DateTime, Utc};

use crate::{DoctorId, Reason, Span, TimeOffId};

/// A stretch in which a doctor is away. It always wins over working hours and overrides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeOff {
    /// Which.
    pub id: TimeOffId,
    /// Whose.
    pub doctor: DoctorId,
    /// From when until when.
    pub span: Span,
    /// Why.
    pub reason: Option<Reason>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}
