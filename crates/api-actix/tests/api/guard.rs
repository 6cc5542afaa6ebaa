//! What keeps the service usable for everybody, whatever somebody does to it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use actix_web::App;
use actix_web::http::Method;
use actix_web::test::{TestRequest, init_service, try_call_service};
use doctor_booking_api_actix::{GuardSettings, configure, openapi_json};
use serde_json::{Value, json};

use crate::support::{ADMINISTRATOR, Answer, Api, NOBODY};

const PEER: &str = "203.0.113.7:50000";
const DOCTORS: &str = "/api/v1/doctors";

fn from(peer: &str) -> TestRequest {
    TestRequest::get().uri(DOCTORS).peer_addr(peer.parse().expect("an address"))
}

/// So little that a test can exhaust it.
fn little() -> GuardSettings {
    let proxy = "10.0.0.1".parse().expect("a network");
    GuardSettings { address_rate: 1, trusted_proxies: vec![proxy], ..GuardSettings::default() }
}

/// Asks until it is refused; after how many times, and how.
async fn exhaust(api: &Api, request: impl Fn() -> TestRequest) -> (usize, Answer) {
    for count in 0..100 {
        let answer = api.send(request()).await;
        if answer.status == 429 {
            return (count, answer);
        }
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    panic!("it is never refused");
}

#[actix_web::test]
async fn who_asks_too_much_from_one_address_is_told_when_to_come_again() {
    let api = Api::new().guarded(little());
    let (count, refused) = exhaust(&api, || from(PEER)).await;
    assert!((2..10).contains(&count), "{count}");
    refused.problem(429, "too-many-requests");
    assert_eq!(refused.header("Retry-After"), Some("1"));
    // Neither another address suffers, nor whoever watches.
    api.send(from("203.0.113.8:50000")).await.ok();
    for watched in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(api.send(from(PEER).uri(watched)).await.status, 200, "{watched}");
    }
    let metrics = api.get("/metrics").await.text();
    assert!(metrics.contains(r#"requests_turned_away_total{reason="address"}"#), "{metrics}");
}

#[actix_web::test]
async fn behind_a_trusted_proxy_it_is_the_clients_address_that_counts() {
    let api = Api::new().guarded(little());
    let via = |peer: &str, forwarded: &str| from(peer).insert_header(("X-Forwarded-For", forwarded.to_owned()));
    exhaust(&api, || via("10.0.0.1:1", "198.51.100.1")).await;
    api.send(via("10.0.0.1:1", "198.51.100.2")).await.ok();
    // What a client writes there itself helps it nothing.
    for made_up in ["198.51.100.3, 198.51.100.1", "10.0.0.1, 198.51.100.1", "nonsense, 198.51.100.1"] {
        api.send(via("10.0.0.1:1", made_up)).await.problem(429, "too-many-requests");
    }
    // And without a proxy that is trusted, nothing of it counts.
    exhaust(&api, || via("203.0.113.9:1", "198.51.100.4")).await;
    api.send(via("203.0.113.9:1", "198.51.100.5")).await.problem(429, "too-many-requests");
    api.send(via("10.0.0.1:1", "198.51.100.4")).await.ok();
}

#[actix_web::test]
async fn what_comes_from_this_machine_without_a_trusted_proxy_has_no_limit() {
    let api = Api::new().guarded(little());
    for _ in 0..20 {
        api.send(from("127.0.0.1:1")).await.ok();
        api.send(from("[::1]:1").insert_header(("X-Forwarded-For", "198.51.100.1"))).await.ok();
        api.get(DOCTORS).await.ok();
    }
}

#[actix_web::test]
async fn what_is_too_large_is_refused_before_it_is_looked_at() {
    let api = Api::new();
    let long = format!("{DOCTORS}?q={}", "x".repeat(8 * 1024));
    api.get(&long).await.problem(414, "uri-too-long");
    let large = TestRequest::get().uri(DOCTORS).insert_header(("X-Large", "x".repeat(16 * 1024)));
    api.send(large).await.problem(431, "headers-too-large");
    let large = TestRequest::get().uri("/healthz").insert_header(("X-Large", "x".repeat(16 * 1024)));
    api.send(large).await.problem(431, "headers-too-large");
    let metrics = api.get("/metrics").await.text();
    for reason in ["url", "headers"] {
        assert!(metrics.contains(&format!("requests_turned_away_total{{reason=\"{reason}\"}}")), "{reason}");
    }
}

#[actix_web::test]
async fn more_than_can_be_worked_on_does_not_wait() {
    let api = Api::new().guarded(GuardSettings { most_requests: 1, ..GuardSettings::default() });
    let app = init_service(App::new().configure(configure(api.state()))).await;
    let admin = ("Authorization", format!("Bearer {ADMINISTRATOR}"));
    let request = || TestRequest::get().uri(DOCTORS).insert_header(admin.clone()).to_request();
    {
        let mut first = pin!(try_call_service(&app, request()));
        poll_fn(|context| {
            assert!(first.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        let refused = api.get(DOCTORS).await;
        refused.problem(503, "unavailable");
        assert_eq!(refused.header("Retry-After"), Some("1"));
        for watched in ["/healthz", "/readyz", "/metrics"] {
            assert_eq!(api.get(watched).await.status, 200, "{watched}");
        }
        assert_eq!(first.await.expect("an answer").status(), 200);
    }
    // It is answered, and so there is a place again, whether its body has been read or not.
    let _unread = try_call_service(&app, request()).await.expect("an answer");
    api.get(DOCTORS).await.ok();
    let metrics = api.get("/metrics").await.text();
    assert!(metrics.contains(r#"requests_turned_away_total{reason="requests"}"#), "{metrics}");
}

#[actix_web::test]
async fn streams_have_places_of_their_own() {
    let guard = GuardSettings { most_requests: 1, most_streams: 2, ..GuardSettings::default() };
    let api = Api::new().guarded(guard);
    let events = || TestRequest::get().uri("/api/v1/events");
    let first = api.listen(events()).await;
    let _second = api.listen(events()).await;
    let refused = api.get("/api/v1/events").await;
    refused.problem(503, "unavailable");
    assert_eq!(refused.header("Retry-After"), Some("1"));
    api.get(DOCTORS).await.ok();
    drop(first);
    assert_eq!(api.get("/api/v1/events").await.status, 200);
    let metrics = api.get("/metrics").await.text();
    assert!(metrics.contains(r#"requests_turned_away_total{reason="streams"}"#), "{metrics}");
}

/// Every path there is, every one with an id that nobody has, and what is said there.
async fn every_answer(api: &Api) -> Vec<(String, Answer)> {
    let document: Value = serde_json::from_str(&openapi_json()).expect("JSON");
    let documented = document["paths"].as_object().expect("paths").keys().cloned();
    let always = ["/", "/docs", "/docs/", "/docs/swagger-initializer.js", "/openapi.json", "/problems"];
    let more = ["/problems/slot-taken", "/problems/style.css", "/problems/none", "/nowhere", "/api", "/api/v2"];
    let paths = documented.chain(always.into_iter().chain(more).map(str::to_owned));
    let mut answers = Vec::new();
    for path in paths {
        let ids = path.replace("{date}", "2030-01-01").replace("{effectiveFrom}", "2030-01-01");
        let place: String =
            ids.split('/').map(|part| if part.starts_with('{') { NOBODY } else { part }).collect::<Vec<_>>().join("/");
        for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS] {
            let answer = api.send(TestRequest::default().method(method.clone()).uri(&place)).await;
            answers.push((format!("{method} {place}"), answer));
        }
    }
    answers
}

#[actix_web::test]
async fn every_answer_tells_browsers_what_they_may_do_with_it() {
    let mut answers = every_answer(&Api::new()).await;
    let crowded = Api::new().guarded(little());
    answers.push((format!("GET {DOCTORS}"), exhaust(&crowded, || from(PEER)).await.1));
    answers.push((format!("GET {DOCTORS}?"), crowded.get(&format!("{DOCTORS}?{}", "x".repeat(9000))).await));
    let statuses: std::collections::BTreeSet<_> = answers.iter().map(|(_, answer)| answer.status.as_u16()).collect();
    for status in [200, 307, 400, 404, 405, 414, 429] {
        assert!(statuses.contains(&status), "no {status} among {statuses:?}");
    }
    for (request, answer) in answers {
        let path = request.split_once(' ').expect("a path").1;
        for (name, value) in [
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
            ("Cache-Control", if path.starts_with("/api") { "no-store" } else { "no-cache" }),
        ] {
            assert_eq!(answer.header(name), Some(value), "{request}");
            assert_eq!(answer.headers.get_all(name).count(), 1, "{request} {name}");
        }
        let policy = answer.header("Content-Security-Policy").expect("a policy");
        assert_eq!(answer.headers.get_all("Content-Security-Policy").count(), 1, "{request}");
        assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("; frame-ancestors 'none'"), "{policy}");
        let is_page = path == "/" || ["/docs", "/problems"].iter().any(|root| path.starts_with(root));
        assert_eq!(policy.contains("script-src 'self'; style-src 'self'"), is_page, "{request}: {policy}");
        assert!(!policy.contains("unsafe"), "{request}: {policy}");
        let cross_origin = answer.headers.keys().any(|name| name.as_str().starts_with("access-control-"));
        assert!(!cross_origin, "{request}");
        assert!(answer.header("X-Request-Id").is_some(), "{request}");
    }
}

#[actix_web::test]
async fn nothing_is_written_into_pages_that_their_policy_forbids() {
    let api = Api::new();
    for path in ["/docs/", "/problems", "/problems/slot-taken"] {
        let html = api.get(path).await.text();
        for inline in ["<style", " style=", "<script>", " onclick=", "javascript:"] {
            assert!(!html.contains(inline), "{inline} in {path}: {html}");
        }
    }
    let style = api.get("/problems/style.css").await;
    assert_eq!((style.status.as_u16(), style.header("Content-Type")), (200, Some("text/css; charset=utf-8")));
    assert!(api.get("/problems").await.text().contains("\"/problems/style.css\""));
}

fn asks_whether(method: &str, path: &str, origin: &str) -> TestRequest {
    let request = TestRequest::default().method(Method::OPTIONS).uri(path);
    request
        .insert_header(("Origin", origin.to_owned()))
        .insert_header(("Access-Control-Request-Method", method.to_owned()))
        .insert_header(("Access-Control-Request-Headers", "authorization,content-type,if-match"))
}

#[actix_web::test]
async fn pages_of_other_origins_may_do_nothing_unless_configured() {
    let api = Api::new();
    let answer = api.send(asks_whether("POST", DOCTORS, "https://clinic.example")).await;
    answer.problem(405, "method-not-allowed");
    assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")));
    let answer = api.send(TestRequest::get().uri(DOCTORS).insert_header(("Origin", "https://clinic.example"))).await;
    answer.ok();
    assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")));
}

#[actix_web::test]
async fn pages_of_configured_origins_may_use_the_api_without_credentials_of_the_browser() {
    let origins = ["https://clinic.example", "http://localhost:3000"].map(|text| text.parse().expect("an origin"));
    let api = Api::new().guarded(GuardSettings { cors_origins: origins.into(), ..GuardSettings::default() });
    for origin in ["https://clinic.example", "http://localhost:3000"] {
        let answer = api.send(asks_whether("PATCH", &format!("{DOCTORS}/{NOBODY}"), origin)).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("Access-Control-Allow-Origin"), Some(origin));
        assert_eq!(answer.header("Access-Control-Allow-Methods"), Some("GET, POST, PUT, PATCH, DELETE"));
        let headers = answer.header("Access-Control-Allow-Headers").expect("headers");
        for header in ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID", "X-Request-Id"]
        {
            assert!(headers.split(", ").any(|allowed| allowed == header), "{header}");
        }
        assert_eq!(answer.header("Access-Control-Max-Age"), Some("600"));
        // Refusals can be read as well, and so can what the guard itself refuses.
        let long = format!("{DOCTORS}?{}", "x".repeat(9000));
        for (path, status) in [(DOCTORS, 200), ("/api/v1/nurses", 404), (&*long, 414)] {
            let request = TestRequest::get().uri(path).insert_header(("Origin", origin));
            let answer = api.send(request).await;
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("Access-Control-Allow-Origin"), Some(origin), "{path}");
            assert_eq!(answer.header("Cross-Origin-Resource-Policy"), Some("cross-origin"), "{path}");
            let exposed = answer.header("Access-Control-Expose-Headers").expect("headers");
            for header in ["ETag", "Location", "Idempotency-Replayed", "Retry-After", "X-Request-Id"] {
                assert!(exposed.split(", ").any(|name| name == header), "{header}");
            }
            assert_eq!(answer.header("Access-Control-Allow-Credentials"), None);
            assert!(answer.headers.get_all("Vary").any(|value| value == "Origin"), "{path}");
        }
    }
    for other in ["https://evil.example", "https://clinic.example.evil.example", "null", "http://clinic.example"] {
        let answer = api.send(asks_whether("POST", DOCTORS, other)).await;
        answer.problem(405, "method-not-allowed");
        let answer = api.send(TestRequest::get().uri(DOCTORS).insert_header(("Origin", other))).await;
        answer.ok();
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{other}");
        assert_eq!(answer.header("Cross-Origin-Resource-Policy"), Some("same-origin"), "{other}");
        assert!(answer.headers.get_all("Vary").any(|value| value == "Origin"), "{other}");
    }
    // What is no question of a browser is answered as ever.
    let options = TestRequest::default().method(Method::OPTIONS).uri(DOCTORS);
    api.send(options.insert_header(("Origin", "https://clinic.example"))).await.problem(405, "method-not-allowed");
}

#[test]
fn every_operation_says_what_the_guard_may_refuse() {
    let document: Value = serde_json::from_str(&openapi_json()).expect("JSON");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let has = |status: &str, code: &str| {
                let response = &operation["responses"][status];
                let example = &response["content"]["application/problem+json"]["examples"][code];
                !example.is_null() && response["description"].as_str().is_some_and(|text| text.contains(code))
            };
            let is_watched = ["/healthz", "/readyz", "/metrics"].contains(&path.as_str());
            assert!(has("414", "uri-too-long") && has("431", "headers-too-large"), "{method} {path}");
            assert_eq!(has("429", "too-many-requests"), !is_watched, "{method} {path}");
            assert!(is_watched || has("503", "unavailable"), "{method} {path}");
            assert_eq!(has("408", "request-timeout"), !operation["requestBody"].is_null(), "{method} {path}");
        }
    }
    let holds = &document["paths"]["/api/v1/holds"]["post"]["responses"]["429"];
    assert_eq!(holds["headers"]["Retry-After"]["schema"], json!({"type": "integer"}));
    let codes = holds["content"]["application/problem+json"]["examples"].as_object().expect("examples");
    assert_eq!(codes.keys().collect::<Vec<_>>(), ["too-many-holds", "too-many-requests"]);
}
