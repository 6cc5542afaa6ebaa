//! Tokens: by what callers are known.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::{CallerId, Role, TokenId, TokenName};

/// The SHA-256 digest of a token's secret: what is stored of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// The digest of these bytes.
    #[must_use]
    pub const fn new(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// All of it.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its first half, by which it is looked up: the other half is compared in a time that does not depend on it.
    #[must_use]
    pub fn locator(&self) -> [u8; 16] {
        let mut half = [0; 16];
        half.copy_from_slice(&self.0[..16]);
        half
    }
}

/// Without what it is.
impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(…)")
    }
}

/// By what a caller is known, without its secret. It is never changed but for being used and revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Which.
    pub id: TokenId,
    /// What it is called: whose it is, or what for.
    pub name: TokenName,
    /// What whoever has it is.
    pub role: Role,
    /// The token of which this is a session: a sign-in of a browser's. It ends with that token at the latest.
    pub session_of: Option<TokenId>,
    /// From when on it is worth nothing; `None`: never.
    pub expires_at: Option<DateTime<Utc>>,
    /// Since when it is worth nothing.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Who made it; `None`: the service, or whoever runs it.
    pub created_by: Option<CallerId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Token {
    /// Whether it is worth anything at this instant.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires| now < expires)
    }

    /// Who whoever has it is. A patient, and a doctor, is the same caller with all of his or her tokens; so is one who has
    /// signed in with a token.
    #[must_use]
    pub fn caller(&self) -> CallerId {
        CallerId::of(self.role).unwrap_or_else(|| CallerId::from(self.session_of.unwrap_or(self.id).uuid()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::{DoctorId, PatientId};

    fn token(role: Role) -> Token {
        Token {
            id: TokenId::from_u128(7),
            name: TokenName::parse("Front desk, window 2").expect("a name"),
            role,
            session_of: None,
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
            created_by: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_token_is_live_until_it_expires_or_is_revoked() {
        let (now, moment) = (DateTime::UNIX_EPOCH, TimeDelta::microseconds(1));
        let until = |expires_at| Token { expires_at, ..token(Role::FrontDesk) };
        assert!(until(None).is_live(DateTime::<Utc>::MAX_UTC));
        assert!(until(Some(now)).is_live(now - moment));
        assert!(!until(Some(now)).is_live(now));
        let revoked = Token { revoked_at: Some(now), ..until(Some(now + moment)) };
        assert!(!revoked.is_live(now), "what is revoked is worth nothing any more");
        assert!(!revoked.is_live(now - moment), "nor is it asked when");
    }

    #[test]
    fn a_person_is_one_caller_with_every_token_and_whoever_has_another_role_is_one_with_each() {
        let (doctor, patient) = (DoctorId::from_u128(1), PatientId::from_u128(2));
        let other = |role| Token { id: TokenId::from_u128(8), ..token(role) };
        for (role, caller) in [(Role::Doctor(doctor), doctor.uuid()), (Role::Patient(patient), patient.uuid())] {
            assert_eq!([token(role).caller(), other(role).caller()], [CallerId::from(caller); 2]);
        }
        for role in [Role::Administrator, Role::FrontDesk] {
            assert_eq!(token(role).caller(), CallerId::from_u128(7));
            assert_eq!(other(role).caller(), CallerId::from_u128(8));
        }
    }

    #[test]
    fn whoever_has_signed_in_is_the_caller_of_the_token() {
        let session =
            Token { id: TokenId::from_u128(9), session_of: Some(TokenId::from_u128(7)), ..token(Role::FrontDesk) };
        assert_eq!(session.caller(), token(Role::FrontDesk).caller());
    }

    #[test]
    fn a_digest_is_found_by_its_first_half_and_tells_nothing() {
        let mut bytes = [1; 32];
        bytes[16..].fill(2);
        let digest = TokenDigest::new(bytes);
        assert_eq!((digest.locator(), digest.bytes()), ([1; 16], &bytes));
        assert_eq!(format!("{digest:?}"), "TokenDigest(…)");
    }
}
