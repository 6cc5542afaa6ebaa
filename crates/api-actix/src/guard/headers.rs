//! What stands on every answer, whoever made it.

use actix_web::HttpRequest;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CROSS_ORIGIN_OPENER_POLICY, CROSS_ORIGIN_RESOURCE_POLICY,
    HeaderMap, HeaderName, HeaderValue, PERMISSIONS_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::web;

use super::cors::Readers;
use crate::ApiState;
use crate::respond::PLAIN;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is no page may do nothing, should a browser take it for one.
const NOT_A_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";
/// Everything that a page consists of comes from here, as files of its own; nothing is written into it.
const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                    connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Of the browser of the API, too, but for one style that Swagger UI writes into itself, always the same.
const BROWSER: &str = "default-src 'none'; script-src 'self'; \
                       style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; \
                       font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What an answer gets before it leaves.
pub(crate) struct Finish {
    id: HeaderValue,
    is_api: bool,
    policy: &'static str,
    readers: Readers,
}

impl Finish {
    /// What the answer to this request gets.
    pub(crate) fn of(request: &HttpRequest, id: &str) -> Self {
        let origins = request.app_data::<web::Data<ApiState>>().map(|state| &*state.guard().settings().cors_origins);
        let path = request.match_info().as_str();
        let is_under =
            |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        Self {
            id: HeaderValue::from_str(id).unwrap_or(HeaderValue::from_static("")),
            is_api: is_under("/api"),
            policy: if is_under("/docs") {
                BROWSER
            } else if path == "/" || is_under("/problems") {
                PAGE
            } else {
                NOT_A_PAGE
            },
            readers: Readers::of(request, origins.unwrap_or_default()),
        }
    }

    /// Puts it on.
    pub(crate) fn put(&self, headers: &mut HeaderMap) {
        if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == PLAIN) {
            headers.remove(CONTENT_ENCODING);
        }
        headers.insert(X_REQUEST_ID, self.id.clone());
        // Personal data is kept nowhere. All else is asked for anew, unless it has said itself that it never changes.
        let cache = if self.is_api { "no-store" } else { "no-cache" };
        if self.is_api || !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        }
        let who_loads = if self.readers.has_others() { "cross-origin" } else { "same-origin" };
        for (name, value) in [
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (X_FRAME_OPTIONS, "DENY"),
            (REFERRER_POLICY, "no-referrer"),
            (CONTENT_SECURITY_POLICY, self.policy),
            (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
            (CROSS_ORIGIN_RESOURCE_POLICY, who_loads),
            (PERMISSIONS_POLICY, "camera=(), microphone=(), geolocation=()"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        self.readers.put(headers);
    }
}
