//! A throw-away PostgreSQL for tests.
//!
//! [`TestDatabase::create`] gives a fresh, empty database and drops it when it goes out of scope:
//!
//! ```no_run
//! let database = doctor_booking_test_postgres::TestDatabase::create()?;
//! println!("connect to {}", database.url());
//! # Ok::<(), anyhow::Error>(())
//! ```
//!
//! It lives on the server that `TEST_DATABASE_URL` names, if that is set: a `postgres://` URL of a role that may create
//! databases. Otherwise one server per process is started from the binaries that are installed, on a free port of the
//! loopback interface, in a temporary folder, in about a second. [`TestServer`] is a server of one's own, to be crashed
//! and started again.
//!
//! Nothing stays behind, also when the test process is killed: a small `sh` waits for the end of its standard input,
//! which comes when the process is gone, however it went, and then stops the server and removes the folder, or drops
//! the databases.

mod database;
mod programs;
mod server;

pub use database::TestDatabase;
pub use programs::{psql, with_database};
pub use server::TestServer;
