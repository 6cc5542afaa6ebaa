//! Kinds of visits: enter, find, list, amend, retire.

mod add_visit_type;
mod amend_visit_type;
mod find_visit_type;
mod list_visit_types;
mod retire_visit_type;
mod wanted_visits;

pub use add_visit_type::{AddVisitType, AddVisitTypeError, NewVisitType};
pub use amend_visit_type::{AmendVisitType, AmendVisitTypeError};
pub use find_visit_type::FindVisitType;
pub use list_visit_types::ListVisitTypes;
pub use retire_visit_type::{RetireVisitType, RetireVisitTypeError};
pub(crate) use wanted_visits::{for_moving, for_wanted};
