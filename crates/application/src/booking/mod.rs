//! Bookings: book, find, list, cancel.

mod book_slot;
mod cancel_booking;
mod find_booking;
mod list_bookings;

pub use book_slot::{BookSlot, BookSlotError, MOST_ALTERNATIVES, Wanted};
pub use cancel_booking::{CancelBooking, CancelBookingError, Cancellation};
pub use find_booking::FindBooking;
pub use list_bookings::ListBookings;
