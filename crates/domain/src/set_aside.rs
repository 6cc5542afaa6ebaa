//! Rules that somebody who may do so sets aside for one visit, by name and with a reason.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::Reason;

/// A rule that can be set aside. What occupies the doctor cannot, nor that a visit is to come, that the doctor takes
/// bookings, and that he or she offers visits of the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleName {
    /// That a slot starts when the visit does.
    OffGrid,
    /// That all of it lies in working hours, without time off and closures.
    OutsideWorkingHours,
    /// That it is booked early enough.
    NoticeTooShort,
    /// That it does not start too far ahead.
    BeyondHorizon,
    /// That the patient has no other visit in that time.
    PatientBusy,
}

impl RuleName {
    /// Every rule that can be set aside.
    pub const ALL: [Self; 5] =
        [Self::OffGrid, Self::OutsideWorkingHours, Self::NoticeTooShort, Self::BeyondHorizon, Self::PatientBusy];

    /// Its name, as front ends and the history write it: that of the refusal which it spares.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OffGrid => "off-grid",
            Self::OutsideWorkingHours => "outside-working-hours",
            Self::NoticeTooShort => "notice-too-short",
            Self::BeyondHorizon => "beyond-horizon",
            Self::PatientBusy => "patient-busy",
        }
    }

    /// The rule of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name)
    }
}

/// The rules that are set aside for one visit, at least one, and why. All others are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    rules: BTreeSet<RuleName>,
    reason: Reason,
}

/// No rule is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("at least one rule has to be named")]
pub struct NothingSetAside;

impl SetAside {
    /// These rules, for this reason.
    ///
    /// # Errors
    ///
    /// [`NothingSetAside`] when there are none.
    pub fn new(rules: impl IntoIterator<Item = RuleName>, reason: Reason) -> Result<Self, NothingSetAside> {
        let rules: BTreeSet<_> = rules.into_iter().collect();
        if rules.is_empty() { Err(NothingSetAside) } else { Ok(Self { rules, reason }) }
    }

    /// Whether this rule is among them.
    #[must_use]
    pub fn includes(&self, rule: RuleName) -> bool {
        self.rules.contains(&rule)
    }

    /// All of them, in the order of [`RuleName::ALL`].
    pub fn rules(&self) -> impl Iterator<Item = RuleName> {
        self.rules.iter().copied()
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }
}

/// How a booking is marked for which rules were set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Marks {
    /// Some of it lies outside working hours, or in time off or a closure.
    pub outside_hours: bool,
    /// It may be at the same time as other visits of its patient's.
    pub beside_others: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why() -> Reason {
        Reason::parse("an emergency").expect("valid")
    }

    #[test]
    fn at_least_one_rule_is_named() {
        assert_eq!(SetAside::new([], why()), Err(NothingSetAside));
        let set_aside = SetAside::new([RuleName::PatientBusy, RuleName::OffGrid], why()).expect("two rules");
        assert!(set_aside.includes(RuleName::OffGrid) && !set_aside.includes(RuleName::BeyondHorizon));
        assert_eq!(set_aside.rules().collect::<Vec<_>>(), [RuleName::OffGrid, RuleName::PatientBusy]);
    }

    #[test]
    fn a_rule_is_found_by_its_name() {
        for rule in RuleName::ALL {
            assert_eq!(RuleName::find(rule.as_str()), Some(rule));
        }
        assert_eq!(RuleName::find("slot-taken"), None);
    }
}
