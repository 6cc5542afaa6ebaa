//! Closures: dates on which the whole hospital is closed.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use doctor_booking_application::{ChangeClosureError, ClosureChanged, ClosurePosition, NewClosure, UseCases};
use doctor_booking_domain::{Closure, ClosureId, Revision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::caller::Caller;
use crate::code::Code;
use crate::etag::IfMatch;
use crate::once::Keyed;
use crate::page::{WantedPage, list_view};
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{NoQuery, Query};
use crate::rules_change::{AffectedView, How, affected};
use crate::values::{date, utc};
use crate::violations::Violations;
use crate::{openapi, respond, schema};

/// A closure to enter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewClosure, examples(json!({"date": "2030-12-25", "name": "Christmas Day"})))]
pub(crate) struct NewClosureDto {
    /// On which date.
    #[schema(value_type = schema::CivilDate)]
    date: String,
    /// What it is called.
    #[schema(value_type = schema::ClosureName)]
    name: String,
}

impl TryFrom<NewClosureDto> for NewClosure {
    type Error = Problem;

    fn try_from(new: NewClosureDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let date = violations.text("/date", &new.date);
        let name = violations.text("/name", &new.name);
        violations.finish(|| Some(Self { date: date?, name: name? }))
    }
}

/// A date on which the whole hospital is closed, from midnight to midnight on each doctor's own clock.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Closure, examples(json!({
    "id": "01900000-0000-7000-8000-000000000005", "date": "2030-12-25", "name": "Christmas Day",
    "createdAt": "2029-12-01T09:30:00Z"
})))]
pub(crate) struct ClosureView {
    #[schema(value_type = schema::Id)]
    id: String,
    #[schema(value_type = schema::CivilDate)]
    date: String,
    /// What it is called.
    #[schema(value_type = schema::ClosureName)]
    name: String,
    /// When it was entered, in UTC.
    #[schema(value_type = schema::Instant)]
    created_at: String,
}

impl From<&Closure> for ClosureView {
    fn from(Closure { id, date: on, name, created_at }: &Closure) -> Self {
        Self { id: id.to_string(), date: date(*on), name: name.as_str().to_owned(), created_at: utc(*created_at) }
    }
}

/// A closure, and what entering it has done to bookings there are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EnteredClosure)]
pub(crate) struct EnteredClosureView {
    #[serde(flatten)]
    closure: ClosureView,
    #[serde(flatten)]
    affected: AffectedView,
}

list_view! {
    /// Closures, by date.
    ClosureListView, ClosureList, ClosureView
}

/// Closes the whole hospital on a date
///
/// From midnight to midnight on each doctor's own clock, whatever hours and overrides say: a night shift that begins
/// the day before ends at midnight. The slots that meet it are `blocked`. A past date is possible, and so are two
/// closures of one date: it is open again when both are gone. Where bookings to come lie in it, it is refused with 409
/// `bookings-affected`, unless `affected=keep`: they stay, marked as `outsideHours`.
#[utoipa::path(
    post, path = "/api/v1/closures", operation_id = "addClosure", tag = "Closures",
    params(openapi::HowParams, openapi::KeyParam),
    request_body(content = NewClosureDto, description = "The closure."),
    responses(
        (status = 200, description = "With `dryRun=true`: what it would do to bookings there are. Nothing is stored.",
         body = AffectedView, example = json!({"affectedBookings": [], "affectedHolds": []})),
        (status = 201, description = "The closure. Nobody can book on that date now.", body = EnteredClosureView,
         headers(("Location" = String, description = "The closure's path."), ("ETag" = String, description = "The revision."))),
        openapi::AddClosure,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    how: Query<How>,
    body: Json<NewClosureDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let (new, how) = (NewClosure::try_from(new)?, how.0);
    let dry_run = how.dry_run;
    let write = move |_: &UseCases, ClosureChanged { closure, affected }: &ClosureChanged| {
        let affected = AffectedView::of(affected);
        if dry_run {
            return respond::write(StatusCode::OK, &affected);
        }
        let location = format!("/api/v1/closures/{}", closure.id);
        respond::created(&location, Revision::FIRST, &EnteredClosureView { closure: closure.into(), affected })
    };
    keyed
        .unless(dry_run)
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            Ok(use_cases.add_closure.execute(actor, new, how.options(None), once)?)
        })
        .await
}

/// Lists closures
///
/// Past and to come, by date, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/closures", operation_id = "listClosures", tag = "Closures",
    params(openapi::PageParams),
    responses((status = 200, description = "A page of closures.", body = ClosureListView), openapi::ListClosures),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    page: Query<WantedPage<ClosurePosition>>,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let page = state.use_cases().list_closures.execute(&caller.actor(), &page.0.0)?;
        Ok(ClosureListView::of(page, |closure| ClosureView::from(closure)))
    })
    .await?;
    respond::ok(&view)
}

/// Finds a closure
#[utoipa::path(
    get, path = "/api/v1/closures/{closureId}", operation_id = "getClosure", tag = "Closures",
    params(("closureId" = inline(schema::Id), Path, description = "Which closure.")),
    responses(
        (status = 200, description = "The closure.", body = ClosureView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<ClosureId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let closure = state.use_cases().find_closure.execute(&caller.actor(), id.0)?;
        Ok(ClosureView::from(&closure.ok_or(ChangeClosureError::UnknownClosure)?))
    })
    .await?;
    respond::object(Revision::FIRST, &view)
}

/// Removes a closure
///
/// The hospital is open on that date after all, and bookings that were marked as `outsideHours` only for it no longer
/// are. With `dryRun=true` nothing is removed. A closure never changes, so its `ETag` matches as long as it is there.
#[utoipa::path(
    delete, path = "/api/v1/closures/{closureId}", operation_id = "removeClosure", tag = "Closures",
    params(
        ("closureId" = inline(schema::Id), Path, description = "Which closure."),
        openapi::ChangeParams,
    ),
    responses(
        (status = 200, description = "The closure is removed (or, with `dryRun=true`, could be): what that does to bookings there are.",
         body = AffectedView, example = json!({"affectedBookings": [], "affectedHolds": []})),
        openapi::Remove,
    ),
)]
pub(crate) async fn remove(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<ClosureId>,
    how: Query<How>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let UseCases { find_closure, remove_closure, .. } = state.use_cases();
        if find_closure.execute(&caller.actor(), id.0)?.is_some() {
            if_match.includes(Revision::FIRST)?;
        }
        let changed = remove_closure.execute(&caller.actor(), id.0, how.0.options(None))?;
        Ok(AffectedView::of(&changed.affected))
    })
    .await?;
    respond::ok(&view)
}

impl From<ChangeClosureError> for Problem {
    fn from(error: ChangeClosureError) -> Self {
        match error {
            ChangeClosureError::UnknownClosure => Self::not_found("closure"),
            ChangeClosureError::BookingsAffected(bookings) => affected(&bookings),
            ChangeClosureError::Contended => Self::unavailable(error),
            ChangeClosureError::Answered => Self::answered(),
            ChangeClosureError::Forbidden => Problem::general(Code::Forbidden),
            ChangeClosureError::Unavailable(error) => error.into(),
        }
    }
}
