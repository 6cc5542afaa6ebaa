//! The ports of doctor booking on SQLite.
//!
//! One file, or nothing but memory, and no server beside it:
//!
//! ```
//! use doctor_booking_adapters_sqlite::{SqliteLocation, SqliteOptions, SqliteStore};
//!
//! let store = SqliteStore::open(&SqliteOptions::new(SqliteLocation::Memory))?;
//! store.migrate()?;
//! store.stores().health.check()?;
//! # Ok::<(), doctor_booking_ports::Unavailable>(())
//! ```
//!
//! # What keeps the promises
//!
//! - **Nothing overlaps**: triggers on the table `occupancy` refuse it, in raw SQL too. Where several share a doctor, each
//!   sits on a seat of his or her own, and they refuse two on one.
//! - **What was answered stays**: a write-ahead log that is flushed to the disk at every commit.
//! - **Writers queue** in this process at the one connection that writes, and wait for other processes' only briefly.
//!   Every write is one transaction that holds the write lock from its beginning, so that what it has checked still
//!   stands when it commits. Readers have connections of their own, never wait for writers, and see one snapshot each.
//! - **The past stays as it was written**: triggers on the tables `history` and `audit` refuse a change of them, and gaps
//!   in what has happened. That gets its position in the transaction of the change, so that there is nothing left to
//!   publish.
//! - A store that is too busy answers [`Unavailable`](doctor_booking_ports::Unavailable) within seconds.
//!
//! SQLite keeps microseconds. Instants are stored as the last whole microsecond not after them.

mod along;
mod audit;
mod booking;
mod calendar;
mod closure;
mod delivery;
mod doctor;
mod event;
mod exceptions;
mod health;
mod history;
mod hold;
mod idempotency;
mod occupancy;
mod one_of;
mod overrides;
mod patient;
mod pools;
mod reminder;
mod schema;
mod search;
mod seating;
mod store;
mod time_off;
mod token;
mod unavailable;
mod value;
mod verification;
mod visit_type;
mod waitlist;
mod webhook;
mod working_hours;

pub use audit::SqliteAuditLog;
pub use booking::SqliteBookings;
pub use calendar::SqliteCalendars;
pub use closure::SqliteClosures;
pub use delivery::SqliteDeliveries;
pub use doctor::SqliteDoctors;
pub use event::SqliteEvents;
pub use health::SqliteHealth;
pub use history::SqliteHistory;
pub use hold::SqliteHolds;
pub use idempotency::SqliteIdempotency;
pub use patient::SqlitePatients;
pub use reminder::SqliteReminders;
pub use store::{SqliteLocation, SqliteOptions, SqliteStore};
pub use token::SqliteTokens;
pub use verification::SqliteVerification;
pub use visit_type::SqliteVisitTypes;
pub use waitlist::SqliteWaitlist;
pub use webhook::SqliteWebhooks;
