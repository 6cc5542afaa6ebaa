//! What a request brings to be known by.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderValue, ORIGIN};
use actix_web::http::{Method, Uri};
use doctor_booking_application::Credential;

use crate::code::Code;
use crate::problem::Problem;

/// The cookie of a session. By its prefix browsers take it only from this very host, so that no neighbour can put another
/// in its place.
pub(crate) const SESSION_COOKIE: &str = "__Host-doctor-booking-session";
/// The same on loopback, where nothing is encrypted: there browsers do not take the other.
const LOOPBACK_COOKIE: &str = "doctor-booking-session";

/// What the cookie of a session is called on the host that a request was sent to.
pub(crate) fn session_cookie(headers: &HeaderMap) -> &'static str {
    if is_to_loopback(headers) { LOOPBACK_COOKIE } else { SESSION_COOKIE }
}
/// The longest credential that is looked at, in bytes. A token has 68, and a statement of an identity provider hardly ever
/// more than four thousand.
const LONGEST: usize = 8 * 1024;

/// What a request brings to be known by.
#[derive(Clone)]
pub(crate) enum Brought {
    /// `Authorization: Bearer`.
    Bearer(String),
    /// The cookie of a session.
    Session(String),
}

impl Brought {
    /// What the request brings, if anything. What is in the header counts more than a cookie, which browsers send unasked.
    pub(crate) fn by(request: &ServiceRequest) -> Result<Option<Self>, Problem> {
        let mut lines = request.headers().get_all(AUTHORIZATION);
        match (lines.next(), lines.next()) {
            (Some(only), None) => bearer(only).map(|token| Some(Self::Bearer(token))),
            (Some(_), Some(_)) => Err(Problem::new(Code::MalformedRequest, "Authorization must stand once at most")),
            (None, _) => {
                let cookies = request.cookies().map(|all| all.to_vec()).unwrap_or_default();
                let name = session_cookie(request.headers());
                let mut sessions = cookies.iter().filter(|cookie| cookie.name() == name);
                match (sessions.next(), sessions.next()) {
                    (None, _) => Ok(None),
                    (Some(only), None) => Ok(Some(Self::Session(only.value().to_owned()))),
                    // One of them is somebody else's doing.
                    (Some(_), Some(_)) => Err(Problem::general(Code::Unauthenticated)),
                }
            }
        }
    }

    pub(crate) fn credential(&self) -> Credential<'_> {
        match self {
            Self::Bearer(token) => Credential::Bearer(token),
            Self::Session(secret) => Credential::Session(secret),
        }
    }
}

/// The token behind `Bearer` (RFC 6750, section 2.1; the scheme in any case, RFC 9110, section 11.1).
fn bearer(value: &HeaderValue) -> Result<String, Problem> {
    let refused = || Problem::general(Code::Unauthenticated);
    let text = value.to_str().ok().filter(|text| text.len() <= LONGEST).ok_or_else(refused)?;
    let (scheme, token) = text.split_once(' ').ok_or_else(refused)?;
    let token = token.trim_start_matches(' ');
    let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    if scheme.eq_ignore_ascii_case("bearer") && is_token { Ok(token.to_owned()) } else { Err(refused()) }
}

/// Whether a request that may be known by a cookie, or sets one, comes from a page of this service: it changes nothing, or
/// its `Origin` is the host that it was sent to. `SameSite` keeps other sites out, but not other ports of this host.
pub(crate) fn is_from_here(method: &Method, headers: &HeaderMap, must_tell: bool) -> bool {
    if method.is_safe() {
        return true;
    }
    let mut origins = headers.get_all(ORIGIN);
    let origin = match (origins.next(), origins.next()) {
        (None, _) => return !must_tell,
        (Some(only), None) => only,
        (Some(_), Some(_)) => return false,
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let origin = origin.filter(|origin| matches!(origin.scheme_str(), Some("http" | "https")));
    let authority = origin.as_ref().and_then(Uri::authority).map(ToString::to_string);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    authority.is_some_and(|authority| host.is_some_and(|host| authority.eq_ignore_ascii_case(host)))
}

/// Whether a request was sent to this very machine, by the name that it used. Others send where they are told to, so
/// nothing is won by a lie.
pub(crate) fn is_to_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_address = name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    is_address || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderName;

    use super::*;

    fn headers(all: &[(HeaderName, &'static str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_bearer_token_stands_behind_its_scheme() {
        let read = |text: &'static str| bearer(&HeaderValue::from_static(text)).ok();
        for fine in ["Bearer abc", "bearer abc", "BEARER  abc"] {
            assert_eq!(read(fine).as_deref(), Some("abc"), "{fine}");
        }
        for wrong in ["", "abc", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearerabc", "Bearer\tabc"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let long = format!("Bearer {}", "a".repeat(LONGEST));
        assert!(bearer(&HeaderValue::from_str(&long).expect("a value")).is_err());
        assert!(bearer(&HeaderValue::from_bytes(b"Bearer \xff").expect("a value")).is_err());
    }

    #[test]
    fn what_changes_something_comes_from_the_host_that_it_was_sent_to() {
        let asked = |origin: &'static str, must_tell| {
            let mut all = vec![(HOST, "booking.example:8443")];
            all.extend((!origin.is_empty()).then_some((ORIGIN, origin)));
            is_from_here(&Method::POST, &headers(&all), must_tell)
        };
        assert!(asked("https://booking.example:8443", true) && asked("http://BOOKING.example:8443", true));
        for other in ["https://booking.example", "https://evil.example", "null", "booking.example:8443", "file:///x"] {
            assert!(!asked(other, false), "{other}");
        }
        assert!(asked("", false) && !asked("", true));
        assert!(is_from_here(&Method::GET, &headers(&[(ORIGIN, "https://evil.example")]), true));
    }

    #[test]
    fn loopback_is_known_by_its_names() {
        for here in ["localhost", "localhost:8080", "127.0.0.1:80", "127.8.9.1", "[::1]:8080", "LOCALHOST"] {
            assert!(is_to_loopback(&headers(&[(HOST, here)])), "{here}");
        }
        for there in ["", "localhost.evil.example", "10.0.0.1:80", "[::2]:8080", "127.0.0.1.evil.example"] {
            assert!(!is_to_loopback(&headers(&[(HOST, there)])), "{there}");
        }
    }
}
