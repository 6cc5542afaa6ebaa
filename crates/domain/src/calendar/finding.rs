//! What a decision looked at.

use crate::{Refusal, RuleName, Span};

/// A rule that every visit has to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The doctor takes bookings.
    DoctorActive,
    /// The doctor offers visits of this kind, and it is not retired.
    VisitTypeOffered,
    /// The start is not in the past.
    NotInPast,
    /// It is booked early enough. What is past is not too soon as well.
    NoticeKept,
    /// It does not start too far ahead.
    WithinHorizon,
    /// All of it lies in working time: the week's, or the override's of the date.
    InsideWorkingHours,
    /// The hospital is open in all of it.
    NoClosure,
    /// The doctor is not away in any of it.
    NoTimeOff,
    /// A slot starts then.
    OnGrid,
    /// Nothing else occupies the doctor in any of it, or in its buffers, or there is room for one more.
    NotTaken,
    /// None of it is held for anybody. What is taken is not held as well.
    NotHeld,
}

impl Rule {
    /// How a visit that does not keep the rule is refused.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        match self {
            Self::DoctorActive => Refusal::DoctorInactive,
            Self::VisitTypeOffered => Refusal::VisitTypeNotOffered,
            Self::NotInPast => Refusal::InPast,
            Self::NoticeKept => Refusal::NoticeTooShort,
            Self::WithinHorizon => Refusal::BeyondHorizon,
            Self::InsideWorkingHours | Self::NoClosure | Self::NoTimeOff => Refusal::OutsideWorkingHours,
            Self::OnGrid => Refusal::OffGrid,
            Self::NotTaken => Refusal::SlotTaken,
            Self::NotHeld => Refusal::SlotHeld,
        }
    }

    /// By what name it can be set aside; `None`: not at all.
    #[must_use]
    pub fn name(self) -> Option<RuleName> {
        match self {
            Self::NoticeKept => Some(RuleName::NoticeTooShort),
            Self::WithinHorizon => Some(RuleName::BeyondHorizon),
            Self::InsideWorkingHours | Self::NoClosure | Self::NoTimeOff => Some(RuleName::OutsideWorkingHours),
            Self::OnGrid => Some(RuleName::OffGrid),
            Self::DoctorActive | Self::VisitTypeOffered | Self::NotInPast | Self::NotTaken | Self::NotHeld => None,
        }
    }
}

/// Whether a visit keeps a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// Whether it is kept.
    pub passed: bool,
    /// What stands in the way, where it is a stretch of time. Never whose it is.
    pub blocked_by: Option<Span>,
}
