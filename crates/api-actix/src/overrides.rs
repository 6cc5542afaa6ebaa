//! Overrides: single dates with windows of their own.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use doctor_booking_application::{ListOverridesError, MOST_OVERRIDE_DAYS, RulesChanged, UnknownOverride};
use doctor_booking_domain::{DateRange, DoctorId, Window};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::caller::Caller;
use crate::code::Code;
use crate::etag::IfMatch;
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{FromQuery, Params, Query};
use crate::rules_change::{AffectedView, How};
use crate::values::date;
use crate::violations::{Read, Violations};
use crate::weekly::{WindowDto, read_date, window_views};
use crate::{openapi, respond, schema};

/// The windows that a date should have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOverride, examples(json!({"windows": [{"start": "10:00", "end": "12:00"}]}), json!({"windows": []})))]
pub(crate) struct NewOverrideDto {
    /// All of them, instead of the week's; none: the date is closed.
    windows: Vec<WindowDto>,
}

impl NewOverrideDto {
    fn read(&self, date: NaiveDate) -> Result<Vec<Window>, Problem> {
        let mut violations = Violations::default();
        let windows = read_date(date, &self.windows, "/windows", &mut violations);
        violations.finish(|| windows)
    }
}

/// A date with windows of its own.
#[derive(Serialize, ToSchema)]
#[schema(as = Override, examples(json!({"date": "2030-01-07", "windows": [{"start": "10:00", "end": "12:00"}]})))]
pub(crate) struct OverrideView {
    #[schema(value_type = schema::CivilDate)]
    date: String,
    /// The windows that start on it, in order, instead of the week's; none: the date is closed.
    windows: Vec<WindowDto>,
}

impl OverrideView {
    fn new(on: NaiveDate, windows: &[Window]) -> Self {
        Self { date: date(on), windows: window_views(windows) }
    }
}

/// An override, and what it has done to bookings there are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangedOverride)]
pub(crate) struct ChangedOverrideView {
    #[serde(flatten)]
    day: OverrideView,
    #[serde(flatten)]
    affected: AffectedView,
}

/// A doctor's overrides on some dates.
#[derive(Serialize, ToSchema)]
#[schema(as = OverrideList)]
pub(crate) struct OverridesView {
    /// By date.
    items: Vec<OverrideView>,
}

/// On which dates.
pub(crate) struct Wanted(DateRange);

impl FromQuery for Wanted {
    fn read(params: &mut Params) -> Read<Self> {
        params.dates(MOST_OVERRIDE_DAYS).map(Self)
    }
}

/// Replaces the hours of a date
///
/// What starts on the date is replaced, whatever the week says; without windows the date is closed. A night that began
/// the day before stays, and time off and closures win over it all. A past date is possible. A change that leaves
/// bookings to come outside working hours is refused with 409 `bookings-affected`, unless `affected=keep`.
#[utoipa::path(
    put, path = "/api/v1/doctors/{doctorId}/overrides/{date}", operation_id = "setOverride", tag = "Overrides",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("date" = inline(schema::CivilDate), Path, description = "Which date, at the doctor's."),
        openapi::ChangeParams,
    ),
    request_body(content = NewOverrideDto, description = "All windows of the date."),
    responses(
        (status = 200, description = "The date's hours. With `dryRun=true`, as they would be; there is no ETag then.",
         body = ChangedOverrideView, headers(("ETag" = String, description = "The doctor's revision."))),
        openapi::SetOverride,
    ),
)]
pub(crate) async fn set(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    on: Named<NaiveDate>,
    how: Query<How>,
    if_match: IfMatch,
    body: Json<NewOverrideDto>,
) -> Result<HttpResponse, Problem> {
    let windows = body.0.read(on.0)?;
    let dry_run = how.0.dry_run;
    let (revision, view) = block(move || {
        let set_override = &state.use_cases().set_override;
        let set = |options| set_override.execute(&caller.actor(), id.0, on.0, &windows, options);
        let RulesChanged { doctor, affected } = how.0.change(&if_match, set, |refusal| match refusal {})?;
        let day = OverrideView::new(on.0, &windows);
        Ok((doctor.revision(), ChangedOverrideView { day, affected: AffectedView::of(&affected) }))
    })
    .await?;
    if dry_run { respond::ok(&view) } else { respond::object(revision, &view) }
}

/// Gives a date the week's hours again
///
/// A removal that leaves bookings to come outside working hours is refused with 409 `bookings-affected`, unless
/// `affected=keep`. With `dryRun=true` nothing is removed.
#[utoipa::path(
    delete, path = "/api/v1/doctors/{doctorId}/overrides/{date}", operation_id = "removeOverride", tag = "Overrides",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("date" = inline(schema::CivilDate), Path, description = "Which date, at the doctor's."),
        openapi::ChangeParams,
    ),
    responses(
        (status = 200, description = "The override is removed (or, with `dryRun=true`, could be): what that does to bookings there are.",
         body = AffectedView, example = json!({"affectedBookings": [], "affectedHolds": []})),
        openapi::Remove,
    ),
)]
pub(crate) async fn remove(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    on: Named<NaiveDate>,
    how: Query<How>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let remove_override = &state.use_cases().remove_override;
        let remove = |options| remove_override.execute(&caller.actor(), id.0, on.0, options);
        let changed = how.0.change(&if_match, remove, |UnknownOverride| Problem::not_found("override"))?;
        Ok(AffectedView::of(&changed.affected))
    })
    .await?;
    respond::ok(&view)
}

/// Lists a doctor's overrides
///
/// Those on the dates from `from` to `to`, at most 366 days, by date. Dates that go by the week are left out.
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/overrides", operation_id = "listOverrides", tag = "Overrides",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("from" = inline(schema::CivilDate), Query, description = "The first date."),
        ("to" = inline(schema::CivilDate), Query, description = "The last date."),
    ),
    responses(
        (status = 200, description = "Every override on these dates.", body = OverridesView),
        openapi::ListOverrides,
    ),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    dates: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let overrides = state.use_cases().list_overrides.execute(&caller.actor(), id.0, dates.0.0)?;
        Ok(OverridesView { items: overrides.iter().map(|(on, windows)| OverrideView::new(on, windows)).collect() })
    })
    .await?;
    respond::ok(&view)
}

impl From<ListOverridesError> for Problem {
    fn from(error: ListOverridesError) -> Self {
        match error {
            ListOverridesError::UnknownDoctor => Self::not_found("doctor"),
            ListOverridesError::RangeTooLong => Self::new(Code::RangeTooLong, error.to_string()),
            ListOverridesError::Forbidden => Problem::general(Code::Forbidden),
            ListOverridesError::Unavailable(error) => error.into(),
        }
    }
}
