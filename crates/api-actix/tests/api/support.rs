//! A service over a store in memory at a fixed time, and words to speak with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::body::to_bytes;
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse};
use chrono::{DateTime, Utc};
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_api_actix::{ApiState, Metrics, Settings, configure};
use doctor_booking_application::UseCases;
use doctor_booking_domain::{BookingId, ClosureId, DoctorId, PatientId, TimeOffId, VisitTypeId, Zone};
use doctor_booking_ports::{Clock, Ids, Stores};
use serde_json::{Value, json};

/// The time it is in all tests, a Saturday.
pub(crate) const NOW: &str = "2029-12-01T09:30:00Z";

struct FixedClock(DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// One id after the other.
#[derive(Default)]
struct CountedIds(AtomicU64);

impl CountedIds {
    fn next(&self) -> u128 {
        0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

impl Ids for CountedIds {
    fn doctor(&self) -> DoctorId {
        DoctorId::from_u128(self.next())
    }

    fn patient(&self) -> PatientId {
        PatientId::from_u128(self.next())
    }

    fn booking(&self) -> BookingId {
        BookingId::from_u128(self.next())
    }

    fn time_off(&self) -> TimeOffId {
        TimeOffId::from_u128(self.next())
    }

    fn closure(&self) -> ClosureId {
        ClosureId::from_u128(self.next())
    }

    fn visit_type(&self) -> VisitTypeId {
        VisitTypeId::from_u128(self.next())
    }
}

/// The service.
pub(crate) struct Api {
    state: ApiState,
}

/// What it answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

impl Api {
    /// With nothing in it.
    pub(crate) fn new() -> Self {
        Self::over(&MemoryStore::new().stores())
    }

    /// Over a store of one's own.
    pub(crate) fn over(stores: &Stores) -> Self {
        Self::at(stores, NOW)
    }

    /// At another time.
    pub(crate) fn at(stores: &Stores, now: &str) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(now.parse().expect("an instant")));
        let ids: Arc<dyn Ids> = Arc::new(CountedIds::default());
        let settings = Settings { default_zone: "Europe/Berlin".parse::<Zone>().expect("a zone") };
        Self { state: ApiState::new(UseCases::new(stores, &clock, &ids), settings, Metrics::install()) }
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let app = init_service(App::new().configure(configure(self.state.clone()))).await;
        // What the service gives up on, the server answers with the error's own response.
        let answer: HttpResponse = match try_call_service(&app, request.to_request()).await {
            Ok(answer) => answer.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = to_bytes(answer.into_body()).await.expect("a body");
        Answer { status, headers, bytes }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(TestRequest::post().uri(path).set_json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(TestRequest::put().uri(path).set_json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(TestRequest::patch().uri(path).set_json(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(TestRequest::delete().uri(path)).await
    }

    /// Sends text that calls itself JSON.
    pub(crate) async fn raw(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Answer {
        let request = TestRequest::default().method(method).uri(path);
        self.send(request.insert_header(("Content-Type", "application/json")).set_payload(body)).await
    }

    /// The doctor of the founding example; its id.
    pub(crate) async fn jon(&self) -> String {
        self.register(&jon()).await
    }

    /// A doctor; its id.
    pub(crate) async fn register(&self, doctor: &Value) -> String {
        self.post("/api/v1/doctors", doctor).await.created()
    }

    /// A patient; its id.
    pub(crate) async fn arya(&self) -> String {
        self.post("/api/v1/patients", &json!({"firstName": "Arya", "lastName": "Stark"})).await.created()
    }

    /// A visit type; its id.
    pub(crate) async fn visit_type(&self, visit_type: &Value) -> String {
        self.post("/api/v1/visit-types", visit_type).await.created()
    }

    /// Wants to book.
    pub(crate) async fn book(&self, doctor: &str, patient: &str, start: &str) -> Answer {
        self.post("/api/v1/bookings", &json!({"doctorId": doctor, "patientId": patient, "start": start})).await
    }

    /// Wants to book a visit of a type.
    pub(crate) async fn book_as(&self, visit_type: &str, doctor: &str, patient: &str, start: &str) -> Answer {
        let body = json!({"doctorId": doctor, "patientId": patient, "start": start, "visitType": visit_type});
        self.post("/api/v1/bookings", &body).await
    }

    /// The wall times at which a doctor's free slots of a date start.
    pub(crate) async fn free(&self, doctor: &str, date: &str) -> Vec<String> {
        self.free_at(doctor, &format!("date={date}")).await
    }

    /// The same for visits of a type.
    pub(crate) async fn free_for(&self, visit_type: &str, doctor: &str, date: &str) -> Vec<String> {
        self.free_at(doctor, &format!("date={date}&visitType={visit_type}")).await
    }

    async fn free_at(&self, doctor: &str, query: &str) -> Vec<String> {
        let found = self.get(&format!("/api/v1/doctors/{doctor}/availability?{query}&status=free")).await.ok();
        let slots = found["days"][0]["slots"].as_array().expect("slots").iter();
        slots.map(|slot| slot["start"].as_str().expect("a start")[11..16].to_owned()).collect()
    }

    /// How many doctors, patients and bookings there are.
    pub(crate) async fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for (count, list) in counts.iter_mut().zip(["doctors", "patients", "bookings"]) {
            let answer = self.get(&format!("/api/v1/{list}?limit=200")).await;
            *count = answer.json()["items"].as_array().map_or(0, Vec::len);
        }
        counts
    }
}

/// The doctor of the founding example: Mondays from 8 to 11 and from 13 to 16, in New York.
pub(crate) fn jon() -> Value {
    json!({
        "firstName": "Jon", "lastName": "Snow", "specialty": "cardiology", "timeZone": "America/New_York",
        "workingHours": {"monday": [{"start": "08:00", "end": "11:00"}, {"start": "13:00", "end": "16:00"}]}
    })
}

/// A Friday, well before the June 2026 of the examples from Berlin.
pub(crate) const MAY: &str = "2026-05-01T00:00:00Z";

/// A doctor in Berlin with slots of half an hour.
pub(crate) fn berlin(working_hours: &Value) -> Value {
    json!({
        "firstName": "Brienne", "lastName": "Tarth", "specialty": "surgery", "timeZone": "Europe/Berlin",
        "slotMinutes": 30, "workingHours": working_hours
    })
}

/// A service in May 2026 with a doctor in Berlin, who works on Mondays from 9 to 12, and a patient.
pub(crate) async fn mondays_in_berlin() -> (Api, String, String) {
    let api = Api::at(&MemoryStore::new().stores(), MAY);
    let doctor = api.register(&berlin(&json!({"monday": [{"start": "09:00", "end": "12:00"}]}))).await;
    let patient = api.arya().await;
    (api, doctor, patient)
}

/// Someone who is not there.
pub(crate) const NOBODY: &str = "01900000-0000-7000-8000-00000000ffff";

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    /// What was found or done.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        self.json()
    }

    /// The id of what was made.
    #[track_caller]
    pub(crate) fn created(&self) -> String {
        assert_eq!(self.status, StatusCode::CREATED, "{}", self.text());
        self.json()["id"].as_str().expect("an id").to_owned()
    }

    /// The problem, which is of this status and code, and of the one form.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("Content-Type"), Some("application/problem+json"), "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["type"], format!("/problems/{code}"), "{problem}");
        assert_eq!(problem["requestId"].as_str(), self.header("X-Request-Id"), "{problem}");
        for text in ["title", "detail", "requestId"] {
            assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{text} of {problem}");
        }
        problem
    }

    /// The problem's violations, as pointer and code.
    #[track_caller]
    pub(crate) fn violations(&self, status: u16, code: &str) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let problem = self.problem(status, code);
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors in {problem}"));
        errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }

    /// Checks that the problem has these violations and no others.
    #[track_caller]
    pub(crate) fn violates(&self, status: u16, code: &str, expected: &[(&str, &str)]) {
        let violations = self.violations(status, code);
        let mut violations: Vec<_> =
            violations.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
        let mut expected = expected.to_vec();
        violations.sort_unstable();
        expected.sort_unstable();
        assert_eq!(violations, expected, "{}", self.text());
    }
}
