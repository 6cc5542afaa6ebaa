//! What requests that came again are answered.

use std::sync::Arc;

use doctor_booking_domain::Actor;
use doctor_booking_ports::{Claim, Clock, Idempotency, IdempotencyKey, KeptAnswer, Unavailable};

use crate::Written;

/// Finds and keeps the answers of requests that may come again.
#[derive(Clone)]
pub struct KeepAnswers {
    idempotency: Arc<dyn Idempotency>,
    clock: Arc<dyn Clock>,
}

impl KeepAnswers {
    /// The use case over these ports.
    pub fn new(idempotency: Arc<dyn Idempotency>, clock: Arc<dyn Clock>) -> Self {
        Self { idempotency, clock }
    }

    /// What was answered to the caller's request with this key.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn find(&self, actor: &Actor, key: &IdempotencyKey) -> Result<Option<KeptAnswer>, Unavailable> {
        self.idempotency.find(actor.caller, key)
    }

    /// Keeps the answer of a request that has changed nothing, unless the request was answered before; whether it was
    /// kept.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn keep(&self, claim: &Claim, written: &Written) -> Result<bool, Unavailable> {
        let Written { status, headers, body } = written.clone();
        self.idempotency.keep(&KeptAnswer { claim: claim.clone(), status, headers, body, at: self.clock.now() })
    }
}
