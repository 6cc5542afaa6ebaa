//! The waitlist: join, list, find, leave.

use actix_web::{HttpResponse, web};
use doctor_booking_application::{JoinWaitlistError, MOST_DAYS, NewWaiting, PageRequest, UseCases, WaitingFilter};
use doctor_booking_domain::{Actor, DoctorId, Specialty, WaitFor, Waiting, WaitingId, WaitingParts, WaitingStatus};
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
use crate::problem::{Problem, Violation};
use crate::query::{FromQuery, NoQuery, Params, Query};
use crate::values::{date, utc};
use crate::violations::{Read, Violations};
use crate::{openapi, respond, schema};

/// A patient to put in line, for a slot of one doctor or of any doctor of a specialty.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewWaiting, examples(json!({
    "patientId": "01900000-0000-7000-8000-000000000002", "doctorId": "01900000-0000-7000-8000-000000000001",
    "visitType": "01900000-0000-7000-8000-000000000006", "from": "2030-01-07", "to": "2030-01-31"
}), json!({
    "patientId": "01900000-0000-7000-8000-000000000002", "specialty": "cardiology",
    "from": "2030-01-07", "to": "2030-01-31"
})))]
pub(crate) struct NewWaitingDto {
    /// Who waits.
    #[schema(value_type = schema::Id)]
    patient_id: String,
    /// For whose slot. Either this or `specialty`, and not both.
    #[schema(value_type = Option<schema::Id>)]
    doctor_id: Option<String>,
    /// For a slot of any doctor of this specialty.
    #[schema(value_type = Option<schema::Specialty>)]
    specialty: Option<String>,
    /// For a visit of this type; of no particular type when left out or null.
    #[schema(value_type = Option<schema::Id>)]
    visit_type: Option<String>,
    /// The first date that suits, on the doctor's clock.
    #[schema(value_type = schema::CivilDate)]
    from: String,
    /// The last date that suits: at most 92 dates in all.
    #[schema(value_type = schema::CivilDate)]
    to: String,
}

impl TryFrom<NewWaitingDto> for NewWaiting {
    type Error = Problem;

    fn try_from(new: NewWaitingDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let patient = v.text("/patientId", &new.patient_id);
        let doctor: Read<Option<DoctorId>> = v.optional("/doctorId", new.doctor_id.as_deref());
        let specialty: Read<Option<Specialty>> = v.optional("/specialty", new.specialty.as_deref());
        match (&new.doctor_id, &new.specialty) {
            (None, None) => v.add("/doctorId", Code::MissingField, "is missing, and so is specialty"),
            (Some(_), Some(_)) => {
                v.add("/specialty", Code::ConflictingFields, "cannot be given together with doctorId");
            }
            _ => {}
        }
        let visit_type = v.optional("/visitType", new.visit_type.as_deref());
        let from = v.text("/from", &new.from);
        let to = v.text("/to", &new.to);
        let dates = from.zip(to).and_then(|(from, to)| v.range(from, to, MOST_DAYS));
        violations.finish(|| {
            let wanted = doctor?.map(WaitFor::Doctor).or(specialty?.map(WaitFor::Specialty))?;
            Some(Self { patient: patient?, wanted, visit_type: visit_type?, dates: dates? })
        })
    }
}

/// Where somebody who waits stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = WaitingStatus)]
pub(crate) enum WaitingStatusView {
    /// In line.
    Waiting,
    /// A slot is held for the patient: `holdId` books it, until `offeredUntil`.
    Offered,
    /// The patient has booked what was offered.
    Booked,
}

/// A patient who waits for a slot.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Waiting, examples(json!({
    "id": "01900000-0000-7000-8000-000000000013", "patientId": "01900000-0000-7000-8000-000000000002",
    "doctorId": "01900000-0000-7000-8000-000000000001", "specialty": null,
    "visitType": "01900000-0000-7000-8000-000000000006", "from": "2030-01-07", "to": "2030-01-31",
    "status": "offered", "holdId": "01900000-0000-7000-8000-000000000014", "offeredUntil": "2029-12-02T10:15:00Z",
    "since": "2029-12-01T09:30:00Z", "createdAt": "2029-12-01T09:30:00Z", "updatedAt": "2029-12-02T10:00:00Z"
})))]
pub(crate) struct WaitingView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// Who waits.
    #[schema(value_type = schema::Id)]
    patient_id: String,
    /// For whose slot; null: for that of any doctor of the `specialty`.
    #[schema(value_type = Option<schema::Id>, required = true)]
    doctor_id: Option<String>,
    /// For a slot of any doctor of this specialty; null: for that of the doctor.
    #[schema(value_type = Option<schema::Specialty>, required = true)]
    specialty: Option<String>,
    /// For a visit of which type; null: of no particular type.
    #[schema(value_type = Option<schema::Id>, required = true)]
    visit_type: Option<String>,
    /// The first date that suits.
    #[schema(value_type = schema::CivilDate)]
    from: String,
    /// The last date that suits.
    #[schema(value_type = schema::CivilDate)]
    to: String,
    /// Where the patient stands.
    status: WaitingStatusView,
    /// What is held for the patient: give it as `holdId` to book it. Null unless `offered`.
    #[schema(value_type = Option<schema::Id>, required = true)]
    hold_id: Option<String>,
    /// Until when it is held, in UTC; then the next in line gets it. Null unless `offered`.
    #[schema(value_type = Option<schema::Instant>, required = true)]
    offered_until: Option<String>,
    /// Since when the patient is in line, in UTC. Who lets an offer pass is at the end of the line again.
    #[schema(value_type = schema::Instant)]
    since: String,
    /// When the patient was put in line, in UTC.
    #[schema(value_type = schema::Instant)]
    created_at: String,
    /// When it last changed, in UTC.
    #[schema(value_type = schema::Instant)]
    updated_at: String,
}

impl From<&Waiting> for WaitingView {
    fn from(waiting: &Waiting) -> Self {
        let WaitingParts { id, patient, wanted, visit_type, dates, since, status, created_at, updated_at, .. } =
            waiting.parts();
        let (doctor, specialty) = match wanted {
            WaitFor::Doctor(doctor) => (Some(doctor.to_string()), None),
            WaitFor::Specialty(specialty) => (None, Some(specialty.as_str().to_owned())),
        };
        let (status, hold, until) = match status {
            WaitingStatus::Waiting => (WaitingStatusView::Waiting, None, None),
            WaitingStatus::Offered { hold, until } => (WaitingStatusView::Offered, Some(*hold), Some(*until)),
            WaitingStatus::Booked => (WaitingStatusView::Booked, None, None),
        };
        Self {
            id: id.to_string(),
            patient_id: patient.to_string(),
            doctor_id: doctor,
            specialty,
            visit_type: visit_type.map(|id| id.to_string()),
            from: date(dates.from()),
            to: date(dates.to()),
            status,
            hold_id: hold.map(|id| id.to_string()),
            offered_until: until.map(utc),
            since: utc(*since),
            created_at: utc(*created_at),
            updated_at: utc(*updated_at),
        }
    }
}

list_view! {
    /// Those who wait, in the order in which they were put in line.
    WaitingListView, WaitingList, WaitingView
}

/// Puts a patient in line
///
/// Once a slot that suits becomes free, it is held for a quarter of an hour for whoever has waited longest, and
/// `waitlist.offered` tells so; booking it with the `holdId` takes it. Who lets it pass is at the end of the line again,
/// and the next one gets it.
#[utoipa::path(
    post, path = "/api/v1/waitlist", operation_id = "joinWaitlist", tag = "Waitlist",
    params(openapi::KeyParam),
    request_body(content = NewWaitingDto, description = "Who waits, and for what."),
    responses(
        (status = 201, description = "The place in line.", body = WaitingView,
         headers(("Location" = String, description = "The place's path."), ("ETag" = String, description = "The revision."))),
        openapi::JoinWaitlist,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    _: NoQuery,
    body: Json<NewWaitingDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let new = NewWaiting::try_from(new)?;
    let write = |_: &UseCases, waiting: &Waiting| {
        let location = format!("/api/v1/waitlist/{}", waiting.id());
        respond::created(&location, waiting.revision(), &WaitingView::from(waiting))
    };
    keyed
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            let joined = use_cases.join_waitlist.execute(actor, new.clone(), once);
            joined.map_err(|error| not_joined(error, &new, actor, use_cases))
        })
        .await
}

fn not_joined(error: JoinWaitlistError, new: &NewWaiting, actor: &Actor, use_cases: &UseCases) -> Problem {
    match error {
        JoinWaitlistError::UnknownDoctor | JoinWaitlistError::UnknownPatient | JoinWaitlistError::UnknownVisitType => {
            unknown(&error, new, actor, use_cases)
        }
        JoinWaitlistError::RangeTooLong => Problem::at("/to", Code::RangeTooLong, error.to_string()),
        JoinWaitlistError::TooMany => Problem::new(Code::TooManyPlaces, error.to_string()),
        JoinWaitlistError::Answered => Problem::answered(),
        JoinWaitlistError::Forbidden => Problem::general(Code::Forbidden),
        JoinWaitlistError::Unavailable(error) => error.into(),
    }
}

/// Everything that is named and not there. It is looked for in the order of doctor, patient, visit type, and the use case
/// ends with the first that is missing; all of them belong into one answer.
fn unknown(error: &JoinWaitlistError, new: &NewWaiting, actor: &Actor, use_cases: &UseCases) -> Problem {
    let no_such = |pointer, what| Violation::new(pointer, Code::NotFound, format!("there is no such {what}"));
    let is_doctor = matches!(error, JoinWaitlistError::UnknownDoctor);
    let is_patient = matches!(error, JoinWaitlistError::UnknownPatient)
        || is_doctor && matches!(use_cases.find_patient.execute(actor, new.patient), Ok(None));
    let is_type = matches!(error, JoinWaitlistError::UnknownVisitType)
        || new.visit_type.is_some_and(|id| matches!(use_cases.find_visit_type.execute(actor, id), Ok(None)));
    let violations = [
        is_doctor.then(|| no_such("/doctorId", "doctor")),
        is_patient.then(|| no_such("/patientId", "patient")),
        is_type.then(|| no_such("/visitType", "visit type")),
    ];
    Problem::of_violations(Code::NotFound, violations.into_iter().flatten().collect())
}

/// Which of those who wait, and which page of them.
pub(crate) struct WantedWaiting {
    filter: WaitingFilter,
    page: PageRequest<WaitingId>,
}

impl FromQuery for WantedWaiting {
    fn read(params: &mut Params) -> Read<Self> {
        let patient = params.optional("patientId");
        let doctor = params.optional("doctorId");
        let page = read_page(params);
        Some(Self { filter: WaitingFilter { patient: patient?, doctor: doctor? }, page: page? })
    }
}

/// Lists those who wait
///
/// In the order in which they were put in line, those who have booked among them; a page at a time.
#[utoipa::path(
    get, path = "/api/v1/waitlist", operation_id = "listWaitlist", tag = "Waitlist",
    params(
        ("patientId" = inline(Option<schema::Id>), Query, description = "Only this patient's places."),
        ("doctorId" = inline(Option<schema::Id>), Query, description = "Only who waits for this very doctor."),
        openapi::PageParams,
    ),
    responses((status = 200, description = "A page of those who wait.", body = WaitingListView), openapi::ListWaitlist),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    query: Query<WantedWaiting>,
) -> Result<HttpResponse, Problem> {
    let WantedWaiting { filter, page } = query.0;
    let view = block(move || {
        let page = state.use_cases().list_waitlist.execute(&caller.actor(), &filter, &page)?;
        Ok(WaitingListView::of(page, |waiting| WaitingView::from(waiting)))
    })
    .await?;
    respond::ok(&view)
}

/// Finds a place in line
#[utoipa::path(
    get, path = "/api/v1/waitlist/{waitingId}", operation_id = "getWaiting", tag = "Waitlist",
    params(("waitingId" = inline(schema::Id), Path, description = "Which place.")),
    responses(
        (status = 200, description = "The place.", body = WaitingView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<WaitingId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (revision, view) = block(move || {
        let waiting = state.use_cases().find_waiting.execute(&caller.actor(), id.0)?;
        let waiting = waiting.ok_or_else(|| Problem::not_found("place in line"))?;
        Ok((waiting.revision(), WaitingView::from(&waiting)))
    })
    .await?;
    respond::object(revision, &view)
}

/// Takes a patient out of the line
///
/// What was held for the patient is free again. A booking that came of it stays.
#[utoipa::path(
    delete, path = "/api/v1/waitlist/{waitingId}", operation_id = "leaveWaitlist", tag = "Waitlist",
    params(
        ("waitingId" = inline(schema::Id), Path, description = "Which place."),
        openapi::IfMatchParam,
    ),
    responses((status = 204, description = "The place is gone."), openapi::RemovePlain),
)]
pub(crate) async fn leave(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<WaitingId>,
    _: NoQuery,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    block(move || {
        let UseCases { find_waiting, leave_waitlist, .. } = state.use_cases();
        let no_such = || Problem::not_found("place in line");
        let waiting = find_waiting.execute(&caller.actor(), id.0)?.ok_or_else(no_such)?;
        if_match.includes(waiting.revision())?;
        if leave_waitlist.execute(&caller.actor(), id.0)? { Ok(()) } else { Err(no_such()) }
    })
    .await?;
    Ok(respond::nothing())
}
