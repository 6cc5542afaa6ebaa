//! The waitlist: join, find, list, leave, and offering what becomes free.

mod find_waiting;
mod join_waitlist;
mod leave_waitlist;
mod list_waitlist;
mod offer_freed_slots;

pub use find_waiting::FindWaiting;
pub use join_waitlist::{JoinWaitlist, JoinWaitlistError, MOST_PLACES, NewWaiting};
pub use leave_waitlist::LeaveWaitlist;
pub use list_waitlist::ListWaitlist;
pub use offer_freed_slots::{OFFERED_FOR, OfferFreedSlots};
