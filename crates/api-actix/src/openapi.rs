//! The OpenAPI document.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Content, ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses, Modify, PartialSchema};

use crate::code::Code;
use crate::credential::SESSION_COOKIE;
use crate::event::{AvailabilityChangedView, EventView};
use crate::problem::{PROBLEM_JSON, ProblemView};
use crate::{
    audit, availability, board, booking, booking_change, closure, doctor, event, explain, guard, health, history, hold,
    metrics, overrides, patient, schema, search, series, session, time_off, token, visit_type, waitlist, webhook,
    working_hours,
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Doctor booking", description = include_str!("openapi.md"),
         license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    servers((url = "/")),
    tags(
        (name = "Doctors", description = "Who can be booked."),
        (name = "Working hours", description = "When they work: windows in a week, in versions by date."),
        (name = "Overrides", description = "Single dates with windows of their own."),
        (name = "Time off", description = "When a doctor is away, whatever the hours say."),
        (name = "Closures", description = "Dates on which the whole hospital is closed."),
        (name = "Visit types", description = "Kinds of visits: how long they last, and how they are booked."),
        (name = "Availability", description = "When they can be booked."),
        (name = "Patients", description = "Who can be booked for."),
        (name = "Bookings", description = "Patients' visits to doctors. No two overlap, unless a doctor is shared."),
        (name = "Holds", description = "Slots that are kept for a caller for a little while."),
        (name = "Waitlist", description = "Patients who wait for a slot to become free."),
        (name = "Events", description = "What happens, as it happens."),
        (name = "Webhooks", description = "Whom to tell of events."),
        (name = "Access", description = "Who one is, tokens, sessions of browsers, and the audit log."),
        (name = "Operations", description = "For whoever runs the service."),
    ),
    paths(
        doctor::create, doctor::list, doctor::find, doctor::amend, history::of_doctor,
        working_hours::find, working_hours::replace, working_hours::amend, working_hours::versions,
        working_hours::remove,
        overrides::set, overrides::remove, overrides::list,
        time_off::create, time_off::list, time_off::find, time_off::remove,
        closure::create, closure::list, closure::find, closure::remove,
        visit_type::create, visit_type::list, visit_type::find, visit_type::amend, visit_type::retire,
        availability::find, availability::summary, search::next, explain::explain, search::search,
        board::show,
        patient::create, patient::list, patient::find, patient::amend,
        booking::create, booking::list, booking::find, history::of_booking,
        booking_change::reschedule, booking_change::cancel, booking_change::reinstate,
        booking_change::arrive, booking_change::fulfil, booking_change::no_show,
        series::create,
        hold::create, hold::find, hold::release,
        waitlist::create, waitlist::list, waitlist::find, waitlist::leave,
        event::follow,
        webhook::create, webhook::list, webhook::find, webhook::amend, webhook::remove, webhook::failures,
        session::me, session::start, session::end,
        token::create, token::list, token::find, token::revoke,
        audit::list,
        health::alive, health::ready, metrics::show,
    ),
    components(schemas(ProblemView, EventView, AvailabilityChangedView)),
    security(("token" = []), ("session" = [])),
    modifiers(&Shared),
)]
struct Document;

/// The OpenAPI 3.1 document of the API.
#[must_use]
pub fn openapi() -> OpenApi {
    <Document as utoipa::OpenApi>::openapi()
}

/// The OpenAPI document as text: indented, always the same, with a newline at its end.
#[must_use]
pub fn openapi_json() -> String {
    let mut text = serde_json::to_string_pretty(&openapi()).unwrap_or_default();
    text.push('\n');
    text
}

/// What many operations share stands in the document once.
struct Shared;

impl Modify for Shared {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        for code in Code::ALL {
            let example = ExampleBuilder::new().summary(code.title()).value(Some(example(*code))).build();
            components.examples.insert(code.as_str().to_owned(), example.into());
        }
        let id = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .description(Some("The request's id: the one it brought, or a new one."));
        components.headers.insert("RequestId".to_owned(), id.build().into());
        let replayed = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["true"]))))
            .description(Some("Only where a request with this `Idempotency-Key` was answered so before."));
        components.headers.insert("Replayed".to_owned(), replayed.build().into());

        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "A token made by an administrator (`dbk_…`), or a JWT of the identity provider that the service trusts.",
        ));
        components.add_security_scheme("token", SecurityScheme::Http(token.build()));
        let session = ApiKeyValue::with_description(SESSION_COOKIE, "Signed in to the page.");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
        for (path, item) in &mut document.paths.paths {
            let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
            for operation in methods.into_iter().filter_map(Option::as_mut) {
                protect(path, operation);
            }
        }

        // Every answer has the request's id, and of requests with a key some were given before.
        let items = document.paths.paths.iter_mut();
        let operations = items.flat_map(|(path, item)| {
            let is_watched = guard::WATCHED.contains(&path.as_str());
            let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
            methods.into_iter().filter_map(Option::as_mut).map(move |operation| (is_watched, operation))
        });
        for (is_watched, operation) in operations {
            refuse_too(operation, &[Code::UriTooLong, Code::HeadersTooLarge]);
            if !is_watched {
                refuse_too(operation, &[Code::TooManyRequests, Code::Unavailable]);
            }
            if operation.request_body.is_some() {
                refuse_too(operation, &[Code::RequestTimeout]);
            }
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                let is_nothing = |content: &RefOr<Content>| {
                    let RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) = content else { return false };
                    schema.ref_location.ends_with("/NoBody")
                };
                if body.content.values().any(is_nothing) {
                    body.required = Some(Required::False);
                }
            }
            let params = operation.parameters.iter().flatten();
            let has_key = params.into_iter().any(|param| matches!(param, RefOr::T(param) if param.name == KEY));
            for (status, response) in &mut operation.responses.responses {
                let RefOr::T(response) = response else { continue };
                let mut put = |name: &str, header: &str| {
                    let header = RefOr::Ref(Ref::new(format!("#/components/headers/{header}")));
                    response.headers.insert(name.to_owned(), header);
                };
                put("X-Request-Id", "RequestId");
                if has_key && matches!(status.as_str(), "201" | "404" | "409" | "422") {
                    put("Idempotency-Replayed", "Replayed");
                }
            }
        }
    }
}

/// Whatever is under `/api/` is only for who is known, but to sign in; all else is for anybody.
fn protect(path: &str, operation: &mut Operation) {
    if !path.starts_with("/api/") {
        operation.security = Some(vec![SecurityRequirement::default()]);
        return;
    }
    let is_open = operation.security.is_some();
    let codes = if is_open { vec![] } else { vec![Code::Unauthenticated, Code::Forbidden, Code::OriginMismatch] };
    for (status, response) in refusals(&codes) {
        operation.responses.responses.entry(status).or_insert(response);
    }
}

macro_rules! problems {
    ($($name:ident: $($code:ident)+;)+) => {
        $(
            /// What such an operation may refuse.
            pub(crate) enum $name {}

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    refusals(&[$(Code::$code),+])
                }
            }
        )+
    };
}

problems! {
    Bare: MalformedRequest InternalError;
    Reading: MalformedRequest InternalError Unavailable;
    FollowEvents: MalformedRequest InvalidCursor InternalError Unavailable;
    JoinWaitlist: MalformedRequest NotFound PayloadTooLarge UnsupportedMediaType InvalidId InvalidSpecialty InvalidDate
        InvalidRange RangeTooLong TooManyPlaces RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    ListWaitlist: MalformedRequest InvalidId InvalidLimit InvalidCursor InternalError Unavailable;
    CreateWebhook: MalformedRequest PayloadTooLarge UnsupportedMediaType InvalidUrl InvalidEvents RequestInProgress
        IdempotencyKeyReused InternalError Unavailable;
    ListWebhooks: MalformedRequest InvalidLimit InvalidCursor InternalError Unavailable;
    StartSession: MalformedRequest Unauthenticated OriginMismatch PayloadTooLarge UnsupportedMediaType InternalError
        Unavailable;
    CreateToken: MalformedRequest NotFound PayloadTooLarge UnsupportedMediaType InvalidName InvalidId InvalidInstant
        OffsetRequired InvalidRole InvalidExpiry RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    ListAudit: MalformedRequest InvalidId InvalidInstant OffsetRequired InvalidLimit InvalidCursor InternalError
        Unavailable;
    ListFailures: MalformedRequest NotFound InvalidLimit InvalidCursor InternalError Unavailable;
    AmendWebhook: MalformedRequest NotFound PreconditionFailed PayloadTooLarge UnsupportedMediaType InvalidUrl
        InvalidEvents InternalError Unavailable;
    RemovePlain: MalformedRequest NotFound PreconditionFailed InternalError Unavailable;
    FindOne: MalformedRequest NotFound InternalError Unavailable;
    ListDoctors: MalformedRequest InvalidSpecialty InvalidName InvalidLimit InvalidCursor InternalError Unavailable;
    CreateDoctor: MalformedRequest PayloadTooLarge UnsupportedMediaType InvalidName InvalidSpecialty UnknownTimeZone
        InvalidSlotMinutes InvalidTime EmptyWindow WindowsOverlap
        RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    AmendDoctor: MalformedRequest NotFound BookingsAffected PreconditionFailed PayloadTooLarge UnsupportedMediaType
        InvalidName InvalidSpecialty UnknownTimeZone InvalidSlotMinutes InvalidId InvalidVisitType InternalError
        Unavailable;
    FindHours: MalformedRequest NotFound InvalidDate InternalError Unavailable;
    ChangeHours: MalformedRequest NotFound BookingsAffected VersionOverlap PreconditionFailed PayloadTooLarge
        UnsupportedMediaType InvalidDate InvalidTime EmptyWindow WindowsOverlap InternalError Unavailable;
    RemoveHours: MalformedRequest NotFound BookingsAffected VersionOverlap PreconditionFailed InternalError Unavailable;
    SetOverride: MalformedRequest NotFound BookingsAffected PreconditionFailed PayloadTooLarge UnsupportedMediaType
        InvalidTime EmptyWindow WindowsOverlap InternalError Unavailable;
    Remove: MalformedRequest NotFound BookingsAffected PreconditionFailed InternalError Unavailable;
    ListOverrides: MalformedRequest NotFound InvalidDate InvalidRange RangeTooLong InternalError Unavailable;
    AddTimeOff: MalformedRequest NotFound BookingsAffected PayloadTooLarge UnsupportedMediaType InvalidInstant
        OffsetRequired InvalidRange InvalidReason
        RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    ListTimeOff: MalformedRequest NotFound InvalidLimit InvalidCursor InternalError Unavailable;
    AddClosure: MalformedRequest BookingsAffected PayloadTooLarge UnsupportedMediaType InvalidDate InvalidName
        RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    ListClosures: MalformedRequest InvalidLimit InvalidCursor InternalError Unavailable;
    CreateVisitType: MalformedRequest PayloadTooLarge UnsupportedMediaType InvalidName InvalidSlotMinutes InvalidBuffer
        InvalidNotice InvalidHorizon InvalidCapacity
        RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    ListVisitTypes: MalformedRequest InvalidLimit InvalidCursor InternalError Unavailable;
    AmendVisitType: MalformedRequest NotFound PreconditionFailed PayloadTooLarge UnsupportedMediaType InvalidName
        InvalidSlotMinutes InvalidBuffer InvalidNotice InvalidHorizon InvalidCapacity InternalError Unavailable;
    RetireVisitType: MalformedRequest NotFound PreconditionFailed InternalError Unavailable;
    FindNextSlot: MalformedRequest NotFound InvalidInstant OffsetRequired InvalidId InvalidVisitType InternalError
        Unavailable;
    ExplainStart: MalformedRequest NotFound InvalidInstant OffsetRequired InvalidId InternalError Unavailable;
    SearchAvailability: MalformedRequest NotFound InvalidSpecialty InvalidId InvalidDate InvalidRange RangeTooLong
        InvalidLimit InternalError Unavailable;
    ShowBoard: MalformedRequest NotFound InvalidSpecialty InvalidName InvalidId InvalidDate InvalidLimit InvalidCursor
        InternalError Unavailable;
    FindAvailability: MalformedRequest NotFound InvalidDate InvalidRange RangeTooLong InvalidId InvalidVisitType
        InternalError Unavailable;
    ListPatients: MalformedRequest InvalidName InvalidLimit InvalidCursor InternalError Unavailable;
    CreatePatient: MalformedRequest PayloadTooLarge UnsupportedMediaType InvalidName InvalidDate InvalidEmail
        InvalidPhone InvalidExternalId
        RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    AmendPatient: MalformedRequest NotFound PreconditionFailed PayloadTooLarge UnsupportedMediaType InvalidName
        InvalidDate InvalidEmail InvalidPhone InvalidExternalId InternalError Unavailable;
    ListBookings: MalformedRequest InvalidId InvalidDate InvalidInstant OffsetRequired InvalidRange InvalidLimit
        InvalidCursor InternalError Unavailable;
    CreateBooking: MalformedRequest NotFound SlotTaken SlotHeld HoldExpired PatientBusy PayloadTooLarge UnsupportedMediaType InvalidId
        InvalidInstant OffsetRequired InvalidReason OutsideWorkingHours OffGrid InPast NoticeTooShort BeyondHorizon
        DoctorInactive InvalidVisitType InvalidHold InvalidOverride
        RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    HoldSlot: MalformedRequest NotFound SlotTaken SlotHeld PayloadTooLarge UnsupportedMediaType InvalidId InvalidInstant
        OffsetRequired OutsideWorkingHours OffGrid InPast NoticeTooShort BeyondHorizon DoctorInactive InvalidVisitType
        InvalidHoldTime TooManyHolds RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    ReleaseHold: MalformedRequest NotFound PreconditionFailed InternalError Unavailable;
    CreateSeries: MalformedRequest NotFound SlotTaken SlotHeld PatientBusy PayloadTooLarge UnsupportedMediaType InvalidId
        InvalidInstant OffsetRequired InvalidReason InvalidCount OutsideWorkingHours OffGrid InPast NoticeTooShort
        BeyondHorizon DoctorInactive InvalidVisitType RequestInProgress IdempotencyKeyReused InternalError Unavailable;
    ListHistory: MalformedRequest NotFound InvalidLimit InvalidCursor InternalError Unavailable;
    RescheduleBooking: MalformedRequest NotFound InvalidTransition SlotTaken SlotHeld PatientBusy PreconditionFailed
        PayloadTooLarge UnsupportedMediaType InvalidId InvalidInstant OffsetRequired InvalidReason OutsideWorkingHours
        OffGrid InPast NoticeTooShort BeyondHorizon DoctorInactive InvalidVisitType InvalidOverride InternalError
        Unavailable;
    ReinstateBooking: MalformedRequest NotFound InvalidTransition SlotTaken SlotHeld PatientBusy PreconditionFailed
        PayloadTooLarge UnsupportedMediaType OutsideWorkingHours InPast DoctorInactive InternalError Unavailable;
    AdvanceBooking: MalformedRequest NotFound InvalidTransition PreconditionFailed PayloadTooLarge UnsupportedMediaType
        InternalError Unavailable;
    CancelBooking: MalformedRequest NotFound InvalidTransition PreconditionFailed PayloadTooLarge UnsupportedMediaType InvalidReason
        InternalError Unavailable;
}

/// Adds what the guard may refuse to what the operation does.
fn refuse_too(operation: &mut Operation, codes: &[Code]) {
    for code in codes {
        let added = refusal(&[*code]);
        let status = code.status().as_u16().to_string();
        let Some(known) = operation.responses.responses.get_mut(&status) else {
            operation.responses.responses.insert(status, added.into());
            continue;
        };
        let RefOr::T(known) = known else { continue };
        let Some(RefOr::T(content)) = known.content.get_mut(PROBLEM_JSON) else { continue };
        let example = RefOr::Ref(Ref::new(format!("#/components/examples/{}", code.as_str())));
        if content.examples.insert(code.as_str().to_owned(), example).is_none() {
            known.description = format!("{} {}", known.description, added.description);
        }
        known.headers.extend(added.headers);
    }
}

/// One response for every status, with an example for every code.
fn refusals(codes: &[Code]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status().as_u16().to_string()).or_default().push(*code);
    }
    by_status.into_iter().map(|(status, codes)| (status, refusal(&codes).into())).collect()
}

fn refusal(codes: &[Code]) -> Response {
    let names: Vec<_> = codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
    let examples = codes.iter().map(|code| {
        let example: RefOr<Example> = RefOr::Ref(Ref::new(format!("#/components/examples/{}", code.as_str())));
        (code.as_str(), example)
    });
    let content = ContentBuilder::new()
        .schema(Some(RefOr::Ref(Ref::from_schema_name("Problem"))))
        .examples_from_iter(examples)
        .build();
    let mut response = ResponseBuilder::new().description(names.join(" ")).content(PROBLEM_JSON, content);
    if codes.iter().any(|code| code.retry_after().is_some()) {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
        let header =
            HeaderBuilder::new().schema(Some(seconds)).description(Some("After how many seconds to try again."));
        response = response.header("Retry-After", header.build());
    }
    response.build()
}

fn example(code: Code) -> Value {
    let mut problem = json!({
        "type": format!("/problems/{}", code.as_str()),
        "title": code.title(),
        "status": code.status().as_u16(),
        "detail": code.about().replace('`', ""),
        "code": code.as_str(),
        "requestId": "01900000-0000-7000-8000-00000000000f",
    });
    let violation = |pointer: &str, code: Code, detail: &str| json!([{"pointer": pointer, "code": code.as_str(), "detail": detail}]);
    match code {
        Code::MalformedRequest => {
            problem["errors"] = violation("/nickname", Code::UnknownField, "there is no such field here");
        }
        Code::WindowsOverlap => {
            let detail = "monday 10:00–12:00 starts before monday 08:00–11:00 has ended";
            problem["errors"] = violation("/weekly/monday/1", code, detail);
        }
        Code::SlotTaken
        | Code::SlotHeld
        | Code::OutsideWorkingHours
        | Code::OffGrid
        | Code::InPast
        | Code::NoticeTooShort
        | Code::BeyondHorizon => {
            problem["errors"] = violation("/start", code, code.title());
            problem["alternatives"] = json!(["2030-01-07T09:00:00-05:00", "2030-01-07T10:00:00-05:00"]);
        }
        Code::HoldExpired | Code::InvalidHold => problem["errors"] = violation("/holdId", code, code.title()),
        Code::InvalidVisitType => {
            problem["errors"] = violation("/visitType", code, "the doctor does not offer visits of this type");
        }
        Code::InvalidNotice => {
            problem["errors"] = violation("/minNoticeMinutes", code, "the notice must not be longer than the horizon");
        }
        Code::BookingsAffected => {
            problem["affectedBookings"] = json!([]);
            problem["affectedHolds"] = json!([]);
        }
        Code::InvalidTransition => problem["allowed"] = json!(["arrived", "cancelled"]),
        Code::VersionOverlap => {
            problem["versions"] = json!([{"effectiveFrom": null}, {"effectiveFrom": "2030-01-07"}]);
        }
        _ => {}
    }
    problem
}

/// The header by which a request is known when it comes again.
const KEY: &str = "Idempotency-Key";

/// `Idempotency-Key`, of everything that creates.
pub(crate) enum KeyParam {}

impl IntoParams for KeyParam {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        const KEYS: &str = r#"^([!#-~][!-~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")$"#;
        let keys = ObjectBuilder::new().schema_type(Type::String).pattern(Some(KEYS));
        let param = ParameterBuilder::new()
            .name(KEY)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "Makes the request safe to repeat: with the same key it is answered as the first time. From 1 to 255 \
                 visible ASCII characters, such as a UUID, in quotes or without.",
            ))
            .schema(Some(keys.examples([json!("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"")])));
        vec![param.build()]
    }
}

/// `If-Match`.
pub(crate) enum IfMatchParam {}

impl IntoParams for IfMatchParam {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        const TAGS: &str = r#"^(W/)?"[!#-~]*"(, (W/)?"[!#-~]*"){0,15}$"#;
        let any = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["*"]));
        let tags = ObjectBuilder::new().schema_type(Type::String).pattern(Some(TAGS)).examples([json!("\"1\"")]);
        let param = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("Only while the object still has this `ETag`, or one of these (up to 16); `*`: any."))
            .schema(Some(AnyOfBuilder::new().item(any).item(tags)));
        vec![param.build()]
    }
}

/// `visitType`, of everything that tells free time.
pub(crate) enum VisitTypeParam {}

impl IntoParams for VisitTypeParam {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let param = ParameterBuilder::new().name("visitType").parameter_in(ParameterIn::Query);
        let description = "For visits of this type; when left out, for visits of no particular type, as long as the \
                           doctor's slots.";
        let param = param.required(Required::False).description(Some(description));
        vec![param.schema(Some(schema::Id::schema())).build()]
    }
}

/// What every change takes that can leave bookings outside working hours, and `If-Match`.
pub(crate) enum ChangeParams {}

impl IntoParams for ChangeParams {
    fn into_params(parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut params = IfMatchParam::into_params(&parameter_in);
        params.extend(HowParams::into_params(parameter_in));
        params
    }
}

/// `affected` and `dryRun`.
pub(crate) enum HowParams {}

impl IntoParams for HowParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let query = |name: &str, description: &str| {
            let param = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query);
            param.required(Required::False).description(Some(description))
        };
        let affected =
            "`keep`: change all the same; bookings that are left outside working hours stay, marked as `outsideHours`.";
        let dry_run = "`true`: change nothing, only tell what would happen.";
        vec![
            query("affected", affected).schema(Some(schema::Affected::schema())).build(),
            query("dryRun", dry_run).schema(Some(bool::schema())).build(),
        ]
    }
}

/// `limit` and `cursor`, of every list that comes a page at a time.
pub(crate) enum PageParams {}

impl IntoParams for PageParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let query = |name: &str, description: &str| {
            let param = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query);
            param.required(Required::False).description(Some(description))
        };
        let limit = query("limit", "How many items at most, 50 when left out.");
        let cursor = query("cursor", "The `nextCursor` of the page before.");
        vec![limit.schema(Some(schema::Limit::schema())).build(), cursor.schema(Some(schema::Cursor::schema())).build()]
    }
}
