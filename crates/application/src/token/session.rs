//! A browser that has signed in.

use std::sync::Arc;

use chrono::TimeDelta;
use doctor_booking_domain::{RequestId, Token};
use doctor_booking_ports::{Clock, Ids, Tokens, Unavailable};
use thiserror::Error;

use super::{CreatedToken, Credential, Recognise, RecogniseError, TokenSecret};

/// How long a session lasts at most.
pub const SESSION_LASTS: TimeDelta = TimeDelta::hours(12);

/// Why nobody is signed in.
#[derive(Debug, Error)]
pub enum StartSessionError {
    /// Who brings that is not known.
    #[error(transparent)]
    NotRecognised(#[from] RecogniseError),
    /// It is known who it is, but not by a token of the store: what has no id there cannot have sessions, which could not be
    /// ended with it.
    #[error("only a token that is stored can have sessions")]
    NotStored,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Signs browsers in.
#[derive(Clone)]
pub struct StartSession {
    recognise: Recognise,
    tokens: Arc<dyn Tokens>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl StartSession {
    /// The use case over these ports.
    pub fn new(recognise: Recognise, tokens: Arc<dyn Tokens>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { recognise, tokens, clock, ids }
    }

    /// The same, recognising callers so.
    pub(crate) fn with(self, recognise: Recognise) -> Self {
        Self { recognise, ..self }
    }

    /// Starts a session of the token with this secret. It has a secret of its own, lasts [`SESSION_LASTS`] at most, and ends
    /// with the token at the latest.
    ///
    /// # Errors
    ///
    /// [`StartSessionError`].
    pub fn execute(&self, secret: &str, request: &RequestId) -> Result<CreatedToken, StartSessionError> {
        let recognised = self.recognise.execute(Credential::Bearer(secret), request)?;
        let Some(of) = recognised.token else {
            self.recognise.refused(request)?;
            return Err(StartSessionError::NotStored);
        };
        let (now, secret) = (self.clock.now(), TokenSecret::from_bytes(self.ids.secret()));
        let latest = now + SESSION_LASTS;
        let session = Token {
            id: self.ids.token(),
            session_of: Some(of.id),
            expires_at: Some(of.expires_at.map_or(latest, |expires| expires.min(latest))),
            last_used_at: None,
            created_by: Some(of.caller()),
            created_at: now,
            ..of
        };
        if self.tokens.add_session(&session, &secret.digest())? {
            return Ok(CreatedToken { token: session, secret: Some(secret) });
        }
        self.recognise.refused(request)?;
        Err(RecogniseError::NotValid("it was revoked meanwhile").into())
    }
}

/// Signs browsers out.
#[derive(Clone)]
pub struct EndSession {
    tokens: Arc<dyn Tokens>,
    clock: Arc<dyn Clock>,
}

impl EndSession {
    /// The use case over these ports.
    pub fn new(tokens: Arc<dyn Tokens>, clock: Arc<dyn Clock>) -> Self {
        Self { tokens, clock }
    }

    /// Ends a session, as which somebody was recognised: its secret is worth nothing any more. Nothing happens to a token
    /// that is no session.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, session: &Token) -> Result<(), Unavailable> {
        if session.session_of.is_some() {
            self.tokens.revoke(session.id, self.clock.now())?;
        }
        Ok(())
    }
}
