//! Holds: a slot kept for a caller for a little while, and given back.

use actix_web::{HttpResponse, web};
use doctor_booking_application::{HoldSlotError, UseCases, WantedHold};
use doctor_booking_domain::{Actor, Hold, HoldId, HoldTime, Revision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::caller::Caller;
use crate::code::Code;
use crate::etag::IfMatch;
use crate::once::Keyed;
use crate::path::Named;
use crate::problem::Problem;
use crate::query::NoQuery;
use crate::refused::{Mentioned, Missing, refused};
use crate::values::{Whole, local};
use crate::violations::{Read, Violations};
use crate::weekly::present;
use crate::{openapi, respond, schema};

/// A slot to hold.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewHold, examples(json!({
    "doctorId": "01900000-0000-7000-8000-000000000001", "start": "2030-01-07T08:00:00-05:00", "ttlSeconds": 300
})))]
pub(crate) struct NewHoldDto {
    /// With whom.
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    /// When a free slot starts.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// The type of the visit; when left out or null, it is of no particular type.
    #[schema(value_type = Option<schema::Id>)]
    visit_type: Option<String>,
    /// How long to hold it; 300 when left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::HoldSeconds, required = false)]
    ttl_seconds: Option<Whole>,
}

impl TryFrom<NewHoldDto> for WantedHold {
    type Error = Problem;

    fn try_from(new: NewHoldDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let doctor = v.text("/doctorId", &new.doctor_id);
        let start = v.text("/start", &new.start);
        let visit_type = v.optional("/visitType", new.visit_type.as_deref());
        let time: Read<Option<HoldTime>> = v.optional_number("/ttlSeconds", new.ttl_seconds);
        violations.finish(|| {
            let time = time?.unwrap_or_default();
            Some(Self { doctor: doctor?, start: start?, visit_type: visit_type?, time })
        })
    }
}

/// A slot that is held. All its instants have the offset of its `timeZone`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Hold, examples(json!({
    "id": "01900000-0000-7000-8000-000000000007", "doctorId": "01900000-0000-7000-8000-000000000001",
    "start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T09:00:00-05:00", "timeZone": "America/New_York",
    "visitType": null, "expiresAt": "2029-12-01T04:35:00-05:00", "createdAt": "2029-12-01T04:30:00-05:00"
})))]
pub(crate) struct HoldView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// With whom.
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    /// When the visit would start.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// When it would end.
    #[schema(value_type = schema::Instant)]
    end: String,
    /// On whose clock it was agreed: the doctor's zone when the slot was held.
    #[schema(value_type = schema::TimeZone)]
    time_zone: String,
    /// The type of the visit; null: no particular type.
    #[schema(value_type = Option<schema::Id>, required = true)]
    visit_type: Option<String>,
    /// From when on the slot is no longer held.
    #[schema(value_type = schema::Instant)]
    expires_at: String,
    /// When it was made.
    #[schema(value_type = schema::Instant)]
    created_at: String,
}

impl From<&Hold> for HoldView {
    fn from(Hold { id, doctor, span, visit_type, zone, expires_at, created_at, .. }: &Hold) -> Self {
        Self {
            id: id.to_string(),
            doctor_id: doctor.to_string(),
            start: local(span.start(), zone),
            end: local(span.end(), zone),
            time_zone: zone.name().to_owned(),
            visit_type: visit_type.map(|visit_type| visit_type.to_string()),
            expires_at: local(*expires_at, zone),
            created_at: local(*created_at, zone),
        }
    }
}

/// Holds a slot
///
/// For whoever makes up his or her mind: until it expires, the slot is nobody else's. A booking with its `holdId` takes
/// it over, without a moment in between. A caller can hold three slots at once. The slot has to be free, as for a
/// booking.
#[utoipa::path(
    post, path = "/api/v1/holds", operation_id = "holdSlot", tag = "Holds",
    params(openapi::KeyParam),
    request_body(content = NewHoldDto, description = "The slot."),
    responses(
        (status = 201, description = "The hold. Nobody else can have that time until it expires.", body = HoldView,
         headers(("Location" = String, description = "The hold's path."), ("ETag" = String, description = "The revision."))),
        openapi::HoldSlot,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    _: NoQuery,
    body: Json<NewHoldDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let wanted = WantedHold::try_from(new)?;
    let write = |_: &UseCases, hold: &Hold| {
        respond::created(&format!("/api/v1/holds/{}", hold.id), Revision::FIRST, &HoldView::from(hold))
    };
    keyed
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            let held = use_cases.hold_slot.execute(actor, wanted, once);
            held.map_err(|error| not_held(error, wanted, actor, use_cases))
        })
        .await
}

fn not_held(error: HoldSlotError, wanted: WantedHold, actor: &Actor, use_cases: &UseCases) -> Problem {
    let mentioned = Mentioned { patient: None, visit_type: wanted.visit_type };
    match error {
        HoldSlotError::UnknownDoctor => mentioned.without(Missing::Doctor, actor, use_cases),
        HoldSlotError::UnknownVisitType => mentioned.without(Missing::VisitType, actor, use_cases),
        HoldSlotError::Refused(refusal) => refused(&refusal, |pointer| pointer),
        HoldSlotError::TooMany => Problem::new(Code::TooManyHolds, error.to_string()),
        HoldSlotError::Contended => Problem::unavailable(error),
        HoldSlotError::Answered => Problem::answered(),
        HoldSlotError::Forbidden => Problem::general(Code::Forbidden),
        HoldSlotError::Unavailable(error) => error.into(),
    }
}

/// Finds a hold
///
/// Only the caller's own, while it holds.
#[utoipa::path(
    get, path = "/api/v1/holds/{holdId}", operation_id = "getHold", tag = "Holds",
    params(("holdId" = inline(schema::Id), Path, description = "Which hold.")),
    responses(
        (status = 200, description = "The hold.", body = HoldView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<HoldId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let hold = state.use_cases().find_hold.execute(&caller.actor(), id.0)?;
        Ok(HoldView::from(&hold.ok_or_else(unknown)?))
    })
    .await?;
    respond::object(Revision::FIRST, &view)
}

/// Gives a hold back
///
/// Only the caller's own, while it holds: its slot is free again. A hold never changes, so its `ETag` matches as long as it
/// is there.
#[utoipa::path(
    delete, path = "/api/v1/holds/{holdId}", operation_id = "releaseHold", tag = "Holds",
    params(
        ("holdId" = inline(schema::Id), Path, description = "Which hold."),
        openapi::IfMatchParam,
    ),
    responses((status = 204, description = "It is given back."), openapi::ReleaseHold),
)]
pub(crate) async fn release(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<HoldId>,
    _: NoQuery,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    block(move || {
        let UseCases { find_hold, release_hold, .. } = state.use_cases();
        find_hold.execute(&caller.actor(), id.0)?.ok_or_else(unknown)?;
        if_match.includes(Revision::FIRST)?;
        if release_hold.execute(&caller.actor(), id.0)? { Ok(()) } else { Err(unknown()) }
    })
    .await?;
    Ok(respond::nothing())
}

fn unknown() -> Problem {
    Problem::not_found("hold")
}
