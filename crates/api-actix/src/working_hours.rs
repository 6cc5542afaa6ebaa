//! Working hours: find those in force, update, list and remove versions.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use doctor_booking_application::{HoursInForce, HoursRefusal, NewHours, RemovalRefusal, RulesChanged, UseCases, Week};
use doctor_booking_domain::{Doctor, DoctorId, Rules, VersionOverlap, WindowsOverlap};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::caller::Caller;
use crate::code::Code;
use crate::etag::IfMatch;
use crate::path::Named;
use crate::problem::{Problem, VersionName, Violation};
use crate::query::{FromQuery, NoQuery, Params, Query};
use crate::rules_change::{AffectedView, How};
use crate::values::date;
use crate::violations::{Read, Violations};
use crate::weekly::{WeeklyDto, day_name, overlap_detail};
use crate::{openapi, respond, schema};

/// Hours that a doctor should have from a date on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewWorkingHours, examples(json!({
    "effectiveFrom": "2030-01-01",
    "weekly": {"monday": [{"start": "08:00", "end": "12:00"}], "friday": [{"start": "22:00", "end": "06:00"}]}
})))]
pub(crate) struct NewHoursDto {
    /// The first date on which they hold; null, or left out: the version that holds since ever. They hold until the
    /// next version begins.
    #[schema(value_type = Option<schema::CivilDate>)]
    effective_from: Option<String>,
    /// The windows.
    weekly: WeeklyDto,
}

impl NewHoursDto {
    /// A day left out is not worked.
    fn whole_week(&self) -> Result<NewHours, Problem> {
        self.read(|violations| self.weekly.whole("/weekly", violations).map(Week::Whole))
    }

    /// A day left out stays as it is.
    fn some_days(&self) -> Result<NewHours, Problem> {
        self.read(|violations| self.weekly.given("/weekly", violations).map(Week::Days))
    }

    fn read(&self, week: impl FnOnce(&mut Violations) -> Option<Week>) -> Result<NewHours, Problem> {
        let mut violations = Violations::default();
        let effective_from = violations.optional("/effectiveFrom", self.effective_from.as_deref());
        let week = week(&mut violations);
        violations.finish(|| Some(NewHours { effective_from: effective_from?, week: week? }))
    }
}

/// A doctor's working hours over some dates.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WorkingHours, examples(json!({
    "effectiveFrom": "2030-01-01", "effectiveTo": null, "timeZone": "America/New_York", "slotMinutes": 60,
    "weekly": {"monday": [{"start": "08:00", "end": "12:00"}]}
})))]
pub(crate) struct HoursView {
    /// The first date on which they hold; null: since ever.
    #[schema(value_type = Option<schema::CivilDate>, required = true)]
    effective_from: Option<String>,
    /// The last date on which they hold; null: from then on.
    #[schema(value_type = Option<schema::CivilDate>, required = true)]
    effective_to: Option<String>,
    /// On whose clock the windows are.
    #[schema(value_type = schema::TimeZone)]
    time_zone: String,
    #[schema(value_type = schema::SlotMinutes)]
    slot_minutes: u16,
    weekly: WeeklyDto,
}

impl HoursView {
    fn new(HoursInForce { effective_from, effective_to, weekly }: &HoursInForce, rules: &Rules) -> Self {
        Self {
            effective_from: effective_from.map(date),
            effective_to: effective_to.map(date),
            time_zone: rules.zone.name().to_owned(),
            slot_minutes: rules.slot.minutes(),
            weekly: weekly.into(),
        }
    }
}

/// The version that was made, and what that has done to bookings there are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangedWorkingHours)]
pub(crate) struct ChangedHoursView {
    #[serde(flatten)]
    hours: HoursView,
    #[serde(flatten)]
    affected: AffectedView,
}

/// Every version of a doctor's working hours, the earliest first.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkingHoursVersions)]
pub(crate) struct VersionsView {
    items: Vec<HoursView>,
}

/// On which date.
pub(crate) struct On(Option<NaiveDate>);

impl FromQuery for On {
    fn read(params: &mut Params) -> Read<Self> {
        params.optional("on").map(Self)
    }
}

/// Finds the working hours in force
///
/// Before the first version begins nothing is worked: then `weekly` is empty, and `effectiveTo` its eve.
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/working-hours", operation_id = "getWorkingHours", tag = "Working hours",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("on" = inline(Option<schema::CivilDate>), Query, description = "On which date; today, at the doctor's, when left out."),
    ),
    responses(
        (status = 200, description = "The version in force on that date.", body = HoursView,
         headers(("ETag" = String, description = "The doctor's revision."))),
        openapi::FindHours,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    on: Query<On>,
) -> Result<HttpResponse, Problem> {
    let (revision, view) = block(move || {
        let found = state.use_cases().find_working_hours.execute(&caller.actor(), id.0, on.0.0)?;
        let (doctor, hours) = found.ok_or_else(|| Problem::not_found("doctor"))?;
        Ok((doctor.revision(), HoursView::new(&hours, doctor.rules())))
    })
    .await?;
    respond::object(revision, &view)
}

/// Lists every version of the working hours
///
/// Past and future, the earliest first.
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/working-hours/versions", operation_id = "listWorkingHoursVersions",
    tag = "Working hours",
    params(("doctorId" = inline(schema::Id), Path, description = "Whose.")),
    responses(
        (status = 200, description = "Every version.", body = VersionsView,
         headers(("ETag" = String, description = "The doctor's revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn versions(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (revision, view) = block(move || {
        let found = state.use_cases().find_working_hours.execute(&caller.actor(), id.0, None)?;
        let (doctor, _) = found.ok_or_else(|| Problem::not_found("doctor"))?;
        let items = HoursInForce::all(&doctor).iter().map(|hours| HoursView::new(hours, doctor.rules())).collect();
        Ok((doctor.revision(), VersionsView { items }))
    })
    .await?;
    respond::object(revision, &view)
}

/// Replaces the whole week from a date on
///
/// A day left out is not worked. A version that begins on the same date is replaced; past dates are possible. A change
/// that leaves bookings to come outside working hours is refused with 409 `bookings-affected`, unless `affected=keep`.
#[utoipa::path(
    put, path = "/api/v1/doctors/{doctorId}/working-hours", operation_id = "replaceWorkingHours", tag = "Working hours",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        openapi::ChangeParams,
    ),
    request_body(content = NewHoursDto, description = "The whole week."),
    responses(
        (status = 200, description = "The version that begins on `effectiveFrom`. With `dryRun=true`, as it would be; there is no ETag then.",
         body = ChangedHoursView, headers(("ETag" = String, description = "The doctor's revision."))),
        openapi::ChangeHours,
    ),
)]
pub(crate) async fn replace(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    how: Query<How>,
    if_match: IfMatch,
    body: Json<NewHoursDto>,
) -> Result<HttpResponse, Problem> {
    let new = body.0.whole_week()?;
    update(state, caller, id.0, how.0, if_match, body.0, new).await
}

/// Replaces some days of the week from a date on
///
/// A day left out stays as it is in force on that date; an empty one is no longer worked. All else is as with PUT.
#[utoipa::path(
    patch, path = "/api/v1/doctors/{doctorId}/working-hours", operation_id = "amendWorkingHours", tag = "Working hours",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        openapi::ChangeParams,
    ),
    request_body(content = NewHoursDto, description = "The days that change."),
    responses(
        (status = 200, description = "The version that begins on `effectiveFrom`. With `dryRun=true`, as it would be; there is no ETag then.",
         body = ChangedHoursView, headers(("ETag" = String, description = "The doctor's revision."))),
        openapi::ChangeHours,
    ),
)]
pub(crate) async fn amend(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    how: Query<How>,
    if_match: IfMatch,
    body: Json<NewHoursDto>,
) -> Result<HttpResponse, Problem> {
    let new = body.0.some_days()?;
    update(state, caller, id.0, how.0, if_match, body.0, new).await
}

async fn update(
    state: web::Data<ApiState>,
    caller: Caller,
    id: DoctorId,
    how: How,
    if_match: IfMatch,
    body: NewHoursDto,
    new: NewHours,
) -> Result<HttpResponse, Problem> {
    let dry_run = how.dry_run;
    let (revision, view) = block(move || {
        let UseCases { update_working_hours, .. } = state.use_cases();
        let update = |options| update_working_hours.execute(&caller.actor(), id, &new, options);
        let RulesChanged { doctor, affected } =
            how.change(&if_match, update, |refusal| refused(refusal, &body.weekly))?;
        let hours =
            version(&doctor, new.effective_from).ok_or_else(|| Problem::internal("the new version is missing"))?;
        let hours = HoursView::new(&hours, doctor.rules());
        Ok((doctor.revision(), ChangedHoursView { hours, affected: AffectedView::of(&affected) }))
    })
    .await?;
    if dry_run { respond::ok(&view) } else { respond::object(revision, &view) }
}

fn version(doctor: &Doctor, effective_from: Option<NaiveDate>) -> Option<HoursInForce> {
    HoursInForce::all(doctor).into_iter().find(|hours| hours.effective_from == effective_from)
}

fn refused(refusal: HoursRefusal, given: &WeeklyDto) -> Problem {
    match refusal {
        HoursRefusal::WindowsOverlap(overlaps) => {
            let mut violations: Vec<_> = overlaps
                .iter()
                .map(|overlap| Violation::new(place(overlap, given), Code::WindowsOverlap, overlap_detail(overlap)))
                .collect();
            violations.dedup_by(|one, other| one.pointer == other.pointer);
            Problem::of_violations(Code::WindowsOverlap, violations)
        }
        HoursRefusal::VersionOverlap(overlap) => versions_overlap(overlap),
    }
}

/// Where the window stands that overlaps one of a day that was not given: the later of the two, if that was given.
fn place(overlap: &WindowsOverlap, given: &WeeklyDto) -> String {
    let WindowsOverlap { earlier_day, earlier, later_day, later } = *overlap;
    let (day, window) = if given.has(later_day) { (later_day, later) } else { (earlier_day, earlier) };
    let index = given.position(day, window).map_or_else(String::new, |index| format!("/{index}"));
    format!("/weekly/{}{index}", day_name(day))
}

fn versions_overlap(overlap: VersionOverlap) -> Problem {
    let names = [overlap.earlier, Some(overlap.later)];
    let versions = names.map(|effective_from| VersionName { effective_from: effective_from.map(date) });
    Problem::new(Code::VersionOverlap, overlap.to_string()).with_versions(versions)
}

/// Removes a version of the working hours
///
/// The one before it then holds until the next. The version that holds since ever has no date, and cannot be removed;
/// it can be replaced. A removal that leaves bookings to come outside working hours is refused with 409
/// `bookings-affected`, unless `affected=keep`. With `dryRun=true` nothing is removed.
#[utoipa::path(
    delete, path = "/api/v1/doctors/{doctorId}/working-hours/versions/{effectiveFrom}",
    operation_id = "removeWorkingHoursVersion", tag = "Working hours",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("effectiveFrom" = inline(schema::CivilDate), Path, description = "The date on which the version begins."),
        openapi::ChangeParams,
    ),
    responses(
        (status = 200, description = "The version is removed (or, with `dryRun=true`, could be): what that does to bookings there are.",
         body = AffectedView, example = json!({"affectedBookings": [], "affectedHolds": []})),
        openapi::RemoveHours,
    ),
)]
pub(crate) async fn remove(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    effective_from: Named<NaiveDate>,
    how: Query<How>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let UseCases { remove_working_hours, .. } = state.use_cases();
        let remove = |options| remove_working_hours.execute(&caller.actor(), id.0, effective_from.0, options);
        let changed = how.0.change(&if_match, remove, |refusal| match refusal {
            RemovalRefusal::UnknownVersion(_) => Problem::not_found("version of the working hours"),
            RemovalRefusal::VersionOverlap(overlap) => versions_overlap(overlap),
        })?;
        Ok(AffectedView::of(&changed.affected))
    })
    .await?;
    respond::ok(&view)
}
