//! Who has seen what, and who was not let in.

use chrono::{DateTime, Utc};

use crate::{Action, Actor, BookingId, CallerId, DoctorId, EntryId, PatientId, RequestId};

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was shown.
    Seen,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// Its name, as stores and front ends write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Refused => "refused",
        }
    }

    /// What has this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [Self::Seen, Self::Refused].into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// What was seen, or wanted. Nothing in it names anybody but by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Concerned {
    /// The doctor whom it concerns.
    pub doctor: Option<DoctorId>,
    /// The patient whom it concerns.
    pub patient: Option<PatientId>,
    /// The booking that it is about.
    pub booking: Option<BookingId>,
}

/// One line of the audit log: who has seen something of one patient's, or was refused. It never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Which line. Ids sort by time.
    pub id: EntryId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None`: nobody knows.
    pub caller: Option<CallerId>,
    /// In which role, by its name.
    pub role: &'static str,
    /// What was done, or wanted.
    pub action: Action,
    /// How it ended.
    pub outcome: Outcome,
    /// About whom.
    pub concerned: Concerned,
    /// In which request.
    pub request: Option<RequestId>,
}

impl AuditEntry {
    /// That somebody did something at a time.
    #[must_use]
    pub fn of(
        actor: &Actor,
        id: EntryId,
        at: DateTime<Utc>,
        (action, outcome): (Action, Outcome),
        concerned: Concerned,
    ) -> Self {
        let is_known = !matches!(actor.role, crate::Role::Nobody);
        let caller = is_known.then_some(actor.caller);
        Self { id, at, caller, role: actor.role.as_str(), action, outcome, concerned, request: actor.request.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;

    fn line(actor: &Actor) -> AuditEntry {
        let what = (Action::ReadPatients, Outcome::Refused);
        AuditEntry::of(actor, EntryId::from_u128(1), DateTime::UNIX_EPOCH, what, Concerned::default())
    }

    #[test]
    fn an_outcome_is_found_by_its_name() {
        for outcome in [Outcome::Seen, Outcome::Refused] {
            assert_eq!(Outcome::find(outcome.as_str()), Some(outcome));
        }
        assert_eq!(Outcome::find(""), None);
    }

    #[test]
    fn a_line_says_who_it_was_as_what_and_in_which_request() {
        let (caller, request) = (CallerId::from_u128(7), RequestId::parse("r-1"));
        let desk = Actor { request: request.clone(), ..Actor::new(caller, Role::FrontDesk) };
        let line = line(&desk);
        assert_eq!((line.caller, line.role, line.request), (Some(caller), "front-desk", request));
        assert_eq!((line.action, line.outcome), (Action::ReadPatients, Outcome::Refused));
    }

    #[test]
    fn of_nobody_there_is_no_caller() {
        assert_eq!((line(&Actor::nobody()).caller, line(&Actor::nobody()).role), (None, "nobody"));
    }
}
