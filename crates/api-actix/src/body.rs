//! JSON bodies: read once, and where one does not fit, everything that is wrong with it.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::rt::time::timeout;
use actix_web::web::{Bytes, Data, PayloadConfig};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;
use utoipa::ToSchema;

use crate::ApiState;
use crate::code::Code;
use crate::guard;
use crate::metrics::Reason;
use crate::problem::{Problem, Violation};
use crate::query::pointer;
use crate::structure;

/// The largest body, in bytes, also of one that comes in chunks or compressed.
const MOST: usize = 256 * 1024;

/// The limits of bodies.
pub(crate) fn limits() -> PayloadConfig {
    PayloadConfig::new(MOST)
}

/// The body of a request, read as `T`, and as it came.
pub(crate) struct Json<T>(pub(crate) T, pub(crate) Bytes);

impl<T: DeserializeOwned + ToSchema> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let has_type = request.headers().contains_key(CONTENT_TYPE);
        if has_type && !is_json(request) {
            return Box::pin(async { Err(Problem::general(Code::UnsupportedMediaType)) });
        }
        let bytes = read(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            if bytes.is_empty() {
                return Err(malformed("a JSON body is needed"));
            }
            if !has_type {
                return Err(Problem::general(Code::UnsupportedMediaType));
            }
            parse(&bytes).map(|value| Self(value, bytes))
        })
    }
}

/// No body, or an empty object.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({})))]
pub(crate) struct NoBody {}

impl FromRequest for NoBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (has_type, is_json) = (request.headers().contains_key(CONTENT_TYPE), is_json(request));
        let bytes = read(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            match (bytes.is_empty(), is_json) {
                (true, _) if is_json || !has_type => Ok(Self {}),
                (false, true) => parse(&bytes),
                _ => Err(Problem::general(Code::UnsupportedMediaType)),
            }
        })
    }
}

/// `application/json`; its one encoding is UTF-8 (RFC 8259, section 8.1).
fn is_json(request: &HttpRequest) -> bool {
    request.mime_type().ok().flatten().is_some_and(|mime| {
        mime.essence_str() == "application/json"
            && mime.get_param("charset").is_none_or(|charset| charset.as_str().eq_ignore_ascii_case("utf-8"))
    })
}

/// The whole body, if it comes in time: whoever sends it takes up a place among the requests that are worked on.
fn read(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let patience = request.app_data::<Data<ApiState>>().map(|state| state.guard().settings().body_timeout);
    let bytes = Bytes::from_request(request, payload);
    async move {
        let bytes = match patience {
            Some(patience) => timeout(patience, bytes).await.map_err(|_| too_slow())?,
            None => bytes.await,
        };
        bytes.map_err(|error| unreadable(&error))
    }
}

fn too_slow() -> Problem {
    guard::turn_away(Reason::SlowBody, Problem::general(Code::RequestTimeout))
}

fn unreadable(error: &actix_web::Error) -> Problem {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Problem::general(Code::PayloadTooLarge),
        _ => malformed("the body broke off, or is not encoded as it says"),
    }
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::at("", Code::MalformedRequest, detail)
}

fn parse<T: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Result<T, Problem> {
    match serde_json::from_slice(bytes) {
        Ok(_) if has_misplaced_array::<T>(bytes) => Err(why_not::<T>(bytes)),
        Ok(body) => Ok(body),
        Err(_) => Err(why_not::<T>(bytes)),
    }
}

/// Whether there is an array in the place of an object: serde takes one for the object's fields in order. A body without
/// a bracket cannot hide one, and most have none.
fn has_misplaced_array<T: ToSchema>(bytes: &[u8]) -> bool {
    bytes.contains(&b'[')
        && serde_json::from_slice(bytes).is_ok_and(|value| !structure::violations(&T::name(), &value).is_empty())
}

/// Everything that is wrong with a body that does not fit.
fn why_not<T: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Problem {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => return malformed(format!("the body is not JSON: {error}")),
    };
    let mut violations = structure::violations(&T::name(), &value);
    if violations.is_empty() {
        violations.extend(first_violation::<T>(bytes));
    }
    Problem::of_violations(Code::MalformedRequest, violations)
}

/// What the reader stumbled over: what a schema cannot say, such as a field that stands twice.
fn first_violation<T: DeserializeOwned>(bytes: &[u8]) -> Option<Violation> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let error = serde_path_to_error::deserialize::<_, T>(&mut json).err()?;
    let place = error.path().iter().map(|segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        other => pointer(&other.to_string()),
    });
    let place: String = place.collect();
    let detail = error.inner().to_string();
    // The path to a field that stands twice leads to the object around it, and serde has only words for its name.
    let twice = detail.strip_prefix("duplicate field `").and_then(|rest| rest.split_once('`'));
    Some(match twice {
        Some((field, _)) => {
            let place = if place.ends_with(&pointer(field)) { place } else { place + &pointer(field) };
            Violation::new(place, Code::RepeatedField, "stands twice in its object")
        }
        None => Violation::new(place, Code::WrongType, detail),
    })
}
