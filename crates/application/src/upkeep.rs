//! What the service does by itself: clear away what has expired, and look whether everything fits together.

use std::sync::Arc;

use chrono::TimeDelta;
use doctor_booking_ports::{Clock, Holds, Idempotency, Inconsistency, Tokens, Unavailable, Verification};

/// How long the answer of a request that may come again is kept.
pub const ANSWERS_KEPT: TimeDelta = TimeDelta::hours(24);

/// How long it is kept that a session was, after its end.
pub const SESSIONS_KEPT: TimeDelta = TimeDelta::days(7);

/// Clears away what has expired: holds, sessions, and the answers of requests that will not come again.
#[derive(Clone)]
pub struct Sweep {
    holds: Arc<dyn Holds>,
    idempotency: Arc<dyn Idempotency>,
    tokens: Arc<dyn Tokens>,
    clock: Arc<dyn Clock>,
}

/// How much was cleared away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swept {
    /// Holds that have expired. They held nothing any more, swept or not.
    pub holds: usize,
    /// Answers kept for longer than [`ANSWERS_KEPT`].
    pub answers: usize,
    /// Sessions that ended longer than [`SESSIONS_KEPT`] ago.
    pub sessions: usize,
}

impl Sweep {
    /// The use case over these ports.
    pub fn new(
        holds: Arc<dyn Holds>,
        idempotency: Arc<dyn Idempotency>,
        tokens: Arc<dyn Tokens>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { holds, idempotency, tokens, clock }
    }

    /// Clears away what has expired by now.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self) -> Result<Swept, Unavailable> {
        let now = self.clock.now();
        let holds = self.holds.sweep(now)?;
        let answers = self.idempotency.sweep(now - ANSWERS_KEPT)?;
        Ok(Swept { holds, answers, sessions: self.tokens.sweep(now - SESSIONS_KEPT)? })
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
