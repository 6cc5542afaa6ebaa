//! The suite that every adapter of doctor booking passes.
//!
//! Every sentence under *Promises* in [`doctor_booking_ports`] has at least one test here, in the file of the same
//! subject; [`races`] and [`crowd`] have what only many threads can show. A test is a plain function of a [`Fixture`];
//! [`contract!`] only gives their names to the test harness of the adapter's crate:
//!
//! ```no_run
//! use doctor_booking_ports_contract::Fixture;
//!
//! /// An empty store, and what has to live as long as it does.
//! fn fixture() -> Fixture {
//! #   fn empty_database() -> (doctor_booking_ports::Stores, Vec<u8>) { unimplemented!() }
//!     let (stores, directory) = empty_database();
//!     Fixture::new(stores, directory)
//! }
//!
//! doctor_booking_ports_contract::contract!(fixture);
//! ```
//!
//! That what was answered survives a crash is promised too, but only a test that kills a process can show it; it
//! belongs to the adapter.

#![allow(clippy::missing_panics_doc, reason = "to panic where a promise is broken is what these functions are for")]
#![allow(clippy::must_use_candidate, reason = "of what a test puts into the store, often nothing more is needed")]

mod at_once;
pub mod audit;
pub mod beside;
pub mod booking;
pub mod calendar;
pub mod closure;
mod contract;
pub mod crowd;
pub mod doctor;
pub mod event;
pub mod exceptions;
mod fixture;
pub mod given;
pub mod health;
pub mod history;
pub mod hold;
pub mod idempotency;
pub mod moving;
pub mod patient;
pub mod races;
pub mod reminder;
pub mod series;
pub mod sharing;
pub mod token;
pub mod visit_type;
pub mod waitlist;
pub mod webhook;

pub use fixture::Fixture;
