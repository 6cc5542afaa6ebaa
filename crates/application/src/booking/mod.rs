//! Bookings: book, find, list, move, cancel, and what becomes of them.

mod advance_booking;
mod book_series;
mod book_slot;
mod booking_change;
mod cancel_booking;
mod find_booking;
mod find_booking_history;
mod list_bookings;
mod refused;
mod reinstate_booking;
mod reschedule_booking;

pub use advance_booking::{Advance, AdvanceBooking};
pub use book_series::{BookSeries, BookSeriesError, IfMissed, MissedVisit, Series, WantedSeries};
pub use book_slot::{BookSlot, BookSlotError, Wanted};
pub use booking_change::ChangeBookingError;
pub use cancel_booking::{CancelBooking, Cancellation};
pub use find_booking::FindBooking;
pub use find_booking_history::FindBookingHistory;
pub use list_bookings::ListBookings;
pub(crate) use refused::{Elsewhere, Missed};
pub use refused::{MOST_ALTERNATIVES, Refused};
pub use reinstate_booking::ReinstateBooking;
pub use reschedule_booking::{PlaceBookingError, Reschedule, RescheduleBooking};
