//! The ports of doctor booking on PostgreSQL, from version 15 on.
//!
//! ```no_run
//! use doctor_booking_adapters_postgres::{PgOptions, PgStore};
//!
//! let store = PgStore::connect(&PgOptions::new("postgres://booking@localhost/booking?sslmode=require"))?;
//! store.migrate()?;
//! let stores = store.stores();
//! # let _ = stores;
//! # Ok::<(), doctor_booking_ports::Unavailable>(())
//! ```
//!
//! # What is left to the database
//!
//! - That nothing overlaps: the exclusion constraint `occupancy_no_overlap`. There is no look before the insert.
//! - That nobody shares a seat, or a doctor with whom somebody is alone: the same constraint. Only where a doctor is
//!   shared there is a look before, with the doctor's seats locked: are there too many, and has anybody to move?
//! - That a booking and a change of rules never miss each other: a booking locks the doctor's row in share mode, so
//!   that bookings of one doctor do not wait for each other, and a change of rules locks it exclusively. A closure or a
//!   change of a visit type changes the rules of all, and locks the table of doctors.
//!
//! What SQL never does is reckon with time zones: what a booking's local start is, the domain tells.
//!
//! # Deadlocks
//!
//! There is one order in which things are locked: a visit type, the table of doctors, one doctor's turn and row, the
//! doctor's seats, the doctor's occupancy, the patient's occupancy, and bookings. What a booking occupies is changed
//! only by whoever holds its row. Only its seat is changed by others, who hold the doctor's seats, and want no row of
//! `bookings` but a new one. New rows of `occupancy` come with `ON CONFLICT DO NOTHING`: a plain `INSERT` against an
//! exclusion constraint deadlocks with others of its kind. Should the database still break off a transaction in favour
//! of another, it is begun again, a few times.
//!
//! # Citus
//!
//! It runs on Citus unchanged: every statement that writes names the column its table is sharded by, and nothing spans
//! shards but a transaction. Closures and visit types are reference tables; a change of either raises the revisions of
//! all doctors in a statement that goes to every shard, and a closure sets the marks in another. These, the lock on the
//! table of doctors, and seats have not been tried there.

mod booking;
mod calendar;
mod closure;
mod doctor;
mod exceptions;
mod health;
mod instant;
mod like;
mod migrations;
mod options;
mod overrides;
mod patient;
mod pool;
mod rows;
mod schema;
mod seating;
mod store;
mod time_off;
mod transaction;
mod turn;
mod visit_type;

pub use booking::PgBookings;
pub use calendar::PgCalendars;
pub use closure::PgClosures;
pub use doctor::PgDoctors;
pub use health::PgHealth;
pub use options::PgOptions;
pub use patient::PgPatients;
pub use store::PgStore;
pub use visit_type::PgVisitTypes;
