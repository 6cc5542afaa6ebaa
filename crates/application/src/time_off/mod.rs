//! Time off: stretches in which a doctor is away.

mod add_time_off;
mod find_time_off;
mod list_time_off;
mod remove_time_off;

pub use add_time_off::{AddTimeOff, NewTimeOff};
pub use find_time_off::FindTimeOff;
pub use list_time_off::ListTimeOff;
pub use remove_time_off::{RemoveTimeOff, UnknownTimeOff};
