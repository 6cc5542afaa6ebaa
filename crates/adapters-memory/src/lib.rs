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

mod along;
mod audit;
mod booking;
mod calendar;
mod closure;
mod doctor;
mod event;
mod exceptions;
mod health;
mod history;
mod hold;
mod idempotency;
mod occupancy;
mod page;
mod patient;
mod reminder;
mod store;
mod token;
mod verification;
mod visit_type;
mod waitlist;
mod webhook;

pub use audit::MemoryAuditLog;
pub use booking::MemoryBookings;
pub use calendar::MemoryCalendars;
pub use closure::MemoryClosures;
pub use doctor::MemoryDoctors;
pub use event::MemoryEvents;
pub use health::MemoryHealth;
pub use history::MemoryHistory;
pub use hold::MemoryHolds;
pub use idempotency::MemoryIdempotency;
pub use patient::MemoryPatients;
pub use reminder::MemoryReminders;
pub use store::MemoryStore;
pub use token::MemoryTokens;
pub use verification::MemoryVerification;
pub use visit_type::MemoryVisitTypes;
pub use waitlist::MemoryWaitlist;
pub use webhook::{MemoryDeliveries, MemoryWebhooks};
