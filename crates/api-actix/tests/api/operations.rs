//! For whoever runs the service, and whoever looks around.

use actix_web::http::Method;
use actix_web::test::TestRequest;

use crate::support::Api;

#[actix_web::test]
async fn the_browser_is_found_without_the_slash_at_its_end() {
    let answer = Api::new().get("/docs").await;
    assert_eq!(answer.status, 307);
    assert_eq!(answer.header("Location"), Some("/docs/"));
}

#[actix_web::test]
async fn the_browser_loads_nothing_from_elsewhere() {
    let api = Api::new();
    let page = api.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(page.header("Content-Type").is_some_and(|kind| kind.starts_with("text/html")));
    let policy = page.header("Content-Security-Policy").expect("a policy");
    assert!(policy.contains("script-src 'self'; style-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let html = page.text();
    for foreign in ["http://", "https://", "src=\"//"] {
        assert!(!html.contains(foreign), "{html}");
    }
    let is_file = |text: &&str| matches!(text.rsplit_once('.'), Some((_, "js" | "css")));
    let files: Vec<_> = html.split(['"', '\'']).filter(is_file).map(|file| file.trim_start_matches("./")).collect();
    assert!(files.contains(&"swagger-initializer.js"), "{html}");
    for file in files {
        assert_eq!(api.get(&format!("/docs/{file}")).await.status, 200, "{file}");
    }
    let start = api.get("/docs/swagger-initializer.js").await.text();
    assert!(start.contains("/openapi.json"), "{start}");
    assert!(start.contains("\"validatorUrl\": \"none\""), "{start}");
}

#[actix_web::test]
async fn the_document_is_served_as_it_is_committed() {
    let api = Api::new();
    let answer = api.get("/openapi.json").await;
    assert_eq!(answer.header("Content-Type"), Some("application/json"));
    assert_eq!(answer.text(), doctor_booking_api_actix::openapi_json());
    assert!(answer.json()["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
}

#[actix_web::test]
async fn requests_and_bookings_are_counted_under_labels_that_clients_cannot_choose() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
    api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.problem(409, "slot-taken");
    api.get("/api/v1/secret-path").await.problem(404, "not-found");
    let odd = Method::from_bytes(b"BREW").expect("a method");
    api.send(TestRequest::default().method(odd).uri("/api/v1/doctors")).await.problem(405, "method-not-allowed");

    let metrics = api.get("/metrics").await;
    assert!(metrics.header("Content-Type").is_some_and(|kind| kind.starts_with("text/plain")));
    let text = metrics.text();
    let expected = [
        r#"http_requests_total{method="POST",route="/api/v1/bookings",status="201"}"#,
        r#"http_requests_total{method="POST",route="/api/v1/bookings",status="409"}"#,
        r#"http_requests_total{method="GET",route="unmatched",status="404"}"#,
        r#"http_requests_total{method="OTHER",route="/api/v1/doctors",status="405"}"#,
        r#"http_request_duration_seconds_bucket{method="POST",route="/api/v1/bookings",le="0.001"}"#,
        r#"bookings_total{outcome="booked"}"#,
        r#"bookings_total{outcome="slot-taken"}"#,
    ];
    for line in expected {
        assert!(text.contains(line), "{line} in {text}");
    }
    for chosen in ["secret-path", "BREW", jon.as_str()] {
        assert!(!text.contains(chosen), "{chosen} in {text}");
    }
}
