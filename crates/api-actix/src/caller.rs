//! Who asks, for handlers: it was found out before they are called.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use doctor_booking_application::Recognised;
use doctor_booking_domain::Actor;

use crate::problem::Problem;

/// Who sent the request.
#[derive(Clone)]
pub(crate) struct Caller(pub(crate) Recognised);

impl Caller {
    /// As the use cases know them.
    pub(crate) fn actor(&self) -> Actor {
        self.0.actor.clone()
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let recognised = request.extensions().get::<Recognised>().cloned();
        ready(recognised.map(Self).ok_or_else(|| Problem::internal("nobody has looked who asks")))
    }
}
