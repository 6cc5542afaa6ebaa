//! Availability: a doctor's free time on given dates, slot by slot or in numbers.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use doctor_booking_application::{Availability, FindAvailabilityError, MOST_DAYS};
use doctor_booking_domain::{DateRange, Day, DoctorId, NothingFree, Slot, SlotStatus, Span, Tzdb, VisitTypeId, Zone};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::caller::Caller;
use crate::code::Code;
use crate::path::Named;
use crate::problem::Problem;
use crate::query::{FromQuery, Params, Query};
use crate::values::{date, local};
use crate::violations::Read;
use crate::{openapi, respond, schema};

/// Which dates, and which of their slots, for visits of which type.
pub(crate) struct Wanted {
    dates: DateRange,
    visit_type: Option<VisitTypeId>,
    only_free: bool,
}

impl FromQuery for Wanted {
    fn read(params: &mut Params) -> Read<Self> {
        let date: Read<Option<NaiveDate>> = params.optional("date");
        let from: Read<Option<NaiveDate>> = params.optional("from");
        let to: Read<Option<NaiveDate>> = params.optional("to");
        let visit_type = params.optional("visitType");
        let only_free = params.one_of("status", &[("free", true)], Code::UnknownValue);
        let dates = match (date, from, to) {
            (Some(Some(date)), Some(None), Some(None)) => DateRange::day(date),
            (Some(None), Some(Some(from)), Some(Some(to))) => params.violations.range(from, to, MOST_DAYS)?,
            (Some(None), Some(None), Some(None)) => {
                params.violations.add("/date", Code::MissingParameter, "either date or both from and to are needed");
                return None;
            }
            (Some(None), from, to) => {
                for (name, missing) in [("/from", from == Some(None)), ("/to", to == Some(None))] {
                    if missing {
                        params.violations.add(name, Code::MissingParameter, "from and to are needed together");
                    }
                }
                return None;
            }
            (_, from, to) => {
                for (name, given) in [("/from", from != Some(None)), ("/to", to != Some(None))] {
                    if given {
                        let detail = "either date or both from and to, not all of them";
                        params.violations.add(name, Code::ConflictingParameters, detail);
                    }
                }
                return None;
            }
        };
        Some(Self { dates, visit_type: visit_type?, only_free: only_free?.unwrap_or_default() })
    }
}

/// A doctor's dates, with what is free on them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Availability, examples(json!({
    "doctorId": "01900000-0000-7000-8000-000000000001", "timeZone": "America/New_York", "tzdbVersion": "2026b",
    "days": [{
        "date": "2030-01-07",
        "openings": [{"start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T10:00:00-05:00"}],
        "slots": [
            {"start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T09:00:00-05:00", "status": "free"},
            {"start": "2030-01-07T09:00:00-05:00", "end": "2030-01-07T10:00:00-05:00", "status": "booked"}
        ],
        "freeCount": 1, "reason": null
    }]
})))]
pub(crate) struct AvailabilityView {
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    /// On whose clock the dates are.
    #[schema(value_type = schema::TimeZone)]
    time_zone: String,
    /// The version of the tz database by which it was reckoned.
    tzdb_version: &'static str,
    /// Every date of the range.
    days: Vec<DayView>,
}

/// A civil date at the doctor's.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Day)]
pub(crate) struct DayView {
    #[schema(value_type = schema::CivilDate)]
    date: String,
    /// Working time on that date without time off and closures, from midnight to midnight: a night shift shows on both
    /// of its dates.
    openings: Vec<OpeningView>,
    /// The slots that start on that date, in order.
    slots: Vec<SlotView>,
    /// How many slots can be booked.
    #[schema(minimum = 0)]
    free_count: usize,
    /// Why none can; null when one can.
    #[schema(required = true)]
    reason: Option<ReasonView>,
}

/// Working time without a break.
#[derive(Serialize, ToSchema)]
#[schema(as = Opening)]
pub(crate) struct OpeningView {
    #[schema(value_type = schema::Instant)]
    start: String,
    #[schema(value_type = schema::Instant)]
    end: String,
}

/// An offered stretch of an opening.
#[derive(Serialize, ToSchema)]
#[schema(as = Slot)]
pub(crate) struct SlotView {
    #[schema(value_type = schema::Instant)]
    start: String,
    #[schema(value_type = schema::Instant)]
    end: String,
    status: SlotStatusView,
}

/// What a slot is to someone who looks at it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SlotStatus)]
pub(crate) enum SlotStatusView {
    /// It can be booked.
    Free,
    /// Someone has it, or a part of it or of its buffers, and there is no room for one more.
    Booked,
    /// It is held for somebody for a little while.
    Held,
    /// The doctor is away, or the hospital is closed, in some of it.
    Blocked,
    /// It has begun.
    Past,
    /// It begins too soon: visits of this type have to be booked earlier.
    TooSoon,
    /// It begins too far ahead: visits of this type cannot be booked yet.
    TooFar,
}

/// Why a date has nothing free.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = NothingFree)]
pub(crate) enum ReasonView {
    /// The doctor takes no bookings.
    DoctorInactive,
    /// The doctor does not work on that date.
    NoWorkingHours,
    /// That date's override closes it.
    ClosedOverride,
    /// The hospital is closed in all of the working time that is still to come.
    Closure,
    /// The doctor is away in all of the working time that is still to come, or in what of it the hospital is open.
    TimeOff,
    /// The clocks skipped all of that date's windows.
    DstGap,
    /// The zone skipped the date.
    DateDoesNotExist,
    /// No slot fits into the working time, or into what others have left of it.
    NoGapLongEnough,
    /// All of it is over.
    InPast,
    /// What is not taken begins too soon: visits of this type have to be booked earlier.
    Notice,
    /// What is not taken begins too far ahead: visits of this type cannot be booked yet.
    Horizon,
    /// Everything still to come is taken.
    FullyBooked,
}

impl From<NothingFree> for ReasonView {
    fn from(reason: NothingFree) -> Self {
        match reason {
            NothingFree::DoctorInactive => Self::DoctorInactive,
            NothingFree::NoWorkingHours => Self::NoWorkingHours,
            NothingFree::ClosedOverride => Self::ClosedOverride,
            NothingFree::Closure => Self::Closure,
            NothingFree::TimeOff => Self::TimeOff,
            NothingFree::DstGap => Self::DstGap,
            NothingFree::DateDoesNotExist => Self::DateDoesNotExist,
            NothingFree::NoGapLongEnough => Self::NoGapLongEnough,
            NothingFree::InPast => Self::InPast,
            NothingFree::Notice => Self::Notice,
            NothingFree::Horizon => Self::Horizon,
            NothingFree::FullyBooked => Self::FullyBooked,
        }
    }
}

impl From<SlotStatus> for SlotStatusView {
    fn from(status: SlotStatus) -> Self {
        match status {
            SlotStatus::Free => Self::Free,
            SlotStatus::Booked => Self::Booked,
            SlotStatus::Held => Self::Held,
            SlotStatus::Blocked => Self::Blocked,
            SlotStatus::Past => Self::Past,
            SlotStatus::TooSoon => Self::TooSoon,
            SlotStatus::TooFar => Self::TooFar,
        }
    }
}

impl AvailabilityView {
    fn new(Availability { doctor, zone, days, is_whole: _ }: &Availability, only_free: bool) -> Self {
        Self {
            doctor_id: doctor.to_string(),
            time_zone: zone.name().to_owned(),
            tzdb_version: Tzdb::version(),
            days: days.iter().map(|day| DayView::new(day, zone, only_free)).collect(),
        }
    }
}

impl DayView {
    pub(crate) fn new(day: &Day, zone: &Zone, only_free: bool) -> Self {
        let slots = day.slots.iter().filter(|slot| !only_free || slot.status == SlotStatus::Free);
        Self {
            date: date(day.date),
            openings: day.openings.iter().map(|opening| OpeningView::new(*opening, zone)).collect(),
            slots: slots.map(|slot| SlotView::new(*slot, zone)).collect(),
            free_count: day.free_count(),
            reason: day.reason.map(ReasonView::from),
        }
    }
}

impl OpeningView {
    fn new(opening: Span, zone: &Zone) -> Self {
        Self { start: local(opening.start(), zone), end: local(opening.end(), zone) }
    }
}

impl SlotView {
    pub(crate) fn new(Slot { span, status }: Slot, zone: &Zone) -> Self {
        Self { start: local(span.start(), zone), end: local(span.end(), zone), status: status.into() }
    }
}

/// Which dates, in numbers, for visits of which type.
pub(crate) struct WantedSummary {
    dates: DateRange,
    visit_type: Option<VisitTypeId>,
}

impl FromQuery for WantedSummary {
    fn read(params: &mut Params) -> Read<Self> {
        let dates = params.dates(MOST_DAYS);
        let visit_type = params.optional("visitType");
        Some(Self { dates: dates?, visit_type: visit_type? })
    }
}

/// A doctor's dates in numbers.
#[derive(Serialize, ToSchema)]
#[schema(as = AvailabilitySummary, examples(json!({"days": [
    {"date": "2030-01-06", "free": 0, "booked": 0, "reason": "no-working-hours"},
    {"date": "2030-01-07", "free": 4, "booked": 2, "reason": null}
]})))]
pub(crate) struct SummaryView {
    /// Every date of the range.
    days: Vec<DaySummaryView>,
}

/// A civil date at the doctor's, in numbers.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySummary)]
pub(crate) struct DaySummaryView {
    #[schema(value_type = schema::CivilDate)]
    date: String,
    /// How many of the slots that start on that date can be booked.
    #[schema(minimum = 0)]
    free: usize,
    /// How many of them someone has, or a part of, so that there is no room for one more.
    /// Null for who may know only what is free.
    #[schema(minimum = 0, required = true)]
    booked: Option<usize>,
    /// Why none can be booked; null when one can.
    #[schema(required = true)]
    reason: Option<ReasonView>,
}

impl DaySummaryView {
    fn new(day: &Day, is_whole: bool) -> Self {
        let booked = day.slots.iter().filter(|slot| slot.status == SlotStatus::Booked).count();
        Self {
            date: date(day.date),
            free: day.free_count(),
            booked: is_whole.then_some(booked),
            reason: day.reason.map(ReasonView::from),
        }
    }
}

/// Tells a doctor's free time
///
/// Every date that is asked for, with its openings and slots, and a reason where nothing is free. Either `date`, or
/// both `from` and `to`, at most 92 days. A slot belongs to the date, at the doctor's, on which it starts; what is shown
/// as free can be booked. With `visitType` the slots are those of its visits: as long and as far apart as it says, and
/// free where its buffers, capacity, notice and horizon allow. Without, visits are as long as the doctor's slots.
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/availability", operation_id = "getAvailability", tag = "Availability",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("date" = inline(Option<schema::CivilDate>), Query, description = "This date only."),
        ("from" = inline(Option<schema::CivilDate>), Query, description = "The first date, together with `to`."),
        ("to" = inline(Option<schema::CivilDate>), Query, description = "The last date, together with `from`."),
        openapi::VisitTypeParam,
        ("status" = inline(Option<schema::OnlyFree>), Query, description = "`free`: only the slots that can be booked."),
    ),
    responses(
        (status = 200, description = "Every date, with its slots.", body = AvailabilityView),
        openapi::FindAvailability,
    ),
)]
pub(crate) async fn find(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    query: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let Wanted { dates, visit_type, only_free } = query.0;
    let view = block(move || {
        let availability = state.use_cases().find_availability.execute(&caller.actor(), id.0, dates, visit_type)?;
        Ok(AvailabilityView::new(&availability, only_free))
    })
    .await?;
    respond::ok(&view)
}

/// Tells a doctor's free time in numbers
///
/// Every date from `from` to `to`, at most 92, with how many slots are free and how many are booked, and a reason where
/// none is free: a month of a calendar in one call.
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/availability/summary", operation_id = "getAvailabilitySummary",
    tag = "Availability",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Whose."),
        ("from" = inline(schema::CivilDate), Query, description = "The first date."),
        ("to" = inline(schema::CivilDate), Query, description = "The last date."),
        openapi::VisitTypeParam,
    ),
    responses((status = 200, description = "Every date.", body = SummaryView), openapi::FindAvailability),
)]
pub(crate) async fn summary(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    query: Query<WantedSummary>,
) -> Result<HttpResponse, Problem> {
    let WantedSummary { dates, visit_type } = query.0;
    let view = block(move || {
        let availability = state.use_cases().find_availability.execute(&caller.actor(), id.0, dates, visit_type)?;
        let days = availability.days.iter().map(|day| DaySummaryView::new(day, availability.is_whole));
        Ok(SummaryView { days: days.collect() })
    })
    .await?;
    respond::ok(&view)
}

impl From<FindAvailabilityError> for Problem {
    fn from(error: FindAvailabilityError) -> Self {
        match error {
            FindAvailabilityError::UnknownDoctor => Self::not_found("doctor"),
            FindAvailabilityError::UnknownVisitType => no_such_type(),
            FindAvailabilityError::NotOffered => Self::at("/visitType", Code::InvalidVisitType, error.to_string()),
            FindAvailabilityError::RangeTooLong => Self::new(Code::RangeTooLong, error.to_string()),
            FindAvailabilityError::Forbidden => Problem::general(Code::Forbidden),
            FindAvailabilityError::Unavailable(error) => error.into(),
        }
    }
}

/// The answer to a query that names a visit type which is not there.
pub(crate) fn no_such_type() -> Problem {
    Problem::at("/visitType", Code::NotFound, "there is no such visit type")
}
