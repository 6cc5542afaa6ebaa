//! Visit types: enter, list, find, amend, retire.

use actix_web::{HttpResponse, web};
use doctor_booking_application::{
    AddVisitTypeError, AmendVisitTypeError, NewVisitType, PageRequest, RetireVisitTypeError, UseCases, VisitTypeFilter,
    VisitTypePosition,
};
use doctor_booking_domain::{
    Buffer, Capacity, Footprint, Horizon, Notice, NoticeBeyondHorizon, SlotLength, Terms, VisitType,
    VisitTypeAmendment, VisitTypeId, VisitTypeName, VisitTypeParts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::caller::Caller;
use crate::code::Code;
use crate::etag::IfMatch;
use crate::once::Keyed;
use crate::page::{list_view, read_page};
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{FromQuery, NoQuery, Params, Query};
use crate::values::{FromWhole, Whole, utc};
use crate::violations::{Read, Violations};
use crate::weekly::present;
use crate::{openapi, respond, schema};

/// A kind of visit to enter.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewVisitType, examples(json!({
    "name": "First visit", "minutes": 60, "stepMinutes": 30, "bufferBefore": 10, "bufferAfter": 5,
    "minNoticeMinutes": 1440, "maxDaysAhead": 90, "capacity": 1
})))]
pub(crate) struct NewVisitTypeDto {
    /// What it is called.
    #[schema(value_type = schema::VisitTypeName)]
    name: String,
    /// How long a visit lasts.
    #[schema(value_type = schema::SlotMinutes)]
    minutes: Whole,
    /// How far apart slots begin; one where the one before ends, when left out or null.
    #[schema(value_type = Option<schema::SlotMinutes>)]
    step_minutes: Option<Whole>,
    /// How long the doctor is busy before a visit; 0 when left out. It may lie outside working hours.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::BufferMinutes, required = false)]
    buffer_before: Option<Whole>,
    /// How long the doctor is busy after a visit; 0 when left out. It may lie outside working hours.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::BufferMinutes, required = false)]
    buffer_after: Option<Whole>,
    /// How long before its start a visit has to be booked; 0 when left out. Not longer than the horizon.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::NoticeMinutes, required = false)]
    min_notice_minutes: Option<Whole>,
    /// How many days ahead a visit can be booked; any number when left out or null.
    #[schema(value_type = Option<schema::DaysAhead>)]
    max_days_ahead: Option<Whole>,
    /// How many patients the doctor sees at the same time; 1 when left out. Among visits of several types the smallest
    /// capacity holds for all.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::Capacity, required = false)]
    capacity: Option<Whole>,
}

impl TryFrom<NewVisitTypeDto> for NewVisitType {
    type Error = Problem;

    fn try_from(new: NewVisitTypeDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let name: Read<VisitTypeName> = v.text("/name", &new.name);
        let length: Read<SlotLength> = v.number("/minutes", new.minutes);
        let step: Read<Option<SlotLength>> = v.optional_number("/stepMinutes", new.step_minutes);
        let before: Read<Option<Buffer>> = v.optional_number("/bufferBefore", new.buffer_before);
        let after: Read<Option<Buffer>> = v.optional_number("/bufferAfter", new.buffer_after);
        let notice: Read<Option<Notice>> = v.optional_number("/minNoticeMinutes", new.min_notice_minutes);
        let horizon: Read<Option<Horizon>> = v.optional_number("/maxDaysAhead", new.max_days_ahead);
        let capacity: Read<Option<Capacity>> = v.optional_number("/capacity", new.capacity);
        if let (Some(notice), Some(horizon)) = (notice, horizon) {
            // Whatever else is wrong; of how long it lasts this does not depend.
            let notice = notice.unwrap_or_default();
            let terms = Terms { notice, horizon, ..Terms::plain(SlotLength::default()) };
            if let Err(error) = terms.checked() {
                v.add("/minNoticeMinutes", Code::InvalidNotice, error.to_string());
            }
        }
        violations.finish(|| {
            let footprint = Footprint {
                before: before?.unwrap_or_default(),
                after: after?.unwrap_or_default(),
                capacity: capacity?.unwrap_or_default(),
            };
            let notice = notice?.unwrap_or_default();
            let terms = Terms { length: length?, step: step?, footprint, notice, horizon: horizon? };
            Some(Self { name: name?, terms })
        })
    }
}

/// What to change about a visit type; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = VisitTypePatch, examples(json!({"minutes": 45, "stepMinutes": null, "maxDaysAhead": null})))]
#[expect(clippy::option_option, reason = "absent and null are two things in a patch")]
pub(crate) struct VisitTypePatchDto {
    /// What it is called.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::VisitTypeName, required = false)]
    name: Option<String>,
    /// How long a visit lasts.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::SlotMinutes, required = false)]
    minutes: Option<Whole>,
    /// How far apart slots begin; null: one where the one before ends.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<schema::SlotMinutes>)]
    step_minutes: Option<Option<Whole>>,
    /// How long the doctor is busy before a visit.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::BufferMinutes, required = false)]
    buffer_before: Option<Whole>,
    /// How long the doctor is busy after a visit.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::BufferMinutes, required = false)]
    buffer_after: Option<Whole>,
    /// How long before its start a visit has to be booked. Not longer than the horizon.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::NoticeMinutes, required = false)]
    min_notice_minutes: Option<Whole>,
    /// How many days ahead a visit can be booked; null: any number.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<schema::DaysAhead>)]
    max_days_ahead: Option<Option<Whole>>,
    /// How many patients the doctor sees at the same time.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::Capacity, required = false)]
    capacity: Option<Whole>,
}

impl TryFrom<VisitTypePatchDto> for VisitTypeAmendment {
    type Error = Problem;

    fn try_from(patch: VisitTypePatchDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let name = v.optional("/name", patch.name.as_deref());
        let length = v.optional_number("/minutes", patch.minutes);
        let step = removable(v, "/stepMinutes", patch.step_minutes);
        let before = v.optional_number("/bufferBefore", patch.buffer_before);
        let after = v.optional_number("/bufferAfter", patch.buffer_after);
        let notice = v.optional_number("/minNoticeMinutes", patch.min_notice_minutes);
        let horizon = removable(v, "/maxDaysAhead", patch.max_days_ahead);
        let capacity = v.optional_number("/capacity", patch.capacity);
        violations.finish(|| {
            Some(Self {
                name: name?,
                length: length?,
                step: step?,
                before: before?,
                after: after?,
                notice: notice?,
                horizon: horizon?,
                capacity: capacity?,
            })
        })
    }
}

/// What null takes away, if it was given.
#[expect(clippy::option_option, reason = "absent and null are two things in a patch")]
fn removable<T: FromWhole>(
    violations: &mut Violations,
    pointer: &str,
    given: Option<Option<Whole>>,
) -> Read<Option<Option<T>>> {
    given.map_or(Some(None), |number| violations.optional_number(pointer, number).map(Some))
}

/// A kind of visit. Bookings keep what it said when they were made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VisitType, examples(json!({
    "id": "01900000-0000-7000-8000-000000000006", "name": "First visit", "minutes": 60, "stepMinutes": 30,
    "bufferBefore": 10, "bufferAfter": 5, "minNoticeMinutes": 1440, "maxDaysAhead": 90, "capacity": 1,
    "retired": false, "createdAt": "2029-12-01T09:30:00Z", "updatedAt": "2029-12-01T09:30:00Z"
})))]
pub(crate) struct VisitTypeView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// What it is called.
    #[schema(value_type = schema::VisitTypeName)]
    name: String,
    /// How long a visit lasts.
    #[schema(value_type = schema::SlotMinutes)]
    minutes: u16,
    /// How far apart slots begin: what was said, or the length.
    #[schema(value_type = schema::SlotMinutes)]
    step_minutes: u16,
    /// How long the doctor is busy before a visit.
    #[schema(value_type = schema::BufferMinutes)]
    buffer_before: u16,
    /// How long the doctor is busy after a visit.
    #[schema(value_type = schema::BufferMinutes)]
    buffer_after: u16,
    /// How long before its start a visit has to be booked.
    #[schema(value_type = schema::NoticeMinutes)]
    min_notice_minutes: u32,
    /// How many days ahead a visit can be booked; null: any number.
    #[schema(value_type = Option<schema::DaysAhead>, required = true)]
    max_days_ahead: Option<u16>,
    /// How many patients the doctor sees at the same time.
    #[schema(value_type = schema::Capacity)]
    capacity: u8,
    /// Whether it can no longer be booked.
    retired: bool,
    /// When it was entered, in UTC.
    #[schema(value_type = schema::Instant)]
    created_at: String,
    /// When it last changed, in UTC.
    #[schema(value_type = schema::Instant)]
    updated_at: String,
}

impl From<&VisitType> for VisitTypeView {
    fn from(visit_type: &VisitType) -> Self {
        let VisitTypeParts { id, name, terms, retired, revision: _, created_at, updated_at } = visit_type.parts();
        let Terms { length, footprint, notice, horizon, .. } = terms;
        Self {
            id: id.to_string(),
            name: name.as_str().to_owned(),
            minutes: length.minutes(),
            step_minutes: terms.step().minutes(),
            buffer_before: footprint.before.get(),
            buffer_after: footprint.after.get(),
            min_notice_minutes: notice.get(),
            max_days_ahead: horizon.map(Horizon::get),
            capacity: footprint.capacity.get(),
            retired: *retired,
            created_at: utc(*created_at),
            updated_at: utc(*updated_at),
        }
    }
}

list_view! {
    /// Visit types, by name.
    VisitTypeListView, VisitTypeList, VisitTypeView
}

/// Enters a visit type
///
/// Every doctor offers it who offers every type; others once their `visitTypes` name it.
#[utoipa::path(
    post, path = "/api/v1/visit-types", operation_id = "addVisitType", tag = "Visit types",
    params(openapi::KeyParam),
    request_body(content = NewVisitTypeDto, description = "The visit type."),
    responses(
        (status = 201, description = "The visit type, which can be booked now.", body = VisitTypeView,
         headers(("Location" = String, description = "The visit type's path."), ("ETag" = String, description = "The revision."))),
        openapi::CreateVisitType,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    _: NoQuery,
    body: Json<NewVisitTypeDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let new = NewVisitType::try_from(new)?;
    let write = |_: &UseCases, visit_type: &VisitType| {
        let location = format!("/api/v1/visit-types/{}", visit_type.id());
        respond::created(&location, visit_type.revision(), &VisitTypeView::from(visit_type))
    };
    keyed
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            Ok(use_cases.add_visit_type.execute(actor, new, once)?)
        })
        .await
}

/// Which visit types, and which page of them.
pub(crate) struct Wanted {
    filter: VisitTypeFilter,
    page: PageRequest<VisitTypePosition>,
}

impl FromQuery for Wanted {
    fn read(params: &mut Params) -> Read<Self> {
        let retired = params.flag("retired");
        let page = read_page(params);
        Some(Self { filter: VisitTypeFilter { retired: retired? }, page: page? })
    }
}

/// Lists visit types
///
/// By name, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/visit-types", operation_id = "listVisitTypes", tag = "Visit types",
    params(
        ("retired" = Option<bool>, Query, description = "Only those that are retired, or only those that are not."),
        openapi::PageParams,
    ),
    responses((status = 200, description = "A page of visit types.", body = VisitTypeListView), openapi::ListVisitTypes),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    query: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let Wanted { filter, page } = query.0;
    let view = block(move || {
        let page = state.use_cases().list_visit_types.execute(&caller.actor(), &filter, &page)?;
        Ok(VisitTypeListView::of(page, |visit_type| VisitTypeView::from(visit_type)))
    })
    .await?;
    respond::ok(&view)
}

/// Finds a visit type
///
/// Retired or not.
#[utoipa::path(
    get, path = "/api/v1/visit-types/{visitTypeId}", operation_id = "getVisitType", tag = "Visit types",
    params(("visitTypeId" = inline(schema::Id), Path, description = "Which visit type.")),
    responses(
        (status = 200, description = "The visit type.", body = VisitTypeView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<VisitTypeId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (revision, view) = block(move || {
        let visit_type = state.use_cases().find_visit_type.execute(&caller.actor(), id.0)?;
        let visit_type = visit_type.ok_or_else(|| Problem::not_found("visit type"))?;
        Ok((visit_type.revision(), VisitTypeView::from(&visit_type)))
    })
    .await?;
    respond::object(revision, &view)
}

/// Amends a visit type
///
/// What is left out stays as it is; `null` takes a step or a horizon away. It holds for bookings to come: those there are
/// keep what was agreed. One that is retired can be amended, and stays retired.
#[utoipa::path(
    patch, path = "/api/v1/visit-types/{visitTypeId}", operation_id = "amendVisitType", tag = "Visit types",
    params(
        ("visitTypeId" = inline(schema::Id), Path, description = "Which visit type."),
        openapi::IfMatchParam,
    ),
    request_body(content = VisitTypePatchDto, description = "What to change; all else stays as it is."),
    responses(
        (status = 200, description = "The visit type after the change.", body = VisitTypeView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::AmendVisitType,
    ),
)]
pub(crate) async fn amend(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<VisitTypeId>,
    _: NoQuery,
    if_match: IfMatch,
    body: Json<VisitTypePatchDto>,
) -> Result<HttpResponse, Problem> {
    let amendment = VisitTypeAmendment::try_from(body.0)?;
    let (revision, view) = block(move || {
        let amend = |expected| state.use_cases().amend_visit_type.execute(&caller.actor(), id.0, &amendment, expected);
        let visit_type = if_match.attempt(amend, |error| matches!(error, AmendVisitTypeError::Changed))?;
        Ok((visit_type.revision(), VisitTypeView::from(&visit_type)))
    })
    .await?;
    respond::object(revision, &view)
}

/// Retires a visit type
///
/// Nobody can book it any more; bookings there are keep it. Retiring again answers 200 and changes nothing. It cannot be
/// taken back.
#[utoipa::path(
    delete, path = "/api/v1/visit-types/{visitTypeId}", operation_id = "retireVisitType", tag = "Visit types",
    params(
        ("visitTypeId" = inline(schema::Id), Path, description = "Which visit type."),
        openapi::IfMatchParam,
    ),
    responses(
        (status = 200, description = "The visit type, retired.", body = VisitTypeView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::RetireVisitType,
    ),
)]
pub(crate) async fn retire(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<VisitTypeId>,
    _: NoQuery,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (revision, view) = block(move || {
        let retire = |expected| state.use_cases().retire_visit_type.execute(&caller.actor(), id.0, expected);
        let visit_type = if_match.attempt(retire, |error| matches!(error, RetireVisitTypeError::Changed))?;
        Ok((visit_type.revision(), VisitTypeView::from(&visit_type)))
    })
    .await?;
    respond::object(revision, &view)
}

impl From<AddVisitTypeError> for Problem {
    fn from(error: AddVisitTypeError) -> Self {
        match error {
            AddVisitTypeError::NoticeBeyondHorizon(error) => error.into(),
            AddVisitTypeError::Answered => Self::answered(),
            AddVisitTypeError::Forbidden => Problem::general(Code::Forbidden),
            AddVisitTypeError::Unavailable(error) => error.into(),
        }
    }
}

impl From<AmendVisitTypeError> for Problem {
    fn from(error: AmendVisitTypeError) -> Self {
        match error {
            AmendVisitTypeError::UnknownVisitType => Self::not_found("visit type"),
            AmendVisitTypeError::Changed => Self::general(Code::PreconditionFailed),
            AmendVisitTypeError::NoticeBeyondHorizon(error) => error.into(),
            AmendVisitTypeError::Contended => Self::unavailable(error),
            AmendVisitTypeError::Forbidden => Problem::general(Code::Forbidden),
            AmendVisitTypeError::Unavailable(error) => error.into(),
        }
    }
}

impl From<RetireVisitTypeError> for Problem {
    fn from(error: RetireVisitTypeError) -> Self {
        match error {
            RetireVisitTypeError::UnknownVisitType => Self::not_found("visit type"),
            RetireVisitTypeError::Changed => Self::general(Code::PreconditionFailed),
            RetireVisitTypeError::Contended => Self::unavailable(error),
            RetireVisitTypeError::Forbidden => Problem::general(Code::Forbidden),
            RetireVisitTypeError::Unavailable(error) => error.into(),
        }
    }
}

impl From<NoticeBeyondHorizon> for Problem {
    fn from(error: NoticeBeyondHorizon) -> Self {
        Self::at("/minNoticeMinutes", Code::InvalidNotice, error.to_string())
    }
}
