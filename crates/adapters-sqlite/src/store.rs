//! Everything one SQLite database offers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use doctor_booking_ports::{Stores, Unavailable};

use crate::pools::Pools;
use crate::unavailable::Abort;
use crate::{
    SqliteAuditLog, SqliteBookings, SqliteCalendars, SqliteClosures, SqliteDeliveries, SqliteDoctors, SqliteEvents,
    SqliteHealth, SqliteHistory, SqliteHolds, SqliteIdempotency, SqlitePatients, SqliteReminders, SqliteTokens,
    SqliteVerification, SqliteVisitTypes, SqliteWaitlist, SqliteWebhooks,
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqliteLocation {
    /// In this file, and two more beside it while it is open (`-wal`, `-shm`). It is made when it is not there; its
    /// folder is not.
    File(PathBuf),
    /// In memory, for as long as the [`SqliteStore`] or one of its stores lives; everything goes through one connection.
    Memory,
}

/// How to open a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// Where it is.
    pub location: SqliteLocation,
    /// How many can read a file at once: 4 unless said otherwise, at least 1. One writes.
    pub readers: u32,
    /// How long a call waits for its turn before it answers [`Unavailable`]: 2 s unless said otherwise. Another process
    /// that writes may take 2 s more.
    pub pool_wait: Duration,
}

impl SqliteOptions {
    /// The database at this place, with 4 readers and 2 s of patience.
    #[must_use]
    pub fn new(location: SqliteLocation) -> Self {
        Self { location, readers: 4, pool_wait: Duration::from_secs(2) }
    }
}

/// A SQLite database. Clones share its connections.
#[derive(Clone, Debug)]
pub struct SqliteStore(Pools);

impl SqliteStore {
    /// Opens the database. Before it is used, it has to be [migrated](Self::migrate).
    ///
    /// # Errors
    ///
    /// [`Unavailable`] at once when it cannot be opened: its folder is missing, its file cannot be read or is no
    /// database.
    pub fn open(options: &SqliteOptions) -> Result<Self, Unavailable> {
        Pools::open(options).map(Self)
    }

    /// Brings the tables up to date. Several processes may try at once: one does it, the others wait.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when it cannot be written to, or a step fails. Nothing was changed then.
    pub fn migrate(&self) -> Result<(), Unavailable> {
        self.0.write(|connection| match connection.run_pending_migrations(MIGRATIONS) {
            Ok(_) => Ok(()),
            Err(error) => Err(Abort::Refused(Unavailable::unreachable(error))),
        })
    }

    /// All ports of this database.
    #[must_use]
    pub fn stores(&self) -> Stores {
        Stores {
            doctors: Arc::new(SqliteDoctors::new(self)),
            patients: Arc::new(SqlitePatients::new(self)),
            calendars: Arc::new(SqliteCalendars::new(self)),
            visit_types: Arc::new(SqliteVisitTypes::new(self)),
            closures: Arc::new(SqliteClosures::new(self)),
            bookings: Arc::new(SqliteBookings::new(self)),
            holds: Arc::new(SqliteHolds::new(self)),
            waitlist: Arc::new(SqliteWaitlist::new(self)),
            history: Arc::new(SqliteHistory::new(self)),
            idempotency: Arc::new(SqliteIdempotency::new(self)),
            events: Arc::new(SqliteEvents::new(self)),
            reminders: Arc::new(SqliteReminders::new(self)),
            webhooks: Arc::new(SqliteWebhooks::new(self)),
            deliveries: Arc::new(SqliteDeliveries::new(self)),
            tokens: Arc::new(SqliteTokens::new(self)),
            audit: Arc::new(SqliteAuditLog::new(self)),
            verification: Arc::new(SqliteVerification::new(self)),
            health: Arc::new(SqliteHealth::new(self)),
        }
    }

    pub(crate) fn pools(&self) -> Pools {
        self.0.clone()
    }
}
