//! Overrides: single dates with windows of their own.

mod list_overrides;
mod remove_override;
mod set_override;

pub use list_overrides::{ListOverrides, ListOverridesError, MOST_OVERRIDE_DAYS};
pub use remove_override::{RemoveOverride, UnknownOverride};
pub use set_override::SetOverride;

use chrono::NaiveDate;
use doctor_booking_domain::{Overrides, Schedule};
use doctor_booking_ports::Outlook;

/// The overrides with that of `date` among them, if it has one: as the outlook has it, which is what is changed; where
/// the date is too long past for an outlook, as it was `found` before.
fn with_that_of<'a>(date: NaiveDate, seen: &'a Outlook, found: &'a Overrides) -> &'a Overrides {
    let is_seen = date >= Schedule::dates_since(seen.upcoming.as_of);
    if is_seen { &seen.exceptions.overrides } else { found }
}
