//! Requests that come again.

use chrono::{DateTime, Utc};
use doctor_booking_domain::CallerId;
use doctor_booking_ports::{Along, Idempotency, IdempotencyKey, KeptAnswer, Unavailable};

use crate::MemoryStore;

/// [`Idempotency`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryIdempotency(MemoryStore);

impl MemoryIdempotency {
    /// The answers kept in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Idempotency for MemoryIdempotency {
    fn find(&self, caller: CallerId, key: &IdempotencyKey) -> Result<Option<KeptAnswer>, Unavailable> {
        Ok(self.0.lock().answers.get(&(caller, key.clone())).cloned())
    }

    fn keep(&self, answer: &KeptAnswer) -> Result<bool, Unavailable> {
        let along = Along { history: vec![], answer: Some(answer.clone()) };
        let mut state = self.0.lock();
        let is_new = state.is_new(&along).is_ok();
        if is_new {
            state.write(&along);
        }
        Ok(is_new)
    }

    fn sweep(&self, before: DateTime<Utc>) -> Result<usize, Unavailable> {
        let mut state = self.0.lock();
        let there = state.answers.len();
        state.answers.retain(|_, answer| answer.at >= before);
        Ok(there - state.answers.len())
    }
}
