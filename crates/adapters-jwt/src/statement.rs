//! A statement as it was brought: three pieces in Base64, of which nothing is believed yet.

use doctor_booking_ports::NotIdentified;
use jsonwebtoken::Algorithm;
use serde_json::Value;

use crate::key::{Key, algorithm, bytes};

/// How long a statement may be, in bytes. Most have less than 2 KiB, and a web server takes about as much as this.
const MOST: usize = 8 * 1024;

/// A JWT (RFC 7519) in its compact form (RFC 7515, 7.1).
pub(crate) struct Statement<'a> {
    /// Which key its head says that it is signed with, if it says.
    pub(crate) key_id: Option<String>,
    /// And by what.
    pub(crate) algorithm: Algorithm,
    /// What is signed.
    message: &'a str,
    claims: &'a str,
    signature: Vec<u8>,
}

impl<'a> Statement<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, NotIdentified> {
        if text.len() > MOST {
            return Err(NotIdentified::Refused("the JWT is too long"));
        }
        let not_one = NotIdentified::Refused("it is not a JWT");
        let Some((message, signature)) = text.rsplit_once('.') else { return Err(not_one) };
        let Some((head, claims)) = message.split_once('.') else { return Err(not_one) };
        // There are no more than three pieces; with five it would be an encrypted one.
        let fine = !claims.contains('.');
        let (true, Some(head), Some(signature)) = (fine, object(head), bytes(signature)) else { return Err(not_one) };

        // A critical extension is one that must be understood (RFC 7515, 4.1.11), and none is.
        if head.get("crit").is_some() {
            return Err(NotIdentified::Refused("the JWT has critical extensions"));
        }
        let Some(algorithm) = head.get("alg").and_then(Value::as_str).and_then(algorithm) else {
            return Err(NotIdentified::Refused("the JWT is not signed by RS256, ES256 or EdDSA"));
        };
        let key_id = match head.get("kid") {
            None => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => return Err(not_one),
        };
        Ok(Self { key_id, algorithm, message, claims, signature })
    }

    /// What it claims, if the key has signed it.
    pub(crate) fn claims(&self, key: &Key) -> Result<Value, NotIdentified> {
        if !key.has_signed(self.message.as_bytes(), &self.signature) {
            return Err(NotIdentified::Refused("the signature of the JWT is wrong"));
        }
        object(self.claims).ok_or(NotIdentified::Refused("the claims of the JWT are no object"))
    }
}

/// The JSON object that a piece holds.
fn object(piece: &str) -> Option<Value> {
    serde_json::from_slice(&bytes(piece)?).ok().filter(Value::is_object)
}
