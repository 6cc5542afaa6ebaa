//! Doctors: register, list and search, find, amend.

use actix_web::{HttpResponse, web};
use doctor_booking_application::{DoctorFilter, DoctorPosition, HoursInForce, NewDoctor, PageRequest, UseCases};
use doctor_booking_domain::{
    Actor, Doctor, DoctorAmendment, DoctorId, Name, PersonName, Rules, Specialty, WorkingHours, Zone,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::caller::Caller;
use crate::etag::IfMatch;
use crate::offered_types::{self, NamedTypes};
use crate::once::Keyed;
use crate::page::{list_view, read_page};
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{FromQuery, NoQuery, Params, Query};
use crate::rules_change::{AffectedView, How};
use crate::values::{Whole, utc};
use crate::violations::{Read, Violations};
use crate::weekly::{WeeklyDto, present};
use crate::{openapi, respond, schema};

/// A doctor to register.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewDoctor, examples(json!({
    "firstName": "Jon", "lastName": "Snow", "specialty": "cardiology", "timeZone": "America/New_York",
    "slotMinutes": 60,
    "workingHours": {"monday": [{"start": "08:00", "end": "11:00"}, {"start": "13:00", "end": "16:00"}]}
})))]
pub(crate) struct NewDoctorDto {
    /// The given name or names.
    #[schema(value_type = schema::PersonName)]
    first_name: String,
    /// The family name.
    #[schema(value_type = schema::PersonName)]
    last_name: String,
    /// What the doctor does.
    #[schema(value_type = schema::Specialty)]
    specialty: String,
    /// Where the doctor's clock hangs; the server's own zone when left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::TimeZone, required = false)]
    time_zone: Option<String>,
    /// How long a visit of no particular type lasts, and how far apart its slots begin; 60 when left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::SlotMinutes, required = false)]
    slot_minutes: Option<Whole>,
    /// The week that holds for all dates, until a later version begins; none when left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = WeeklyDto, required = false)]
    working_hours: Option<WeeklyDto>,
}

impl NewDoctorDto {
    fn command(&self, default_zone: &Zone) -> Result<NewDoctor, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let first: Read<Name> = v.text("/firstName", &self.first_name);
        let last: Read<Name> = v.text("/lastName", &self.last_name);
        let specialty: Read<Specialty> = v.text("/specialty", &self.specialty);
        let zone: Read<Option<Zone>> = v.optional("/timeZone", self.time_zone.as_deref());
        let slot = v.optional_number("/slotMinutes", self.slot_minutes);
        let hours = match &self.working_hours {
            Some(week) => week.whole("/workingHours", v).map(WorkingHours::always),
            None => Some(WorkingHours::none()),
        };
        violations.finish(|| {
            let rules = Rules::new(zone?.unwrap_or_else(|| default_zone.clone()));
            let rules = rules.with_slot(slot?.unwrap_or_default()).with_hours(hours?);
            Some(NewDoctor { name: PersonName { first: first?, last: last? }, specialty: specialty?, rules })
        })
    }
}

/// What to change about a doctor; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = DoctorPatch, examples(json!({
    "specialty": "internal medicine", "slotMinutes": 30, "visitTypes": ["01900000-0000-7000-8000-000000000006"]
})))]
#[expect(clippy::option_option, reason = "absent and null are two things in a patch")]
pub(crate) struct DoctorPatchDto {
    /// The given name or names.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::PersonName, required = false)]
    first_name: Option<String>,
    /// The family name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::PersonName, required = false)]
    last_name: Option<String>,
    /// What the doctor does.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::Specialty, required = false)]
    specialty: Option<String>,
    /// Where the doctor's clock hangs; the windows then hold on its clocks.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::TimeZone, required = false)]
    time_zone: Option<String>,
    /// How long a slot for a visit of no particular type is, for bookings to come.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::SlotMinutes, required = false)]
    slot_minutes: Option<Whole>,
    /// Whether the doctor takes bookings.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool, required = false)]
    active: Option<bool>,
    /// The types of visits that the doctor offers, in any order; one that is named twice counts once. Null: every type
    /// there is and will be.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Vec<schema::Id>>, max_items = 200)]
    visit_types: Option<Option<Vec<String>>>,
}

/// What to change about a doctor.
struct Amend {
    amendment: DoctorAmendment,
    types: NamedTypes,
}

impl TryFrom<DoctorPatchDto> for Amend {
    type Error = Problem;

    fn try_from(patch: DoctorPatchDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let first_name = v.optional("/firstName", patch.first_name.as_deref());
        let last_name = v.optional("/lastName", patch.last_name.as_deref());
        let specialty = v.optional("/specialty", patch.specialty.as_deref());
        let zone = v.optional("/timeZone", patch.time_zone.as_deref());
        let slot = v.optional_number("/slotMinutes", patch.slot_minutes);
        let types = NamedTypes::read(patch.visit_types.as_ref(), v);
        violations.finish(|| {
            let types = types?;
            let amendment = DoctorAmendment {
                first_name: first_name?,
                last_name: last_name?,
                specialty: specialty?,
                zone: zone?,
                slot: slot?,
                active: patch.active,
                visit_types: types.offered.clone(),
            };
            Some(Self { amendment, types })
        })
    }
}

/// A doctor.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Doctor, examples(json!({
    "id": "01900000-0000-7000-8000-000000000001", "firstName": "Jon", "lastName": "Snow", "specialty": "cardiology",
    "timeZone": "America/New_York", "slotMinutes": 60, "active": true, "visitTypes": null,
    "workingHours": {"monday": [{"start": "08:00", "end": "11:00"}, {"start": "13:00", "end": "16:00"}]},
    "createdAt": "2029-12-01T09:30:00Z", "updatedAt": "2029-12-01T09:30:00Z"
})))]
pub(crate) struct DoctorView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// The given name or names.
    #[schema(value_type = schema::PersonName)]
    first_name: String,
    /// The family name.
    #[schema(value_type = schema::PersonName)]
    last_name: String,
    #[schema(value_type = schema::Specialty)]
    specialty: String,
    #[schema(value_type = schema::TimeZone)]
    time_zone: String,
    #[schema(value_type = schema::SlotMinutes)]
    slot_minutes: u16,
    /// Whether the doctor takes bookings.
    active: bool,
    /// The types of visits that the doctor offers, in the order of their ids; null: every type there is and will be.
    #[schema(value_type = Option<Vec<schema::Id>>, required = true)]
    visit_types: Option<Vec<String>>,
    /// The week that is in force today, at the doctor's. Null for who may not know the doctor's hours.
    #[schema(required = true)]
    working_hours: Option<WeeklyDto>,
    /// When the doctor was registered, in UTC.
    #[schema(value_type = schema::Instant)]
    created_at: String,
    /// When the doctor, or the doctor's working hours, last changed, in UTC.
    #[schema(value_type = schema::Instant)]
    updated_at: String,
}

impl DoctorView {
    pub(crate) fn new(doctor: &Doctor, today: Option<&HoursInForce>) -> Self {
        let rules = doctor.rules();
        Self {
            id: doctor.id().to_string(),
            first_name: doctor.name().first.as_str().to_owned(),
            last_name: doctor.name().last.as_str().to_owned(),
            specialty: doctor.specialty().as_str().to_owned(),
            time_zone: rules.zone.name().to_owned(),
            slot_minutes: rules.slot.minutes(),
            active: rules.active,
            visit_types: offered_types::view(&rules.visit_types),
            working_hours: today.map(|today| WeeklyDto::from(&today.weekly)),
            created_at: utc(doctor.created_at()),
            updated_at: utc(doctor.updated_at()),
        }
    }

    /// As whoever has registered it may see it.
    fn today(doctor: &Doctor, use_cases: &UseCases) -> Self {
        Self::new(doctor, Some(&use_cases.find_working_hours.today(doctor)))
    }

    /// As the actor may see it.
    fn shown_to(actor: &Actor, doctor: &Doctor, use_cases: &UseCases) -> Self {
        Self::new(doctor, use_cases.find_working_hours.today_for(actor, doctor).as_ref())
    }
}

/// A doctor, and what a change has done to bookings there are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AmendedDoctor)]
pub(crate) struct AmendedDoctorView {
    #[serde(flatten)]
    doctor: DoctorView,
    #[serde(flatten)]
    affected: AffectedView,
}

list_view! {
    /// Doctors, by last name, then first name.
    DoctorListView, DoctorList, DoctorView
}

/// Registers a doctor
///
/// Given here, working hours hold for all dates (`effectiveFrom` null) until a later version begins.
#[utoipa::path(
    post, path = "/api/v1/doctors", operation_id = "createDoctor", tag = "Doctors",
    params(openapi::KeyParam),
    request_body(content = NewDoctorDto, description = "The doctor."),
    responses(
        (status = 201, description = "The doctor, who can be booked now.", body = DoctorView,
         headers(("Location" = String, description = "The doctor's path."), ("ETag" = String, description = "The revision."))),
        openapi::CreateDoctor,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    _: NoQuery,
    body: Json<NewDoctorDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let new = new.command(&state.settings().default_zone)?;
    let write = |use_cases: &UseCases, doctor: &Doctor| {
        let location = format!("/api/v1/doctors/{}", doctor.id());
        respond::created(&location, doctor.revision(), &DoctorView::today(doctor, use_cases))
    };
    keyed
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            Ok(use_cases.register_doctor.execute(actor, new, once)?)
        })
        .await
}

/// Which doctors, and which page of them.
pub(crate) struct Wanted {
    filter: DoctorFilter,
    page: PageRequest<DoctorPosition>,
}

impl FromQuery for Wanted {
    fn read(params: &mut Params) -> Read<Self> {
        let specialty: Read<Option<Specialty>> = params.optional("specialty");
        let name = params.optional("q");
        let active = params.flag("active");
        let page = read_page(params);
        let specialty = specialty?.map(|specialty| specialty.key());
        Some(Self { filter: DoctorFilter { specialty, name: name?, active: active? }, page: page? })
    }
}

/// Lists and searches doctors
///
/// By last name, then first name, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/doctors", operation_id = "listDoctors", tag = "Doctors",
    params(
        ("specialty" = inline(Option<schema::Specialty>), Query, description = "Only this specialty, without regard to case."),
        ("q" = inline(Option<schema::SearchText>), Query, description = "Only those whose name has every one of these words."),
        ("active" = Option<bool>, Query, description = "Only those who take bookings, or only those who do not."),
        openapi::PageParams,
    ),
    responses((status = 200, description = "A page of doctors.", body = DoctorListView), openapi::ListDoctors),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    query: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let Wanted { filter, page } = query.0;
    let view = block(move || {
        let (use_cases, actor) = (state.use_cases(), caller.actor());
        let page = use_cases.list_doctors.execute(&actor, &filter, &page)?;
        Ok(DoctorListView::of(page, |doctor| DoctorView::shown_to(&actor, doctor, use_cases)))
    })
    .await?;
    respond::ok(&view)
}

/// Finds a doctor
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}", operation_id = "getDoctor", tag = "Doctors",
    params(("doctorId" = inline(schema::Id), Path, description = "Which doctor.")),
    responses(
        (status = 200, description = "The doctor.", body = DoctorView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (revision, view) = block(move || {
        let (use_cases, actor) = (state.use_cases(), caller.actor());
        let doctor = use_cases.find_doctor.execute(&actor, id.0)?;
        let doctor = doctor.ok_or_else(|| Problem::not_found("doctor"))?;
        Ok((doctor.revision(), DoctorView::shown_to(&actor, &doctor, use_cases)))
    })
    .await?;
    respond::object(revision, &view)
}

/// Amends a doctor
///
/// Another zone, or `active` false, can leave bookings to come outside working hours. Then nothing is changed and the
/// answer is 409 `bookings-affected`, unless `affected=keep`: they stay, marked as `outsideHours`. Another slot length,
/// or other types of visits, affect no booking there is.
#[utoipa::path(
    patch, path = "/api/v1/doctors/{doctorId}", operation_id = "amendDoctor", tag = "Doctors",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Which doctor."),
        openapi::ChangeParams,
    ),
    request_body(content = DoctorPatchDto, description = "What to change; all else stays as it is."),
    responses(
        (status = 200, description = "The doctor after the change. With `dryRun=true`, as the doctor would be; there is no ETag then.",
         body = AmendedDoctorView, headers(("ETag" = String, description = "The revision."))),
        openapi::AmendDoctor,
    ),
)]
pub(crate) async fn amend(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    how: Query<How>,
    if_match: IfMatch,
    body: Json<DoctorPatchDto>,
) -> Result<HttpResponse, Problem> {
    let Amend { amendment, types } = Amend::try_from(body.0)?;
    let how = how.0;
    let dry_run = how.dry_run;
    let (revision, view) = block(move || {
        let (use_cases, actor) = (state.use_cases(), caller.actor());
        let amend = |options| use_cases.amend_doctor.execute(&actor, id.0, &amendment, options);
        let changed = how.change(&if_match, amend, |unknown| types.refused(&unknown))?;
        let doctor = DoctorView::shown_to(&actor, &changed.doctor, use_cases);
        let affected = AffectedView::of(&changed.affected);
        Ok((changed.doctor.revision(), AmendedDoctorView { doctor, affected }))
    })
    .await?;
    if dry_run { respond::ok(&view) } else { respond::object(revision, &view) }
}
