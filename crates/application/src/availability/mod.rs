//! Availability: free time on given dates, of one doctor or of many, and why something is not free.

mod explain_start;
mod find_availability;
mod find_next_slot;
mod search_availability;
mod show_board;

pub(crate) use explain_start::longest_visit_at;
pub use explain_start::{ExplainStart, Explanation};
pub use find_availability::{Availability, FindAvailability, FindAvailabilityError, MOST_DAYS};
pub use find_next_slot::{FindNextSlot, NEXT_WITHIN_DAYS, NextSlot};
pub use search_availability::{FreeSlot, SearchAvailability, SearchAvailabilityError};
pub use show_board::{DoctorDay, ShowBoard};
