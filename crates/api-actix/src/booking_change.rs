//! What becomes of a booking: moved, cancelled, reinstated, arrived, fulfilled, or nobody came.

use actix_web::{HttpResponse, web};
use doctor_booking_application::{Advance, Cancellation, ChangeBookingError, PlaceBookingError, Reschedule, UseCases};
use doctor_booking_domain::{Actor, Booking, BookingId, Reason, Revision};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::{Json, NoBody};
use crate::booking::BookingView;
use crate::caller::Caller;
use crate::code::Code;
use crate::etag::IfMatch;
use crate::metrics::count_booking;
use crate::path::Named;
use crate::problem::Problem;
use crate::query::NoQuery;
use crate::refused::{patient_busy, refused};
use crate::rules_override::RulesOverrideDto;
use crate::violations::{Read, Violations};
use crate::{openapi, respond, schema};

/// Where a booking is to be moved.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Rescheduling, examples(json!({
    "start": "2030-01-14T09:00:00-05:00", "reason": "The patient is on holiday"
})))]
pub(crate) struct ReschedulingDto {
    /// When a free slot starts.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// With whom; with the same doctor when left out or null.
    #[schema(value_type = Option<schema::Id>)]
    doctor_id: Option<String>,
    /// Why; the history keeps it, beside an `override` with its own reason as `changeReason`.
    #[schema(value_type = Option<schema::Reason>)]
    reason: Option<String>,
    /// The rules that are set aside for that; none when left out or null.
    #[serde(rename = "override")]
    rules_override: Option<RulesOverrideDto>,
}

impl ReschedulingDto {
    fn command(&self, booking: BookingId) -> Result<Reschedule, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let start = v.text("/start", &self.start);
        let doctor = v.optional("/doctorId", self.doctor_id.as_deref());
        let reason = v.optional("/reason", self.reason.as_deref());
        let set_aside = RulesOverrideDto::read(self.rules_override.as_ref(), v);
        violations.finish(|| {
            let (doctor, reason, set_aside) = (doctor?, reason?, set_aside?);
            Some(Reschedule { booking, start: start?, doctor, reason, set_aside, expected: None })
        })
    }
}

/// Why a booking is cancelled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Cancellation, examples(json!({"reason": "The patient is ill"})))]
pub(crate) struct CancellationDto {
    /// Why.
    #[schema(value_type = schema::Reason)]
    reason: String,
}

/// Changes a booking at the revisions that are wanted, and shows it.
async fn change<E: HasChanged + Send + 'static>(
    state: web::Data<ApiState>,
    caller: Caller,
    if_match: IfMatch,
    outcome: &'static str,
    call: impl Fn(&UseCases, &Actor, Option<Revision>) -> Result<Booking, E> + Send + 'static,
    explain: impl FnOnce(E) -> Problem + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let changed = block(move || {
        let (use_cases, actor) = (state.use_cases(), caller.actor());
        let at = |expected| call(use_cases, &actor, expected);
        let booking = if_match.attempt(at, HasChanged::has_changed).map_err(explain)?;
        Ok((booking.revision(), BookingView::from(&booking)))
    })
    .await;
    count_booking(outcome, changed.as_ref().err());
    let (revision, view) = changed?;
    respond::object(revision, &view)
}

/// Whether the booking has another revision than the one that is expected.
trait HasChanged {
    fn has_changed(&self) -> bool;
}

impl HasChanged for ChangeBookingError {
    fn has_changed(&self) -> bool {
        matches!(self, Self::Changed)
    }
}

impl HasChanged for PlaceBookingError {
    fn has_changed(&self) -> bool {
        matches!(self, Self::Changed)
    }
}

/// Moves a booking
///
/// In one step: where the new slot cannot be had, the booking stays where it is, as it was. What it occupies itself is
/// never in its way. It is for a visit of the same type, as the type is now; a type that is retired still lets the bookings
/// there are be moved. Only what is `booked` can be moved.
///
/// With `override`, rules are set aside for this move, by name and with a reason. What was set aside before counts no
/// longer: without one, the booking has to keep every rule where it goes.
#[utoipa::path(
    post, path = "/api/v1/bookings/{bookingId}/reschedule", operation_id = "rescheduleBooking", tag = "Bookings",
    params(
        ("bookingId" = inline(schema::Id), Path, description = "Which booking."),
        openapi::IfMatchParam,
    ),
    request_body(content = ReschedulingDto, description = "Where to."),
    responses(
        (status = 200, description = "The booking in its new place.", body = BookingView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::RescheduleBooking,
    ),
)]
pub(crate) async fn reschedule(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<BookingId>,
    _: NoQuery,
    if_match: IfMatch,
    body: Json<ReschedulingDto>,
) -> Result<HttpResponse, Problem> {
    let to = body.0.command(id.0)?;
    let call = move |use_cases: &UseCases, actor: &Actor, expected| {
        use_cases.reschedule_booking.execute(actor, &Reschedule { expected, ..to.clone() })
    };
    // The type is the booking's own: where the doctor does not offer it, the doctor is the one to change.
    let pointer = |field| if field == "/visitType" { "/doctorId" } else { field };
    change(state, caller, if_match, "moved", call, move |error| not_placed(error, pointer, "/start")).await
}

/// Reinstates a booking
///
/// It will take place after all, in its own slot: that has to be to come, in working hours, and free still. Grid, notice
/// and horizon do not matter, since it was booked once. Only what is `cancelled` can be reinstated.
#[utoipa::path(
    post, path = "/api/v1/bookings/{bookingId}/reinstate", operation_id = "reinstateBooking", tag = "Bookings",
    params(
        ("bookingId" = inline(schema::Id), Path, description = "Which booking."),
        openapi::IfMatchParam,
    ),
    request_body(content = NoBody, description = "Nothing, or an empty object."),
    responses(
        (status = 200, description = "The booking, which will take place.", body = BookingView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::ReinstateBooking,
    ),
)]
pub(crate) async fn reinstate(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<BookingId>,
    _: NoQuery,
    if_match: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let call =
        move |use_cases: &UseCases, actor: &Actor, expected| use_cases.reinstate_booking.execute(actor, id.0, expected);
    change(state, caller, if_match, "reinstated", call, |error| not_placed(error, |_| "", "")).await
}

/// Why a booking was not put into another place. `pointer` says where the field is that is at fault, by the pointer that
/// it has in a booking, and `start` where the start is.
fn not_placed(
    error: PlaceBookingError,
    pointer: impl Fn(&'static str) -> &'static str,
    start: &'static str,
) -> Problem {
    match error {
        PlaceBookingError::UnknownBooking => Problem::not_found("booking"),
        PlaceBookingError::UnknownDoctor => Problem::at("/doctorId", Code::NotFound, "there is no such doctor"),
        PlaceBookingError::Changed => Problem::general(Code::PreconditionFailed),
        PlaceBookingError::InvalidTransition(error) => error.into(),
        PlaceBookingError::Refused(refusal) => refused(&refusal, pointer),
        PlaceBookingError::PatientBusy => patient_busy(start),
        PlaceBookingError::Contended => Problem::unavailable(error),
        PlaceBookingError::Forbidden => Problem::general(Code::Forbidden),
        PlaceBookingError::Unavailable(error) => error.into(),
    }
}

/// Cancels a booking
///
/// Its time is free again. Cancelling again answers 200 and changes nothing, the first reason included.
#[utoipa::path(
    post, path = "/api/v1/bookings/{bookingId}/cancel", operation_id = "cancelBooking", tag = "Bookings",
    params(
        ("bookingId" = inline(schema::Id), Path, description = "Which booking."),
        openapi::IfMatchParam,
    ),
    request_body(content = CancellationDto, description = "Why."),
    responses(
        (status = 200, description = "The booking, cancelled.", body = BookingView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::CancelBooking,
    ),
)]
pub(crate) async fn cancel(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<BookingId>,
    _: NoQuery,
    if_match: IfMatch,
    body: Json<CancellationDto>,
) -> Result<HttpResponse, Problem> {
    let mut violations = Violations::default();
    let reason: Read<Reason> = violations.text("/reason", &body.0.reason);
    let reason = violations.finish(|| reason)?;
    let call = move |use_cases: &UseCases, actor: &Actor, expected| {
        let cancellation = Cancellation { booking: id.0, reason: reason.clone(), expected };
        use_cases.cancel_booking.execute(actor, &cancellation)
    };
    change(state, caller, if_match, "cancelled", call, Problem::from).await
}

/// Tells what has become of a visit.
async fn advance(
    state: web::Data<ApiState>,
    caller: Caller,
    id: BookingId,
    if_match: IfMatch,
    (outcome, advance): (&'static str, Advance),
) -> Result<HttpResponse, Problem> {
    let call = move |use_cases: &UseCases, actor: &Actor, expected| {
        use_cases.advance_booking.execute(actor, id, advance, expected)
    };
    change(state, caller, if_match, outcome, call, Problem::from).await
}

/// Tells that a patient is there
///
/// Only what is `booked` can arrive.
#[utoipa::path(
    post, path = "/api/v1/bookings/{bookingId}/arrive", operation_id = "arriveAtBooking", tag = "Bookings",
    params(
        ("bookingId" = inline(schema::Id), Path, description = "Which booking."),
        openapi::IfMatchParam,
    ),
    request_body(content = NoBody, description = "Nothing, or an empty object."),
    responses(
        (status = 200, description = "The booking, whose patient is there.", body = BookingView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::AdvanceBooking,
    ),
)]
pub(crate) async fn arrive(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<BookingId>,
    _: NoQuery,
    if_match: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    advance(state, caller, id.0, if_match, ("arrived", Advance::Arrive)).await
}

/// Tells that a visit has taken place
///
/// Only what has `arrived` can be fulfilled.
#[utoipa::path(
    post, path = "/api/v1/bookings/{bookingId}/fulfil", operation_id = "fulfilBooking", tag = "Bookings",
    params(
        ("bookingId" = inline(schema::Id), Path, description = "Which booking."),
        openapi::IfMatchParam,
    ),
    request_body(content = NoBody, description = "Nothing, or an empty object."),
    responses(
        (status = 200, description = "The booking, which has taken place.", body = BookingView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::AdvanceBooking,
    ),
)]
pub(crate) async fn fulfil(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<BookingId>,
    _: NoQuery,
    if_match: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    advance(state, caller, id.0, if_match, ("fulfilled", Advance::Fulfil)).await
}

/// Tells that a patient did not come
///
/// The doctor's time is free again. Only what is `booked` can be a no-show, and not before it should have started.
#[utoipa::path(
    post, path = "/api/v1/bookings/{bookingId}/no-show", operation_id = "missBooking", tag = "Bookings",
    params(
        ("bookingId" = inline(schema::Id), Path, description = "Which booking."),
        openapi::IfMatchParam,
    ),
    request_body(content = NoBody, description = "Nothing, or an empty object."),
    responses(
        (status = 200, description = "The booking, to which nobody came.", body = BookingView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::AdvanceBooking,
    ),
)]
pub(crate) async fn no_show(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<BookingId>,
    _: NoQuery,
    if_match: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    advance(state, caller, id.0, if_match, ("no-show", Advance::NoShow)).await
}

impl From<ChangeBookingError> for Problem {
    fn from(error: ChangeBookingError) -> Self {
        match error {
            ChangeBookingError::UnknownBooking => Self::not_found("booking"),
            ChangeBookingError::Changed => Self::general(Code::PreconditionFailed),
            ChangeBookingError::InvalidTransition(error) => error.into(),
            ChangeBookingError::Contended => Self::unavailable(error),
            ChangeBookingError::Forbidden => Problem::general(Code::Forbidden),
            ChangeBookingError::Unavailable(error) => error.into(),
        }
    }
}
