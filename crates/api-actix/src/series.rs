//! Series of bookings.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use doctor_booking_application::{BookSeriesError, IfMissed, MissedVisit, Series, UseCases, WantedSeries};
use doctor_booking_domain::{Actor, Every, Zone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::body::Json;
use crate::booking::BookingView;
use crate::caller::Caller;
use crate::code::Code;
use crate::metrics::count_booking;
use crate::once::Keyed;
use crate::problem::{Problem, Violation};
use crate::query::NoQuery;
use crate::refused::{Mentioned, Missing, PATIENT_BUSY, code_of};
use crate::values::{Whole, date, local, one_of};
use crate::violations::{Read, Violations};
use crate::weekly::present;
use crate::{openapi, respond, schema};

/// Visits to book together.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewBookingSeries, examples(json!({
    "doctorId": "01900000-0000-7000-8000-000000000001", "patientId": "01900000-0000-7000-8000-000000000002",
    "start": "2030-01-07T08:00:00-05:00", "every": "week", "count": 6, "onConflict": "skip",
    "reason": "Physiotherapy"
})))]
pub(crate) struct NewSeriesDto {
    /// With whom.
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    /// For whom.
    #[schema(value_type = schema::Id)]
    patient_id: String,
    /// When the first visit starts. The others start at the same time on the doctor's clock.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// How often it repeats. A month that does not have the day is passed over, and does not count.
    #[schema(value_type = schema::Every)]
    every: String,
    /// How many visits there are, the first included.
    #[schema(value_type = schema::SeriesCount)]
    count: Whole,
    /// What to do about visits that cannot be had: book none at all (when left out), or book the others.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::OnConflict, required = false)]
    on_conflict: Option<String>,
    /// The type of the visits; when left out or null, they are of no particular type.
    #[schema(value_type = Option<schema::Id>)]
    visit_type: Option<String>,
    /// What for.
    #[schema(value_type = Option<schema::Reason>)]
    reason: Option<String>,
}

/// By what each repetition is called.
pub(crate) const EVERY: [(&str, Every); 3] =
    [("week", Every::Week), ("2 weeks", Every::TwoWeeks), ("month", Every::Month)];
/// By what each way to deal with conflicts is called.
pub(crate) const ON_CONFLICT: [(&str, IfMissed); 2] = [("refuse", IfMissed::Refuse), ("skip", IfMissed::Skip)];

impl TryFrom<NewSeriesDto> for WantedSeries {
    type Error = Problem;

    fn try_from(new: NewSeriesDto) -> Result<Self, Problem> {
        let mut violations = Violations::default();
        let v = &mut violations;
        let doctor = v.text("/doctorId", &new.doctor_id);
        let patient = v.text("/patientId", &new.patient_id);
        let start = v.text("/start", &new.start);
        let every: Read<Every> = v.check("/every", one_of(&EVERY, &new.every, Code::UnknownValue));
        let length = v.number("/count", new.count);
        let if_missed: Read<IfMissed> = match &new.on_conflict {
            Some(text) => v.check("/onConflict", one_of(&ON_CONFLICT, text, Code::UnknownValue)),
            None => Some(IfMissed::Refuse),
        };
        let visit_type = v.optional("/visitType", new.visit_type.as_deref());
        let reason = v.optional("/reason", new.reason.as_deref());
        violations.finish(|| {
            Some(Self {
                doctor: doctor?,
                patient: patient?,
                start: start?,
                every: every?,
                length: length?,
                visit_type: visit_type?,
                reason: reason?,
                if_missed: if_missed?,
            })
        })
    }
}

/// A visit of a series that was left out.
#[derive(Serialize, ToSchema)]
#[schema(as = SkippedVisit, examples(
    json!({"start": "2030-01-14T08:00:00-05:00", "code": "slot-taken", "detail": "the doctor is already booked at this time"}),
    json!({"date": "2030-02-01", "code": "invalid-date", "detail": "this month does not have the day"})
))]
pub(crate) struct SkippedView {
    /// When it would start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = schema::Instant, required = false)]
    start: Option<String>,
    /// Instead of a start, where there is none: the first date of the month that does not have the day, or the date that
    /// the zone skipped. Such a visit does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = schema::CivilDate, required = false)]
    date: Option<String>,
    /// Why, in a word that programs can rely on.
    #[schema(value_type = schema::CodeText)]
    code: &'static str,
    /// Why, for people.
    detail: String,
}

impl SkippedView {
    fn new(missed: &MissedVisit, zone: &Zone) -> Self {
        let (start, date) = match missed {
            MissedVisit::Refused { start, .. } | MissedVisit::PatientBusy { start } => {
                (Some(local(*start, zone)), None)
            }
            MissedVisit::NoSuchDate(missing) => (None, Some(date(*missing))),
        };
        let (code, detail) = why(missed);
        Self { start, date, code: code.as_str(), detail }
    }
}

/// Why a visit cannot be had.
fn why(missed: &MissedVisit) -> (Code, String) {
    match missed {
        MissedVisit::Refused { refusals, .. } => (code_of(refusals.first()).0, refusals.to_string()),
        MissedVisit::PatientBusy { .. } => (Code::PatientBusy, PATIENT_BUSY.to_owned()),
        MissedVisit::NoSuchDate(_) => {
            (Code::InvalidDate, "this month does not have the day, or the zone skipped this date".to_owned())
        }
    }
}

/// Visits that were booked together.
#[derive(Serialize, ToSchema)]
#[schema(as = BookingSeries)]
pub(crate) struct SeriesView {
    /// What the `seriesId` of its bookings says.
    #[schema(value_type = schema::Id)]
    id: String,
    /// Its bookings, by start.
    #[schema(min_items = 1, max_items = 52)]
    bookings: Vec<BookingView>,
    /// What was left out.
    skipped: Vec<SkippedView>,
}

impl From<&Series> for SeriesView {
    fn from(Series { id, bookings, skipped, zone }: &Series) -> Self {
        Self {
            id: id.to_string(),
            bookings: bookings.iter().map(BookingView::from).collect(),
            skipped: skipped.iter().map(|missed| SkippedView::new(missed, zone)).collect(),
        }
    }
}

/// Books a series
///
/// Up to 52 visits at the same time on the doctor's clock, however the clocks change in between: all of them or none, or,
/// with `onConflict` `skip`, every one that can be had. A refusal has the status and code of the first visit that cannot
/// be had, and an entry in `errors` for each of them: its pointer is `/occurrences/` and the number of the visit, counted
/// from 0, and its detail begins with the start. From then on each booking stands for itself; `seriesId` tells which belong
/// together. A series has no path of its own, so the answer has no `Location`.
#[utoipa::path(
    post, path = "/api/v1/booking-series", operation_id = "createBookingSeries", tag = "Bookings",
    params(openapi::KeyParam),
    request_body(content = NewSeriesDto, description = "The visits."),
    responses(
        (status = 201, description = "The series, of one booking at least.", body = SeriesView),
        openapi::CreateSeries,
    ),
)]
pub(crate) async fn create(
    state: web::Data<ApiState>,
    caller: Caller,
    keyed: Keyed,
    _: NoQuery,
    body: Json<NewSeriesDto>,
) -> Result<HttpResponse, Problem> {
    let Json(new, text) = body;
    let wanted = WantedSeries::try_from(new)?;
    let write = |_: &UseCases, series: &Series| respond::write(StatusCode::CREATED, &SeriesView::from(series));
    keyed
        .answer(state, caller, &text, write, move |use_cases, actor, once| {
            let booked = use_cases.book_series.execute(actor, &wanted, once);
            let booked = booked.map_err(|error| not_booked(error, &wanted, actor, use_cases));
            match &booked {
                Ok(series) => series.bookings.iter().for_each(|_| count_booking("booked", None)),
                Err(problem) => count_booking("booked", Some(problem)),
            }
            booked
        })
        .await
}

fn not_booked(error: BookSeriesError, wanted: &WantedSeries, actor: &Actor, use_cases: &UseCases) -> Problem {
    let mentioned = Mentioned { patient: Some(wanted.patient), visit_type: wanted.visit_type };
    match error {
        BookSeriesError::UnknownDoctor => mentioned.without(Missing::Doctor, actor, use_cases),
        BookSeriesError::UnknownPatient => mentioned.without(Missing::Patient, actor, use_cases),
        BookSeriesError::UnknownVisitType => mentioned.without(Missing::VisitType, actor, use_cases),
        BookSeriesError::Missed { missed, zone } => conflicts(wanted, &missed, &zone),
        BookSeriesError::Contended => Problem::unavailable(error),
        BookSeriesError::Answered => Problem::answered(),
        BookSeriesError::Forbidden => Problem::general(Code::Forbidden),
        BookSeriesError::Unavailable(error) => error.into(),
    }
}

/// Every visit that cannot be had. A date that does not exist is no conflict.
fn conflicts(wanted: &WantedSeries, missed: &[MissedVisit], zone: &Zone) -> Problem {
    let starts = wanted.every.occurrences(wanted.start, wanted.length, zone).starts;
    let violation = |missed: &MissedVisit| {
        let start: DateTime<Utc> = match missed {
            MissedVisit::Refused { start, .. } | MissedVisit::PatientBusy { start } => *start,
            MissedVisit::NoSuchDate(_) => return None,
        };
        let number = starts.iter().position(|known| *known == start)?;
        let (code, detail) = why(missed);
        Some((
            code,
            Violation::new(format!("/occurrences/{number}"), code, format!("{}: {detail}", local(start, zone))),
        ))
    };
    let all: Vec<_> = missed.iter().filter_map(violation).collect();
    let first = all.first().map_or(Code::SlotTaken, |(code, _)| *code);
    Problem::of_violations(first, all.into_iter().map(|(_, violation)| violation).collect())
}
