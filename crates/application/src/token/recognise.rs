//! Who a caller is.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{
    Action, Actor, CallerId, Concerned, Outcome, RequestId, Role, Token, TokenDigest, TokenId, TokenName,
};
use doctor_booking_ports::{AddError, Along, Clock, Identities, Identity, NotIdentified, Tokens, Unavailable};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::secret::digest;
use crate::Gate;

/// How exactly it is kept when a token was last used: so that not every request has to write.
const USED_TO_THE: TimeDelta = TimeDelta::seconds(60);

/// What a caller brings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Credential<'a> {
    /// A token, or the statement of an identity provider.
    Bearer(&'a str),
    /// The secret of a session.
    Session(&'a str),
}

/// Who a caller is, and by what that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// Who.
    pub actor: Actor,
    /// The token, or session; `None`: an identity provider says so.
    pub token: Option<Token>,
}

/// Why it is not known who a caller is.
#[derive(Debug, Error)]
pub enum RecogniseError {
    /// What was brought proves nothing, any more or at all. The words are for the log: they say nothing about the secret.
    #[error("the credential is not valid: {0}")]
    NotValid(&'static str),
    /// The keys of the identity provider cannot be had at the moment.
    #[error("the keys of the identity provider cannot be had: {0}")]
    NoKeys(String),
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Recognises callers by what they bring.
#[derive(Clone)]
pub struct Recognise {
    gate: Gate,
    tokens: Arc<dyn Tokens>,
    clock: Arc<dyn Clock>,
    identities: Option<Arc<dyn Identities>>,
    administrator: Option<Configured>,
    refusals: Arc<Mutex<Refusals>>,
}

/// How many refusals of nobody in particular were written down in the current minute.
#[derive(Default)]
struct Refusals {
    minute: i64,
    count: u32,
}

/// How many of them are written down in a minute at most. Somebody of whom nothing is known must not be able to fill the
/// store, whose log is never cleared; what comes on top is in the log of the program.
pub const MOST_REFUSALS_A_MINUTE: u32 = 600;

/// A token that is worth something because the configuration says so, and only as long.
///
/// In the store a token stands for it, under a digest of something that nobody can bring: so it is listed, can be revoked,
/// and can have sessions. Its id is made by chance: many see it, and must not be able to try secrets on it.
#[derive(Clone)]
struct Configured {
    secret: TokenDigest,
    stands_for: TokenDigest,
}

impl Recognise {
    /// The use case behind this gate, over these ports.
    pub fn new(gate: Gate, tokens: Arc<dyn Tokens>, clock: Arc<dyn Clock>) -> Self {
        Self { gate, tokens, clock, identities: None, administrator: None, refusals: Arc::default() }
    }

    /// The same, trusting an identity provider as well.
    #[must_use]
    pub fn trusting(self, identities: Arc<dyn Identities>) -> Self {
        Self { identities: Some(identities), ..self }
    }

    /// The same, with an administrator's token that is not in the store, by the digest of its secret: it is worth something
    /// for as long as whoever runs the service says so.
    #[must_use]
    pub fn with_administrator(self, secret: TokenDigest) -> Self {
        // Something that no header can bring, and that is secret besides.
        let unusable = Sha256::new_with_prefix(b"\0").chain_update(secret.bytes()).finalize();
        let stands_for = TokenDigest::new(unusable.into());
        Self { administrator: Some(Configured { secret, stands_for }), ..self }
    }

    /// Who brings this. Whoever brings what is not valid is written into the audit log.
    ///
    /// # Errors
    ///
    /// [`RecogniseError`].
    pub fn execute(&self, brought: Credential<'_>, request: &RequestId) -> Result<Recognised, RecogniseError> {
        let found = self.look(brought, self.clock.now());
        if matches!(found, Err(RecogniseError::NotValid(_))) {
            self.refused(request)?;
        }
        let Recognised { actor, token } = found?;
        Ok(Recognised { actor: actor.in_request(request.clone()), token })
    }

    /// Writes down that somebody wanted something and brought nothing, or nothing valid; at most
    /// [`MOST_REFUSALS_A_MINUTE`] times a minute.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn refused(&self, request: &RequestId) -> Result<(), Unavailable> {
        if !self.has_room_for_a_refusal() {
            return Ok(());
        }
        let nobody = Actor::nobody().in_request(request.clone());
        self.gate.record(&nobody, (Action::SignIn, Outcome::Refused), [Concerned::default()])
    }

    fn has_room_for_a_refusal(&self) -> bool {
        let minute = self.clock.now().timestamp().div_euclid(60);
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.minute != minute {
            *refusals = Refusals { minute, count: 0 };
        }
        refusals.count = refusals.count.saturating_add(1);
        refusals.count <= MOST_REFUSALS_A_MINUTE
    }

    fn look(&self, brought: Credential<'_>, now: DateTime<Utc>) -> Result<Recognised, RecogniseError> {
        let (secret, is_session) = match brought {
            Credential::Bearer(secret) => (secret, false),
            Credential::Session(secret) => (secret, true),
        };
        let wanted = digest(secret);
        if let Some(Configured { secret, .. }) = self.administrator.as_ref().filter(|_| !is_session)
            && is_same(secret, &wanted)
        {
            return self.by_token(self.of_configuration()?.ok_or(RecogniseError::NotValid("it is not known"))?, now);
        }
        let found = self.tokens.locate(wanted.locator())?;
        let found =
            found.filter(|(token, digest)| is_same(digest, &wanted) && token.session_of.is_some() == is_session);
        match (found, &self.identities) {
            (Some((token, _)), _) => self.by_token(token, now),
            (None, Some(identities)) if !is_session && looks_like_a_statement(secret) => {
                match identities.identify(secret, now) {
                    Ok(identity) => Ok(Recognised { actor: actor_of(&identity), token: None }),
                    Err(NotIdentified::Refused(why)) => Err(RecogniseError::NotValid(why)),
                    Err(NotIdentified::Unavailable(why)) => Err(RecogniseError::NoKeys(why)),
                }
            }
            (None, _) => Err(RecogniseError::NotValid("it is not known")),
        }
    }

    /// Puts what stands for the token of the configuration into the store, where it is not there yet: so that it can be
    /// listed and revoked.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn prepare(&self) -> Result<(), Unavailable> {
        self.of_configuration().map(drop)
    }

    /// What stands for the token of the configuration.
    fn of_configuration(&self) -> Result<Option<Token>, Unavailable> {
        let Some(Configured { stands_for, .. }) = self.administrator else { return Ok(None) };
        let find = || -> Result<Option<Token>, Unavailable> {
            let found = self.tokens.locate(stands_for.locator())?;
            Ok(found.filter(|(_, digest)| is_same(digest, &stands_for)).map(|(token, _)| token))
        };
        if let Some(token) = find()? {
            return Ok(Some(token));
        }
        let token = Token {
            id: TokenId::from(caller_of(&[&self.gate.secret()]).uuid()),
            name: TokenName::parse("ADMIN_TOKEN").expect("a name"),
            role: Role::Administrator,
            session_of: None,
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
            created_by: None,
            created_at: self.clock.now(),
        };
        let added = self.tokens.add(&token, &stands_for, &Along::default());
        match (find()?, added) {
            // Perhaps somebody else was faster.
            (Some(token), _) => Ok(Some(token)),
            (None, Err(AddError::Unavailable(error))) => Err(error),
            (None, Ok(()) | Err(AddError::Answered)) => Ok(None),
        }
    }

    fn by_token(&self, token: Token, now: DateTime<Utc>) -> Result<Recognised, RecogniseError> {
        if token.revoked_at.is_some() {
            return Err(RecogniseError::NotValid("it was revoked"));
        }
        if !token.is_live(now) {
            return Err(RecogniseError::NotValid("it has expired"));
        }
        let is_of_other_configuration = match token.session_of.filter(|of| is_configured(*of)) {
            Some(of) => self.of_configuration()?.is_none_or(|now| now.id != of),
            None => false,
        };
        if is_of_other_configuration {
            return Err(RecogniseError::NotValid("it is of a token that the configuration has no more"));
        }
        if token.last_used_at.is_none_or(|last| now - last >= USED_TO_THE) {
            // Whoever is let in must not be shut out because that could not be noted.
            let _ = self.tokens.used(token.id, now);
        }
        Ok(Recognised { actor: Actor::new(token.caller(), token.role), token: Some(token) })
    }
}

/// Whether this is the id of a token of the configuration: it is of `UUIDv8`, and those of all others are of `UUIDv7`.
fn is_configured(id: TokenId) -> bool {
    id.uuid().get_version_num() == 8
}

/// In a time that depends on neither.
fn is_same(one: &TokenDigest, other: &TokenDigest) -> bool {
    one.bytes().ct_eq(other.bytes()).into()
}

/// The compact form of a JWS (RFC 7515, section 7.1): three parts, the first of which is an object.
fn looks_like_a_statement(secret: &str) -> bool {
    secret.starts_with("eyJ") && secret.bytes().filter(|byte| *byte == b'.').count() == 2
}

fn actor_of(identity: &Identity) -> Actor {
    let Identity { issuer, subject, role } = identity;
    let caller = CallerId::of(*role);
    Actor::new(caller.unwrap_or_else(|| caller_of(&[issuer.as_bytes(), &[0], subject.as_bytes()])), *role)
}

/// Whoever is known by this and has no id here, as a `UUIDv8` (RFC 9562, section 5.8) of a digest.
fn caller_of(known_by: &[&[u8]]) -> CallerId {
    let mut hash = Sha256::new_with_prefix(b"doctor-booking caller\0");
    for part in known_by {
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    CallerId::from_u128(u128::from_be_bytes(bytes))
}

/// What has a role of these is staff: known to the hospital, and many things at once.
impl Recognised {
    /// Whether it is somebody of the hospital's.
    #[must_use]
    pub const fn is_staff(&self) -> bool {
        match self.actor.role {
            Role::Administrator | Role::FrontDesk | Role::Doctor(_) => true,
            Role::Patient(_) | Role::Nobody => false,
        }
    }
}
