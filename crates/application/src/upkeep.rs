//! What the service does by itself: clear away what has expired, and look whether everything fits together.

use std::sync::Arc;

use chrono::TimeDelta;
use doctor_booking_ports::{Clock, Holds, Idempotency, Inconsistency, Unavailable, Verification};

/// How long the answer of a request that may come again is kept.
pub const ANSWERS_KEPT: TimeDelta = TimeDelta::hours(24);

/// Clears away what has expired: holds, and the answers of requests that will not come again.
#[derive(Clone)]
pub struct Sweep {
    holds: Arc<dyn Holds>,
    idempotency: Arc<dyn Idempotency>,
    clock: Arc<dyn Clock>,
}

/// How much was cleared away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swept {
    /// Holds that have expired. They held nothing any more, swept or not.
    pub holds: usize,
    /// Answers kept for longer than [`ANSWERS_KEPT`].
    pub answers: usize,
}

impl Sweep {
    /// The use case over these ports.
    pub fn new(holds: Arc<dyn Holds>, idempotency: Arc<dyn Idempotency>, clock: Arc<dyn Clock>) -> Self {
        Self { holds, idempotency, clock }
    }

    /// Clears away what has expired by now.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self) -> Result<Swept, Unavailable> {
        let now = self.clock.now();
        Ok(Swept { holds: self.holds.sweep(now)?, answers: self.idempotency.sweep(now - ANSWERS_KEPT)? })
    }
}

/// Looks whether what is stored fits together.
#[derive(Clone)]
pub struct VerifyStore {
    verification: Arc<dyn Verification>,
    clock: Arc<dyn Clock>,
}

impl VerifyStore {
    /// The use case over these ports.
    pub fn new(verification: Arc<dyn Verification>, clock: Arc<dyn Clock>) -> Self {
        Self { verification, clock }
    }

    /// Everything that does not fit together; nothing when all is well.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self) -> Result<Vec<Inconsistency>, Unavailable> {
        self.verification.verify(self.clock.now())
    }
}
