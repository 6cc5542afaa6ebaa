//! When a doctor works: windows in a week, versions of the week by date, and single dates of their own.

mod overrides;
mod time_of_day;
mod version;
mod weekly;
mod window;

pub use overrides::Overrides;
pub use time_of_day::{InvalidTimeOfDay, TimeOfDay};
pub use version::{UnknownVersion, Version, VersionOverlap, WorkingHours};
pub use weekly::{Weekly, WindowsOverlap};
pub use window::{InvalidWindow, Window};
