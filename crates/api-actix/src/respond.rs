//! What was found or done, as an answer.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION};
use doctor_booking_application::Written;
use doctor_booking_domain::Revision;
use serde::Serialize;

use crate::etag::etag;
use crate::problem::Problem;

/// Marks an answer that is not to be compressed; it is taken off again at the edge.
pub(crate) const PLAIN: &str = "identity";
/// What is shorter, in bytes, is not worth compressing.
const WORTH_COMPRESSING: usize = 1024;
/// Says that an answer was given before.
pub(crate) const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A refusal that is whole already: the edge lets it pass as it is.
pub(crate) struct Whole;

/// Any object or list.
pub(crate) fn ok(view: &impl Serialize) -> Result<HttpResponse, Problem> {
    json(StatusCode::OK, view)
}

/// A single object at its revision.
///
/// It is never compressed: an entity tag that is compared strongly names one sequence of bytes (RFC 9110, section
/// 8.8.1), and objects are small.
pub(crate) fn object(revision: Revision, view: &impl Serialize) -> Result<HttpResponse, Problem> {
    let mut answer = json(StatusCode::OK, view)?;
    answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(PLAIN));
    answer.headers_mut().insert(ETAG, HeaderValue::try_from(etag(revision)).map_err(Problem::internal)?);
    Ok(answer)
}

/// Nothing to show.
pub(crate) fn nothing() -> HttpResponse {
    HttpResponse::new(StatusCode::NO_CONTENT)
}

fn json(status: StatusCode, view: &impl Serialize) -> Result<HttpResponse, Problem> {
    let body = serde_json::to_vec(view).map_err(Problem::internal)?;
    let is_short = body.len() < WORTH_COMPRESSING;
    let mut answer = HttpResponse::new(status).set_body(BoxBody::new(body));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if is_short {
        answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(PLAIN));
    }
    Ok(answer)
}

/// Any object, for a request that may come again.
pub(crate) fn write(status: StatusCode, view: &impl Serialize) -> Written {
    let headers = vec![(CONTENT_TYPE.as_str().to_owned(), "application/json".to_owned())];
    Written { status: status.as_u16(), headers, body: serde_json::to_vec(view).unwrap_or_default() }
}

/// A single object that was made just now, and where it is.
pub(crate) fn created(location: &str, revision: Revision, view: &impl Serialize) -> Written {
    let mut written = write(StatusCode::CREATED, view);
    written.headers.push((ETAG.as_str().to_owned(), etag(revision)));
    written.headers.push((LOCATION.as_str().to_owned(), location.to_owned()));
    written
}

/// Something that was made just now and has no revisions, and where it is.
pub(crate) fn made(location: &str, view: &impl Serialize) -> Written {
    let mut written = write(StatusCode::CREATED, view);
    written.headers.push((LOCATION.as_str().to_owned(), location.to_owned()));
    written
}

/// What was written, as an answer.
pub(crate) fn written(Written { status, headers, body }: Written) -> Result<HttpResponse, Problem> {
    let status = StatusCode::from_u16(status).map_err(Problem::internal)?;
    let is_short = body.len() < WORTH_COMPRESSING;
    let mut answer = HttpResponse::new(status).set_body(BoxBody::new(body));
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(Problem::internal)?;
        answer.headers_mut().insert(name, HeaderValue::try_from(value).map_err(Problem::internal)?);
    }
    // Refusals are never compressed, and what has a tag must not be.
    if is_short || !status.is_success() || answer.headers().contains_key(ETAG) {
        answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(PLAIN));
    }
    answer.extensions_mut().insert(Whole);
    Ok(answer)
}

/// What was written before, as an answer that says so.
pub(crate) fn again(answer: Written) -> Result<HttpResponse, Problem> {
    let mut answer = written(answer)?;
    answer.headers_mut().insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    Ok(answer)
}
