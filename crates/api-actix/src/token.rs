//! Tokens: make, list, find, revoke.

use actix_web::{HttpResponse, web};
use doctor_booking_application::{CreateTokenError, CreatedToken, NewToken, UseCases};
use doctor_booking_domain::{DoctorId, PatientId, Role, Token, TokenId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::caller::Caller;
use crate::code::Code;
use crate::once::Keyed;
use crate::page::{WantedPage, list_view};
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{NoQuery, Query};
use crate::session::RoleView;
use crate::values::{one_of, utc};
use crate::violations::{Read, Violations};
use crate::{openapi, respond, schema};

/// What a token makes of whoever has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WantedRole {
    Administrator,
    FrontDesk,
    Doctor,
    Patient,
}

/// By what each of these is called.
pub(crate) const ROLES: [(&str, WantedRole); 4] = [
    ("administrator", WantedRole::Administrator),
    ("front-desk", WantedRole::FrontDesk),
    ("doctor", WantedRole::Doctor),
    ("patient", WantedRole::Patient),
];

/// A token to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewToken, examples(json!({
    "name": "Jon's telephone", "role": "doctor", "doctorId": "01900000-0000-7000-8000-000000000001",
    "expiresAt": "2031-01-01T00:00:00Z"
})))]
pub(crate) struct NewTokenDto {
    /// What it is called: whose it is, or what for.
    #[schema(value_type = schema::TokenText)]
    name: String,
    /// What whoever has it is to be.
    #[schema(value_type = schema::TokenRole)]
    role: String,
    /// Which doctor; only for that role.
    #[schema(value_type = Option<schema::Id>)]
    doctor_id: Option<String>,
    /// Which patient; only for that role.
    #[schema(value_type = Option<schema::Id>)]
    patient_id: Option<String>,
    /// From when on it is worth nothing; never when left out.
    #[schema(value_type = Option<schema::Instant>)]
    expires_at: Option<String>,
}

impl TryFrom<NewTokenDto> for NewToken {
    type Error = Problem;

    fn try_from(new: NewTokenDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let name = v.text("/name", &new.name);
        let doctor: Read<Option<DoctorId>> = v.optional("/doctorId", new.doctor_id.as_deref());
        let patient: Read<Option<PatientId>> = v.optional("/patientId", new.patient_id.as_deref());
        let expires_at = v.optional("/expiresAt", new.expires_at.as_deref());
        let role: Read<WantedRole> = v.check("/role", one_of(&ROLES, &new.role, Code::UnknownValue));
        let needs = |wanted| role == Some(wanted);
        for (pointer, is_given, is_needed) in [
            ("/doctorId", new.doctor_id.is_some(), needs(WantedRole::Doctor)),
            ("/patientId", new.patient_id.is_some(), needs(WantedRole::Patient)),
        ] {
            if role.is_some() && is_given != is_needed {
                let detail = if is_given { "a token of this role has none" } else { "a token of this role needs one" };
                v.add(pointer, Code::InvalidRole, detail);
            }
        }
        let role = role.and_then(|role| match role {
            WantedRole::Administrator => Some(Role::Administrator),
            WantedRole::FrontDesk => Some(Role::FrontDesk),
            WantedRole::Doctor => doctor.flatten().map(Role::Doctor),
            WantedRole::Patient => patient.flatten().map(Role::Patient),
        });
        violations.finish(|| Some(Self { name: name?, role: role?, expires_at: expires_at? }))
    }
}

/// By what a caller is known. Its secret was shown when it was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Token, examples(json!({
    "id": "01900000-0000-7000-8000-000000000013", "name": "Jon's telephone", "role": "doctor",
    "doctorId": "01900000-0000-7000-8000-000000000001", "patientId": null, "expiresAt": null, "revokedAt": null,
    "lastUsedAt": "2029-12-02T08:00:00Z", "createdBy": "01900000-0000-7000-8000-000000000014",
    "createdAt": "2029-12-01T09:30:00Z"
})))]
pub(crate) struct TokenView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// What it is called.
    #[schema(value_type = schema::TokenText)]
    name: String,
    role: RoleView,
    /// Which doctor whoever has it is.
    #[schema(value_type = Option<schema::Id>, required = true)]
    doctor_id: Option<String>,
    /// Which patient whoever has it is.
    #[schema(value_type = Option<schema::Id>, required = true)]
    patient_id: Option<String>,
    /// From when on it is worth nothing, in UTC; null: never.
    #[schema(value_type = Option<schema::Instant>, required = true)]
    expires_at: Option<String>,
    /// Since when it is worth nothing, in UTC; null: it was not revoked.
    #[schema(value_type = Option<schema::Instant>, required = true)]
    revoked_at: Option<String>,
    /// When it was last used, to the minute, in UTC; null: never.
    #[schema(value_type = Option<schema::Instant>, required = true)]
    last_used_at: Option<String>,
    /// Which caller made it; null: whoever runs the service.
    #[schema(value_type = Option<schema::Id>, required = true)]
    created_by: Option<String>,
    /// When it was made, in UTC.
    #[schema(value_type = schema::Instant)]
    created_at: String,
}

impl From<&Token> for TokenView {
    fn from(token: &Token) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.as_str().to_owned(),
            role: token.role.into(),
            doctor_id: token.role.doctor().map(|id| id.to_string()),
            patient_id: token.role.patient().map(|id| id.to_string()),
            expires_at: token.expires_at.map(utc),
            revoked_at: token.revoked_at.map(utc),
            last_used_at: token.last_used_at.map(utc),
            created_by: token.created_by.map(|id| id.to_string()),
            created_at: utc(token.created_at),
        }
    }
}

/// A token that was made just now, with its secret: it is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TokenWithSecret, examples(json!({
    "id": "01900000-0000-7000-8000-000000000013", "name": "Front desk, window 2", "role": "front-desk",
    "doctorId": null, "patientId": null, "expiresAt": null, "revokedAt": null, "lastUsedAt": null,
    "createdBy": "01900000-0000-7000-8000-000000000014", "createdAt": "2029-12-01T09:30:00Z",
    "token": "dbk_0707070707070707070707070707070707070707070707070707070707070707"
})))]
pub(crate) struct TokenWithSecretView {
    #[serde(flatten)]
    described: TokenView,
    /// What to bring as `Authorization: Bearer …`. Null when the request is repeated with its `Idempotency-Key`: only a
    /// digest is kept, so it cannot be shown again.
    #[schema(required = true, pattern = "^dbk_[0-9a-f]{64}$")]
    token: Option<String>,
}

impl From<&CreatedToken> for TokenWithSecretView {
    fn from(CreatedToken { token, secret }: &CreatedToken) -> Self {
        Self { described: token.into(), token: secret.as_ref().map(|secret| secret.as_str().to_owned()) }
    }
}

list_view! {
    /// Tokens, in the order in which they were made.
    TokenListView, TokenList, TokenView
}

/// Makes a token
///
/// Whoever brings it is what its `role` says. It is shown this once; what is kept is a digest.
#[utoipa::path(
    post, path = "/api/v1/tokens", operation_id = "createToken", tag = "Access",
    params(openapi::KeyParam),
    request_body(content = NewTokenDto, description = "Whose it is to be."),
    responses(
        (status = 201, description = "The token with its secret, which is shown this once.", body = TokenWithSecretView,
         headers(("Location" = String, description = "The token's path."))),
        openapi::CreateToken,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    _: NoQuery,
    body: Json<NewTokenDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let new = NewToken::try_from(new)?;
    let write = |_: &UseCases, created: &CreatedToken| {
        let location = format!("/api/v1/tokens/{}", created.token.id);
        respond::made(&location, &TokenWithSecretView::from(created))
    };
    keyed
        .kept_without_secrets()
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            Ok(use_cases.create_token.execute(actor, new, once)?)
        })
        .await
}

/// Lists tokens
///
/// Live or not, in the order in which they were made, a page at a time; without their secrets, and without the sessions of
/// browsers.
#[utoipa::path(
    get, path = "/api/v1/tokens", operation_id = "listTokens", tag = "Access",
    params(openapi::PageParams),
    responses((status = 200, description = "A page of tokens.", body = TokenListView), openapi::ListWebhooks),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    page: Query<WantedPage<TokenId>>,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let page = state.use_cases().list_tokens.execute(&caller.actor(), &page.0.0)?;
        Ok(TokenListView::of(page, |token| TokenView::from(token)))
    })
    .await?;
    respond::ok(&view)
}

/// Finds a token
#[utoipa::path(
    get, path = "/api/v1/tokens/{tokenId}", operation_id = "getToken", tag = "Access",
    params(("tokenId" = inline(schema::Id), Path, description = "Which token.")),
    responses((status = 200, description = "The token.", body = TokenView), openapi::FindOne),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<TokenId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let token = state.use_cases().find_token.execute(&caller.actor(), id.0)?;
        token.map(|token| TokenView::from(&token)).ok_or_else(|| Problem::not_found("token"))
    })
    .await?;
    respond::ok(&view)
}

/// Revokes a token
///
/// From the next request on it is worth nothing, and neither are sessions that were begun with it. It stays in the list.
/// Revoking again changes nothing.
#[utoipa::path(
    delete, path = "/api/v1/tokens/{tokenId}", operation_id = "revokeToken", tag = "Access",
    params(("tokenId" = inline(schema::Id), Path, description = "Which token.")),
    responses((status = 204, description = "The token is worth nothing any more."), openapi::FindOne),
)]
pub(crate) async fn revoke(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<TokenId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    block(move || {
        let is_there = state.use_cases().revoke_token.execute(&caller.actor(), id.0)?;
        if is_there { Ok(()) } else { Err(Problem::not_found("token")) }
    })
    .await?;
    Ok(respond::nothing())
}

impl From<CreateTokenError> for Problem {
    fn from(error: CreateTokenError) -> Self {
        let at = |pointer, code| Self::at(pointer, code, error.to_string());
        match error {
            CreateTokenError::Forbidden => Self::general(Code::Forbidden),
            CreateTokenError::UnknownDoctor => at("/doctorId", Code::NotFound),
            CreateTokenError::UnknownPatient => at("/patientId", Code::NotFound),
            CreateTokenError::OfNobody => at("/role", Code::InvalidRole),
            CreateTokenError::ExpiresInPast => at("/expiresAt", Code::InvalidExpiry),
            CreateTokenError::Answered => Self::answered(),
            CreateTokenError::Unavailable(error) => error.into(),
        }
    }
}
