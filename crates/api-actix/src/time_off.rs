//! Time off: stretches in which a doctor is away.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, SubsecRound, Utc};
use doctor_booking_application::{NewTimeOff, RulesChanged, TimeOffPosition, UnknownTimeOff, UseCases};
use doctor_booking_domain::{DoctorId, Revision, Span, TimeOff, TimeOffId, Zone};
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
use crate::rules_change::{AffectedView, How};
use crate::values::{Fault, local};
use crate::violations::{Read, Violations};
use crate::{openapi, respond, schema};

/// Time off to enter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTimeOff, examples(json!({
    "start": "2030-01-07T10:00:00-05:00", "end": "2030-01-10T00:00:00-05:00", "reason": "Conference"
})))]
pub(crate) struct NewTimeOffDto {
    /// From when on.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// Until when: later than `start`.
    #[schema(value_type = schema::Instant)]
    end: String,
    /// Why.
    #[schema(value_type = Option<schema::Reason>)]
    reason: Option<String>,
}

impl NewTimeOffDto {
    fn command(&self, doctor: DoctorId) -> Result<NewTimeOff, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let start: Read<DateTime<Utc>> = v.text("/start", &self.start);
        let end: Read<DateTime<Utc>> = v.text("/end", &self.end);
        let reason = v.optional("/reason", self.reason.as_deref());
        let span = start.zip(end).and_then(|(start, end)| {
            // What every store can keep.
            let span = Span::new(start.trunc_subsecs(6), end.trunc_subsecs(6));
            v.check("/end", span.map_err(|_| Fault::new(Code::InvalidRange, "must be later than start")))
        });
        violations.finish(|| Some(NewTimeOff { doctor, span: span?, reason: reason? }))
    }
}

/// A stretch in which a doctor is away. All its instants have the offset of the doctor's zone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TimeOff, examples(json!({
    "id": "01900000-0000-7000-8000-000000000004", "doctorId": "01900000-0000-7000-8000-000000000001",
    "start": "2030-01-07T10:00:00-05:00", "end": "2030-01-10T00:00:00-05:00", "reason": "Conference",
    "createdAt": "2029-12-01T04:30:00-05:00"
})))]
pub(crate) struct TimeOffView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// Whose.
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    /// From when on.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// Until when.
    #[schema(value_type = schema::Instant)]
    end: String,
    /// Why.
    #[schema(value_type = Option<schema::Reason>, required = true)]
    reason: Option<String>,
    /// When it was entered.
    #[schema(value_type = schema::Instant)]
    created_at: String,
}

impl TimeOffView {
    fn new(TimeOff { id, doctor, span, reason, created_at }: &TimeOff, zone: &Zone) -> Self {
        Self {
            id: id.to_string(),
            doctor_id: doctor.to_string(),
            start: local(span.start(), zone),
            end: local(span.end(), zone),
            reason: reason.as_ref().map(|reason| reason.as_str().to_owned()),
            created_at: local(*created_at, zone),
        }
    }
}

/// Time off, and what entering it has done to bookings there are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EnteredTimeOff)]
pub(crate) struct EnteredTimeOffView {
    #[serde(flatten)]
    time_off: TimeOffView,
    #[serde(flatten)]
    affected: AffectedView,
}

list_view! {
    /// Time off, by start.
    TimeOffListView, TimeOffList, TimeOffView
}

/// Enters time off
///
/// Whatever the hours say, the doctor is away from `start` up to, but without, `end`; the slots that meet it are
/// `blocked`. Both are kept to the microsecond, and may lie in the past; stretches may overlap. Where bookings to come
/// lie in it, it is refused with 409 `bookings-affected`, unless `affected=keep`: they stay, marked as `outsideHours`.
#[utoipa::path(
    post, path = "/api/v1/doctors/{doctorId}/time-off", operation_id = "addTimeOff", tag = "Time off",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        openapi::HowParams,
        openapi::KeyParam,
    ),
    request_body(content = NewTimeOffDto, description = "The time off."),
    responses(
        (status = 200, description = "With `dryRun=true`: what it would do to bookings there are. Nothing is stored.",
         body = AffectedView, example = json!({"affectedBookings": [], "affectedHolds": []})),
        (status = 201, description = "The time off. Nobody can book in it now.", body = EnteredTimeOffView,
         headers(("Location" = String, description = "The time off's path."), ("ETag" = String, description = "The revision."))),
        openapi::AddTimeOff,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    id: Named<DoctorId>,
    how: Query<How>,
    body: Json<NewTimeOffDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let (new, how) = (new.command(id.0)?, how.0);
    let dry_run = how.dry_run;
    let write = move |_: &UseCases, (away, changed): &(TimeOff, RulesChanged)| {
        let affected = AffectedView::of(&changed.affected);
        if dry_run {
            return respond::write(StatusCode::OK, &affected);
        }
        let location = format!("/api/v1/doctors/{}/time-off/{}", away.doctor, away.id);
        let time_off = TimeOffView::new(away, &changed.doctor.rules().zone);
        respond::created(&location, Revision::FIRST, &EnteredTimeOffView { time_off, affected })
    };
    keyed
        .unless(dry_run)
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            let add = |options| use_cases.add_time_off.execute(actor, &new, options, once);
            how.change(&IfMatch::Any, add, |refusal| match refusal {})
        })
        .await
}

/// Lists a doctor's time off
///
/// Past and to come, by start, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/time-off", operation_id = "listTimeOff", tag = "Time off",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        openapi::PageParams,
    ),
    responses((status = 200, description = "A page of time off.", body = TimeOffListView), openapi::ListTimeOff),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    page: Query<WantedPage<TimeOffPosition>>,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let found = state.use_cases().list_time_off.execute(&caller.actor(), id.0, &page.0.0)?;
        let (zone, page) = found.ok_or_else(|| Problem::not_found("doctor"))?;
        Ok(TimeOffListView::of(page, |time_off| TimeOffView::new(time_off, &zone)))
    })
    .await?;
    respond::ok(&view)
}

/// Finds time off
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/time-off/{timeOffId}", operation_id = "getTimeOff", tag = "Time off",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("timeOffId" = inline(schema::Id), Path, description = "Which."),
    ),
    responses(
        (status = 200, description = "The time off.", body = TimeOffView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    doctor: Named<DoctorId>,
    id: Named<TimeOffId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let UseCases { find_time_off, find_doctor, .. } = state.use_cases();
        let time_off = find_time_off.execute(&caller.actor(), doctor.0, id.0)?.ok_or_else(unknown)?;
        // Only for the clock to show it on.
        let doctor = find_doctor.execute(&caller.actor(), doctor.0)?.ok_or_else(|| Problem::not_found("doctor"))?;
        Ok(TimeOffView::new(&time_off, &doctor.rules().zone))
    })
    .await?;
    respond::object(Revision::FIRST, &view)
}

/// Removes time off
///
/// The doctor is not away after all, and bookings that were marked as `outsideHours` only for it no longer are. With
/// `dryRun=true` nothing is removed. Time off never changes, so its `ETag` matches as long as it is there.
#[utoipa::path(
    delete, path = "/api/v1/doctors/{doctorId}/time-off/{timeOffId}", operation_id = "removeTimeOff", tag = "Time off",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("timeOffId" = inline(schema::Id), Path, description = "Which."),
        openapi::ChangeParams,
    ),
    responses(
        (status = 200, description = "The time off is removed (or, with `dryRun=true`, could be): what that does to bookings there are.",
         body = AffectedView, example = json!({"affectedBookings": [], "affectedHolds": []})),
        openapi::Remove,
    ),
)]
pub(crate) async fn remove(
    state: web::Data<ApiState>,
    caller: Caller,
    doctor: Named<DoctorId>,
    id: Named<TimeOffId>,
    how: Query<How>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let UseCases { find_time_off, remove_time_off, .. } = state.use_cases();
        find_time_off.execute(&caller.actor(), doctor.0, id.0)?.ok_or_else(unknown)?;
        if_match.includes(Revision::FIRST)?;
        let remove = |options| remove_time_off.execute(&caller.actor(), doctor.0, id.0, options);
        let changed = how.0.change(&IfMatch::Any, remove, |UnknownTimeOff| unknown())?;
        Ok(AffectedView::of(&changed.affected))
    })
    .await?;
    respond::ok(&view)
}

fn unknown() -> Problem {
    Problem::not_found("time off")
}
