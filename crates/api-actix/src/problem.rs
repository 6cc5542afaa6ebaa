//! Why a request was not answered as wished (RFC 9457).

use std::error::Error;
use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::{HttpResponse, ResponseError};
use doctor_booking_application::{AccessError, MakeError, Unavailable, Written};
use serde::Serialize;
use utoipa::ToSchema;

use crate::booking::{BookingView, StatusView};
use crate::code::Code;
use crate::rules_change::{AffectedHoldView, AffectedView};
use crate::schema;

pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Violation {
    /// Where: a JSON pointer (RFC 6901) into the body, or `/` and the name of a query parameter.
    #[schema(examples("/weekly/monday/0/end"))]
    pub(crate) pointer: String,
    /// What, in a word that programs can rely on.
    #[schema(value_type = schema::CodeText)]
    pub(crate) code: &'static str,
    /// What, for people.
    pub(crate) detail: String,
}

impl Violation {
    pub(crate) fn new(pointer: impl Into<String>, code: Code, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.as_str(), detail: detail.into() }
    }
}

/// A version of the working hours, named by its beginning.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionName {
    /// The first date on which it holds; null: since ever.
    #[schema(required, value_type = Option<schema::CivilDate>)]
    pub(crate) effective_from: Option<String>,
}

/// Why a request was not answered as wished (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub(crate) struct ProblemView {
    /// A page that explains the code.
    #[schema(format = "uri-reference", examples("/problems/slot-taken"))]
    r#type: String,
    /// The code in words.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong this time.
    detail: String,
    /// What is wrong, in a word that programs can rely on.
    #[schema(value_type = schema::CodeText)]
    code: &'static str,
    /// What the answer's `X-Request-Id` says, and the log.
    request_id: String,
    /// Every violation, where the request is at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Violation>,
    /// Where a start cannot be had: the free starts nearest to it, the earliest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 3, value_type = Vec<schema::Instant>, required = false)]
    alternatives: Option<Vec<String>>,
    /// Bookings that a change would leave outside working hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Vec<BookingView>, required = false)]
    affected_bookings: Option<Vec<BookingView>>,
    /// Slots that are held, and that a change would leave outside working hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Vec<AffectedHoldView>, required = false)]
    affected_holds: Option<Vec<AffectedHoldView>>,
    /// What the booking can become from where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Vec<StatusView>, required = false)]
    allowed: Option<Vec<StatusView>>,
    /// The two versions of the working hours that overlap.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_items = 2, max_items = 2, value_type = Vec<VersionName>, required = false)]
    versions: Option<[VersionName; 2]>,
}

/// Why a request was not answered as wished. The request's id is put in where it is known, at the edge.
#[derive(Debug)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    code: Code,
    detail: String,
    errors: Vec<Violation>,
    alternatives: Option<Vec<String>>,
    affected: Option<AffectedView>,
    allowed: Option<Vec<StatusView>>,
    versions: Option<[VersionName; 2]>,
    allow: Option<String>,
    retry_after: Option<u16>,
    is_answered: bool,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            code,
            detail: detail.into(),
            errors: vec![],
            alternatives: None,
            affected: None,
            allowed: None,
            versions: None,
            allow: None,
            retry_after: code.retry_after(),
            is_answered: false,
            cause: None,
        }))
    }

    /// A problem of which there is nothing more to say than what its code means.
    pub(crate) fn general(code: Code) -> Self {
        Self::new(code, code.about().replace('`', ""))
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    /// Something that is not the client's fault; the client learns no more than that.
    pub(crate) fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::general(Code::InternalError).because(cause)
    }

    /// The request had no effect; trying again later may help.
    pub(crate) fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::general(Code::Unavailable).because(cause)
    }

    /// The request has been answered already, so nothing was done: what it was answered then is to be answered again.
    /// [`Keyed`](crate::once::Keyed) does; nobody else is to see this.
    pub(crate) fn answered() -> Self {
        let mut problem = Self::internal("the request has been answered already");
        problem.0.is_answered = true;
        problem
    }

    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        let mut problem = Self::new(Code::MethodNotAllowed, format!("this path has only {allow}"));
        problem.0.allow = Some(allow.to_owned());
        problem
    }

    /// Everything that is wrong with a request, the first of it on top.
    pub(crate) fn of_violations(code: Code, errors: Vec<Violation>) -> Self {
        let at = |Violation { pointer, detail, .. }: &Violation| match pointer.as_str() {
            "" => detail.clone(),
            pointer => format!("{pointer}: {detail}"),
        };
        let detail = match errors.as_slice() {
            [] => code.title().to_owned(),
            [only] => at(only),
            [first, ..] => format!("{}; {} violations in all, see errors", at(first), errors.len()),
        };
        Self::new(code, detail).with_errors(errors)
    }

    /// One thing that is wrong with a request, and where.
    pub(crate) fn at(pointer: impl Into<String>, code: Code, detail: impl Into<String>) -> Self {
        Self::of_violations(code, vec![Violation::new(pointer, code, detail)])
    }

    pub(crate) fn with_errors(mut self, errors: Vec<Violation>) -> Self {
        self.0.errors = errors;
        self
    }

    pub(crate) fn with_alternatives(mut self, starts: Vec<String>) -> Self {
        self.0.alternatives = Some(starts);
        self
    }

    pub(crate) fn with_affected(mut self, affected: AffectedView) -> Self {
        self.0.affected = Some(affected);
        self
    }

    pub(crate) fn with_allowed(mut self, allowed: Vec<StatusView>) -> Self {
        self.0.allowed = Some(allowed);
        self
    }

    pub(crate) fn with_versions(mut self, versions: [VersionName; 2]) -> Self {
        self.0.versions = Some(versions);
        self
    }

    /// With another time than its code has, in seconds, after which it is worth a new try.
    pub(crate) fn retry_after(mut self, seconds: u16) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    pub(crate) fn code(&self) -> Code {
        self.0.code
    }

    /// Whether there is an answer already that is to be answered again.
    pub(crate) fn is_answered(&self) -> bool {
        self.0.is_answered
    }

    /// What is behind it, cause by cause: for the log only.
    pub(crate) fn causes(&self) -> Option<String> {
        let first: &dyn Error = self.0.cause.as_deref()?;
        let chain = std::iter::successors(Some(first), |error: &&dyn Error| (*error).source());
        Some(chain.map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }

    /// The body of the answer to the request with this id.
    fn body(&self, request_id: &str) -> Vec<u8> {
        let Parts { code, detail, errors, alternatives, affected, allowed, versions, .. } = &*self.0;
        let view = ProblemView {
            r#type: format!("/problems/{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.clone(),
            code: code.as_str(),
            request_id: request_id.to_owned(),
            errors: errors.clone(),
            alternatives: alternatives.clone(),
            affected_bookings: affected.as_ref().map(|affected| affected.affected_bookings.clone()),
            affected_holds: affected.as_ref().map(|affected| affected.affected_holds.clone()),
            allowed: allowed.clone(),
            versions: versions.clone(),
        };
        serde_json::to_vec(&view).unwrap_or_default()
    }

    /// The answer to the request with this id, for one that may come again.
    pub(crate) fn written(&self, request_id: &str) -> Written {
        let headers = vec![(CONTENT_TYPE.as_str().to_owned(), PROBLEM_JSON.to_owned())];
        Written { status: self.0.code.status().as_u16(), headers, body: self.body(request_id) }
    }

    /// The answer to the request with this id.
    pub(crate) fn answer(&self, request_id: &str) -> HttpResponse<BoxBody> {
        let Parts { code, allow, retry_after, .. } = &*self.0;
        let mut answer = HttpResponse::new(code.status()).set_body(BoxBody::new(self.body(request_id)));
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if *code == Code::Unauthenticated {
            // RFC 6750, section 3: without telling more, which would help whoever forges one.
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"doctor-booking\""));
        }
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
        }
        if let Some(allow) = allow.as_deref().and_then(|allow| HeaderValue::from_str(allow).ok()) {
            headers.insert(ALLOW, allow);
        }
        if *code == Code::RequestTimeout {
            // What is still to come of the body is not waited for.
            answer.head_mut().set_connection_type(ConnectionType::Close);
        }
        answer
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.as_str())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        self.answer("")
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Forbidden => Self::general(Code::Forbidden),
            AccessError::Unavailable(error) => error.into(),
        }
    }
}

impl From<MakeError> for Problem {
    fn from(error: MakeError) -> Self {
        match error {
            MakeError::Forbidden => Self::general(Code::Forbidden),
            MakeError::Answered => Self::answered(),
            MakeError::Unavailable(error) => error.into(),
        }
    }
}

impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        match error {
            Unavailable::Unreachable(_) => Self::unavailable(error),
            Unavailable::Inconsistent { .. } => Self::internal(error),
        }
    }
}
