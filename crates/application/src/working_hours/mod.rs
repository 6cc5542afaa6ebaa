//! Working hours: find, update, remove a version.

mod find_working_hours;
mod remove_working_hours;
mod update_working_hours;

pub use find_working_hours::{FindWorkingHours, HoursInForce};
pub use remove_working_hours::{RemovalRefusal, RemoveWorkingHours};
pub use update_working_hours::{HoursRefusal, NewHours, UpdateWorkingHours, Week};
