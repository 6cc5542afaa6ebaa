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
//! - That nothing is beside a patient's ordinary visit but what may be: the same constraint, since that is on all seats.
//! - That what is held is nobody else's: the same constraint. It knows no clock, so whoever is in the way of somebody is
//!   looked at, and cleared away if it has expired; and a hold becomes a booking by a change of its very row.
//! - That a booking and a change of rules never miss each other: a booking locks the doctor's row in share mode, so
//!   that bookings of one doctor do not wait for each other, and a change of rules locks it exclusively. A closure or a
//!   change of a visit type changes the rules of all, and locks the table of doctors.
//! - That a request is answered once: the key of `idempotency`, whose row comes before all else in a transaction.
//! - That what happened stays as it was told, and who has seen what: triggers refuse whoever would change `history` or
//!   `audit`.
//! - That no session outlives its token: a session holds the token's row in share mode while it is added, and whoever
//!   revokes the token holds it alone before looking for sessions.
//!
//! What SQL never does is reckon with time zones: what a booking's local start is, the domain tells.
//!
//! # Deadlocks
//!
//! There is one order in which things are locked: the answer to a request, a place in the waitlist, an owner's holds, a
//! visit type, the table of doctors, one doctor's turn and row, the seats of doctors in the order of their ids, the
//! patient's visits, rows of `bookings` that are there, rows of `holds`, the doctor's occupancy, the patient's occupancy,
//! and new rows. What a booking or a hold occupies is changed only by whoever holds its row. Only its seat is changed by
//! others, who hold the doctor's seats, or the patient's visits, and want no row of either but a new one. With a token
//! nothing else is locked but, after it, its sessions, which the sweep of sessions passes over where somebody has them.
//!
//! Whoever takes one stretch of a doctor's and then one of a patient's, and gives back nothing, can wait for others but
//! not in a circle. Whoever takes several, or gives back and takes, could: of two who want each other's places each would
//! wait for what the other has given back. So moves, series, and whoever clears away holds that have expired hold the
//! doctor's seats, and the patient's visits where these are touched, and come one after the other. So does a booking that
//! may be beside others: those make room for it.
//!
//! New rows of `occupancy` come with `ON CONFLICT DO NOTHING`: a plain `INSERT` against an exclusion constraint deadlocks
//! with others of its kind. Should the database still break off a transaction in favour of another, it is begun again, a
//! few times.
//!
//! # Citus
//!
//! It runs on Citus unchanged: every statement that writes names the column its table is sharded by, and nothing spans
//! shards but a transaction. Holds are sharded by doctor, answers by caller. Closures, visit types and reminders are
//! reference tables; a change of closures or visit types raises the revisions of all doctors in a statement that goes to
//! every shard, and a closure sets the marks in another. History, events, webhooks, the waitlist, tokens and the audit log
//! stay with the coordinator, to which every server connects; so do the locks on an owner's holds, on publishing, and on
//! the first token. These, the lock on the table of doctors, seats, and lists of a doctor's own patients have not been
//! tried there.

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
mod instant;
mod like;
mod migrations;
mod moving;
mod occupancy;
mod options;
mod overrides;
mod patient;
mod pool;
mod reminder;
mod rows;
mod schema;
mod seating;
mod series;
mod store;
mod time_off;
mod token;
mod transaction;
mod turn;
mod verification;
mod visit_type;
mod waitlist;
mod webhook;

pub use audit::PgAuditLog;
pub use booking::PgBookings;
pub use calendar::PgCalendars;
pub use closure::PgClosures;
pub use delivery::PgDeliveries;
pub use doctor::PgDoctors;
pub use event::PgEvents;
pub use health::PgHealth;
pub use history::PgHistory;
pub use hold::PgHolds;
pub use idempotency::PgIdempotency;
pub use options::PgOptions;
pub use patient::PgPatients;
pub use reminder::PgReminders;
pub use store::PgStore;
pub use token::PgTokens;
pub use verification::PgVerification;
pub use visit_type::PgVisitTypes;
pub use waitlist::PgWaitlist;
pub use webhook::PgWebhooks;
