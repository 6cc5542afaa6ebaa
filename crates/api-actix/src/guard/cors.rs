//! Pages of other origins that may use the API from a browser (Fetch standard, section 3.2): none, unless configured.
//!
//! Written here, since `actix-cors` cannot keep what it promises beneath the edge, which answers every refusal anew, nor
//! above it, where what it answers itself would have no id and no line in the log.

use std::fmt;
use std::str::FromStr;

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue,
    ORIGIN, VARY,
};
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::{HttpRequest, HttpResponse};

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
const HEADERS: &str = "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id";
const EXPOSED: &str = "ETag, Location, Idempotency-Replayed, Retry-After, X-Request-Id";
/// How long a browser may remember that it may ask, in seconds.
const MAX_AGE: u32 = 600;

/// Where a page comes from, as browsers say it: `https://clinic.example`, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// The text is no [`Origin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoOrigin;

impl fmt::Display for NoOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an origin is https://HOST or http://HOST, with a port if it has one, without a path; * is none")
    }
}

impl std::error::Error for NoOrigin {}

impl FromStr for Origin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        let (scheme, rest) = text.split_once("://").ok_or(NoOrigin)?;
        let usual_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(NoOrigin),
        };
        let uri: Uri = text.parse().map_err(|_| NoOrigin)?;
        let authority = uri.authority().ok_or(NoOrigin)?;
        let host = authority.host();
        let is_host =
            !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_[:]".contains(&byte));
        // Nothing but host and port: no user, no path, not even a slash at the end.
        let port = match &rest[host.len().min(rest.len())..] {
            "" => None,
            port => Some(port.strip_prefix(':').and_then(|port| port.parse::<u16>().ok()).ok_or(NoOrigin)?),
        };
        if !is_host || !rest.starts_with(host) {
            return Err(NoOrigin);
        }
        // As browsers write it: in lower case, and without the port that goes without saying.
        let host = host.to_ascii_lowercase();
        let port = port.filter(|port| *port != usual_port).map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self(format!("{scheme}://{host}{port}")))
    }
}

/// What a request's origin, if it may use the API, is called in the answer.
fn allowed(request: &HttpRequest, origins: &[Origin]) -> Option<HeaderValue> {
    let origin = request.headers().get(ORIGIN)?;
    origins.iter().any(|allowed| allowed.0.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

/// The answer to a browser that asks whether a page may ask.
pub(super) fn preflight(request: &HttpRequest, origins: &[Origin]) -> Option<HttpResponse> {
    let is_one = *request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    if !is_one || allowed(request, origins).is_none() {
        return None;
    }
    let mut answer = HttpResponse::new(StatusCode::NO_CONTENT);
    let headers = answer.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(MAX_AGE));
    Some(answer)
}

/// What an answer says of who may read it.
pub(super) struct Readers {
    /// Whether that depends on who asks.
    varies: bool,
    allowed: Option<HeaderValue>,
}

impl Readers {
    pub(super) fn of(request: &HttpRequest, origins: &[Origin]) -> Self {
        Self { varies: !origins.is_empty(), allowed: allowed(request, origins) }
    }

    /// Whether a page of another origin may.
    pub(super) fn has_others(&self) -> bool {
        self.allowed.is_some()
    }

    pub(super) fn put(&self, headers: &mut HeaderMap) {
        if self.varies {
            headers.append(VARY, HeaderValue::from_static("Origin"));
        }
        if let Some(origin) = &self.allowed {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_do() {
        for (text, written) in [
            ("https://clinic.example", "https://clinic.example"),
            ("https://Clinic.Example:443", "https://clinic.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://localhost:80", "http://localhost"),
            ("https://clinic.example:80", "https://clinic.example:80"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(text.parse(), Ok(Origin(written.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "*",
            "null",
            "https://*",
            "https://*.clinic.example",
            "https://",
            "clinic.example",
            "ftp://clinic.example",
            "https://clinic.example/",
            "https://clinic.example/page",
            "https://clinic.example?x",
            "https://clinic.example#x",
            "https://me@clinic.example",
            "https://clinic.example:",
            "https://clinic.example:http",
            "https://clinic.example:99999",
            "https://clinic.example, https://other.example",
            "HTTPS://clinic.example",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(NoOrigin), "{text}");
        }
    }
}
