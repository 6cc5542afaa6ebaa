//! Webhooks: enter, list, find, amend, remove, and what could not be told.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::{DateTime, Utc};
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_ports::Limit;
use serde_json::{Value, json};

use crate::support::{Api, NOBODY, NOW};

const PATH: &str = "/api/v1/webhooks";

fn hook() -> Value {
    json!({"url": "https://example.org/hook"})
}

#[actix_web::test]
async fn a_webhook_is_shown_as_entered_and_its_secret_this_once() {
    let api = Api::new();
    let body = json!({"url": "https://example.org/hook?a=b", "events": ["booking.moved", "booking.created"]});
    let created = api.post(PATH, &body).await;
    let id = created.created();
    assert_eq!(created.header("Location"), Some(format!("{PATH}/{id}").as_str()));
    assert_eq!(created.header("ETag"), Some("\"1\""));
    let expected = json!({
        "id": id, "url": "https://example.org/hook?a=b", "events": ["booking.created", "booking.moved"],
        "active": true, "createdAt": NOW, "updatedAt": NOW
    });
    let mut with_secret = expected.clone();
    with_secret["secret"] = json!("whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
    assert_eq!(created.json(), with_secret);
    let found = api.get(&format!("{PATH}/{id}")).await;
    assert_eq!((found.ok(), found.header("ETag")), (expected.clone(), Some("\"1\"")));
    assert_eq!(api.get(PATH).await.ok(), json!({"items": [expected]}));
}

#[actix_web::test]
async fn events_left_out_or_null_are_all() {
    let api = Api::new();
    for body in [hook(), json!({"url": "http://10.0.0.7:8080", "events": null})] {
        assert_eq!(api.post(PATH, &body).await.json()["events"], json!(null), "{body}");
    }
}

#[actix_web::test]
async fn a_url_is_one_that_can_be_connected_to() {
    let api = Api::new();
    for url in [
        "",
        "example.org",
        "ftp://example.org",
        "https://",
        "https:///x",
        "https://me@example.org",
        "https://me:secret@example.org",
        "https://example.org#x",
        "https://exa mple.org",
        "https://ex\u{e4}mple.org",
        "https://example.org:99999",
        "https://example.org:",
        "https://[::1",
        "//example.org",
        "javascript:alert(1)",
    ] {
        api.post(PATH, &json!({"url": url})).await.violates(422, "invalid-url", &[("/url", "invalid-url")]);
    }
    let long = |more: usize| json!({"url": format!("https://example.org/{}", "a".repeat(2_000 - 20 + more))});
    api.post(PATH, &long(0)).await.created();
    api.post(PATH, &long(1)).await.violates(422, "invalid-url", &[("/url", "invalid-url")]);
    for url in ["http://[::1]:8080/x", "https://example.org:443?x", "http://localhost"] {
        api.post(PATH, &json!({"url": url})).await.created();
    }
}

#[actix_web::test]
async fn every_type_of_events_that_there_is_not_is_pointed_at() {
    let api = Api::new();
    let body = json!({"url": "x", "events": ["booking.created", "booking.made", "BOOKING.CREATED", "hold.created"]});
    let expected = [("/url", "invalid-url"), ("/events/1", "invalid-events"), ("/events/2", "invalid-events")];
    api.post(PATH, &body).await.violates(422, "invalid-url", &expected);
    let body = |events: Value| json!({"url": "https://example.org", "events": events});
    for events in [json!([]), json!(vec!["booking.created"; 101])] {
        api.post(PATH, &body(events)).await.violates(422, "invalid-events", &[("/events", "invalid-events")]);
    }
    let wrong = api.post(PATH, &body(json!(["booking.created", 7]))).await;
    wrong.violates(400, "malformed-request", &[("/events/1", "wrong-type")]);
    let wrong = api.post(PATH, &body(json!("booking.created"))).await;
    wrong.violates(400, "malformed-request", &[("/events", "wrong-type")]);
    api.post(PATH, &json!({"secret": "x"})).await.violates(
        400,
        "malformed-request",
        &[("/url", "missing-field"), ("/secret", "unknown-field")],
    );
    assert_eq!(api.get(PATH).await.ok(), json!({"items": []}));
}

#[actix_web::test]
async fn a_patch_changes_what_it_names() {
    let api = Api::new();
    let created = api.post(PATH, &json!({"url": "https://example.org", "events": ["booking.created"]})).await;
    let path = format!("{PATH}/{}", created.created());
    let patched = api.patch(&path, &json!({"active": false})).await;
    assert_eq!(patched.header("ETag"), Some("\"2\""));
    let patched = patched.ok();
    assert_eq!((&patched["active"], &patched["events"]), (&json!(false), &json!(["booking.created"])));
    assert_eq!(patched.get("secret"), None);
    assert_eq!(api.patch(&path, &json!({"events": null})).await.ok()["events"], json!(null));
    let events = json!({"events": ["waitlist.offered"], "url": "http://example.org"});
    let patched = api.patch(&path, &events).await.ok();
    assert_eq!((&patched["url"], &patched["events"]), (&json!("http://example.org"), &json!(["waitlist.offered"])));
    let wrong = [("/events/0", "invalid-events"), ("/url", "invalid-url")];
    api.patch(&path, &json!({"events": ["x"], "url": ""})).await.violates(422, "invalid-url", &wrong);
    for (field, code) in [("url", "wrong-type"), ("active", "wrong-type"), ("secret", "unknown-field")] {
        let pointer = format!("/{field}");
        let answer = api.patch(&path, &json!({field: null})).await;
        answer.violates(400, "malformed-request", &[(pointer.as_str(), code)]);
    }
    api.patch(&format!("{PATH}/{NOBODY}"), &json!({})).await.problem(404, "not-found");
}

#[actix_web::test]
async fn a_change_is_made_only_at_the_revision_that_was_seen() {
    let api = Api::new();
    let path = format!("{PATH}/{}", api.post(PATH, &hook()).await.created());
    let at = |method: Method, tag: &'static str| {
        let request = TestRequest::default().uri(&path).insert_header(("If-Match", tag));
        let request = if method == Method::PATCH { request.set_json(json!({"active": false})) } else { request };
        request.method(method)
    };
    api.send(at(Method::PATCH, "\"2\"")).await.problem(412, "precondition-failed");
    api.send(at(Method::PATCH, "\"1\"")).await.ok();
    api.send(at(Method::DELETE, "\"1\"")).await.problem(412, "precondition-failed");
    let gone = api.send(at(Method::DELETE, "\"2\"")).await;
    assert_eq!((gone.status.as_u16(), gone.text().as_str()), (204, ""));
    api.get(&path).await.problem(404, "not-found");
    api.delete(&path).await.problem(404, "not-found");
    api.get(&format!("{path}/failures")).await.problem(404, "not-found");
}

#[actix_web::test]
async fn webhooks_come_page_by_page() {
    let api = Api::new();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(api.post(PATH, &hook()).await.created());
    }
    let first = api.get(&format!("{PATH}?limit=2")).await.ok();
    let next = first["nextCursor"].as_str().expect("more");
    let second = api.get(&format!("{PATH}?limit=2&cursor={next}")).await.ok();
    let items = |page: &Value| page["items"].as_array().expect("items").clone();
    let found: Vec<_> = [items(&first), items(&second)].concat().iter().map(|item| item["id"].clone()).collect();
    assert_eq!(found, ids);
    assert_eq!(second.get("nextCursor"), None);
    api.get(&format!("/api/v1/waitlist?cursor={next}")).await.problem(422, "invalid-cursor");
}

#[actix_web::test]
async fn what_could_not_be_told_is_listed() {
    let stores = MemoryStore::new().stores();
    let api = Api::over(&stores);
    let path = format!("{PATH}/{}", api.post(PATH, &hook()).await.created());
    assert_eq!(api.get(&format!("{path}/failures")).await.ok(), json!({"items": []}));
    for _ in 0..3 {
        api.jon().await;
    }
    let now: DateTime<Utc> = NOW.parse().expect("an instant");
    stores.deliveries.enqueue(now, Limit::default()).expect("a store");
    for _ in 0..3 {
        let claimed = stores.deliveries.claim(now, now, Limit::default()).expect("a store");
        stores.deliveries.failed(claimed[0].id, "the status was 500", now, None).expect("a store");
    }
    let first = api.get(&format!("{path}/failures?limit=2")).await.ok();
    assert_eq!(first["items"].as_array().map(Vec::len), Some(2));
    let item = &first["items"][0];
    assert_eq!(item["error"], "the status was 500");
    assert_eq!((&item["failures"], &item["at"]), (&json!(1), &json!(NOW)));
    assert_eq!((&item["event"]["type"], &item["event"]["position"]), (&json!("doctor.created"), &json!(1)));
    let next = first["nextCursor"].as_str().expect("more");
    let second = api.get(&format!("{path}/failures?limit=2&cursor={next}")).await.ok();
    assert_eq!(second["items"][0]["event"]["position"], 3);
    api.get(&format!("{PATH}?cursor={next}")).await.problem(422, "invalid-cursor");
}
