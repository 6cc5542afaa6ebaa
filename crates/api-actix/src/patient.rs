//! Patients: register, list and search, find, amend.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use doctor_booking_application::{AmendPatientError, PageRequest, PatientFilter, UseCases};
use doctor_booking_domain::{
    Email, ExternalId, Name, Patient, PatientAmendment, PatientDetails, PatientId, PersonName, Phone,
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
use crate::values::{FromText, date, utc};
use crate::violations::{Read, Violations};
use crate::weekly::present;
use crate::{openapi, respond, schema};

/// A patient to register.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewPatient, examples(json!({
    "firstName": "Arya", "lastName": "Stark", "birthDate": "1991-04-15", "email": "arya@example.org",
    "phone": "+1 212 555 0100", "externalId": "MRN-0042"
})))]
pub(crate) struct NewPatientDto {
    /// The given name or names.
    #[schema(value_type = schema::PersonName)]
    first_name: String,
    /// The family name.
    #[schema(value_type = schema::PersonName)]
    last_name: String,
    /// When the patient was born.
    #[schema(value_type = Option<schema::CivilDate>)]
    birth_date: Option<String>,
    /// Where to write to.
    #[schema(value_type = Option<schema::EmailAddress>)]
    email: Option<String>,
    /// Where to call.
    #[schema(value_type = Option<schema::PhoneNumber>)]
    phone: Option<String>,
    /// What another system calls the patient.
    #[schema(value_type = Option<schema::ExternalName>)]
    external_id: Option<String>,
}

impl TryFrom<NewPatientDto> for PatientDetails {
    type Error = Problem;

    fn try_from(new: NewPatientDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let first: Read<Name> = v.text("/firstName", &new.first_name);
        let last: Read<Name> = v.text("/lastName", &new.last_name);
        let birth_date: Read<Option<NaiveDate>> = v.optional("/birthDate", new.birth_date.as_deref());
        let email: Read<Option<Email>> = v.optional("/email", new.email.as_deref());
        let phone: Read<Option<Phone>> = v.optional("/phone", new.phone.as_deref());
        let external_id: Read<Option<ExternalId>> = v.optional("/externalId", new.external_id.as_deref());
        violations.finish(|| {
            Some(Self {
                name: PersonName { first: first?, last: last? },
                birth_date: birth_date?,
                email: email?,
                phone: phone?,
                external_id: external_id?,
            })
        })
    }
}

/// What to change about a patient; what is left out stays as it is, what is null is no longer known.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PatientPatch, examples(json!({"phone": "+1 212 555 0199", "email": null})))]
#[expect(clippy::option_option, reason = "absent and null are two things in a patch")]
pub(crate) struct PatientPatchDto {
    /// The given name or names.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::PersonName, required = false)]
    first_name: Option<String>,
    /// The family name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::PersonName, required = false)]
    last_name: Option<String>,
    /// When the patient was born.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<schema::CivilDate>)]
    birth_date: Option<Option<String>>,
    /// Where to write to.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<schema::EmailAddress>)]
    email: Option<Option<String>>,
    /// Where to call.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<schema::PhoneNumber>)]
    phone: Option<Option<String>>,
    /// What another system calls the patient.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<schema::ExternalName>)]
    external_id: Option<Option<String>>,
}

impl TryFrom<PatientPatchDto> for PatientAmendment {
    type Error = Problem;

    fn try_from(patch: PatientPatchDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let first_name = v.optional("/firstName", patch.first_name.as_deref());
        let last_name = v.optional("/lastName", patch.last_name.as_deref());
        let birth_date = forgettable(v, "/birthDate", patch.birth_date.as_ref());
        let email = forgettable(v, "/email", patch.email.as_ref());
        let phone = forgettable(v, "/phone", patch.phone.as_ref());
        let external_id = forgettable(v, "/externalId", patch.external_id.as_ref());
        violations.finish(|| {
            Some(Self {
                first_name: first_name?,
                last_name: last_name?,
                birth_date: birth_date?,
                email: email?,
                phone: phone?,
                external_id: external_id?,
            })
        })
    }
}

/// What may be null, if it was given.
#[expect(clippy::option_option, reason = "absent and null are two things in a patch")]
fn forgettable<T: FromText>(
    violations: &mut Violations,
    pointer: &str,
    given: Option<&Option<String>>,
) -> Read<Option<Option<T>>> {
    given.map_or(Some(None), |text| violations.optional(pointer, text.as_deref()).map(Some))
}

/// A patient.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Patient, examples(json!({
    "id": "01900000-0000-7000-8000-000000000002", "firstName": "Arya", "lastName": "Stark", "birthDate": "1991-04-15",
    "email": "arya@example.org", "phone": "+1 212 555 0100", "externalId": "MRN-0042",
    "createdAt": "2029-12-01T09:30:00Z", "updatedAt": "2029-12-01T09:30:00Z"
})))]
pub(crate) struct PatientView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// The given name or names.
    #[schema(value_type = schema::PersonName)]
    first_name: String,
    /// The family name.
    #[schema(value_type = schema::PersonName)]
    last_name: String,
    /// When the patient was born.
    #[schema(value_type = Option<schema::CivilDate>, required = true)]
    birth_date: Option<String>,
    /// Where to write to.
    #[schema(value_type = Option<schema::EmailAddress>, required = true)]
    email: Option<String>,
    /// Where to call.
    #[schema(value_type = Option<schema::PhoneNumber>, required = true)]
    phone: Option<String>,
    /// What another system calls the patient.
    #[schema(value_type = Option<schema::ExternalName>, required = true)]
    external_id: Option<String>,
    /// When the patient was registered, in UTC.
    #[schema(value_type = schema::Instant)]
    created_at: String,
    /// When something last changed, in UTC.
    #[schema(value_type = schema::Instant)]
    updated_at: String,
}

impl From<&Patient> for PatientView {
    fn from(patient: &Patient) -> Self {
        let PatientDetails { name, birth_date, email, phone, external_id } = patient.details();
        Self {
            id: patient.id().to_string(),
            first_name: name.first.as_str().to_owned(),
            last_name: name.last.as_str().to_owned(),
            birth_date: birth_date.map(date),
            email: email.as_ref().map(|email| email.as_str().to_owned()),
            phone: phone.as_ref().map(|phone| phone.as_str().to_owned()),
            external_id: external_id.as_ref().map(|id| id.as_str().to_owned()),
            created_at: utc(patient.created_at()),
            updated_at: utc(patient.updated_at()),
        }
    }
}

list_view! {
    /// Patients, in the order of registration.
    PatientListView, PatientList, PatientView
}

/// Registers a patient
#[utoipa::path(
    post, path = "/api/v1/patients", operation_id = "createPatient", tag = "Patients",
    params(openapi::KeyParam),
    request_body(content = NewPatientDto, description = "The patient; only the name is needed."),
    responses(
        (status = 201, description = "The patient, who can be booked for now.", body = PatientView,
         headers(("Location" = String, description = "The patient's path."), ("ETag" = String, description = "The revision."))),
        openapi::CreatePatient,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    _: NoQuery,
    body: Json<NewPatientDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let details = PatientDetails::try_from(new)?;
    let write = |_: &UseCases, patient: &Patient| {
        let location = format!("/api/v1/patients/{}", patient.id());
        respond::created(&location, patient.revision(), &PatientView::from(patient))
    };
    keyed
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            Ok(use_cases.register_patient.execute(actor, details, once)?)
        })
        .await
}

/// Which patients, and which page of them.
pub(crate) struct Wanted {
    filter: PatientFilter,
    page: PageRequest<PatientId>,
}

impl FromQuery for Wanted {
    fn read(params: &mut Params) -> Read<Self> {
        let name = params.optional("q");
        let page = read_page(params);
        Some(Self { filter: PatientFilter { name: name?, ..PatientFilter::default() }, page: page? })
    }
}

/// Lists and searches patients
///
/// In the order of registration, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/patients", operation_id = "listPatients", tag = "Patients",
    params(
        ("q" = inline(Option<schema::SearchText>), Query, description = "Only those whose name has every one of these words."),
        openapi::PageParams,
    ),
    responses((status = 200, description = "A page of patients.", body = PatientListView), openapi::ListPatients),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    query: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let Wanted { filter, page } = query.0;
    let view = block(move || {
        let page = state.use_cases().list_patients.execute(&caller.actor(), &filter, &page)?;
        Ok(PatientListView::of(page, |patient| PatientView::from(patient)))
    })
    .await?;
    respond::ok(&view)
}

/// Finds a patient
#[utoipa::path(
    get, path = "/api/v1/patients/{patientId}", operation_id = "getPatient", tag = "Patients",
    params(("patientId" = inline(schema::Id), Path, description = "Which patient.")),
    responses(
        (status = 200, description = "The patient.", body = PatientView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<PatientId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (revision, view) = block(move || {
        let patient = state.use_cases().find_patient.execute(&caller.actor(), id.0)?;
        let patient = patient.ok_or_else(|| Problem::not_found("patient"))?;
        Ok((patient.revision(), PatientView::from(&patient)))
    })
    .await?;
    respond::object(revision, &view)
}

/// Amends a patient
///
/// What is left out stays as it is; `null` forgets what was known (names cannot be forgotten).
#[utoipa::path(
    patch, path = "/api/v1/patients/{patientId}", operation_id = "amendPatient", tag = "Patients",
    params(
        ("patientId" = inline(schema::Id), Path, description = "Which patient."),
        openapi::IfMatchParam,
    ),
    request_body(content = PatientPatchDto, description = "What to change; all else stays as it is."),
    responses(
        (status = 200, description = "The patient after the change.", body = PatientView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::AmendPatient,
    ),
)]
pub(crate) async fn amend(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<PatientId>,
    _: NoQuery,
    if_match: IfMatch,
    body: Json<PatientPatchDto>,
) -> Result<HttpResponse, Problem> {
    let amendment = PatientAmendment::try_from(body.0)?;
    let (revision, view) = block(move || {
        let amend = |expected| state.use_cases().amend_patient.execute(&caller.actor(), id.0, &amendment, expected);
        let patient = if_match.attempt(amend, |error| matches!(error, AmendPatientError::Changed))?;
        Ok((patient.revision(), PatientView::from(&patient)))
    })
    .await?;
    respond::object(revision, &view)
}

impl From<AmendPatientError> for Problem {
    fn from(error: AmendPatientError) -> Self {
        match error {
            AmendPatientError::UnknownPatient => Self::not_found("patient"),
            AmendPatientError::Changed => Self::general(Code::PreconditionFailed),
            AmendPatientError::Contended => Self::unavailable(error),
            AmendPatientError::Forbidden => Problem::general(Code::Forbidden),
            AmendPatientError::Unavailable(error) => error.into(),
        }
    }
}
