//! Why something cannot be booked.

use std::fmt;

use thiserror::Error;

use super::Finding;
use crate::SetAside;

/// Why a visit cannot start when it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum Refusal {
    /// The doctor takes no bookings.
    #[error("the doctor takes no bookings")]
    DoctorInactive,
    /// The doctor does not offer visits of this kind, or nobody does any more.
    #[error("the doctor does not offer visits of this type")]
    VisitTypeNotOffered,
    /// The start lies in the past.
    #[error("the start lies in the past")]
    InPast,
    /// Visits of this kind have to be booked earlier.
    #[error("visits of this type have to be booked earlier")]
    NoticeTooShort,
    /// Visits of this kind cannot be booked that far ahead.
    #[error("visits of this type cannot be booked so far ahead")]
    BeyondHorizon,
    /// Some of the visit would lie outside working hours.
    #[error("the visit would lie outside the doctor's working hours")]
    OutsideWorkingHours,
    /// No slot starts then.
    #[error("no slot starts at this time")]
    OffGrid,
    /// Some of that time is booked.
    #[error("the doctor is already booked at this time")]
    SlotTaken,
    /// Some of that time is held for somebody.
    #[error("the slot is held for somebody at the moment")]
    SlotHeld,
}

/// Everything that stands in the way of a visit. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusals {
    first: Refusal,
    all: Vec<Refusal>,
}

impl Refusals {
    /// How a visit is refused of which this was found; `None` when it keeps every rule that is not set aside.
    pub(super) fn of(findings: &[Finding], set_aside: Option<&SetAside>) -> Option<Self> {
        let is_set_aside =
            |found: &Finding| found.rule.name().zip(set_aside).is_some_and(|(name, by)| by.includes(name));
        let broken = findings.iter().filter(|found| !found.passed && !is_set_aside(found));
        let mut all: Vec<_> = broken.map(|found| found.rule.refusal()).collect();
        all.dedup();
        all.first().copied().map(|first| Self { first, all })
    }

    /// The same for somebody who must not know why a slot is taken: what is held is taken.
    #[must_use]
    pub fn without_why_taken(self) -> Self {
        let plain = |refusal| if refusal == Refusal::SlotHeld { Refusal::SlotTaken } else { refusal };
        let mut all: Vec<_> = self.all.into_iter().map(plain).collect();
        all.dedup();
        Self { first: plain(self.first), all }
    }

    /// The one that weighs most.
    #[must_use]
    pub fn first(&self) -> Refusal {
        self.first
    }

    /// All of them, the one that weighs most first.
    #[must_use]
    pub fn all(&self) -> &[Refusal] {
        &self.all
    }
}

impl From<Refusal> for Refusals {
    fn from(refusal: Refusal) -> Self {
        Self { first: refusal, all: vec![refusal] }
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.all.iter().enumerate() {
            write!(f, "{}{refusal}", if index == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}
