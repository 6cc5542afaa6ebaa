//! Signing in to the page, out of it, and who one is.

use actix_web::cookie::time::OffsetDateTime;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{HeaderMap, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, web};
use doctor_booking_application::{CreatedToken, Credential, StartSessionError};
use doctor_booking_domain::{Role, Token};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::caller::Caller;
use crate::code::Code;
use crate::credential::{is_from_here, is_to_loopback, session_cookie};
use crate::problem::Problem;
use crate::query::NoQuery;
use crate::telemetry::Traced;
use crate::values::utc;
use crate::{openapi, respond, schema};

/// Where sessions begin and end.
pub(crate) const SESSION_PATH: &str = "/api/v1/session";

/// What a caller is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Role)]
pub(crate) enum RoleView {
    /// Runs the hospital's system, and may do everything.
    Administrator,
    /// Keeps the hospital's dates.
    FrontDesk,
    /// Sees patients.
    Doctor,
    /// Books for himself or herself.
    Patient,
    /// Nobody knows who it is.
    Nobody,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::Administrator => Self::Administrator,
            Role::FrontDesk => Self::FrontDesk,
            Role::Doctor(_) => Self::Doctor,
            Role::Patient(_) => Self::Patient,
            Role::Nobody => Self::Nobody,
        }
    }
}

/// Who one is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Me, examples(json!({
    "callerId": "01900000-0000-7000-8000-000000000001", "role": "doctor",
    "doctorId": "01900000-0000-7000-8000-000000000001", "patientId": null, "name": "Jon's telephone",
    "expiresAt": null
})))]
pub(crate) struct MeView {
    /// Which caller: what `who` says in a history.
    #[schema(value_type = schema::Id)]
    caller_id: String,
    role: RoleView,
    /// The doctor who one is.
    #[schema(value_type = Option<schema::Id>, required = true)]
    doctor_id: Option<String>,
    /// The patient who one is.
    #[schema(value_type = Option<schema::Id>, required = true)]
    patient_id: Option<String>,
    /// What the token is called; null: an identity provider says who one is.
    #[schema(value_type = Option<schema::TokenText>, required = true)]
    name: Option<String>,
    /// From when on one is not known by this any more, in UTC; null: not by itself.
    #[schema(value_type = Option<schema::Instant>, required = true)]
    expires_at: Option<String>,
}

impl MeView {
    fn new(caller_id: String, role: Role, token: Option<&Token>) -> Self {
        Self {
            caller_id,
            role: role.into(),
            doctor_id: role.doctor().map(|id| id.to_string()),
            patient_id: role.patient().map(|id| id.to_string()),
            name: token.map(|token| token.name.as_str().to_owned()),
            expires_at: token.and_then(|token| token.expires_at).map(utc),
        }
    }
}

/// With what to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewSession, examples(json!({"token": "dbk_0707070707070707070707070707070707070707070707070707070707070707"})))]
pub(crate) struct NewSessionDto {
    /// The token of whoever signs in.
    #[schema(max_length = 8192)]
    token: String,
}

/// Tells who one is
///
/// In which role, and as which doctor or patient. Where anybody may see what is free, one who brings nothing is `nobody`.
#[utoipa::path(
    get, path = "/api/v1/me", operation_id = "getMe", tag = "Access",
    responses((status = 200, description = "Who one is.", body = MeView), openapi::Reading),
)]
pub(crate) async fn me(caller: Caller, _: NoQuery) -> Result<HttpResponse, Problem> {
    let Caller(recognised) = &caller;
    let actor = &recognised.actor;
    respond::ok(&MeView::new(actor.caller.to_string(), actor.role, recognised.token.as_ref()))
}

/// Signs in to the page
///
/// With a token, whose session this is: it lasts for twelve hours at most, and ends with the token. It is kept in a cookie
/// that no script can read (`HttpOnly`, `SameSite=Strict`, and `Secure` but on loopback). What changes something and is
/// known by that cookie needs an `Origin` that is the host it is sent to.
#[utoipa::path(
    post, path = "/api/v1/session", operation_id = "startSession", tag = "Access", security(()),
    request_body(content = NewSessionDto, description = "The token."),
    responses(
        (status = 200, description = "Signed in, as whom.", body = MeView,
         headers(("Set-Cookie" = String, description = "The session."))),
        openapi::StartSession,
    ),
)]
pub(crate) async fn start(
    state: web::Data<ApiState>,
    request: HttpRequest,
    traced: Traced,
    _: NoQuery,
    body: Json<NewSessionDto>,
) -> Result<HttpResponse, Problem> {
    if !is_from_here(request.method(), request.headers(), false) {
        block(move || Ok(state.use_cases().recognise.refused(&traced.0)?)).await?;
        return Err(Problem::general(Code::OriginMismatch));
    }
    let Json(NewSessionDto { token }, _) = body;
    let (signing_in, id) = (state.clone(), traced.0.clone());
    let known = block(move || {
        Ok(signing_in.use_cases().recognise.execute(Credential::Bearer(&token), &id).map(|it| (it, token))?)
    });
    let (known, token) = known.await?;
    state.guard().admit_caller(known.actor.caller, known.is_staff())?;
    let started = block(move || Ok(state.use_cases().start_session.execute(&token, &traced.0)?)).await?;
    let CreatedToken { token: session, secret } = started;
    let secret = secret.ok_or_else(|| Problem::internal("the session has no secret"))?;
    let mut cookie = cookie(request.headers(), secret.as_str());
    let expires = session.expires_at.and_then(|at| OffsetDateTime::from_unix_timestamp(at.timestamp()).ok());
    cookie.set_expires(expires);
    let mut answer = respond::ok(&MeView::new(session.caller().to_string(), session.role, Some(&session)))?;
    answer.add_cookie(&cookie).map_err(Problem::internal)?;
    Ok(answer)
}

/// Signs out of the page
///
/// The session ends: its cookie is worth nothing any more, wherever it is. Nothing happens to a token that was brought
/// instead.
#[utoipa::path(
    delete, path = "/api/v1/session", operation_id = "endSession", tag = "Access",
    responses(
        (status = 204, description = "Signed out.",
         headers(("Set-Cookie" = String, description = "Without the session."))),
        openapi::Reading,
    ),
)]
pub(crate) async fn end(
    state: web::Data<ApiState>,
    request: HttpRequest,
    caller: Caller,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    if let Some(session) = caller.0.token {
        block(move || Ok(state.use_cases().end_session.execute(&session)?)).await?;
    }
    let mut answer = respond::nothing();
    let mut gone = cookie(request.headers(), "");
    gone.make_removal();
    answer.headers_mut().append(SET_COOKIE, gone.to_string().parse().map_err(Problem::internal)?);
    Ok(answer)
}

fn cookie<'a>(headers: &HeaderMap, secret: &'a str) -> Cookie<'a> {
    Cookie::build(session_cookie(headers), secret)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(!is_to_loopback(headers))
        .finish()
}

impl From<StartSessionError> for Problem {
    fn from(error: StartSessionError) -> Self {
        match error {
            StartSessionError::NotRecognised(error) => error.into(),
            StartSessionError::NotStored => Self::general(Code::Unauthenticated).because(error),
            StartSessionError::Unavailable(error) => error.into(),
        }
    }
}
