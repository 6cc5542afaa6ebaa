//! By what callers are known.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Token, TokenDigest, TokenId};
use doctor_booking_ports::{AddError, Along, Page, PageRequest, Tokens, Unavailable};

use crate::MemoryStore;
use crate::page::page;
use crate::store::{State, insert};

/// [`Tokens`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryTokens(MemoryStore);

impl MemoryTokens {
    /// The tokens in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Tokens for MemoryTokens {
    fn add(&self, token: &Token, digest: &TokenDigest, along: &Along) -> Result<(), AddError> {
        let mut state = self.0.lock();
        state.is_new(along)?;
        state.add_token(token, digest)?;
        state.write(along);
        Ok(())
    }

    fn add_first(&self, token: &Token, digest: &TokenDigest) -> Result<bool, Unavailable> {
        let mut state = self.0.lock();
        let is_first = state.tokens.is_empty();
        if is_first {
            state.add_token(token, digest)?;
        }
        Ok(is_first)
    }

    fn add_session(&self, session: &Token, digest: &TokenDigest) -> Result<bool, Unavailable> {
        let mut state = self.0.lock();
        let of = session.session_of.and_then(|of| state.tokens.get(&of));
        // What is a session itself has none.
        let is_live = of.is_some_and(|(of, _)| of.session_of.is_none() && of.is_live(session.created_at));
        if is_live {
            state.add_token(session, digest)?;
        }
        Ok(is_live)
    }

    fn locate(&self, locator: [u8; 16]) -> Result<Option<(Token, TokenDigest)>, Unavailable> {
        Ok(self.0.lock().tokens.values().find(|(_, digest)| digest.locator() == locator).cloned())
    }

    fn find(&self, id: TokenId) -> Result<Option<Token>, Unavailable> {
        Ok(self.0.lock().tokens.get(&id).map(|(token, _)| token.clone()))
    }

    fn list(&self, request: &PageRequest<TokenId>) -> Result<Page<Token, TokenId>, Unavailable> {
        let state = self.0.lock();
        let tokens = state.tokens.values().map(|(token, _)| token).filter(|token| token.session_of.is_none());
        Ok(page(tokens, request, |token| token.id))
    }

    fn revoke(&self, id: TokenId, at: DateTime<Utc>) -> Result<bool, Unavailable> {
        let mut state = self.0.lock();
        let is_there = state.tokens.contains_key(&id);
        let own = state.tokens.values_mut().filter(|(token, _)| token.id == id || token.session_of == Some(id));
        for (token, _) in own {
            token.revoked_at.get_or_insert(at);
        }
        Ok(is_there)
    }

    fn used(&self, id: TokenId, at: DateTime<Utc>) -> Result<(), Unavailable> {
        if let Some((token, _)) = self.0.lock().tokens.get_mut(&id) {
            token.last_used_at = token.last_used_at.max(Some(at));
        }
        Ok(())
    }

    fn sweep(&self, before: DateTime<Utc>) -> Result<usize, Unavailable> {
        let mut state = self.0.lock();
        let count = state.tokens.len();
        state.tokens.retain(|_, (token, _)| {
            let ended = [token.revoked_at, token.expires_at].into_iter().flatten().min();
            token.session_of.is_none() || ended.is_none_or(|ended| ended >= before)
        });
        Ok(count - state.tokens.len())
    }
}

impl State {
    fn add_token(&mut self, token: &Token, digest: &TokenDigest) -> Result<(), Unavailable> {
        if self.tokens.values().any(|(_, other)| other.locator() == digest.locator()) {
            return Err(Unavailable::inconsistent("tokens", &token.id, "another has the same digest"));
        }
        insert(&mut self.tokens, "tokens", token.id, (token.clone(), *digest))
    }
}
