//! Who asks: credentials become an [`Actor`] here, and nowhere else.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use doctor_booking_domain::Actor;

/// Who sent the request.
pub(crate) struct Caller(Actor);

impl Caller {
    /// As the use cases know them.
    pub(crate) fn actor(&self) -> Actor {
        self.0
    }
}

/// There are no credentials yet, so everyone is an administrator.
impl FromRequest for Caller {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(Actor::Administrator)))
    }
}
