//! One database with all of its ports.

use std::sync::Arc;

use doctor_booking_ports::{Stores, Unavailable};

use crate::pool::{Pool, connect};
use crate::{
    PgAuditLog, PgBookings, PgCalendars, PgClosures, PgDeliveries, PgDoctors, PgEvents, PgHealth, PgHistory, PgHolds,
    PgIdempotency, PgOptions, PgPatients, PgReminders, PgTokens, PgVerification, PgVisitTypes, PgWaitlist, PgWebhooks,
    migrations,
};

/// A database, and the pool of connections to it.
#[derive(Debug, Clone)]
pub struct PgStore {
    options: PgOptions,
    pool: Pool,
}

impl PgStore {
    /// Connects to the database once, to see that it is there; the pool's connections are opened as they are needed.
    ///
    /// Should the server go away later, callers are told that it is unreachable until it is back.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when it cannot be connected to, with the cause, but never with the password.
    pub fn connect(options: &PgOptions) -> Result<Self, Unavailable> {
        connect(&options.url)?;
        Ok(Self { options: options.clone(), pool: Pool::new(options) })
    }

    /// Brings the database to the shape that this version of the program needs. It changes nothing where that is so
    /// already, and several may do it at once.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when that fails; each step is done or not done. Also when the server is older than PostgreSQL 15.
    pub fn migrate(&self) -> Result<(), Unavailable> {
        // Not one of the pool's connections: a statement may take long here.
        migrations::run(&mut connect(&self.options.url)?)
    }

    /// Every port.
    #[must_use]
    pub fn stores(&self) -> Stores {
        Stores {
            doctors: Arc::new(PgDoctors::new(self.pool.clone())),
            patients: Arc::new(PgPatients::new(self.pool.clone())),
            calendars: Arc::new(PgCalendars::new(self.pool.clone())),
            visit_types: Arc::new(PgVisitTypes::new(self.pool.clone())),
            closures: Arc::new(PgClosures::new(self.pool.clone())),
            bookings: Arc::new(PgBookings::new(self.pool.clone())),
            holds: Arc::new(PgHolds::new(self.pool.clone())),
            waitlist: Arc::new(PgWaitlist::new(self.pool.clone())),
            history: Arc::new(PgHistory::new(self.pool.clone())),
            idempotency: Arc::new(PgIdempotency::new(self.pool.clone())),
            events: Arc::new(PgEvents::new(self.pool.clone())),
            reminders: Arc::new(PgReminders::new(self.pool.clone())),
            webhooks: Arc::new(PgWebhooks::new(self.pool.clone())),
            deliveries: Arc::new(PgDeliveries::new(self.pool.clone())),
            tokens: Arc::new(PgTokens::new(self.pool.clone())),
            audit: Arc::new(PgAuditLog::new(self.pool.clone())),
            verification: Arc::new(PgVerification::new(self.pool.clone())),
            health: Arc::new(PgHealth::new(self.pool.clone())),
        }
    }
}
