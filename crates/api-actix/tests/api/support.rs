//! A service over a store in memory at a fixed time, and words to speak with it.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse};
use chrono::{DateTime, Utc};
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_api_actix::{ApiState, GuardSettings, Metrics, Settings, configure};
use doctor_booking_application::{UseCases, digest};
use doctor_booking_domain::{
    BookingId, ClosureId, DoctorId, EntryId, HoldId, PatientId, Role, SeriesId, TimeOffId, Token, TokenId, TokenName,
    VisitTypeId, WaitingId, WebhookId, What, Zone,
};
use doctor_booking_ports::{Along, Clock, Ids, Stores};
use serde_json::{Value, json};
use uuid::Uuid;

/// The time it is in all tests, a Saturday.
pub(crate) const NOW: &str = "2029-12-01T09:30:00Z";

/// A clock that stands until it is set.
struct StandingClock(Mutex<DateTime<Utc>>);

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("the time")
    }
}

/// One id after the other.
#[derive(Default)]
struct CountedIds(AtomicU64, AtomicU8);

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

    fn hold(&self) -> HoldId {
        HoldId::from_u128(self.next())
    }

    fn series(&self) -> SeriesId {
        SeriesId::from_u128(self.next())
    }

    fn waiting(&self) -> WaitingId {
        WaitingId::from_u128(self.next())
    }

    fn webhook(&self) -> WebhookId {
        WebhookId::from_u128(self.next())
    }

    fn token(&self) -> TokenId {
        TokenId::from_u128(self.next())
    }

    fn secret(&self) -> [u8; 32] {
        // The first is used by what stands for the administrator's token.
        [6 + self.1.fetch_add(1, Ordering::Relaxed); 32]
    }

    fn entry(&self) -> EntryId {
        EntryId::from_u128(self.next())
    }
}

/// The token of the administrator as whom all is asked, unless said otherwise.
pub(crate) const ADMINISTRATOR: &str = "administrator";

type Served = Pin<Box<dyn Future<Output = Result<ServiceResponse<BoxBody>, actix_web::Error>>>>;
/// What answers requests: made once, which takes longer than to answer one.
type Serving = Rc<dyn Fn(TestRequest) -> Served>;

/// The service.
#[derive(Clone)]
pub(crate) struct Api {
    state: ApiState,
    serving: Rc<RefCell<Option<Serving>>>,
    use_cases: UseCases,
    clock: Arc<StandingClock>,
    stores: Stores,
    /// What its requests bring in `Authorization`; nothing where it is empty.
    brings: String,
}

/// Who listens to events.
pub(crate) struct Listener {
    body: Pin<Box<BoxBody>>,
    text: String,
}

impl Listener {
    fn new(body: BoxBody) -> Self {
        Self { body: Box::pin(body), text: String::new() }
    }

    /// The next piece, once there is one; `None` at the end.
    pub(crate) async fn piece(&mut self) -> Option<Bytes> {
        poll_fn(|context| self.body.as_mut().poll_next(context)).await.map(|piece| piece.expect("a piece"))
    }

    /// Whether there is nothing more, for now.
    pub(crate) async fn is_silent(&mut self) -> bool {
        poll_fn(|context| Poll::Ready(self.body.as_mut().poll_next(context).is_pending())).await
    }

    /// The next block, without the empty line at its end; `None` at the end.
    pub(crate) async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let piece = self.piece().await?;
            self.text += std::str::from_utf8(&piece).expect("UTF-8");
        }
    }

    /// The next so many events: position, type, and what they say.
    pub(crate) async fn events(&mut self, count: usize) -> Vec<(i64, String, Value)> {
        let mut events = Vec::new();
        while events.len() < count {
            let block = self.block().await.expect("more events");
            let lines: Vec<_> = block.lines().collect();
            let [id, event, data] = lines[..] else { continue };
            let of = |line: &str, name: &str| line.strip_prefix(name).expect(name).to_owned();
            let position = of(id, "id: ").parse().expect("a position");
            let event = (position, of(event, "event: "), serde_json::from_str(&of(data, "data: ")).expect("JSON"));
            events.push(event);
        }
        events
    }
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
        let clock = Arc::new(StandingClock(Mutex::new(now.parse().expect("an instant"))));
        let ids: Arc<dyn Ids> = Arc::new(CountedIds::default());
        let use_cases = UseCases::new(stores, &(Arc::clone(&clock) as _), &ids);
        let use_cases = use_cases.recognising(|recognise| recognise.with_administrator(digest(ADMINISTRATOR)));
        let brings = format!("Bearer {ADMINISTRATOR}");
        let serving = Rc::default();
        Self { state: state(&use_cases, settings()), serving, use_cases, clock, stores: stores.clone(), brings }
    }

    /// Over the same store, guarded like this.
    pub(crate) fn guarded(&self, guard: GuardSettings) -> Self {
        let state = state(&self.use_cases, Settings { guard, ..settings() });
        Self { state, serving: Rc::default(), ..self.clone() }
    }

    /// Clears away what has expired.
    pub(crate) fn sweep(&self) {
        self.use_cases.sweep.execute().expect("swept");
    }

    /// Another server over the same store.
    pub(crate) fn beside(&self) -> Self {
        self.guarded(GuardSettings::default())
    }

    /// The same service, asked by another administrator, of this name.
    pub(crate) fn asked_by(&self, name: &str) -> Self {
        self.asked_as(name, Role::Administrator)
    }

    /// The same service, asked by somebody in a role, with a token of this name.
    pub(crate) fn asked_as(&self, name: &str, role: Role) -> Self {
        let secret = digest(name);
        if self.stores.tokens.locate(secret.locator()).expect("the store answers").is_none() {
            let token = Token {
                id: Uuid::now_v7().into(),
                name: TokenName::parse(name).expect("a name"),
                role,
                session_of: None,
                expires_at: None,
                revoked_at: None,
                last_used_at: None,
                created_by: None,
                created_at: self.clock.now(),
            };
            self.stores.tokens.add(&token, &secret, &Along::default()).expect("added");
        }
        self.bringing(&format!("Bearer {name}"))
    }

    /// The same service, asked by the patient of this id.
    pub(crate) fn asked_by_patient(&self, id: &str) -> Self {
        self.asked_as(&format!("patient-{id}"), Role::Patient(id.parse().expect("an id")))
    }

    /// The same service, asked by the doctor of this id.
    pub(crate) fn asked_by_doctor(&self, id: &str) -> Self {
        self.asked_as(&format!("doctor-{id}"), Role::Doctor(id.parse().expect("an id")))
    }

    /// The same, where anybody may see what is free.
    pub(crate) fn open_to_the_public(&self) -> Self {
        let settings = Settings { public_availability: true, ..settings() };
        Self { state: state(&self.use_cases, settings), serving: Rc::default(), ..self.clone() }
    }

    /// The same service, asked by whoever brings this in `Authorization`; nothing where it is empty.
    pub(crate) fn bringing(&self, credential: &str) -> Self {
        Self { brings: credential.to_owned(), ..self.clone() }
    }

    fn signed(&self, request: TestRequest) -> TestRequest {
        if self.brings.is_empty() { request } else { request.append_header(("Authorization", self.brings.clone())) }
    }

    /// Sets the clock.
    pub(crate) fn set_clock(&self, now: &str) {
        *self.clock.0.lock().expect("the time") = now.parse().expect("an instant");
    }

    /// What a service of it is made of.
    pub(crate) fn state(&self) -> ApiState {
        self.state.clone()
    }

    async fn serving(&self) -> Serving {
        if let Some(serving) = self.serving.borrow().as_ref() {
            return Rc::clone(serving);
        }
        let app = Rc::new(init_service(App::new().configure(configure(self.state.clone()))).await);
        let serving: Serving = Rc::new(move |request| {
            let app = Rc::clone(&app);
            Box::pin(async move { Ok(app.call(request.to_request()).await?.map_into_boxed_body()) })
        });
        self.serving.replace(Some(Rc::clone(&serving)));
        serving
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let request = self.signed(request);
        // What the service gives up on, the server answers with the error's own response.
        let answer: HttpResponse = match self.serving().await(request).await {
            Ok(answer) => answer.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        // A stream has no end: its first piece is enough, and comes at once.
        let is_stream = headers.get("Content-Type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_stream {
            Listener::new(answer.into_body()).piece().await.unwrap_or_default()
        } else {
            to_bytes(answer.into_body()).await.expect("a body")
        };
        Answer { status, headers, bytes }
    }

    /// Tells those who listen what has happened since; what kinds of things.
    pub(crate) fn turn(&self) -> Vec<&'static str> {
        self.state.feed().turn().expect("a turn").into_iter().map(What::as_str).collect()
    }

    /// Ends whatever listens.
    pub(crate) fn end(&self) {
        self.state.feed().end();
    }

    /// Listens to events.
    pub(crate) async fn listen(&self, request: TestRequest) -> Listener {
        let answer = self.serving().await(self.signed(request)).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        Listener::new(answer.into_parts().1.map_into_boxed_body().into_body())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(TestRequest::post().uri(path).set_json(body)).await
    }

    /// Posts under a key.
    pub(crate) async fn keyed(&self, key: &str, path: &str, body: &Value) -> Answer {
        self.send(TestRequest::post().uri(path).insert_header(("Idempotency-Key", key.to_owned())).set_json(body)).await
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

    /// So many of that doctor.
    pub(crate) async fn jons(&self, count: usize) {
        for _ in 0..count {
            self.jon().await;
        }
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

fn state(use_cases: &UseCases, settings: Settings) -> ApiState {
    ApiState::new(use_cases.clone(), settings, Metrics::install())
}

fn settings() -> Settings {
    Settings::new("Europe/Berlin".parse::<Zone>().expect("a zone"))
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
