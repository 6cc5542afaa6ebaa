//! Why a visit can start at a time, or cannot.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use doctor_booking_application::Explanation;
use doctor_booking_domain::{DoctorId, Finding, Rule, Span, VisitTypeId, Zone};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::caller::Caller;
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{FromQuery, Params, Query};
use crate::refused::code_of;
use crate::values::{QueryInstant, local};
use crate::violations::Read;
use crate::{openapi, respond, schema};

/// When the visit would start, and of which type it would be.
pub(crate) struct WantedVisit {
    start: DateTime<Utc>,
    visit_type: Option<VisitTypeId>,
}

impl FromQuery for WantedVisit {
    fn read(params: &mut Params) -> Read<Self> {
        let start: Read<QueryInstant> = params.required("start");
        let visit_type = params.optional("visitType");
        let QueryInstant(start) = start?;
        Some(Self { start, visit_type: visit_type? })
    }
}

/// Why a visit can start at a time, or cannot.
#[derive(Serialize, ToSchema)]
#[schema(as = Explanation, examples(json!({
    "start": "2030-01-07T08:00:00-05:00", "bookable": false,
    "rules": [
        {"rule": "doctor-active", "passed": true, "blockedBy": null, "code": null},
        {"rule": "visit-type-offered", "passed": true, "blockedBy": null, "code": null},
        {"rule": "not-in-past", "passed": true, "blockedBy": null, "code": null},
        {"rule": "notice-kept", "passed": true, "blockedBy": null, "code": null},
        {"rule": "within-horizon", "passed": true, "blockedBy": null, "code": null},
        {"rule": "inside-working-hours", "passed": true, "blockedBy": null, "code": null},
        {"rule": "no-closure", "passed": true, "blockedBy": null, "code": null},
        {"rule": "no-time-off", "passed": true, "blockedBy": null, "code": null},
        {"rule": "on-grid", "passed": true, "blockedBy": null, "code": null},
        {"rule": "not-taken", "passed": false, "code": "slot-taken",
         "blockedBy": {"start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T09:00:00-05:00"}}
    ]
})))]
pub(crate) struct ExplanationView {
    /// When the visit would start, with the doctor's offset.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// Whether it can be booked: every rule is kept.
    bookable: bool,
    /// Every rule, the one that weighs most first.
    rules: Vec<FindingView>,
}

/// Whether a visit keeps a rule.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Finding)]
pub(crate) struct FindingView {
    rule: RuleView,
    /// Whether it is kept.
    passed: bool,
    /// What stands in the way, where it is a stretch of time; whose it is, nobody learns.
    #[schema(required = true)]
    blocked_by: Option<StretchView>,
    /// The code with which the visit would be refused for it; null when the rule is kept.
    #[schema(value_type = Option<schema::CodeText>, required = true)]
    code: Option<&'static str>,
}

/// A stretch of time.
#[derive(Serialize, ToSchema)]
#[schema(as = Stretch)]
pub(crate) struct StretchView {
    #[schema(value_type = schema::Instant)]
    start: String,
    #[schema(value_type = schema::Instant)]
    end: String,
}

/// A rule that every visit has to keep.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Rule)]
pub(crate) enum RuleView {
    /// The doctor takes bookings.
    DoctorActive,
    /// The doctor offers visits of this type, and it is not retired.
    VisitTypeOffered,
    /// The start is not in the past.
    NotInPast,
    /// It is booked early enough for a visit of this type. What is past is not too soon as well.
    NoticeKept,
    /// It does not start too far ahead for a visit of this type.
    WithinHorizon,
    /// All of it lies in working time: the week's, or the override's of the date.
    InsideWorkingHours,
    /// The hospital is open in all of it.
    NoClosure,
    /// The doctor is not away in any of it.
    NoTimeOff,
    /// A slot starts then. Outside working hours there is none to miss.
    OnGrid,
    /// Nobody else has any of it or of its buffers, or there is room for one more.
    NotTaken,
    /// None of it is held for anybody. What is taken is not held as well.
    NotHeld,
}

impl From<Rule> for RuleView {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::DoctorActive => Self::DoctorActive,
            Rule::VisitTypeOffered => Self::VisitTypeOffered,
            Rule::NotInPast => Self::NotInPast,
            Rule::NoticeKept => Self::NoticeKept,
            Rule::WithinHorizon => Self::WithinHorizon,
            Rule::InsideWorkingHours => Self::InsideWorkingHours,
            Rule::NoClosure => Self::NoClosure,
            Rule::NoTimeOff => Self::NoTimeOff,
            Rule::OnGrid => Self::OnGrid,
            Rule::NotTaken => Self::NotTaken,
            Rule::NotHeld => Self::NotHeld,
        }
    }
}

impl ExplanationView {
    fn new(start: DateTime<Utc>, Explanation { zone, findings }: &Explanation) -> Self {
        Self {
            start: local(start, zone),
            bookable: findings.iter().all(|finding| finding.passed),
            rules: findings.iter().map(|finding| FindingView::new(*finding, zone)).collect(),
        }
    }
}

impl FindingView {
    fn new(Finding { rule, passed, blocked_by }: Finding, zone: &Zone) -> Self {
        let (code, _) = code_of(rule.refusal());
        Self {
            rule: rule.into(),
            passed,
            blocked_by: blocked_by.map(|span| StretchView::new(span, zone)),
            code: (!passed).then_some(code.as_str()),
        }
    }
}

impl StretchView {
    fn new(span: Span, zone: &Zone) -> Self {
        Self { start: local(span.start(), zone), end: local(span.end(), zone) }
    }
}

/// Explains why a visit can start at a time, or cannot
///
/// Every rule that a visit has to keep, the one that weighs most first, and whether it does: a visit of a type, or one
/// of no particular type, as long as the doctor's slots. What is bookable here can be booked, unless the patient is busy
/// then.
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/availability/explain", operation_id = "explainStart", tag = "Availability",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "With whom."),
        ("start" = inline(schema::Instant), Query, description = "When the visit would start."),
        openapi::VisitTypeParam,
    ),
    responses((status = 200, description = "Every rule.", body = ExplanationView), openapi::ExplainStart),
)]
pub(crate) async fn explain(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    query: Query<WantedVisit>,
) -> Result<HttpResponse, Problem> {
    let WantedVisit { start, visit_type } = query.0;
    let view = block(move || {
        let explanation = state.use_cases().explain_start.execute(&caller.actor(), id.0, start, visit_type)?;
        Ok(ExplanationView::new(start, &explanation))
    })
    .await?;
    respond::ok(&view)
}
