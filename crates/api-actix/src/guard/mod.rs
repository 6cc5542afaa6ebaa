//! What keeps the service usable for everybody, whatever somebody does to it: how much each may ask for, how much is
//! worked on at once, how large and how slow a request may be, and what browsers are told.
//!
//! In this order, from the outside: [`headers`] stand on every answer, [`rate`] looks at the address, [`limits`] at the
//! request's head, [`cors`] answers browsers that ask whether they may ask, and [`crowd`] lets in what is left. How much
//! a caller may ask for is looked at where it is known who that is ([`Guard::admit_caller`]), and how long a body may
//! take where it is read (`body.rs`). On which [`connection`] nothing is answered for long, whoever accepts them watches.

mod address;
mod connection;
mod cors;
mod crowd;
mod headers;
mod limits;
mod rate;

use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use doctor_booking_domain::CallerId;

pub use address::{Network, NoNetwork};
pub(crate) use connection::Answering;
pub use connection::Connection;
pub use cors::{NoOrigin, Origin};
pub(crate) use crowd::{Place, place_of_request};
pub(crate) use headers::Finish;

use crate::ApiState;
use crate::metrics::{self, Reason};
use crate::problem::Problem;
use address::Address;
use crowd::Crowd;
use rate::Rates;

/// What is always answered: whoever watches the service has to see it most of all when it has too much to do.
pub(crate) const WATCHED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// How much is allowed to whom. 0 is no limit, wherever there can be one.
#[derive(Clone, Debug)]
pub struct GuardSettings {
    /// How many requests a second one address may send in the long run; at once, twice as many. An IPv6 address counts
    /// by its first 64 bits, since whoever has one of those has all.
    ///
    /// What comes from loopback without a [trusted proxy](Self::trusted_proxies) has no such limit: behind a proxy on the
    /// same machine that is not said to be one, all users would be one address.
    pub address_rate: u32,
    /// How many requests a second one caller of the staff may send in the long run; at once, twice as many.
    pub staff_rate: u32,
    /// How many requests a second one patient, or whoever says nothing of who it is, may send in the long run; at once,
    /// ten times as many.
    pub patients_rate: u32,
    /// How many requests are worked on at once; what comes on top is refused, and does not wait. One address may have a
    /// quarter of them.
    pub most_requests: u32,
    /// How many streams of events are open at once.
    pub most_streams: u32,
    /// Where proxies are whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Pages of which origins may use the API from a browser; of none, unless said.
    pub cors_origins: Vec<Origin>,
    /// How long a request's body may take to arrive.
    pub body_timeout: Duration,
}

impl Default for GuardSettings {
    fn default() -> Self {
        Self {
            address_rate: 200,
            staff_rate: 1000,
            patients_rate: 20,
            most_requests: 1024,
            most_streams: 1024,
            trusted_proxies: vec![],
            cors_origins: vec![],
            body_timeout: Duration::from_secs(10),
        }
    }
}

/// One address may take up this part of all places of requests: whoever fills them with what takes long leaves some to
/// others.
const PART_OF_ONE_ADDRESS: u32 = 4;
/// One caller may follow events so often at once: a page needs one stream, and a person, or the front desk, a few.
const MOST_STREAMS_OF_ONE: u32 = 32;

/// What counts who has asked how much, one for all workers.
pub(crate) struct Guard {
    settings: GuardSettings,
    rates: Rates,
    requests: Crowd,
    streams: Crowd,
}

impl Guard {
    pub(crate) fn new(settings: GuardSettings) -> Self {
        Self {
            rates: Rates::new(&settings),
            requests: Crowd::new(settings.most_requests, settings.most_requests.div_ceil(PART_OF_ONE_ADDRESS)),
            streams: Crowd::new(settings.most_streams, MOST_STREAMS_OF_ONE),
            settings,
        }
    }

    /// Lets a caller ask, if it has not asked too much of late. For whoever finds out who that is.
    ///
    /// # Errors
    ///
    /// `too-many-requests`, with the seconds after which there is room again.
    pub(crate) fn admit_caller(&self, caller: CallerId, is_staff: bool) -> Result<(), Problem> {
        self.rates.admit_caller(caller, is_staff).map_err(|problem| turn_away(Reason::Caller, problem))
    }

    /// The same for somebody of whom only the address is known.
    ///
    /// # Errors
    ///
    /// As of a caller.
    pub(crate) fn admit_nobody(&self, request: &ServiceRequest) -> Result<(), Problem> {
        self.address(request).map_or(Ok(()), |address| self.admit_caller(address.into(), false))
    }

    fn address(&self, request: &ServiceRequest) -> Option<Address> {
        let peer = request.peer_addr().map(|peer| peer.ip());
        peer.and_then(|peer| Address::of(peer, request.headers(), &self.settings.trusted_proxies))
    }

    /// A place for a stream of events, which is free again once that is dropped.
    ///
    /// # Errors
    ///
    /// `unavailable` when there are too many of them.
    pub(crate) fn admit_stream(&self, caller: CallerId) -> Result<Place, Problem> {
        let full = || turn_away(Reason::Streams, crowd::full("too many streams of events are open"));
        self.streams.enter(Some(caller)).ok_or_else(full)
    }

    pub(crate) fn settings(&self) -> &GuardSettings {
        &self.settings
    }

    fn admit_address(&self, address: Option<Address>) -> Result<(), Problem> {
        let Some(address) = address else { return Ok(()) };
        self.rates.admit_address(address).map_err(|problem| turn_away(Reason::Address, problem))
    }
}

/// Counts a request that is turned away.
pub(crate) fn turn_away(reason: Reason, problem: Problem) -> Problem {
    metrics::count_turned_away(reason);
    problem
}

/// Lets a request in, or turns it away.
pub(crate) async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let Some(state) = request.app_data::<web::Data<ApiState>>().cloned() else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let guard = state.guard();
    let refuse = |request: ServiceRequest, problem: Problem| Ok(request.error_response(problem).map_into_right_body());
    let address = guard.address(&request);
    let is_watched = WATCHED.contains(&request.path());
    if !is_watched && let Err(problem) = guard.admit_address(address) {
        return refuse(request, problem);
    }
    if let Err(problem) = limits::admit(request.request()) {
        return refuse(request, problem);
    }
    if let Some(answer) = cors::preflight(request.request(), &guard.settings.cors_origins) {
        return Ok(request.into_response(answer).map_into_right_body());
    }
    if is_watched {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let Some(place) = guard.requests.enter(address.map(CallerId::from)) else {
        let problem = crowd::full("too many requests are being worked on, and this one had no effect");
        return refuse(request, turn_away(Reason::Requests, problem));
    };
    Ok(place.of(next.call(request)).await?.map_into_left_body())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_who_has_asked_too_much_is_told_when_to_come_again() {
        let guard = Guard::new(GuardSettings { staff_rate: 1, patients_rate: 1, ..GuardSettings::default() });
        let (arya, maester) = (CallerId::from_u128(1), CallerId::from_u128(2));
        let refused = (0..100).find_map(|_| guard.admit_caller(arya, false).err()).expect("refused at last");
        assert_eq!(refused.code(), crate::Code::TooManyRequests);
        assert!(guard.admit_caller(maester, true).is_ok());
    }
}
