//! What is in the log, and what never is. A test binary of its own, since a process has one log.

#[path = "api/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the API")]
mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use actix_web::test::TestRequest;
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_ports::{MockDoctors, Unavailable};
use serde_json::{Value, json};

use support::Api;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Everything that is logged in this process from now on.
    fn start() -> Self {
        let log = Self::default();
        let writer = log.clone();
        tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || writer.clone()).init();
        log
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("the log").clone()).expect("UTF-8")
    }

    /// The lines about the request with this id.
    fn lines(&self, request_id: &str) -> Vec<Value> {
        let lines = self.text();
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.filter(|line| line["request_id"] == request_id).collect()
    }
}

#[actix_web::test]
async fn every_request_has_one_line_and_no_line_names_anybody() {
    let log = Log::start();
    let api = Api::new().asked_by("geheim").bringing("");
    let with = |request: TestRequest, id: &str| {
        let request = request.insert_header(("X-Request-Id", id.to_owned()));
        request
            .insert_header(("Authorization", "Bearer geheim"))
            .insert_header(("Idempotency-Key", format!("key-{id}")))
    };

    let patient =
        json!({"firstName": "Daenerys", "lastName": "Targaryen", "email": "dany@example.org", "phone": "555-0100"});
    let post = TestRequest::post().uri("/api/v1/patients").set_json(&patient);
    let id = api.send(with(post, "made")).await.created();
    api.send(with(TestRequest::get().uri("/api/v1/patients?q=Targaryen"), "searched")).await.ok();
    let malformed = json!({"firstName": "Daenerys", "lastName": "Targaryen", "email": "dany", "Targaryen": 1});
    api.send(with(TestRequest::post().uri("/api/v1/patients").set_json(&malformed), "malformed"))
        .await
        .problem(400, "malformed-request");
    api.send(with(TestRequest::get().uri("/Targaryen"), "nowhere")).await.problem(404, "not-found");

    for (id, method, route, status) in [
        ("made", "POST", "/api/v1/patients", 201),
        ("searched", "GET", "/api/v1/patients", 200),
        ("malformed", "POST", "/api/v1/patients", 400),
        ("nowhere", "GET", "unmatched", 404),
    ] {
        let lines = log.lines(id);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(lines[0]["level"], "INFO");
        assert_eq!((lines[0]["method"].as_str(), lines[0]["route"].as_str()), (Some(method), Some(route)));
        assert_eq!(lines[0]["status"], status);
        assert!(lines[0]["duration_ms"].is_f64());
    }

    let mut stores = MemoryStore::new().stores();
    let mut doctors = MockDoctors::new();
    doctors.expect_find().times(1).returning(|_| Err(Unavailable::unreachable("the socket is gone")));
    doctors.expect_find().times(1).returning(|_| Err(Unavailable::inconsistent("doctors", &"7", "no such zone")));
    stores.doctors = Arc::new(doctors);
    let api = Api::over(&stores).asked_by("geheim").bringing("");
    let doctor = "/api/v1/doctors/01900000-0000-7000-8000-000000000001";
    api.send(with(TestRequest::get().uri(doctor), "unreachable")).await.problem(503, "unavailable");
    api.send(with(TestRequest::get().uri(doctor), "inconsistent")).await.problem(500, "internal-error");
    for (id, level, cause) in [
        ("unreachable", "WARN", "the store cannot answer: the socket is gone"),
        ("inconsistent", "ERROR", "table doctors, key 7: what is stored there makes no sense: no such zone"),
    ] {
        let lines = log.lines(id);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!((lines[0]["level"].as_str(), lines[0]["cause"].as_str()), (Some(level), Some(cause)));
        assert_eq!(lines[0]["route"], "/api/v1/doctors/{doctorId}");
    }

    let text = log.text();
    for private in ["Daenerys", "Targaryen", "dany", "555-0100", "geheim", "key-made", id.as_str()] {
        assert!(!text.contains(private), "{private} in {text}");
    }
}
