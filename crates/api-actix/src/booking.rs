//! Bookings: book, list, find.

use actix_web::{HttpResponse, web};
use doctor_booking_application::{BookSlotError, UseCases, Wanted};
use doctor_booking_domain::{Actor, Booking, BookingId, BookingParts, BookingStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::body::Json;
use crate::booking_filter::WantedBookings;
use crate::caller::Caller;
use crate::code::Code;
use crate::metrics::count_booking;
use crate::once::Keyed;
use crate::page::list_view;
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{NoQuery, Query};
use crate::refused::{Mentioned, Missing, patient_busy, refused};
use crate::rules_override::RulesOverrideDto;
use crate::values::local;
use crate::violations::Violations;
use crate::{openapi, respond, schema};

/// A visit to book.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewBooking, examples(json!({
    "doctorId": "01900000-0000-7000-8000-000000000001", "patientId": "01900000-0000-7000-8000-000000000002",
    "start": "2030-01-07T08:00:00-05:00", "visitType": "01900000-0000-7000-8000-000000000006",
    "reason": "Follow-up on blood pressure"
})))]
pub(crate) struct NewBookingDto {
    /// With whom.
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    /// For whom.
    #[schema(value_type = schema::Id)]
    patient_id: String,
    /// When a free slot starts.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// The type of the visit, which says how long it lasts, and more. When left out or null, it is of no particular
    /// type, and as long as the doctor's slots.
    #[schema(value_type = Option<schema::Id>)]
    visit_type: Option<String>,
    /// What for.
    #[schema(value_type = Option<schema::Reason>)]
    reason: Option<String>,
    /// The slot that the caller holds and that is to become the booking: of this doctor, start and type. It is nobody
    /// else's meanwhile.
    #[schema(value_type = Option<schema::Id>)]
    hold_id: Option<String>,
    /// The rules that are set aside for it; none when left out or null.
    #[serde(rename = "override")]
    rules_override: Option<RulesOverrideDto>,
}

impl TryFrom<NewBookingDto> for Wanted {
    type Error = Problem;

    fn try_from(new: NewBookingDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let doctor = v.text("/doctorId", &new.doctor_id);
        let patient = v.text("/patientId", &new.patient_id);
        let start = v.text("/start", &new.start);
        let visit_type = v.optional("/visitType", new.visit_type.as_deref());
        let reason = v.optional("/reason", new.reason.as_deref());
        let hold = v.optional("/holdId", new.hold_id.as_deref());
        let set_aside = RulesOverrideDto::read(new.rules_override.as_ref(), v);
        violations.finish(|| {
            let (doctor, patient, visit_type, set_aside) = (doctor?, patient?, visit_type?, set_aside?);
            Some(Self { doctor, patient, start: start?, visit_type, hold: hold?, reason: reason?, set_aside })
        })
    }
}

/// Where a booking stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = BookingStatus)]
pub(crate) enum StatusView {
    /// It will take place.
    Booked,
    /// The patient is there.
    Arrived,
    /// It has taken place.
    Fulfilled,
    /// It will not take place.
    Cancelled,
    /// The patient did not come.
    NoShow,
}

impl From<BookingStatus> for StatusView {
    fn from(status: BookingStatus) -> Self {
        match status {
            BookingStatus::Booked => Self::Booked,
            BookingStatus::Arrived => Self::Arrived,
            BookingStatus::Fulfilled => Self::Fulfilled,
            BookingStatus::Cancelled => Self::Cancelled,
            BookingStatus::NoShow => Self::NoShow,
        }
    }
}

/// A patient's visit to a doctor. All its instants have the offset of its `timeZone`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Booking, examples(json!({
    "id": "01900000-0000-7000-8000-000000000003", "doctorId": "01900000-0000-7000-8000-000000000001",
    "patientId": "01900000-0000-7000-8000-000000000002", "start": "2030-01-07T08:00:00-05:00",
    "end": "2030-01-07T09:00:00-05:00", "timeZone": "America/New_York", "status": "booked", "seriesId": null,
    "visitType": "01900000-0000-7000-8000-000000000006", "reason": "Follow-up on blood pressure",
    "cancelReason": null, "outsideHours": false,
    "createdAt": "2029-12-01T04:30:00-05:00", "updatedAt": "2029-12-01T04:30:00-05:00"
})))]
pub(crate) struct BookingView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// With whom.
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    /// For whom.
    #[schema(value_type = schema::Id)]
    patient_id: String,
    /// When it starts.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// When it ends.
    #[schema(value_type = schema::Instant)]
    end: String,
    /// On whose clock it was agreed: the doctor's zone at the time of booking.
    #[schema(value_type = schema::TimeZone)]
    time_zone: String,
    status: StatusView,
    /// The series to which it belongs.
    #[schema(value_type = Option<schema::Id>, required = true)]
    series_id: Option<String>,
    /// The type of the visit; null: no particular type. What it said is kept as it was when the visit was booked.
    #[schema(value_type = Option<schema::Id>, required = true)]
    visit_type: Option<String>,
    /// What for.
    #[schema(value_type = Option<schema::Reason>, required = true)]
    reason: Option<String>,
    /// Why it was cancelled.
    #[schema(value_type = Option<schema::Reason>, required = true)]
    cancel_reason: Option<String>,
    /// Whether it lies outside working hours, or in time off or a closure: a later change of the doctor's rules left it
    /// there, or these were set aside for it.
    outside_hours: bool,
    /// When it was made.
    #[schema(value_type = schema::Instant)]
    created_at: String,
    /// When it last changed.
    #[schema(value_type = schema::Instant)]
    updated_at: String,
}

impl From<&Booking> for BookingView {
    fn from(booking: &Booking) -> Self {
        let BookingParts { id, doctor, patient, span, zone, status, outside_hours, .. } = booking.parts();
        let BookingParts { series, visit_type, reason, cancel_reason, created_at, updated_at, .. } = booking.parts();
        Self {
            id: id.to_string(),
            doctor_id: doctor.to_string(),
            patient_id: patient.to_string(),
            start: local(span.start(), zone),
            end: local(span.end(), zone),
            time_zone: zone.name().to_owned(),
            status: (*status).into(),
            series_id: series.map(|series| series.to_string()),
            visit_type: visit_type.map(|visit_type| visit_type.to_string()),
            reason: reason.as_ref().map(|reason| reason.as_str().to_owned()),
            cancel_reason: cancel_reason.as_ref().map(|reason| reason.as_str().to_owned()),
            outside_hours: *outside_hours,
            created_at: local(*created_at, zone),
            updated_at: local(*updated_at, zone),
        }
    }
}

list_view! {
    /// Bookings, by start.
    BookingListView, BookingList, BookingView
}

/// Books a slot
///
/// The start has to be that of a slot that the doctor's availability shows as free for visits of the type. Where it
/// cannot be had, the answer says why, and names up to three free starts nearest to it. The booking keeps length,
/// buffers and capacity as they were when it was made, also when the type changes.
///
/// With `holdId`, the slot that the caller holds becomes the booking, also when visits of its type have to be booked
/// earlier by now. Only hours that have changed since can stand in the way.
///
/// With `override`, rules are set aside for this visit, by name and with a reason. What is shown as free stays what can be
/// booked without.
#[utoipa::path(
    post, path = "/api/v1/bookings", operation_id = "createBooking", tag = "Bookings",
    params(openapi::KeyParam),
    request_body(content = NewBookingDto, description = "The visit."),
    responses(
        (status = 201, description = "The booking. Nobody else can have that time now.", body = BookingView,
         headers(("Location" = String, description = "The booking's path."), ("ETag" = String, description = "The revision."))),
        openapi::CreateBooking,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    _: NoQuery,
    body: Json<NewBookingDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let wanted = Wanted::try_from(new)?;
    let write = |_: &UseCases, booking: &Booking| {
        let location = format!("/api/v1/bookings/{}", booking.id());
        respond::created(&location, booking.revision(), &BookingView::from(booking))
    };
    keyed
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            let booked = use_cases.book_slot.execute(actor, &wanted, once);
            let booked = booked.map_err(|error| not_booked(error, &wanted, actor, use_cases));
            count_booking("booked", booked.as_ref().err());
            booked
        })
        .await
}

fn not_booked(error: BookSlotError, wanted: &Wanted, actor: &Actor, use_cases: &UseCases) -> Problem {
    let mentioned = Mentioned { patient: Some(wanted.patient), visit_type: wanted.visit_type };
    match error {
        BookSlotError::UnknownDoctor => mentioned.without(Missing::Doctor, actor, use_cases),
        BookSlotError::UnknownPatient => mentioned.without(Missing::Patient, actor, use_cases),
        BookSlotError::UnknownVisitType => mentioned.without(Missing::VisitType, actor, use_cases),
        BookSlotError::Refused(refusal) => refused(&refusal, |pointer| pointer),
        BookSlotError::HoldGone | BookSlotError::HoldVoid(_) => wrong_hold(Code::HoldExpired, &error),
        BookSlotError::HoldForAnother => wrong_hold(Code::InvalidHold, &error),
        BookSlotError::PatientBusy => patient_busy("/start"),
        BookSlotError::Contended => Problem::unavailable(error),
        BookSlotError::Answered => Problem::answered(),
        BookSlotError::Forbidden => Problem::general(Code::Forbidden),
        BookSlotError::Unavailable(error) => error.into(),
    }
}

/// The hold does not become this booking. Of a stranger's it is said that it is not there.
fn wrong_hold(code: Code, error: &BookSlotError) -> Problem {
    Problem::at("/holdId", code, error.to_string())
}

/// Lists bookings
///
/// By start, a page at a time. `from` and `to` are about the start: a civil date is included as `from` and as `to`, on
/// the clock on which each booking was agreed; an instant is included as `from`, and excluded as `to`.
#[utoipa::path(
    get, path = "/api/v1/bookings", operation_id = "listBookings", tag = "Bookings",
    params(
        ("doctorId" = inline(Option<schema::Id>), Query, description = "Only this doctor's."),
        ("patientId" = inline(Option<schema::Id>), Query, description = "Only this patient's."),
        ("from" = inline(Option<schema::DateOrInstant>), Query, example = json!("2030-01-07"),
         description = "Only those that start on this date or later, or at this instant or later."),
        ("to" = inline(Option<schema::DateOrInstant>), Query, example = json!("2030-01-14T00:00:00-05:00"),
         description = "Only those that start on this date or earlier, or before this instant."),
        ("status" = Option<StatusView>, Query, description = "Only those that stand here."),
        openapi::PageParams,
    ),
    responses((status = 200, description = "A page of bookings.", body = BookingListView), openapi::ListBookings),
)]
pub(crate) async fn list(
    state: web::Data<ApiState>,
    caller: Caller,
    query: Query<WantedBookings>,
) -> Result<HttpResponse, Problem> {
    let WantedBookings { filter, page } = query.0;
    let view = block(move || {
        let page = state.use_cases().list_bookings.execute(&caller.actor(), &filter, &page)?;
        Ok(BookingListView::of(page, |booking| BookingView::from(booking)))
    })
    .await?;
    respond::ok(&view)
}

/// Finds a booking
#[utoipa::path(
    get, path = "/api/v1/bookings/{bookingId}", operation_id = "getBooking", tag = "Bookings",
    params(("bookingId" = inline(schema::Id), Path, description = "Which booking.")),
    responses(
        (status = 200, description = "The booking.", body = BookingView,
         headers(("ETag" = String, description = "The revision."))),
        openapi::FindOne,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<BookingId>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (revision, view) = block(move || {
        let booking = state.use_cases().find_booking.execute(&caller.actor(), id.0)?;
        let booking = booking.ok_or_else(|| Problem::not_found("booking"))?;
        Ok((booking.revision(), BookingView::from(&booking)))
    })
    .await?;
    respond::object(revision, &view)
}
