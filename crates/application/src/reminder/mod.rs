//! Reminders of visits to come.

mod remind;

pub use remind::Remind;
