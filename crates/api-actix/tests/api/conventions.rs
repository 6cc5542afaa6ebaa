//! What holds for every request.

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use doctor_booking_api_actix::Code;
use doctor_booking_ports::{MockDoctors, MockHealth, Unavailable};
use serde_json::{Value, json};

use crate::support::{Api, jon};

fn arya() -> Value {
    json!({"firstName": "Arya", "lastName": "Stark"})
}

#[actix_web::test]
async fn a_path_that_leads_nowhere_is_not_found() {
    let api = Api::new();
    let paths =
        ["/nowhere", "/api", "/api/v1", "/api/v1/nurses", "/api/v1/doctors/", "/api/v2/doctors", "/%00", "/docs/x"];
    for path in paths {
        api.get(path).await.problem(404, "not-found");
    }
    api.post("/nowhere", &json!({})).await.problem(404, "not-found");
}

#[actix_web::test]
async fn a_method_that_a_path_does_not_have_is_told_which_there_are() {
    let api = Api::new();
    let answer = api.delete("/api/v1/doctors").await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.header("Allow"), Some("GET, HEAD, POST"));
    let answer = api.get("/api/v1/bookings/x/cancel").await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.header("Allow"), Some("POST"));
}

#[actix_web::test]
async fn head_answers_as_get_does() {
    let api = Api::new();
    let jon = api.jon().await;
    for path in
        [format!("/api/v1/doctors/{jon}"), "/api/v1/doctors".to_owned(), "/healthz".to_owned(), "/metrics".to_owned()]
    {
        let answer = api.send(TestRequest::default().method(Method::HEAD).uri(&path)).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    let answer = api.send(TestRequest::default().method(Method::HEAD).uri("/api/v1/doctors/x")).await;
    assert_eq!(answer.status, 404);
}

#[actix_web::test]
async fn a_body_has_to_be_json_and_to_say_so() {
    let api = Api::new();
    let post =
        |kind: &str| TestRequest::post().uri("/api/v1/patients").insert_header(("Content-Type", kind.to_owned()));
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "nonsense", ""]
    {
        api.send(post(kind).set_payload(arya().to_string())).await.problem(415, "unsupported-media-type");
    }
    let untyped = TestRequest::post().uri("/api/v1/patients").set_payload(arya().to_string());
    api.send(untyped).await.problem(415, "unsupported-media-type");
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"] {
        api.send(post(kind).set_payload(arya().to_string())).await.created();
    }
    api.send(TestRequest::post().uri("/api/v1/patients")).await.problem(400, "malformed-request");
}

#[actix_web::test]
async fn a_body_has_at_most_256_kib() {
    let api = Api::new();
    let padded = |length: usize| {
        let body = arya().to_string();
        format!("{body}{}", " ".repeat(length - body.len()))
    };
    api.raw(Method::POST, "/api/v1/patients", padded(256 * 1024)).await.created();
    api.raw(Method::POST, "/api/v1/patients", padded(256 * 1024 + 1)).await.problem(413, "payload-too-large");
    api.raw(Method::POST, "/api/v1/patients", padded(10_000_000)).await.problem(413, "payload-too-large");
    assert_eq!(api.counts().await, [0, 1, 0]);
}

#[actix_web::test]
async fn a_request_keeps_its_id_if_it_is_fit_for_a_log() {
    let api = Api::new();
    let with = |id: &str| TestRequest::get().uri("/api/v1/doctors/x").insert_header(("X-Request-Id", id.to_owned()));
    let answer = api.send(with("Abc-1.2_3")).await;
    assert_eq!(answer.problem(404, "not-found")["requestId"], "Abc-1.2_3");
    for unfit in ["", "a b", "x\"y", &"x".repeat(129), "<script>"] {
        let id = api.send(with(unfit)).await.problem(404, "not-found")["requestId"].as_str().map(str::to_owned);
        let id = id.and_then(|id| id.parse::<uuid::Uuid>().ok()).expect("a UUID");
        assert_eq!(id.get_version_num(), 7);
    }
    assert!(api.get("/healthz").await.header("X-Request-Id").is_some());
}

#[actix_web::test]
async fn every_answer_is_guarded_and_those_of_the_api_are_not_kept() {
    let api = Api::new();
    for (path, cache) in [("/api/v1/doctors", "no-store"), ("/api/v1/nurses", "no-store"), ("/docs/", "no-cache")] {
        let answer = api.get(path).await;
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("X-Frame-Options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("Cache-Control"), Some(cache), "{path}");
    }
}

#[actix_web::test]
async fn long_answers_are_compressed_for_those_who_want_it_and_tagged_ones_never() {
    let api = Api::new();
    let jon = api.jon().await;
    let zipped = |path: &str| TestRequest::get().uri(path).insert_header(("Accept-Encoding", "gzip"));
    let long = format!("/api/v1/doctors/{jon}/availability?from=2030-01-01&to=2030-03-31");
    assert_eq!(api.send(zipped(&long)).await.header("Content-Encoding"), Some("gzip"));
    assert_eq!(api.get(&long).await.header("Content-Encoding"), None);
    for path in [format!("/api/v1/doctors/{jon}"), "/healthz".to_owned(), "/nowhere".to_owned()] {
        assert_eq!(api.send(zipped(&path)).await.header("Content-Encoding"), None, "{path}");
    }
    let impossible = TestRequest::get().uri(&long).insert_header(("Accept-Encoding", "br, identity;q=0, *;q=0"));
    api.send(impossible).await.ok();
}

#[actix_web::test]
async fn a_change_is_made_only_at_the_revision_that_was_seen() {
    let api = Api::new();
    let path = format!("/api/v1/doctors/{}", api.jon().await);
    let seen = api.get(&path).await.header("ETag").map(str::to_owned);
    assert_eq!(seen.as_deref(), Some("\"1\""));
    let patch = |tag: &str| {
        TestRequest::patch()
            .uri(&path)
            .insert_header(("If-Match", tag.to_owned()))
            .set_json(json!({"lastName": "Stark"}))
    };
    let changed = api.send(patch("\"1\"")).await;
    assert_eq!(changed.header("ETag"), Some("\"2\""));
    assert_eq!(changed.ok()["lastName"], "Stark");
    for other in ["\"1\"", "W/\"2\"", "\"02\"", "\"x\"", "\"1\", \"3\""] {
        api.send(patch(other)).await.problem(412, "precondition-failed");
    }
    for broken in ["2", "", "\"2", "\"2\" \"3\"", "*, \"2\""] {
        api.send(patch(broken)).await.problem(400, "malformed-request");
    }
    assert_eq!(api.send(patch("\"1\", \"2\"")).await.header("ETag"), Some("\"3\""));
    assert_eq!(api.send(patch("*")).await.header("ETag"), Some("\"4\""));
    let nobody = TestRequest::patch().uri("/api/v1/doctors/01900000-0000-7000-8000-00000000ffff");
    api.send(nobody.insert_header(("If-Match", "\"1\"")).set_json(json!({}))).await.problem(404, "not-found");
}

#[actix_web::test]
async fn a_list_is_read_page_by_page_while_it_grows() {
    let api = Api::new();
    let register = async |name: &str| {
        api.post("/api/v1/doctors", &{
            let mut doctor = jon();
            doctor["lastName"] = json!(name);
            doctor
        })
        .await
        .created()
    };
    for name in ["Bolton", "Frey", "Lannister", "Tully"] {
        register(name).await;
    }
    let mut names = Vec::new();
    let mut path = "/api/v1/doctors?limit=2".to_owned();
    for page in 0.. {
        let list = api.get(&path).await.ok();
        names.extend(list["items"].as_array().expect("items").iter().map(|doctor| doctor["lastName"].clone()));
        if page == 0 {
            // One before what was seen, one after it.
            register("Arryn").await;
            register("Greyjoy").await;
        }
        let Some(cursor) = list["nextCursor"].as_str() else {
            assert!(list.get("nextCursor").is_none(), "{list}");
            break;
        };
        path = format!("/api/v1/doctors?limit=2&cursor={cursor}");
    }
    assert_eq!(names, ["Bolton", "Frey", "Greyjoy", "Lannister", "Tully"]);
}

#[actix_web::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let api = Api::new();
    let away = format!("doctors/{}/time-off", api.jon().await);
    for _ in 0..2 {
        api.jon().await;
        api.arya().await;
        let conference = json!({"start": "2030-01-07T10:00:00Z", "end": "2030-01-09T10:00:00Z"});
        api.post(&format!("/api/v1/{away}"), &conference).await.created();
        api.post("/api/v1/closures", &json!({"date": "2030-12-25", "name": "Christmas Day"})).await.created();
        api.visit_type(&json!({"name": "Check-up", "minutes": 30})).await;
    }
    let lists = [
        ("doctors", "patients"),
        ("patients", "bookings"),
        ("patients", "doctors"),
        (away.as_str(), "bookings"),
        ("closures", away.as_str()),
        ("visit-types", "doctors"),
        ("doctors", "visit-types"),
    ];
    for (list, other) in lists {
        let page = api.get(&format!("/api/v1/{list}?limit=1")).await.ok();
        let cursor = page["nextCursor"].as_str().expect("a cursor");
        api.get(&format!("/api/v1/{list}?cursor={cursor}")).await.ok();
        let foreign = api.get(&format!("/api/v1/{other}?cursor={cursor}")).await;
        foreign.violates(422, "invalid-cursor", &[("/cursor", "invalid-cursor")]);
    }
}

#[test]
fn every_code_has_the_status_that_the_contract_gives_it() {
    let statuses = |codes: &[&str]| {
        codes.iter().filter_map(|code| Code::find(code)).map(|code| code.status().as_u16()).collect::<Vec<_>>()
    };
    assert_eq!(statuses(&["malformed-request", "not-found", "method-not-allowed"]), [400, 404, 405]);
    assert_eq!(statuses(&["slot-taken", "patient-busy", "bookings-affected", "version-overlap"]), [409; 4]);
    assert_eq!(statuses(&["slot-held", "invalid-transition", "request-in-progress"]), [409; 3]);
    assert_eq!(statuses(&["precondition-failed", "payload-too-large", "unsupported-media-type"]), [412, 413, 415]);
    let impossible = [
        "outside-working-hours",
        "off-grid",
        "in-past",
        "notice-too-short",
        "beyond-horizon",
        "doctor-inactive",
        "unknown-time-zone",
        "offset-required",
        "windows-overlap",
        "empty-window",
        "range-too-long",
    ];
    assert_eq!(statuses(&impossible), [422; 11]);
    let numbers = ["invalid-visit-type", "invalid-buffer", "invalid-notice", "invalid-horizon", "invalid-capacity"];
    assert_eq!(statuses(&numbers), [422; 5]);
    assert_eq!(statuses(&["idempotency-key-reused"]), [422]);
    assert_eq!(statuses(&["internal-error", "unavailable"]), [500, 503]);
    for code in Code::ALL {
        let is_value = code.as_str().starts_with("invalid-") && code.as_str() != "invalid-transition";
        assert!(code.status() == 422 || !is_value, "{}", code.as_str());
        assert_eq!(Code::find(code.as_str()), Some(*code));
        assert!(code.status().is_client_error() || code.status().is_server_error(), "{}", code.as_str());
    }
}

#[actix_web::test]
async fn every_code_has_a_page() {
    let api = Api::new();
    let index = api.get("/problems").await;
    for code in Code::ALL {
        let path = format!("/problems/{}", code.as_str());
        let page = api.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("Content-Type"), Some("text/html; charset=utf-8"));
        assert!(page.text().contains(code.title()), "{path}");
        assert!(index.text().contains(&path), "{path}");
    }
    api.get("/problems/nonsense").await.problem(404, "not-found");
}

/// A store of which one part is as given.
fn with_doctors(doctors: MockDoctors) -> Api {
    let mut stores = doctor_booking_adapters_memory::MemoryStore::new().stores();
    stores.doctors = Arc::new(doctors);
    Api::over(&stores)
}

#[actix_web::test]
async fn a_store_that_cannot_be_reached_is_to_be_tried_again() {
    let mut doctors = MockDoctors::new();
    doctors.expect_find().returning(|_| Err(Unavailable::unreachable("connect to 10.0.0.7 as admin: refused")));
    let answer = with_doctors(doctors).get("/api/v1/doctors/01900000-0000-7000-8000-000000000001").await;
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("Retry-After"), Some("1"));
    assert!(!answer.text().contains("10.0.0.7"));
}

#[actix_web::test]
async fn a_doctor_whom_others_change_all_the_time_is_to_be_tried_again() {
    let mut doctors = MockDoctors::new();
    let stores = doctor_booking_adapters_memory::MemoryStore::new().stores();
    let id = Api::over(&stores).jon().await;
    doctors.expect_outlook().returning(move |id, as_of| stores.doctors.outlook(id, as_of));
    doctors.expect_save().returning(|_| Err(doctor_booking_ports::SaveError::Stale));
    let answer = with_doctors(doctors).patch(&format!("/api/v1/doctors/{id}"), &json!({"active": true})).await;
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("Retry-After"), Some("1"));
}

#[actix_web::test]
async fn what_makes_no_sense_in_the_store_is_told_to_nobody_but_the_log() {
    let mut doctors = MockDoctors::new();
    doctors.expect_find().returning(|_| Err(Unavailable::inconsistent("doctors", &"7", "zone Winterfell")));
    let answer = with_doctors(doctors).get("/api/v1/doctors/01900000-0000-7000-8000-000000000001").await;
    answer.problem(500, "internal-error");
    for secret in ["Winterfell", "table"] {
        assert!(!answer.text().contains(secret), "{}", answer.text());
    }
}

#[actix_web::test]
async fn a_panic_is_an_internal_error() {
    let mut doctors = MockDoctors::new();
    doctors.expect_find().returning(|_| panic!("at the disco"));
    let answer = with_doctors(doctors).get("/api/v1/doctors/01900000-0000-7000-8000-000000000001").await;
    answer.problem(500, "internal-error");
    assert!(!answer.text().contains("disco"));
}

#[actix_web::test]
async fn a_service_is_alive_without_its_store_but_not_ready() {
    let mut stores = doctor_booking_adapters_memory::MemoryStore::new().stores();
    let mut health = MockHealth::new();
    health.expect_check().returning(|| Err(Unavailable::unreachable("gone")));
    stores.health = Arc::new(health);
    let api = Api::over(&stores);
    assert_eq!(api.get("/healthz").await.ok(), json!({"status": "ok"}));
    api.get("/readyz").await.problem(503, "unavailable");
    assert_eq!(Api::new().get("/readyz").await.ok(), json!({"status": "ok"}));
}
