//! What was found or done, as an answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, LOCATION};
use doctor_booking_domain::Revision;
use serde::Serialize;

use crate::etag::etag;
use crate::problem::Problem;

/// Marks an answer that is not to be compressed; it is taken off again at the edge.
pub(crate) const PLAIN: &str = "identity";
/// What is shorter, in bytes, is not worth compressing.
const WORTH_COMPRESSING: usize = 1024;

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
    tag(&mut answer, revision);
    Ok(answer)
}

/// A single object that was made just now, and where it is.
pub(crate) fn created(location: &str, revision: Revision, view: &impl Serialize) -> Result<HttpResponse, Problem> {
    let mut answer = json(StatusCode::CREATED, view)?;
    tag(&mut answer, revision);
    answer.headers_mut().insert(LOCATION, HeaderValue::from_str(location).map_err(Problem::internal)?);
    Ok(answer)
}

fn tag(answer: &mut HttpResponse, revision: Revision) {
    answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(PLAIN));
    if let Some(etag) = etag(revision) {
        answer.headers_mut().insert(ETAG, etag);
    }
}

fn json(status: StatusCode, view: &impl Serialize) -> Result<HttpResponse, Problem> {
    let body = serde_json::to_vec(view).map_err(Problem::internal)?;
    let is_short = body.len() < WORTH_COMPRESSING;
    let mut answer = HttpResponse::new(status).set_body(actix_web::body::BoxBody::new(body));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if is_short {
        answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(PLAIN));
    }
    Ok(answer)
}
