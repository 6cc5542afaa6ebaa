//! Webhooks: enter, list, find, amend, remove, and what could not be told.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use doctor_booking_application::{ChangeWebhookError, NewWebhook, SetAside, UseCases};
use doctor_booking_domain::{DeliveryId, Webhook, WebhookAmendment, WebhookId, WebhookParts, WebhookSecret, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::caller::Caller;
use crate::code::Code;
use crate::etag::IfMatch;
use crate::event::EventView;
use crate::once::Keyed;
use crate::page::{WantedPage, list_view};
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{NoQuery, Query};
use crate::values::utc;
use crate::violations::{Read, Violations};
use crate::weekly::present;
use crate::{openapi, respond, schema};

/// Somebody to tell of events.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewWebhook, examples(json!({
    "url": "https://example.org/hooks/bookings", "events": ["booking.created", "booking.cancelled"]
})))]
pub(crate) struct NewWebhookDto {
    /// Where it is told, by POST.
    #[schema(value_type = schema::WebhookAddress)]
    url: String,
    /// Of what it is told; of everything when left out or null.
    #[schema(value_type = Option<schema::EventTypes>)]
    events: Option<Vec<String>>,
}

impl TryFrom<NewWebhookDto> for NewWebhook {
    type Error = Problem;

    fn try_from(new: NewWebhookDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let url = violations.text("/url", &new.url);
        let events = types(&mut violations, new.events);
        violations.finish(|| Some(Self { url: url?, events: events? }))
    }
}

/// What to change about a webhook; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = WebhookPatch, examples(json!({"events": null}), json!({"active": false})))]
#[expect(clippy::option_option, reason = "absent and null are two things in a patch")]
pub(crate) struct WebhookPatchDto {
    /// Where it is told.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::WebhookAddress, required = false)]
    url: Option<String>,
    /// Of what it is told; null: of everything.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<schema::EventTypes>)]
    events: Option<Option<Vec<String>>>,
    /// Whether it is told at all. What happens while it is not, it is never told.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool, required = false)]
    active: Option<bool>,
}

impl TryFrom<WebhookPatchDto> for WebhookAmendment {
    type Error = Problem;

    fn try_from(patch: WebhookPatchDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let url = violations.optional("/url", patch.url.as_deref());
        let events = match patch.events {
            Some(events) => types(&mut violations, events).map(Some),
            None => Some(None),
        };
        violations.finish(|| Some(Self { url: url?, events: events?, active: patch.active }))
    }
}

/// The types of these names; each that is none is pointed at.
fn types(violations: &mut Violations, names: Option<Vec<String>>) -> Read<Option<BTreeSet<What>>> {
    let Some(names) = names else { return Some(None) };
    if names.is_empty() || names.len() > schema::MOST_EVENT_TYPES {
        let detail = format!("must name from 1 to {} types, or be null for all of them", schema::MOST_EVENT_TYPES);
        violations.add("/events", Code::InvalidEvents, detail);
        return None;
    }
    let read = names.iter().enumerate().map(|(index, name)| {
        let what = What::find(name);
        if what.is_none() {
            violations.add(format!("/events/{index}"), Code::InvalidEvents, "there is no such type of events");
        }
        what
    });
    let read: Vec<_> = read.collect();
    read.into_iter().collect::<Option<_>>().map(Some)
}

/// Somebody who is told of events. Its secret is shown only when it is entered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhook, examples(json!({
    "id": "01900000-0000-7000-8000-000000000012", "url": "https://example.org/hooks/bookings",
    "events": ["booking.created", "booking.cancelled"], "active": true,
    "createdAt": "2029-12-01T09:30:00Z", "updatedAt": "2029-12-01T09:30:00Z"
})))]
pub(crate) struct WebhookView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// Where it is told.
    #[schema(value_type = schema::WebhookAddress)]
    url: String,
    /// Of what it is told; null: of everything.
    #[schema(value_type = Option<schema::EventTypes>, required = true)]
    events: Option<Vec<&'static str>>,
    /// Whether it is told at all.
    active: bool,
    /// When it was entered, in UTC.
    #[schema(value_type = schema::Instant)]
    created_at: String,
    /// When it last changed, in UTC.
    #[schema(value_type = schema::Instant)]
    updated_at: String,
}

impl From<&Webhook> for WebhookView {
    fn from(webhook: &Webhook) -> Self {
        let WebhookParts { id, url, events, secret: _, active, revision: _, created_at, updated_at } = webhook.parts();
        Self {
            id: id.to_string(),
            url: url.as_str().to_owned(),
            events: events.as_ref().map(|events| events.iter().map(|what| what.as_str()).collect()),
            active: *active,
            created_at: utc(*created_at),
            updated_at: utc(*updated_at),
        }
    }
}

/// A webhook that was entered just now, with its secret: it is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookWithSecret, examples(json!({
    "id": "01900000-0000-7000-8000-000000000012", "url": "https://example.org/hooks/bookings", "events": null,
    "active": true, "createdAt": "2029-12-01T09:30:00Z", "updatedAt": "2029-12-01T09:30:00Z",
    "secret": "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="
})))]
pub(crate) struct WebhookWithSecretView {
    #[serde(flatten)]
    webhook: WebhookView,
    /// With what messages are signed: `whsec_`, and the key in Base64.
    #[schema(pattern = "^whsec_[A-Za-z0-9+/]{43}=$")]
    secret: String,
}

impl From<&Webhook> for WebhookWithSecretView {
    fn from(webhook: &Webhook) -> Self {
        Self { webhook: webhook.into(), secret: shown(&webhook.parts().secret) }
    }
}

fn shown(secret: &WebhookSecret) -> String {
    format!("whsec_{}", BASE64_STANDARD.encode(secret.as_bytes()))
}

list_view! {
    /// Webhooks, in the order in which they were entered.
    WebhookListView, WebhookList, WebhookView
}

/// An event that could not be told within a day.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FailedDelivery, examples(json!({
    "id": "00000000-0000-0000-0000-000000000001",
    "event": {
        "id": "01900000-0000-7000-8000-000000000011", "position": 42, "type": "booking.cancelled",
        "at": "2029-12-02T10:00:00Z", "who": {"kind": "service"}, "why": null,
        "doctorId": "01900000-0000-7000-8000-000000000001", "patientId": "01900000-0000-7000-8000-000000000002",
        "bookingId": "01900000-0000-7000-8000-000000000003",
        "before": {"status": "booked"}, "after": {"status": "cancelled"}
    },
    "failures": 13, "error": "the status was 500", "at": "2029-12-03T07:12:35Z"
})))]
pub(crate) struct FailedDeliveryView {
    /// Which delivery.
    #[schema(value_type = schema::Id)]
    id: String,
    /// What was to be told.
    event: EventView,
    /// How often it was tried.
    #[schema(minimum = 1)]
    failures: u32,
    /// What went wrong at last.
    error: String,
    /// When it was given up, in UTC.
    #[schema(value_type = schema::Instant)]
    at: String,
}

impl From<&SetAside> for FailedDeliveryView {
    fn from(aside: &SetAside) -> Self {
        let SetAside { id, event, failures, error, at } = aside;
        Self { id: id.to_string(), event: event.into(), failures: *failures, error: error.clone(), at: utc(*at) }
    }
}

list_view! {
    /// What could not be told, in the order in which it was to be.
    FailedDeliveryListView, FailedDeliveryList, FailedDeliveryView
}

/// Enters a webhook
///
/// It is told of what happens from now on: each event by POST, as JSON (the schema `Event`), signed with the `secret` of
/// this answer as in Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`. Any status of 200–299
/// within ten seconds accepts a message; redirects are not followed. What is not accepted is sent again, ever more slowly,
/// for a day. One message is under way at a time, so a message can be late, and come twice, but seldom out of order; its
/// `id` tells what is known already, and its `position` what came first.
#[utoipa::path(
    post, path = "/api/v1/webhooks", operation_id = "addWebhook", tag = "Webhooks",
    params(openapi::KeyParam),
    request_body(content = NewWebhookDto, description = "Where to tell, and of what."),
    responses(
        (status = 201, description = "The webhook with its secret, which is shown this once.", body = WebhookWithSecretView,
         headers(("Location" = String, description = "The webhook's path."), ("ETag" = String, description = "The revision."))),
        openapi::CreateWebhook,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    _: NoQuery,
    body: Json<NewWebhookDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let new = NewWebhook::try_from(new)?;
    let write = |_: &UseCases, webhook: &Webhook| {
        let location = format!("/api/v1/webhooks/{}", webhook.id());
        respond::created(&location, webhook.revision(), &WebhookWithSecretView::from(webhook))
    };
    keyed
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            Ok(use_cases.add_webhook.execute(actor, new, once)?)
        })
        .await
}

/// Lists webhooks
///
/// In the order in which they were entered, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/webhooks", operation_id = "listWebhooks", tag = "Webhooks",
    params(openapi::PageParams),
    responses((status = 200, description = "A page of webhooks.", body = WebhookListView), openapi::ListWebhooks),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    page: Query<WantedPage<WebhookId>>,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let page = state.use_cases().list_webhooks.execute(&caller.actor(), &page.0.0)?;
        Ok(WebhookListView::of(page, |webhook| WebhookView::from(webhook)))
    })
    .await?;
    respond::ok(&view)
}

/// Finds a webhook
#[utoipa::path(
    get, path = "/api/v1/webhooks/{webhookId}", operation_id = "getWebhook", tag = "Webhooks",
    params(("webhookId" = inline(schema::Id), Path, description = "Which webhook.")),
    responses(
        (status = 200, description = "The webhook.", body = WebhookView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<WebhookId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (revision, view) = block(move || {
        let webhook = state.use_cases().find_webhook.execute(&caller.actor(), id.0)?;
        let webhook = webhook.ok_or_else(|| Problem::not_found("webhook"))?;
        Ok((webhook.revision(), WebhookView::from(&webhook)))
    })
    .await?;
    respond::object(revision, &view)
}

/// Amends a webhook
///
/// What is left out stays as it is, and so does the secret. What is under way already goes to the new URL.
#[utoipa::path(
    patch, path = "/api/v1/webhooks/{webhookId}", operation_id = "amendWebhook", tag = "Webhooks",
    params(
        ("webhookId" = inline(schema::Id), Path, description = "Which webhook."),
        openapi::IfMatchParam,
    ),
    request_body(content = WebhookPatchDto, description = "What to change; all else stays as it is."),
    responses(
        (status = 200, description = "The webhook after the change.", body = WebhookView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::AmendWebhook,
    ),
)]
pub(crate) async fn amend(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<WebhookId>,
    _: NoQuery,
    if_match: IfMatch,
    body: Json<WebhookPatchDto>,
) -> Result<HttpResponse, Problem> {
    let amendment = WebhookAmendment::try_from(body.0)?;
    let (revision, view) = block(move || {
        let amend = |expected| state.use_cases().amend_webhook.execute(&caller.actor(), id.0, &amendment, expected);
        let webhook = if_match.attempt(amend, |error| matches!(error, ChangeWebhookError::Changed))?;
        Ok((webhook.revision(), WebhookView::from(&webhook)))
    })
    .await?;
    respond::object(revision, &view)
}

/// Removes a webhook
///
/// It is told of nothing any more, also not of what was still to be told.
#[utoipa::path(
    delete, path = "/api/v1/webhooks/{webhookId}", operation_id = "removeWebhook", tag = "Webhooks",
    params(
        ("webhookId" = inline(schema::Id), Path, description = "Which webhook."),
        openapi::IfMatchParam,
    ),
    responses((status = 204, description = "The webhook is gone."), openapi::RemovePlain),
)]
pub(crate) async fn remove(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<WebhookId>,
    _: NoQuery,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    block(move || {
        let remove = |expected| state.use_cases().remove_webhook.execute(&caller.actor(), id.0, expected);
        Ok(if_match.attempt(remove, |error| matches!(error, ChangeWebhookError::Changed))?)
    })
    .await?;
    Ok(respond::nothing())
}

/// Lists what a webhook could not be told
///
/// Events that were not accepted within a day, and are not sent again by themselves; a page at a time.
#[utoipa::path(
    get, path = "/api/v1/webhooks/{webhookId}/failures", operation_id = "listFailedDeliveries", tag = "Webhooks",
    params(
        ("webhookId" = inline(schema::Id), Path, description = "Which webhook."),
        openapi::PageParams,
    ),
    responses(
        (status = 200, description = "A page of events that could not be told.", body = FailedDeliveryListView),
        openapi::ListFailures,
    ),
)]
pub(crate) async fn failures(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<WebhookId>,
    page: Query<WantedPage<DeliveryId>>,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let page = state.use_cases().list_set_aside.execute(&caller.actor(), id.0, &page.0.0)?;
        let page = page.ok_or_else(|| Problem::not_found("webhook"))?;
        Ok(FailedDeliveryListView::of(page, |aside| FailedDeliveryView::from(aside)))
    })
    .await?;
    respond::ok(&view)
}

impl From<ChangeWebhookError> for Problem {
    fn from(error: ChangeWebhookError) -> Self {
        match error {
            ChangeWebhookError::UnknownWebhook => Self::not_found("webhook"),
            ChangeWebhookError::Changed => Self::general(Code::PreconditionFailed),
            ChangeWebhookError::Contended => Self::unavailable(error),
            ChangeWebhookError::Forbidden => Problem::general(Code::Forbidden),
            ChangeWebhookError::Unavailable(error) => error.into(),
        }
    }
}
