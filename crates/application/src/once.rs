//! Requests that may come again, and what they are answered then.

use chrono::{DateTime, Utc};
use doctor_booking_ports::{AddError, Claim, KeptAnswer, Unavailable};
use thiserror::Error;

use crate::access::can_be_forbidden;

/// An answer as a front end writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its status, 200–599.
    pub status: u16,
    /// Its headers that matter, by lower-case name.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// How a request that may come again is known, and how its answer is written once it is decided: so that the answer is
/// stored in the very transaction of what it tells.
#[derive(Clone, Copy)]
pub struct Once<'a, T: ?Sized> {
    /// How the request is known again.
    pub claim: &'a Claim,
    /// How its answer is written.
    pub write: &'a dyn Fn(&T) -> Written,
}

impl<T: ?Sized> Once<'_, T> {
    /// What to keep, when the request is answered so.
    pub(crate) fn answer(&self, value: &T, at: DateTime<Utc>) -> KeptAnswer {
        let Written { status, headers, body } = (self.write)(value);
        KeptAnswer { claim: self.claim.clone(), status, headers, body, at }
    }
}

/// Why something new was not made.
#[derive(Debug, Error)]
pub enum MakeError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(MakeError);

impl From<AddError> for MakeError {
    fn from(error: AddError) -> Self {
        match error {
            AddError::Answered => Self::Answered,
            AddError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}
