//! Bookings that move.

use serde_json::{Value, json};

use crate::support::{Api, NOBODY};

const EIGHT: &str = "2030-01-07T08:00:00-05:00";
const NINE: &str = "2030-01-07T09:00:00-05:00";

async fn booked() -> (Api, String, String, String) {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let booking = api.book(&jon, &arya, EIGHT).await.created();
    (api, jon, arya, format!("/api/v1/bookings/{booking}"))
}

#[actix_web::test]
async fn a_booking_moves_in_one_step() {
    let (api, jon, arya, booking) = booked().await;
    let moved = api.post(&format!("{booking}/reschedule"), &json!({"start": "2030-01-07T14:00:00Z"})).await;
    let body = moved.ok();
    assert_eq!((&body["start"], &body["end"]), (&json!(NINE), &json!("2030-01-07T10:00:00-05:00")));
    assert_eq!((&body["status"], moved.header("ETag")), (&json!("booked"), Some("\"2\"")));
    assert_eq!(api.free(&jon, "2030-01-07").await[0], "08:00");
    api.book(&jon, &arya, EIGHT).await.created();
}

#[actix_web::test]
async fn a_booking_moves_to_another_doctor_who_is_there() {
    let (api, _, _, booking) = booked().await;
    let path = format!("{booking}/reschedule");
    let nobody = api.post(&path, &json!({"start": NINE, "doctorId": NOBODY})).await;
    nobody.violates(404, "not-found", &[("/doctorId", "not-found")]);
    let other = api.jon().await;
    let moved = api.post(&path, &json!({"start": EIGHT, "doctorId": other, "reason": "Jon is away"})).await.ok();
    assert_eq!((&moved["doctorId"], &moved["start"]), (&json!(other), &json!(EIGHT)));
    api.patch(&format!("/api/v1/doctors/{other}"), &json!({"active": false})).await.problem(409, "bookings-affected");

    let retired = api.jon().await;
    api.patch(&format!("/api/v1/doctors/{retired}"), &json!({"active": false})).await.ok();
    let refused = api.post(&path, &json!({"start": EIGHT, "doctorId": retired})).await;
    refused.violates(422, "doctor-inactive", &[("/doctorId", "doctor-inactive")]);
}

#[actix_web::test]
async fn where_the_new_slot_cannot_be_had_the_booking_stays_as_it_was() {
    let (api, jon, arya, booking) = booked().await;
    let path = format!("{booking}/reschedule");
    let sansa = api.arya().await;
    api.book(&jon, &sansa, NINE).await.created();
    api.post("/api/v1/holds", &json!({"doctorId": jon, "start": "2030-01-07T13:00:00-05:00"})).await.created();
    let other = api.jon().await;
    api.book(&other, &arya, "2030-01-07T10:00:00-05:00").await.created();
    let before = api.get(&booking).await.ok();
    let cases = [
        (NINE, 409, "slot-taken"),
        ("2030-01-07T13:00:00-05:00", 409, "slot-held"),
        ("2030-01-07T10:00:00-05:00", 409, "patient-busy"),
        ("2030-01-08T08:00:00-05:00", 422, "outside-working-hours"),
        ("2030-01-07T08:30:00-05:00", 422, "off-grid"),
        ("2029-11-26T08:00:00-05:00", 422, "in-past"),
    ];
    for (start, status, code) in cases {
        let refused = api.post(&path, &json!({"start": start})).await;
        let problem = refused.problem(status, code);
        assert_eq!(problem["errors"][0]["pointer"], "/start", "{code}");
        if code != "patient-busy" {
            assert!(problem["alternatives"].as_array().is_some_and(|starts| starts.len() == 3), "{problem}");
        }
        assert_eq!(api.get(&booking).await.ok(), before, "{code}");
    }
}

#[actix_web::test]
async fn a_booking_is_never_in_its_own_way() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let visit = api.visit_type(&json!({"name": "Long", "minutes": 120, "stepMinutes": 30, "bufferAfter": 30})).await;
    let booking = api.book_as(&visit, &jon, &arya, EIGHT).await.created();
    let path = format!("/api/v1/bookings/{booking}/reschedule");
    let moved = api.post(&path, &json!({"start": "2030-01-07T08:30:00-05:00"})).await.ok();
    assert_eq!(moved["end"], "2030-01-07T10:30:00-05:00");

    // The type no longer lasts as long, and is retired: those there are can still move.
    api.patch(&format!("/api/v1/visit-types/{visit}"), &json!({"minutes": 60})).await.ok();
    api.delete(&format!("/api/v1/visit-types/{visit}")).await.ok();
    let moved = api.post(&path, &json!({"start": NINE})).await.ok();
    assert_eq!(moved["end"], "2030-01-07T10:00:00-05:00");
    api.patch(&format!("/api/v1/doctors/{jon}"), &json!({"visitTypes": []})).await.ok();
    let refused = api.post(&path, &json!({"start": EIGHT})).await;
    refused.violates(422, "invalid-visit-type", &[("/doctorId", "invalid-visit-type")]);
}

#[actix_web::test]
async fn what_cannot_be_a_move_is_refused_with_every_violation() {
    let (api, _, _, booking) = booked().await;
    let path = format!("{booking}/reschedule");
    let post = async |body: &Value| api.post(&path, body).await;
    let all = post(&json!({"start": "2030-01-07T08:00:00", "doctorId": "1", "reason": " "})).await;
    all.violates(
        422,
        "offset-required",
        &[("/start", "offset-required"), ("/doctorId", "invalid-id"), ("/reason", "invalid-reason")],
    );
    post(&json!({})).await.violates(400, "malformed-request", &[("/start", "missing-field")]);
    let unknown = post(&json!({"start": NINE, "patientId": NOBODY})).await;
    unknown.violates(400, "malformed-request", &[("/patientId", "unknown-field")]);
    api.post(&format!("/api/v1/bookings/{NOBODY}/reschedule"), &json!({"start": NINE})).await.problem(404, "not-found");
}
