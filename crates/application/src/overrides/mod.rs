//! Overrides: single dates with windows of their own.

mod list_overrides;
mod remove_override;
mod set_override;

pub use list_overrides::{ListOverrides, ListOverridesError, MOST_OVERRIDE_DAYS};
pub use remove_override::{RemoveOverride, UnknownOverride};
pub use set_override::SetOverride;
