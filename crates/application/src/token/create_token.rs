//! A new token.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Action, Actor, Role, Token, TokenName};
use doctor_booking_ports::{AddError, Along, Clock, Doctors, Ids, Patients, Tokens, Unavailable};
use thiserror::Error;

use super::TokenSecret;
use crate::access::can_be_forbidden;
use crate::{Gate, Once};

/// A token to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What it is called: whose it is, or what for.
    pub name: TokenName,
    /// What whoever has it is to be.
    pub role: Role,
    /// From when on it is worth nothing; `None`: never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedToken {
    /// The token.
    pub token: Token,
    /// Its secret, this once. `None` where an answer is kept: what is kept has no secrets.
    pub secret: Option<TokenSecret>,
}

/// Why no token was made.
#[derive(Debug, Error)]
pub enum CreateTokenError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// There is no such patient.
    #[error("there is no such patient")]
    UnknownPatient,
    /// Who is nobody needs no token.
    #[error("nobody needs no token")]
    OfNobody,
    /// It would have expired already.
    #[error("a token expires later than now")]
    ExpiresInPast,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(CreateTokenError);

/// Makes tokens.
#[derive(Clone)]
pub struct CreateToken {
    gate: Gate,
    tokens: Arc<dyn Tokens>,
    doctors: Arc<dyn Doctors>,
    patients: Arc<dyn Patients>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl CreateToken {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        tokens: Arc<dyn Tokens>,
        doctors: Arc<dyn Doctors>,
        patients: Arc<dyn Patients>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { gate, tokens, doctors, patients, clock, ids }
    }

    /// Makes a token, and answers its secret, which nobody can find out any more afterwards.
    ///
    /// # Errors
    ///
    /// [`CreateTokenError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        new: NewToken,
        once: Option<&Once<'_, CreatedToken>>,
    ) -> Result<CreatedToken, CreateTokenError> {
        self.gate.require(actor, Action::ManageTokens)?;
        let now = self.clock.now();
        if new.expires_at.is_some_and(|expires| expires <= now) {
            return Err(CreateTokenError::ExpiresInPast);
        }
        // Neither ever goes, so who is there now stays.
        match new.role {
            Role::Doctor(id) => drop(self.doctors.find(id)?.ok_or(CreateTokenError::UnknownDoctor)?),
            Role::Patient(id) => drop(self.patients.find(id)?.ok_or(CreateTokenError::UnknownPatient)?),
            Role::Nobody => return Err(CreateTokenError::OfNobody),
            Role::Administrator | Role::FrontDesk => {}
        }
        let secret = TokenSecret::from_bytes(self.ids.secret());
        let token = Token {
            id: self.ids.token(),
            name: new.name,
            role: new.role,
            session_of: None,
            expires_at: new.expires_at,
            revoked_at: None,
            last_used_at: None,
            created_by: Some(actor.caller),
            created_at: now,
        };
        let kept = CreatedToken { token: token.clone(), secret: None };
        let along = Along { history: vec![], answer: once.map(|once| once.answer(&kept, now)) };
        match self.tokens.add(&token, &secret.digest(), &along) {
            Ok(()) => Ok(CreatedToken { token, secret: Some(secret) }),
            Err(AddError::Answered) => Err(CreateTokenError::Answered),
            Err(AddError::Unavailable(error)) => Err(error.into()),
        }
    }
}
