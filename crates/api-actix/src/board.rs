//! The board: a day of many doctors, side by side.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use doctor_booking_application::{DoctorDay, DoctorFilter, DoctorPosition, PageRequest};
use doctor_booking_domain::{Specialty, VisitTypeId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::availability::DayView;
use crate::blocking::block;
use crate::caller::Caller;
use crate::page::{list_view, read_page};
use crate::problem::Problem;
use crate::query::{FromQuery, Params, Query};
use crate::violations::Read;
use crate::{offered_types, openapi, respond, schema};

/// Which doctors' day, for visits of which type, and which page of it.
pub(crate) struct Wanted {
    filter: DoctorFilter,
    date: NaiveDate,
    visit_type: Option<VisitTypeId>,
    page: PageRequest<DoctorPosition>,
}

impl FromQuery for Wanted {
    fn read(params: &mut Params) -> Read<Self> {
        let date = params.required("date");
        let specialty: Read<Option<Specialty>> = params.optional("specialty");
        let name = params.optional("q");
        let visit_type = params.optional("visitType");
        let page = read_page(params);
        let specialty = specialty?.map(|specialty| specialty.key());
        let filter = DoctorFilter { specialty, name: name?, active: Some(true) };
        Some(Self { filter, date: date?, visit_type: visit_type?, page: page? })
    }
}

/// A doctor, and a date at that doctor's.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DoctorDay, examples(json!({
    "doctorId": "01900000-0000-7000-8000-000000000001", "firstName": "Jon", "lastName": "Snow",
    "specialty": "cardiology", "timeZone": "America/New_York", "slotMinutes": 60, "visitTypes": null, "isWhole": true,
    "day": {
        "date": "2030-01-07",
        "openings": [{"start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T09:00:00-05:00"}],
        "slots": [{"start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T09:00:00-05:00", "status": "free"}],
        "freeCount": 1, "reason": null
    }
})))]
pub(crate) struct DoctorDayView {
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    #[schema(value_type = schema::PersonName)]
    first_name: String,
    #[schema(value_type = schema::PersonName)]
    last_name: String,
    #[schema(value_type = schema::Specialty)]
    specialty: String,
    /// On whose clock the date is.
    #[schema(value_type = schema::TimeZone)]
    time_zone: String,
    /// How long a visit of no particular type lasts.
    #[schema(value_type = schema::SlotMinutes)]
    slot_minutes: u16,
    /// The types of visits that the doctor offers; null: every type.
    #[schema(value_type = Option<Vec<schema::Id>>, required = true)]
    visit_types: Option<Vec<String>>,
    /// Whether the day has what is not free as well.
    is_whole: bool,
    day: DayView,
}

impl From<&DoctorDay> for DoctorDayView {
    fn from(DoctorDay { doctor, day, is_whole }: &DoctorDay) -> Self {
        let (name, rules) = (doctor.name(), doctor.rules());
        Self {
            doctor_id: doctor.id().to_string(),
            first_name: name.first.as_str().to_owned(),
            last_name: name.last.as_str().to_owned(),
            specialty: doctor.specialty().as_str().to_owned(),
            time_zone: rules.zone.name().to_owned(),
            slot_minutes: rules.slot.minutes(),
            visit_types: offered_types::view(&rules.visit_types),
            is_whole: *is_whole,
            day: DayView::new(day, &rules.zone, false),
        }
    }
}

list_view! {
    /// A date at many doctors', by last name, then first name.
    BoardView, Board, DoctorDayView
}

/// Shows a day of many doctors
///
/// The same date at every doctor's who takes bookings, each on the own clock, with openings, slots and reasons as
/// `GET /doctors/{doctorId}/availability` tells them: a whole board in one request. With `visitType`, doctors who do not
/// offer it are left out, so that a page can have fewer of them than `limit`, and more come after it all the same.
#[utoipa::path(
    get, path = "/api/v1/board", operation_id = "showBoard", tag = "Availability",
    params(
        ("date" = inline(schema::CivilDate), Query, description = "The date, at each doctor's."),
        ("specialty" = inline(Option<schema::Specialty>), Query,
         description = "Only doctors of this specialty, without regard to case."),
        ("q" = inline(Option<schema::SearchText>), Query,
         description = "Only doctors whose name has every one of these words."),
        openapi::VisitTypeParam,
        ("limit" = inline(Option<schema::Limit>), Query, description = "How many doctors at most, 50 when left out."),
        ("cursor" = inline(Option<schema::Cursor>), Query, description = "The `nextCursor` of the page before."),
    ),
    responses((status = 200, description = "A page of doctors, with their day.", body = BoardView), openapi::ShowBoard),
)]
pub(crate) async fn show(
    state: web::Data<ApiState>,
    caller: Caller,
    query: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let Wanted { filter, date, visit_type, page } = query.0;
    let view = block(move || {
        let board = &state.use_cases().show_board;
        let page = board.execute(&caller.actor(), &filter, date, visit_type, &page)?;
        Ok(BoardView::of(page, |day| DoctorDayView::from(day)))
    })
    .await?;
    respond::ok(&view)
}
