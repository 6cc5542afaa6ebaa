//! What can be booked soonest: with any of many doctors, and next with one.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use doctor_booking_application::{CalendarFilter, FreeSlot, Limit, MOST_DAYS, NextSlot, SearchAvailabilityError};
use doctor_booking_domain::{DateRange, DoctorId, Specialty, VisitTypeId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::availability::{SlotView, no_such_type};
use crate::blocking::block;
use crate::caller::Caller;
use crate::code::Code;
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{FromQuery, Params, Query};
use crate::values::{QueryInstant, date, local};
use crate::violations::Read;
use crate::{openapi, respond, schema};

/// How many doctors can be named in one search.
pub(crate) const MOST_DOCTORS: usize = 50;

/// Whose free slots, on which dates, for visits of which type, and how many.
pub(crate) struct WantedSlots {
    which: CalendarFilter,
    dates: DateRange,
    visit_type: Option<VisitTypeId>,
    limit: Limit,
}

impl FromQuery for WantedSlots {
    fn read(params: &mut Params) -> Read<Self> {
        let specialty: Read<Option<Specialty>> = params.optional("specialty");
        let doctors: Read<Vec<DoctorId>> = params.many("doctorId", MOST_DOCTORS);
        let dates = params.dates(MOST_DAYS);
        let visit_type = params.optional("visitType");
        let limit = params.limit();
        let specialty = specialty?.map(|specialty| specialty.key());
        let mut doctors = doctors?;
        doctors.sort_unstable();
        doctors.dedup();
        let which = CalendarFilter { doctors, specialty };
        Some(Self { which, dates: dates?, visit_type: visit_type?, limit: limit? })
    }
}

/// The earliest free slots of many doctors.
#[derive(Serialize, ToSchema)]
#[schema(as = FreeSlots, examples(json!({"items": [{
    "doctorId": "01900000-0000-7000-8000-000000000001",
    "start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T09:00:00-05:00"
}]})))]
pub(crate) struct FreeSlotsView {
    /// By start, then doctor.
    items: Vec<FreeSlotView>,
}

/// A slot that can be booked.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FreeSlot)]
pub(crate) struct FreeSlotView {
    /// With whom.
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    /// When it starts, with the doctor's offset.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// When it ends.
    #[schema(value_type = schema::Instant)]
    end: String,
}

impl From<&FreeSlot> for FreeSlotView {
    fn from(FreeSlot { doctor, span, zone }: &FreeSlot) -> Self {
        Self { doctor_id: doctor.to_string(), start: local(span.start(), zone), end: local(span.end(), zone) }
    }
}

/// Searches the free slots of many doctors
///
/// The earliest free slots on the dates from `from` to `to`, at most 92, each doctor's on that doctor's own clock: by
/// start, then doctor. Doctors can be narrowed by specialty, by id, or by both. A doctor who takes no bookings, or does
/// not offer visits of the type, and an id that is nobody's, have no slots. It is not read page by page: a later `from`
/// shows later slots.
#[utoipa::path(
    get, path = "/api/v1/availability", operation_id = "searchAvailability", tag = "Availability",
    params(
        ("specialty" = inline(Option<schema::Specialty>), Query,
         description = "Only doctors of this specialty, without regard to case."),
        ("doctorId" = inline(Option<schema::Doctors>), Query,
         description = "Only these doctors: may be given up to 50 times. Of ids that are nobody's there are no slots."),
        ("from" = inline(schema::CivilDate), Query, description = "The first date."),
        ("to" = inline(schema::CivilDate), Query, description = "The last date."),
        openapi::VisitTypeParam,
        ("limit" = inline(Option<schema::Limit>), Query, description = "How many slots at most, 50 when left out."),
    ),
    responses(
        (status = 200, description = "The earliest free slots.", body = FreeSlotsView),
        openapi::SearchAvailability,
    ),
)]
pub(crate) async fn search(
    state: web::Data<ApiState>,
    caller: Caller,
    query: Query<WantedSlots>,
) -> Result<HttpResponse, Problem> {
    let WantedSlots { which, dates, visit_type, limit } = query.0;
    let view = block(move || {
        let search = &state.use_cases().search_availability;
        let slots = search.execute(&caller.actor(), &which, dates, visit_type, limit)?;
        Ok(FreeSlotsView { items: slots.iter().map(FreeSlotView::from).collect() })
    })
    .await?;
    respond::ok(&view)
}

impl From<SearchAvailabilityError> for Problem {
    fn from(error: SearchAvailabilityError) -> Self {
        match error {
            SearchAvailabilityError::UnknownVisitType => no_such_type(),
            SearchAvailabilityError::RangeTooLong => Self::new(Code::RangeTooLong, error.to_string()),
            SearchAvailabilityError::Forbidden => Problem::general(Code::Forbidden),
            SearchAvailabilityError::Unavailable(error) => error.into(),
        }
    }
}

/// From when on (from now on when nothing is said), and for a visit of which type.
pub(crate) struct WantedNext {
    after: Option<DateTime<Utc>>,
    visit_type: Option<VisitTypeId>,
}

impl FromQuery for WantedNext {
    fn read(params: &mut Params) -> Read<Self> {
        let after: Read<Option<QueryInstant>> = params.optional("after");
        let visit_type = params.optional("visitType");
        Some(Self { after: after?.map(|QueryInstant(instant)| instant), visit_type: visit_type? })
    }
}

/// The next free slot of a doctor, or how far there is none.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NextSlot, examples(json!({
    "slot": {"start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T09:00:00-05:00", "status": "free"},
    "searchedTo": "2030-12-02"
}), json!({"slot": null, "searchedTo": "2030-12-02"})))]
pub(crate) struct NextSlotView {
    /// The slot; null when none is free up to `searchedTo`.
    #[schema(required = true)]
    slot: Option<SlotView>,
    /// The last date, at the doctor's, that is searched.
    #[schema(value_type = schema::CivilDate)]
    searched_to: String,
}

impl From<&NextSlot> for NextSlotView {
    fn from(NextSlot { zone, slot, searched_to }: &NextSlot) -> Self {
        Self { slot: slot.map(|slot| SlotView::new(slot, zone)), searched_to: date(*searched_to) }
    }
}

/// Finds a doctor's next free slot
///
/// The first one that starts at `after` or later, and not before now. The search ends 366 days after the later of the
/// two, or where visits of the type cannot be booked yet; `slot` is null when nothing is free until then.
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/availability/next", operation_id = "getNextSlot", tag = "Availability",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("after" = inline(Option<schema::Instant>), Query, description = "From when on; from now on when left out."),
        openapi::VisitTypeParam,
    ),
    responses((status = 200, description = "The slot, if there is one.", body = NextSlotView), openapi::FindNextSlot),
)]
pub(crate) async fn next(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    query: Query<WantedNext>,
) -> Result<HttpResponse, Problem> {
    let WantedNext { after, visit_type } = query.0;
    let view = block(move || {
        let next = state.use_cases().find_next_slot.execute(&caller.actor(), id.0, after, visit_type)?;
        Ok(NextSlotView::from(&next))
    })
    .await?;
    respond::ok(&view)
}
