//! Holds: a slot kept for a little while, given back, cleared away.

mod find_hold;
mod hold_slot;
mod release_hold;

pub use find_hold::FindHold;
pub use hold_slot::{HoldSlot, HoldSlotError, MOST_HOLDS, WantedHold};
pub use release_hold::ReleaseHold;
