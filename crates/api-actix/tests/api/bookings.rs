//! Bookings: book, list, find, cancel.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::support::Api;

#[actix_web::test]
async fn a_patient_is_in_one_place_at_a_time() {
    let api = Api::new();
    let (one, other, arya) = (api.jon().await, api.jon().await, api.arya().await);
    api.book(&one, &arya, "2030-01-07T08:00:00-05:00").await.created();
    let busy = api.book(&other, &arya, "2030-01-07T08:00:00-05:00").await;
    busy.violates(409, "patient-busy", &[("/start", "patient-busy")]);
    assert!(!busy.text().contains(&one), "nobody learns with whom");
    api.book(&other, &arya, "2030-01-07T09:00:00-05:00").await.created();
}

#[actix_web::test]
async fn a_start_in_the_past_is_answered_with_what_is_free_next() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let past = api.book(&jon, &arya, "2029-11-26T08:00:00-05:00").await.problem(422, "in-past");
    assert_eq!(past["alternatives"][0], "2029-12-03T08:00:00-05:00");
}

#[actix_web::test]
async fn a_reason_is_kept() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let mut body = json!({"doctorId": jon, "patientId": arya, "start": "2030-01-07T08:00:00-05:00"});
    body["reason"] = json!("a\nb\t");
    let booking = api.post("/api/v1/bookings", &body).await;
    let id = booking.created();
    assert_eq!(api.get(&format!("/api/v1/bookings/{id}")).await.ok()["reason"], "a\nb");
}

#[actix_web::test]
async fn a_cancelled_booking_gives_its_time_back() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let id = api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
    let path = format!("/api/v1/bookings/{id}/cancel");

    let cancel = |tag: &str| {
        TestRequest::post().uri(&path).insert_header(("If-Match", tag.to_owned())).set_json(json!({"reason": "ill"}))
    };
    api.send(cancel("\"2\"")).await.problem(412, "precondition-failed");
    let cancelled = api.send(cancel("\"1\"")).await;
    assert_eq!(cancelled.ok()["status"], "cancelled");
    assert_eq!(cancelled.json()["cancelReason"], "ill");
    assert_eq!(cancelled.header("ETag"), Some("\"2\""));

    let again = api.post(&path, &json!({"reason": "another"})).await;
    assert_eq!(again.ok(), cancelled.json());
    assert_eq!(again.header("ETag"), Some("\"2\""));

    api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
}

#[actix_web::test]
async fn a_cancellation_needs_a_reason() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let id = api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
    let path = format!("/api/v1/bookings/{id}/cancel");
    api.post(&path, &json!({})).await.violates(400, "malformed-request", &[("/reason", "missing-field")]);
    api.post(&path, &json!({"reason": null})).await.violates(400, "malformed-request", &[("/reason", "wrong-type")]);
    api.post(&path, &json!({"reason": " "})).await.violates(422, "invalid-reason", &[("/reason", "invalid-reason")]);
    let long = json!({"reason": "x".repeat(1_001)});
    api.post(&path, &long).await.violates(422, "invalid-reason", &[("/reason", "invalid-reason")]);
    assert_eq!(api.get(&format!("/api/v1/bookings/{id}")).await.ok()["status"], "booked");
    let nobody = "/api/v1/bookings/01900000-0000-7000-8000-00000000ffff/cancel";
    api.post(nobody, &json!({"reason": "ill"})).await.problem(404, "not-found");
}

/// The hours and minutes at which the bookings found start.
async fn found(api: &Api, query: &str) -> Vec<String> {
    let list = api.get(&format!("/api/v1/bookings?{query}")).await.ok();
    let start = |booking: &Value| booking["start"].as_str().expect("a start")[5..16].to_owned();
    list["items"].as_array().expect("items").iter().map(start).collect()
}

#[actix_web::test]
async fn bookings_are_listed_by_start_and_filtered() {
    let api = Api::new();
    let (jon, other) = (api.jon().await, api.jon().await);
    let (arya, sansa) = (api.arya().await, api.arya().await);
    api.book(&jon, &arya, "2030-01-14T08:00:00-05:00").await.created();
    let cancelled = api.book(&jon, &arya, "2030-01-07T15:00:00-05:00").await.created();
    api.book(&other, &sansa, "2030-01-07T08:00:00-05:00").await.created();
    api.post(&format!("/api/v1/bookings/{cancelled}/cancel"), &json!({"reason": "ill"})).await.ok();

    assert_eq!(found(&api, "").await, ["01-07T08:00", "01-07T15:00", "01-14T08:00"]);
    assert_eq!(found(&api, &format!("doctorId={jon}")).await, ["01-07T15:00", "01-14T08:00"]);
    assert_eq!(found(&api, &format!("patientId={sansa}")).await, ["01-07T08:00"]);
    assert_eq!(found(&api, "status=cancelled").await, ["01-07T15:00"]);
    assert_eq!(found(&api, "status=booked&limit=1").await, ["01-07T08:00"]);
    // Dates are both included, at the doctors'.
    assert_eq!(found(&api, "from=2030-01-07&to=2030-01-07").await, ["01-07T08:00", "01-07T15:00"]);
    assert_eq!(found(&api, "from=2030-01-08").await, ["01-14T08:00"]);
    assert_eq!(found(&api, "to=2030-01-13").await, ["01-07T08:00", "01-07T15:00"]);
    // Of instants, the first is included, and the last is not; a plus sign may be left as it is.
    assert_eq!(found(&api, "from=2030-01-07T13:00:00Z&to=2030-01-07T20:00:00Z").await, ["01-07T08:00"]);
    assert_eq!(found(&api, "from=2030-01-07T14:00:01+01:00&to=2030-01-14").await, ["01-07T15:00", "01-14T08:00"]);
    assert_eq!(found(&api, "from=2030-01-07T14:00:00%2B01:00&limit=1").await, ["01-07T08:00"]);
}
