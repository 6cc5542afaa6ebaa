//! Which types of visits a doctor offers: some that are named, or every one.

use doctor_booking_application::UnknownVisitTypes;
use doctor_booking_domain::{OfferedTypes, VisitTypeId};

use crate::code::Code;
use crate::problem::{Problem, Violation};
use crate::violations::{Read, Violations};

/// How many can be named.
const MOST: usize = 200;
/// Where they are named.
const FIELD: &str = "/visitTypes";

/// What a doctor is to offer from now on; nothing else than before, when nothing is said.
#[derive(Default)]
pub(crate) struct NamedTypes {
    pub(crate) offered: Option<OfferedTypes>,
    /// The types as they were named, so that one that is not there can be pointed at.
    named: Vec<VisitTypeId>,
}

impl NamedTypes {
    /// What a patch says about it: ids, or null for every type.
    pub(crate) fn read(given: Option<&Option<Vec<String>>>, violations: &mut Violations) -> Read<Self> {
        let Some(given) = given else { return Some(Self::default()) };
        let Some(ids) = given else { return Some(Self { offered: Some(OfferedTypes::All), named: vec![] }) };
        if ids.len() > MOST {
            violations.add(FIELD, Code::InvalidVisitType, format!("up to {MOST} can be named"));
            return None;
        }
        let read = ids.iter().enumerate().map(|(index, id)| violations.text(format!("{FIELD}/{index}"), id));
        let read: Vec<Read<VisitTypeId>> = read.collect();
        let named: Vec<_> = read.into_iter().collect::<Read<_>>()?;
        Some(Self { offered: Some(OfferedTypes::Only(named.iter().copied().collect())), named })
    }

    /// Why no doctor can offer them.
    pub(crate) fn refused(&self, UnknownVisitTypes(unknown): &UnknownVisitTypes) -> Problem {
        let violation =
            |index: usize| Violation::new(format!("{FIELD}/{index}"), Code::NotFound, "there is no such visit type");
        let unknown = self.named.iter().enumerate().filter(|(_, id)| unknown.contains(id));
        Problem::of_violations(Code::NotFound, unknown.map(|(index, _)| violation(index)).collect())
    }
}

/// The ids of the types that are offered, in order; `None`: every type.
pub(crate) fn view(offered: &OfferedTypes) -> Option<Vec<String>> {
    match offered {
        OfferedTypes::All => None,
        OfferedTypes::Only(these) => Some(these.iter().map(ToString::to_string).collect()),
    }
}
