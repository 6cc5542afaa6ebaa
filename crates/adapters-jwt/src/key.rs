//! The keys of an identity provider.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// An RSA key with a shorter modulus is no longer safe (RFC 7518, 3.3); a longer one than this nobody has.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// How long a coordinate of P-256 is, and a public key of Ed25519, in bytes.
const POINT: usize = 32;

/// The algorithm of this name, if statements may be signed by it.
pub(crate) fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "RS256" => Some(Algorithm::RS256),
        "ES256" => Some(Algorithm::ES256),
        "EdDSA" => Some(Algorithm::EdDSA),
        _ => None,
    }
}

/// A key by which a statement may be signed.
pub(crate) struct Key {
    id: Option<String>,
    /// By what; there is but one algorithm for each kind of key.
    algorithm: Algorithm,
    public: DecodingKey,
}

impl Key {
    /// The key of a JWK (RFC 7517); `None` unless it is one for us.
    fn from_jwk(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).map(Value::as_str);
        let needed = |name: &str| text(name).flatten();
        let (algorithm, public) = match (needed("kty")?, text("crv")) {
            ("RSA", None) => (Algorithm::RS256, rsa(needed("n")?, needed("e")?)?),
            ("EC", Some(Some("P-256"))) => (Algorithm::ES256, p256(needed("x")?, needed("y")?)?),
            ("OKP", Some(Some("Ed25519"))) => (Algorithm::EdDSA, ed25519(needed("x")?)?),
            _ => return None,
        };
        // What is there has to be right; what is not there forbids nothing.
        let made_for_it = text("alg").is_none_or(|name| name.and_then(self::algorithm) == Some(algorithm))
            && text("use").is_none_or(|purpose| purpose.is_some_and(|purpose| purpose != "enc"))
            && jwk.get("key_ops").is_none_or(|all| all.as_array().is_some_and(|all| all.contains(&"verify".into())));
        let id = match text("kid") {
            Some(id) => Some(id?.to_owned()),
            None => None,
        };
        made_for_it.then_some(Self { id, algorithm, public })
    }

    /// Whether this is its signature of the message.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        // Not by the library's default, which is up to the whole process.
        let verifier = (DEFAULT_PROVIDER.verifier_factory)(&self.algorithm, &self.public);
        verifier.is_ok_and(|verifier| verifier.verify(message, &signature.to_vec()).is_ok())
    }
}

fn rsa(n: &str, e: &str) -> Option<DecodingKey> {
    let (n, e) = (bytes(n)?, bytes(e)?);
    let first = n.iter().position(|&byte| byte != 0)?;
    let n = &n[first..];
    let bits = n.len() * 8 - n[0].leading_zeros() as usize;
    RSA_BITS.contains(&bits).then(|| DecodingKey::from_rsa_raw_components(n, &e))
}

fn p256(x: &str, y: &str) -> Option<DecodingKey> {
    let fine = bytes(x)?.len() == POINT && bytes(y)?.len() == POINT;
    if fine { DecodingKey::from_ec_components(x, y).ok() } else { None }
}

fn ed25519(x: &str) -> Option<DecodingKey> {
    if bytes(x)?.len() == POINT { DecodingKey::from_ed_components(x).ok() } else { None }
}

/// What this stands for in Base64 for URLs, without padding.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The keys that an identity provider has at a time.
pub(crate) struct KeySet(Vec<Key>);

/// Why there is no key to check a signature with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoKey {
    /// There is none of that id, or none at all that fits.
    Unknown,
    /// The key of that id is for something else.
    Unfit,
    /// There is more than one.
    Ambiguous,
}

impl KeySet {
    /// The keys of a JWKS. Those that are not for us are left out: a provider may have some for other purposes.
    pub(crate) fn parse(jwks: &[u8]) -> Option<Self> {
        let jwks: Value = serde_json::from_slice(jwks).ok()?;
        let keys = jwks.get("keys")?.as_array()?;
        Some(Self(keys.iter().filter_map(Key::from_jwk).collect()))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The key of this id that fits the algorithm. Without an id: the only key that fits.
    pub(crate) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Result<&Key, NoKey> {
        let mut of_that_id = self.0.iter().filter(|key| id.is_none() || key.id.as_deref() == id).peekable();
        let missing = if id.is_some() && of_that_id.peek().is_some() { NoKey::Unfit } else { NoKey::Unknown };
        let mut fitting = of_that_id.filter(|key| key.algorithm == algorithm);
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (None, _) => Err(missing),
            (Some(_), Some(_)) => Err(NoKey::Ambiguous),
        }
    }
}
