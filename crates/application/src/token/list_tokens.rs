//! Many tokens.

use std::sync::Arc;

use doctor_booking_domain::{Action, Actor, Token, TokenId};
use doctor_booking_ports::{Page, PageRequest, Tokens};

use crate::{AccessError, Gate};

/// Lists tokens.
#[derive(Clone)]
pub struct ListTokens {
    gate: Gate,
    tokens: Arc<dyn Tokens>,
}

impl ListTokens {
    /// The use case behind this gate, over this port.
    pub fn new(gate: Gate, tokens: Arc<dyn Tokens>) -> Self {
        Self { gate, tokens }
    }

    /// All tokens, live or not, in the order in which they were made, a page at a time.
    ///
    /// # Errors
    ///
    /// [`AccessError`].
    pub fn execute(&self, actor: &Actor, page: &PageRequest<TokenId>) -> Result<Page<Token, TokenId>, AccessError> {
        self.gate.require(actor, Action::ManageTokens)?;
        Ok(self.tokens.list(page)?)
    }
}
