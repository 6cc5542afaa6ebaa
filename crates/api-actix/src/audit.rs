//! The audit log: who has seen what, and who was not let in.

use actix_web::{HttpResponse, web};
use doctor_booking_application::{AuditFilter, AuditPosition, PageRequest};
use doctor_booking_domain::{Action, AuditEntry, Concerned, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::caller::Caller;
use crate::code::Code;
use crate::page::{list_view, read_page};
use crate::problem::Problem;
use crate::query::{FromQuery, Params, Query, pointer};
use crate::session::RoleView;
use crate::values::{QueryInstant, utc};
use crate::violations::Read;
use crate::{openapi, respond, schema};

/// How it ended.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = AuditOutcome)]
pub(crate) enum OutcomeView {
    /// It was shown.
    Seen,
    /// It was refused.
    Refused,
}

impl From<Outcome> for OutcomeView {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Seen => Self::Seen,
            Outcome::Refused => Self::Refused,
        }
    }
}

/// Who has seen something of one patient's, or was refused something.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEntry, examples(json!({
    "id": "01900000-0000-7000-8000-000000000015", "at": "2029-12-02T08:00:00Z",
    "callerId": "01900000-0000-7000-8000-000000000014", "role": "front-desk", "action": "read-patients",
    "outcome": "seen", "doctorId": null, "patientId": "01900000-0000-7000-8000-000000000002", "bookingId": null,
    "requestId": "01900000-0000-7000-8000-000000000016"
})))]
pub(crate) struct AuditEntryView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// When, in UTC.
    #[schema(value_type = schema::Instant)]
    at: String,
    /// Who; null: nobody knows.
    #[schema(value_type = Option<schema::Id>, required = true)]
    caller_id: Option<String>,
    /// In which role.
    #[schema(value_type = RoleView)]
    role: &'static str,
    /// What was done, or wanted.
    #[schema(value_type = schema::ActionName)]
    action: &'static str,
    outcome: OutcomeView,
    /// The doctor whom it concerns.
    #[schema(value_type = Option<schema::Id>, required = true)]
    doctor_id: Option<String>,
    /// The patient whom it concerns.
    #[schema(value_type = Option<schema::Id>, required = true)]
    patient_id: Option<String>,
    /// The booking that it is about.
    #[schema(value_type = Option<schema::Id>, required = true)]
    booking_id: Option<String>,
    /// In which request: what its `X-Request-Id` says, and the log; null: in none.
    #[schema(required = true)]
    request_id: Option<String>,
}

impl From<&AuditEntry> for AuditEntryView {
    fn from(entry: &AuditEntry) -> Self {
        let AuditEntry { id, at, caller, role, action, outcome, concerned, request } = entry;
        let Concerned { doctor, patient, booking } = concerned;
        Self {
            id: id.to_string(),
            at: utc(*at),
            caller_id: caller.map(|id| id.to_string()),
            role,
            action: action.as_str(),
            outcome: (*outcome).into(),
            doctor_id: doctor.map(|id| id.to_string()),
            patient_id: patient.map(|id| id.to_string()),
            booking_id: booking.map(|id| id.to_string()),
            request_id: request.as_ref().map(ToString::to_string),
        }
    }
}

list_view! {
    /// Lines of the audit log, the latest first.
    AuditListView, AuditList, AuditEntryView
}

/// Which lines, and which page of them.
pub(crate) struct WantedAudit {
    filter: AuditFilter,
    page: PageRequest<AuditPosition>,
}

impl FromQuery for WantedAudit {
    fn read(params: &mut Params) -> Read<Self> {
        let patient = params.optional("patientId");
        let caller = params.optional("callerId");
        let action = named(params, "action", Action::find);
        let outcome = named(params, "outcome", Outcome::find);
        let from: Read<Option<QueryInstant>> = params.optional("from");
        let to: Read<Option<QueryInstant>> = params.optional("to");
        let page = read_page(params);
        let (patient, caller, action, outcome) = (patient?, caller?, action?, outcome?);
        let (from, to) = (from?.map(|from| from.0), to?.map(|to| to.0));
        Some(Self { filter: AuditFilter { patient, caller, action, outcome, from, to }, page: page? })
    }
}

fn named<T>(params: &mut Params, name: &str, find: impl Fn(&str) -> Option<T>) -> Read<Option<T>> {
    let Some(text) = params.take(name) else { return Some(None) };
    let found = find(&text);
    if found.is_none() {
        params.violations.add(pointer(name), Code::UnknownValue, "is none of the possible values");
    }
    found.map(Some)
}

/// Lists the audit log
///
/// Every read of a patient's record or bookings, one line for each patient or booking that was shown, and every attempt
/// that was refused; the latest first, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/audit", operation_id = "listAudit", tag = "Access",
    params(
        ("patientId" = inline(Option<schema::Id>), Query, description = "Only what concerns this patient."),
        ("callerId" = inline(Option<schema::Id>), Query, description = "Only what this caller did, or wanted."),
        ("action" = inline(Option<schema::ActionName>), Query, description = "Only this."),
        ("outcome" = Option<OutcomeView>, Query, description = "Only what ended so."),
        ("from" = inline(Option<schema::Instant>), Query, description = "Only what happened at this instant or later."),
        ("to" = inline(Option<schema::Instant>), Query, description = "Only what happened before this instant."),
        openapi::PageParams,
    ),
    responses((status = 200, description = "A page of lines.", body = AuditListView), openapi::ListAudit),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    query: Query<WantedAudit>,
) -> Result<HttpResponse, Problem> {
    let WantedAudit { filter, page } = query.0;
    let view = block(move || {
        let page = state.use_cases().list_audit.execute(&caller.actor(), &filter, &page)?;
        Ok(AuditListView::of(page, |entry| AuditEntryView::from(entry)))
    })
    .await?;
    respond::ok(&view)
}
