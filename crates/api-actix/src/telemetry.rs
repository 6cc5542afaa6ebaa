//! The edge: every request gets an id, a line in the log, and an answer, whatever happens behind it.

use std::any::Any;
use std::future::{Future, Ready, poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{ACCEPT_ENCODING, AcceptEncoding, HeaderMap, HeaderName};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use doctor_booking_domain::RequestId;
use uuid::Uuid;

use crate::ApiState;
use crate::code::Code;
use crate::guard::{Answering, Finish};
use crate::problem::Problem;
use crate::respond::Whole;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Stands for every path that leads nowhere: a label must not be something that clients can choose.
const NO_ROUTE: &str = "unmatched";

/// The id of the request, for handlers.
pub(crate) struct Traced(pub(crate) RequestId);

impl FromRequest for Traced {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.extensions().get::<RequestId>().cloned();
        ready(id.map(Self).ok_or_else(|| Problem::internal("the request has no id")))
    }
}

/// Takes a request in and lets an answer out.
pub(crate) async fn edge(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let id = request_id(request.headers());
    let method = method_name(request.method());
    let route = request.match_pattern().filter(|route| !route.is_empty()).unwrap_or_else(|| NO_ROUTE.to_owned());
    let finish = Finish::of(request.request(), id.as_str());
    let answering = Answering::of(request.request());
    let state = request.app_data::<web::Data<ApiState>>().cloned();
    ignore_impossible_encodings(&mut request);
    request.extensions_mut().insert(id.clone());
    let id = id.as_str();

    let answer = unpanicked(next.call(request)).await;

    let (answer, cause) = settle(answer, id, &finish);
    let status = match &answer {
        Ok(answer) => answer.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let took = began.elapsed();
    if let Some(cause) = cause {
        if status.is_server_error() && status != Code::Unavailable.status() {
            tracing::error!(request_id = id, route, cause, "a request failed");
        } else {
            tracing::warn!(request_id = id, route, cause, "a request could not be answered");
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds with a fraction, for people")]
    let duration_ms = took.as_micros() as f64 / 1000.0;
    tracing::info!(request_id = id, method, route, status = status.as_u16(), duration_ms, "request");
    if let Some(state) = state {
        state.metrics().answered(method, &route, status.as_u16(), took);
    }
    answer.map(|mut answer| {
        finish.put(answer.headers_mut());
        answer.map_body(|_, body| answering.until_end_of(body))
    })
}

/// The id that the request brought, if it is fit for a log, or a new one.
fn request_id(headers: &HeaderMap) -> RequestId {
    let brought = headers.get(X_REQUEST_ID).and_then(|id| id.to_str().ok()).and_then(RequestId::parse);
    brought.unwrap_or_else(|| RequestId::parse(&Uuid::now_v7().to_string()).expect("a UUID is fit for a log"))
}

/// The methods by name; all others are one, since a label must not be something that clients can choose.
fn method_name(method: &Method) -> &'static str {
    const KNOWN: [(Method, &str); 8] = [
        (Method::GET, "GET"),
        (Method::HEAD, "HEAD"),
        (Method::POST, "POST"),
        (Method::PUT, "PUT"),
        (Method::PATCH, "PATCH"),
        (Method::DELETE, "DELETE"),
        (Method::OPTIONS, "OPTIONS"),
        (Method::TRACE, "TRACE"),
    ];
    KNOWN.iter().find(|(known, _)| known == method).map_or("OTHER", |(_, name)| name)
}

/// A client that accepts no encoding there is gets the plain one all the same (RFC 9110, section 12.4.1, lets us).
fn ignore_impossible_encodings(request: &mut ServiceRequest) {
    let ours = [header::Encoding::identity(), header::Encoding::gzip()];
    if request.get_header::<AcceptEncoding>().is_some_and(|accepted| accepted.negotiate(ours.iter()).is_none()) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
}

/// What the future answers, or the text of its panic.
async fn unpanicked<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic_text(&*panic))),
    })
    .await
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a text".to_owned())
}

/// An answer, and what is behind it where it is a refusal: for the log only.
type Settled = (Result<ServiceResponse<BoxBody>, Error>, Option<String>);

/// Gives every refusal the one form, with the request's id in it, from whatever layer it comes.
fn settle<B: MessageBody + 'static>(
    answer: Result<Result<ServiceResponse<B>, Error>, String>,
    id: &str,
    finish: &Finish,
) -> Settled {
    match answer {
        Ok(Ok(answer)) if answer.response().extensions().contains::<Whole>() => {
            (Ok(answer.map_into_boxed_body()), None)
        }
        Ok(Ok(answer)) if answer.status().is_client_error() || answer.status().is_server_error() => {
            let (refusal, cause) = match answer.response().error().and_then(Error::as_error::<Problem>) {
                Some(problem) => (problem.answer(id), problem.causes()),
                None => foreign(&answer, id),
            };
            (Ok(answer.into_response(refusal)), cause)
        }
        Ok(Ok(answer)) => (Ok(answer.map_into_boxed_body()), None),
        // Without a request there is no `ServiceResponse`; the server makes one out of the error.
        Ok(Err(error)) => broken_off(error.to_string(), id, finish),
        Err(panic) => broken_off(format!("panicked: {panic}"), id, finish),
    }
}

/// What a layer below means with its answer.
fn foreign<B>(answer: &ServiceResponse<B>, id: &str) -> (HttpResponse<BoxBody>, Option<String>) {
    let cause = answer.response().error().filter(|_| answer.status().is_server_error()).map(ToString::to_string);
    (Problem::general(Code::of_status(answer.status())).answer(id), cause)
}

fn broken_off(cause: String, id: &str, finish: &Finish) -> Settled {
    let problem = Problem::general(Code::InternalError);
    let mut answer = problem.answer(id);
    finish.put(answer.headers_mut());
    (Err(InternalError::from_response(problem, answer).into()), Some(cause))
}

/// Answers what leads past everything, such as `OPTIONS *`.
pub(crate) async fn outside(request: HttpRequest) -> HttpResponse {
    let id = request_id(request.headers());
    let mut answer = Problem::general(Code::NotFound).answer(id.as_str());
    Finish::of(&request, id.as_str()).put(answer.headers_mut());
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_panic_becomes_its_text_and_all_else_is_let_through() {
        let text = "nobody expects it".to_owned();
        assert_eq!(unpanicked(async { panic!("{text}") }).await, Err::<(), _>("nobody expects it".to_owned()));
        assert_eq!(unpanicked(async { 7 }).await, Ok(7));
    }

    #[test]
    fn what_breaks_off_is_answered_in_the_one_form() {
        let finish = Finish::of(&actix_web::test::TestRequest::default().to_http_request(), "id-1");
        let (answer, cause) = broken_off("a secret".to_owned(), "id-1", &finish);
        let answer = answer.err().map(|error| error.error_response()).expect("an error");
        assert_eq!(answer.status(), 500);
        assert_eq!(answer.headers().get(&X_REQUEST_ID).and_then(|id| id.to_str().ok()), Some("id-1"));
        assert_eq!(cause.as_deref(), Some("a secret"));
    }
}
