//! A token that is worth nothing any more.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, TokenId};
use doctor_booking_ports::{Clock, Tokens};

use crate::{AccessError, Gate};

/// Revokes tokens.
#[derive(Clone)]
pub struct RevokeToken {
    gate: Gate,
    tokens: Arc<dyn Tokens>,
    clock: Arc<dyn Clock>,
}

impl RevokeToken {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, tokens: Arc<dyn Tokens>, clock: Arc<dyn Clock>) -> Self {
        Self { gate, tokens, clock }
    }

    /// Revokes a token and all its sessions, from the next request on, on every server; whether there is one. Revoking
    /// again changes nothing.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: TokenId) -> Result<bool, AccessError> {
        self.gate.require(actor, Action::ManageTokens)?;
        let is_token = self.tokens.find(id)?.is_some_and(|token| token.session_of.is_none());
        Ok(is_token && self.tokens.revoke(id, self.clock.now())?)
    }
}
