//! The first token of all.

use std::sync::Arc;

use doctor_booking_domain::{Role, Token, TokenName};
use doctor_booking_ports::{Clock, Ids, Tokens, Unavailable};

use super::{CreatedToken, TokenSecret};

/// Makes the first token: somebody has to be able to make the others.
#[derive(Clone)]
pub struct MakeFirstToken {
    tokens: Arc<dyn Tokens>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl MakeFirstToken {
    /// The use case over these ports.
    pub fn new(tokens: Arc<dyn Tokens>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { tokens, clock, ids }
    }

    /// Makes an administrator's token where there has never been any; of many that try, one does.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self, name: TokenName) -> Result<Option<CreatedToken>, Unavailable> {
        let secret = TokenSecret::from_bytes(self.ids.secret());
        let token = Token {
            id: self.ids.token(),
            name,
            role: Role::Administrator,
            session_of: None,
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
            created_by: None,
            created_at: self.clock.now(),
        };
        let is_first = self.tokens.add_first(&token, &secret.digest())?;
        Ok(is_first.then_some(CreatedToken { token, secret: Some(secret) }))
    }
}
