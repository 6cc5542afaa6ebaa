//! What has happened: who changed what, when and why.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use doctor_booking_application::EntryPosition;
use doctor_booking_domain::{BookingId, DoctorId, Entry, Facts, Reason, Who};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::caller::Caller;
use crate::page::{WantedPage, list_view};
use crate::path::Named;
use crate::problem::Problem;
use crate::query::Query;
use crate::values::utc;
use crate::{openapi, respond, schema};

/// Who did it.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[schema(as = Who)]
pub(crate) enum WhoView {
    /// A caller.
    Caller {
        /// Which: a doctor or a patient by the own id, and others by that of their token, or by one that stands for what an
        /// identity provider calls them.
        #[schema(value_type = schema::Id)]
        id: String,
    },
    /// The service by itself.
    Service,
}

impl From<Who> for WhoView {
    fn from(who: Who) -> Self {
        match who {
            Who::Caller(id) => Self::Caller { id: id.to_string() },
            Who::Service => Self::Service,
        }
    }
}

/// One thing that has happened.
#[derive(Serialize, ToSchema)]
#[schema(as = HistoryEntry, examples(json!({
    "id": "01900000-0000-7000-8000-000000000008", "at": "2029-12-01T09:30:00Z", "what": "booking.moved",
    "who": {"kind": "caller", "id": "e3b0c442-98fc-8c14-9afb-f4c8996fb924"}, "why": "The patient is on holiday",
    "before": {"start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T09:00:00-05:00"},
    "after": {"start": "2030-01-14T09:00:00-05:00", "end": "2030-01-14T10:00:00-05:00"}
})))]
pub(crate) struct EntryView {
    #[schema(value_type = schema::Id)]
    id: String,
    /// When, in UTC.
    #[schema(value_type = schema::Instant)]
    at: String,
    /// What has happened.
    #[schema(value_type = schema::Happening)]
    what: &'static str,
    who: WhoView,
    /// Why, where somebody has said so.
    #[schema(value_type = Option<schema::Reason>, required = true)]
    why: Option<String>,
    /// What was before, of what has changed, by name and as text; empty where something new was made.
    before: BTreeMap<String, String>,
    /// What is since, of what has changed; empty where something was taken away.
    after: BTreeMap<String, String>,
}

impl From<&Entry> for EntryView {
    fn from(Entry { id, what, at, who, why, before, after, .. }: &Entry) -> Self {
        let facts = |facts: &Facts| facts.iter().map(|(name, fact)| (name.to_owned(), fact.to_owned())).collect();
        Self {
            id: id.to_string(),
            at: utc(*at),
            what: what.as_str(),
            who: (*who).into(),
            why: why.as_ref().map(Reason::as_str).map(str::to_owned),
            before: facts(before),
            after: facts(after),
        }
    }
}

list_view! {
    /// What has happened, from the beginning.
    HistoryView, History, EntryView
}

/// Tells what has happened to a booking
///
/// From the beginning, a page at a time. Entries are written together with what they tell of, and never change or go.
#[utoipa::path(
    get, path = "/api/v1/bookings/{bookingId}/history", operation_id = "getBookingHistory", tag = "Bookings",
    params(
        ("bookingId" = inline(schema::Id), Path, description = "Which booking."),
        openapi::PageParams,
    ),
    responses((status = 200, description = "A page of entries.", body = HistoryView), openapi::ListHistory),
)]
pub(crate) async fn of_booking(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<BookingId>,
    page: Query<WantedPage<EntryPosition>>,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let page = state.use_cases().find_booking_history.execute(&caller.actor(), id.0, &page.0.0)?;
        let page = page.ok_or_else(|| Problem::not_found("booking"))?;
        Ok(HistoryView::of(page, |entry| EntryView::from(entry)))
    })
    .await?;
    respond::ok(&view)
}

/// Tells what has happened to a doctor
///
/// To hours, overrides, time off and what else is known, from the beginning, a page at a time. Bookings have a history of
/// their own, and closures concern everybody: neither is among it. Entries never change or go.
#[utoipa::path(
    get, path = "/api/v1/doctors/{doctorId}/history", operation_id = "getDoctorHistory", tag = "Doctors",
    params(
        ("doctorId" = inline(schema::Id), Path, description = "Which doctor."),
        openapi::PageParams,
    ),
    responses((status = 200, description = "A page of entries.", body = HistoryView), openapi::ListHistory),
)]
pub(crate) async fn of_doctor(
    state: web::Data<ApiState>,
    caller: Caller,
    id: Named<DoctorId>,
    page: Query<WantedPage<EntryPosition>>,
) -> Result<HttpResponse, Problem> {
    let view = block(move || {
        let page = state.use_cases().find_doctor_history.execute(&caller.actor(), id.0, &page.0.0)?;
        let page = page.ok_or_else(|| Problem::not_found("doctor"))?;
        Ok(HistoryView::of(page, |entry| EntryView::from(entry)))
    })
    .await?;
    respond::ok(&view)
}
