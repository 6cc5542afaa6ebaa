//! The ports of doctor booking in memory, for tests and for trying things out.
//!
//! Same answers as the databases, without keeping anything: it passes the same contract. One lock is held for as long
//! as a call takes, so every call is one transaction; each looks before it writes, so that a refused one leaves
//! nothing behind.
//!
//! ```
//! use doctor_booking_adapters_memory::MemoryStore;
//!
//! let stores = MemoryStore::new().stores();
//! stores.health.check()?;
//! # Ok::<(), doctor_booking_ports::Unavailable>(())
//! ```

mod booking;
mod calendar;
mod closure;
mod doctor;
mod exceptions;
mod health;
mod occupancy;
mod page;
mod patient;
mod store;
mod visit_type;

pub use booking::MemoryBookings;
pub use calendar::MemoryCalendars;
pub use closure::MemoryClosures;
pub use doctor::MemoryDoctors;
pub use health::MemoryHealth;
pub use patient::MemoryPatients;
pub use store::MemoryStore;
pub use visit_type::MemoryVisitTypes;
