//! The secret of a token, which only its owner has.

use std::fmt::{self, Write};

use doctor_booking_domain::TokenDigest;
use sha2::{Digest, Sha256};

/// The secret of a token: `dbk_` and 256 random bits in 64 hexadecimal digits. The beginning is there to be recognised,
/// by people and by what looks for secrets where none should be.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenSecret(String);

impl TokenSecret {
    /// What every secret begins with.
    pub const PREFIX: &'static str = "dbk_";

    /// The secret of these bits.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let mut text = Self::PREFIX.to_owned();
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The secret itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        digest(&self.0)
    }
}

/// Without what it is.
impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(…)")
    }
}

/// The SHA-256 digest (FIPS 180-4) of what a caller brings. A secret of 256 random bits needs neither salt nor stretching:
/// there is nothing to guess.
#[must_use]
pub fn digest(secret: &str) -> TokenDigest {
    TokenDigest::new(Sha256::digest(secret.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_by_its_beginning_and_shown_to_nobody() {
        let secret = TokenSecret::from_bytes([0xab; 32]);
        assert_eq!(secret.as_str(), format!("dbk_{}", "ab".repeat(32)));
        assert_eq!(format!("{secret:?} {:?}", secret.digest()), "TokenSecret(…) TokenDigest(…)");
    }

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // FIPS 180-4, the example of one block.
        let abc = digest("abc");
        assert_eq!(abc.bytes()[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert_eq!(abc.locator()[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
