//! One token.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Token, TokenId};
use doctor_booking_ports::Tokens;

use crate::{AccessError, Gate};

/// Finds a token.
#[derive(Clone)]
pub struct FindToken {
    gate: Gate,
    tokens: Arc<dyn Tokens>,
}

impl FindToken {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, tokens: Arc<dyn Tokens>) -> Self {
        Self { gate, tokens }
    }

    /// The token with this id, live or not, if there is one. Sessions are not found.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, id: TokenId) -> Result<Option<Token>, AccessError> {
        self.gate.require(actor, Action::ManageTokens)?;
        Ok(self.tokens.find(id)?.filter(|token| token.session_of.is_none()))
    }
}
