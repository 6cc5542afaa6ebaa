//! Who asks: credentials become an [`Actor`] here, and nowhere else.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use actix_web::{FromRequest, HttpRequest};
use doctor_booking_domain::{Actor, CallerId};
use sha2::{Digest, Sha256};
use uuid::Builder;

/// Who sent the request.
#[derive(Clone, Copy)]
pub(crate) struct Caller(Actor);

impl Caller {
    /// As the use cases know them.
    pub(crate) fn actor(&self) -> Actor {
        self.0
    }
}

/// There is no sign-in yet, so everyone is an administrator. What `Authorization` brings gives no rights; it only tells
/// one caller from another.
impl FromRequest for Caller {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let brought = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
        ready(Ok(Self(Actor::administrator(caller(brought)))))
    }
}

/// Whoever brings this, as a `UUIDv8` (RFC 9562, section 5.8) of its digest: nobody learns from it what was brought.
/// Those who bring nothing are one caller.
fn caller(brought: &[u8]) -> CallerId {
    let digest: [u8; 32] = Sha256::digest(brought).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    CallerId::from(Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_brought_tells_callers_apart() {
        let arya = caller(b"Bearer arya");
        assert_eq!(arya, caller(b"Bearer arya"));
        assert!(arya != caller(b"Bearer sansa") && arya != caller(b"") && arya != caller(b"bearer arya"));
        assert_eq!(caller(b"").uuid().get_version_num(), 8);
    }
}
