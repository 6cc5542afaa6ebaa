//! Availability: a doctor's free time on given dates.

mod find_availability;

pub use find_availability::{Availability, FindAvailability, FindAvailabilityError, MOST_DAYS};
