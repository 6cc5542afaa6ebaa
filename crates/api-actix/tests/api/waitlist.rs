//! The waitlist: join, list, find, leave.

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::{DateTime, Utc};
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_application::OfferFreedSlots;
use doctor_booking_domain::HoldId;
use doctor_booking_ports::{MockClock, MockIds, Stores};
use serde_json::{Value, json};

use crate::support::{Api, NOBODY, NOW};

const PATH: &str = "/api/v1/waitlist";

struct Line {
    api: Api,
    stores: Stores,
    doctor: String,
    patient: String,
}

async fn line() -> Line {
    let stores = MemoryStore::new().stores();
    let api = Api::over(&stores);
    let (doctor, patient) = (api.jon().await, api.arya().await);
    Line { api, stores, doctor, patient }
}

impl Line {
    fn wish(&self) -> Value {
        json!({"patientId": self.patient, "doctorId": self.doctor, "from": "2030-01-07", "to": "2030-01-07"})
    }

    fn with(&self, field: &str, value: impl Into<Value>) -> Value {
        let mut wish = self.wish();
        wish[field] = value.into();
        wish
    }

    /// Offers what is free to those in line.
    fn offer(&self) -> usize {
        let (mut clock, mut ids) = (MockClock::new(), MockIds::new());
        let now: DateTime<Utc> = NOW.parse().expect("an instant");
        clock.expect_now().returning(move || now);
        ids.expect_hold().returning(|| HoldId::from_u128(0xf00));
        ids.expect_entry().returning(|| doctor_booking_domain::EntryId::from_u128(0xf01));
        let Stores { waitlist, calendars, visit_types, .. } = self.stores.clone();
        let offers = OfferFreedSlots::new(waitlist, calendars, visit_types, Arc::new(clock), Arc::new(ids));
        offers.execute().expect("a store")
    }
}

#[actix_web::test]
async fn a_place_in_line_is_shown_as_entered() {
    let line = line().await;
    let created = line.api.post(PATH, &line.wish()).await;
    let id = created.created();
    assert_eq!(created.header("Location"), Some(format!("{PATH}/{id}").as_str()));
    assert_eq!(created.header("ETag"), Some("\"1\""));
    let expected = json!({
        "id": id, "patientId": line.patient, "doctorId": line.doctor, "specialty": null, "visitType": null,
        "from": "2030-01-07", "to": "2030-01-07", "status": "waiting", "holdId": null, "offeredUntil": null,
        "since": NOW, "createdAt": NOW, "updatedAt": NOW
    });
    assert_eq!(created.json(), expected);
    let found = line.api.get(&format!("{PATH}/{id}")).await;
    assert_eq!((found.ok(), found.header("ETag")), (expected.clone(), Some("\"1\"")));
    assert_eq!(line.api.get(PATH).await.ok(), json!({"items": [expected]}));
}

#[actix_web::test]
async fn somebody_can_wait_for_a_specialty_and_a_type_of_visits() {
    let line = line().await;
    let visit_type = line.api.visit_type(&json!({"name": "Check-up", "minutes": 30})).await;
    let wish = json!({"patientId": line.patient, "doctorId": null, "specialty": " Cardiology ", "visitType": visit_type,
                      "from": "2030-01-01", "to": "2030-04-02"});
    let place = line.api.post(PATH, &wish).await;
    place.created();
    let place = place.json();
    assert_eq!((&place["doctorId"], &place["specialty"]), (&json!(null), &json!("Cardiology")));
    assert_eq!(place["visitType"], json!(visit_type));
}

#[actix_web::test]
async fn who_is_offered_a_slot_sees_it() {
    let line = line().await;
    let path = format!("{PATH}/{}", line.api.post(PATH, &line.wish()).await.created());
    assert_eq!(line.offer(), 1);
    let place = line.api.get(&path).await.ok();
    assert_eq!(place["status"], "offered");
    assert_eq!(place["holdId"], "00000000-0000-0000-0000-000000000f00");
    assert_eq!(place["offeredUntil"], "2029-12-01T09:45:00Z");
    assert_eq!(line.api.free(&line.doctor, "2030-01-07").await.first().map(String::as_str), Some("09:00"));
    // Who leaves gives it back.
    let gone = line.api.delete(&path).await;
    assert_eq!((gone.status.as_u16(), gone.text().as_str()), (204, ""));
    assert_eq!(line.api.free(&line.doctor, "2030-01-07").await.first().map(String::as_str), Some("08:00"));
    line.api.get(&path).await.problem(404, "not-found");
    line.api.delete(&path).await.problem(404, "not-found");
}

#[actix_web::test]
async fn exactly_one_of_doctor_and_specialty_is_wanted() {
    let line = line().await;
    let both = line.api.post(PATH, &line.with("specialty", "cardiology")).await;
    both.violates(400, "malformed-request", &[("/specialty", "conflicting-fields")]);
    for none in [json!(null), Value::Null] {
        let neither = line.api.post(PATH, &line.with("doctorId", none)).await;
        neither.violates(400, "malformed-request", &[("/doctorId", "missing-field")]);
    }
    let wrong = line.api.post(PATH, &line.with("specialty", "")).await;
    let expected = [("/specialty", "conflicting-fields"), ("/specialty", "invalid-specialty")];
    wrong.violates(400, "malformed-request", &expected);
    assert_eq!(line.api.get(PATH).await.ok(), json!({"items": []}));
}

#[actix_web::test]
async fn dates_exist_come_in_order_and_are_92_at_most() {
    let line = line().await;
    for (from, to, status, code, pointer) in [
        ("2030-02-30", "2030-03-01", 422, "invalid-date", "/from"),
        ("2030-03-01", "1.4.2030", 422, "invalid-date", "/to"),
        ("2030-03-02", "2030-03-01", 422, "invalid-range", "/to"),
        ("2030-01-01", "2030-04-03", 422, "range-too-long", "/to"),
    ] {
        let mut wish = line.wish();
        (wish["from"], wish["to"]) = (json!(from), json!(to));
        line.api.post(PATH, &wish).await.violates(status, code, &[(pointer, code)]);
    }
}

#[actix_web::test]
async fn all_that_is_named_and_not_there_is_pointed_at() {
    let line = line().await;
    let wish =
        json!({"patientId": NOBODY, "doctorId": NOBODY, "visitType": NOBODY, "from": "2030-01-07", "to": "2030-01-07"});
    let expected = [("/doctorId", "not-found"), ("/patientId", "not-found"), ("/visitType", "not-found")];
    line.api.post(PATH, &wish).await.violates(404, "not-found", &expected);
    for field in ["doctorId", "patientId", "visitType"] {
        let pointer = format!("/{field}");
        let answer = line.api.post(PATH, &line.with(field, NOBODY)).await;
        answer.violates(404, "not-found", &[(pointer.as_str(), "not-found")]);
        let answer = line.api.post(PATH, &line.with(field, "x")).await;
        answer.violates(422, "invalid-id", &[(pointer.as_str(), "invalid-id")]);
    }
    let answer = line.api.post(PATH, &json!({"patientId": 7, "urgent": true, "doctorId": "x"})).await;
    answer.violates(
        400,
        "malformed-request",
        &[
            ("/patientId", "wrong-type"),
            ("/from", "missing-field"),
            ("/to", "missing-field"),
            ("/urgent", "unknown-field"),
        ],
    );
}

#[actix_web::test]
async fn those_who_wait_are_found_by_patient_and_by_doctor_page_by_page() {
    let line = line().await;
    let (other, sansa) = (line.api.jon().await, line.api.arya().await);
    let mut ids = Vec::new();
    for (doctor, patient) in [(&line.doctor, &line.patient), (&other, &line.patient), (&line.doctor, &sansa)] {
        let mut wish = line.wish();
        (wish["doctorId"], wish["patientId"]) = (json!(doctor), json!(patient));
        ids.push(line.api.post(PATH, &wish).await.created());
    }
    let found = async |query: String| {
        let page = line.api.get(&format!("{PATH}?{query}")).await.ok();
        page["items"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(format!("patientId={}", line.patient)).await, ids[..2]);
    assert_eq!(found(format!("doctorId={}", line.doctor)).await, [ids[0].as_str(), ids[2].as_str()]);
    assert_eq!(found(format!("doctorId={}&patientId={sansa}", line.doctor)).await, ids[2..]);
    assert_eq!(found(format!("doctorId={NOBODY}")).await, Vec::<Value>::new());
    let first = line.api.get(&format!("{PATH}?limit=2")).await.ok();
    let next = first["nextCursor"].as_str().expect("more");
    assert_eq!(found(format!("limit=2&cursor={next}")).await, ids[2..]);
    line.api.get(&format!("{PATH}?doctorId=x")).await.violates(422, "invalid-id", &[("/doctorId", "invalid-id")]);
}

#[actix_web::test]
async fn a_place_is_left_only_at_the_revision_that_was_seen() {
    let line = line().await;
    let path = format!("{PATH}/{}", line.api.post(PATH, &line.wish()).await.created());
    let leave =
        |tag: &'static str| TestRequest::default().method(Method::DELETE).uri(&path).insert_header(("If-Match", tag));
    line.api.send(leave("\"2\"")).await.problem(412, "precondition-failed");
    line.offer();
    line.api.send(leave("\"1\"")).await.problem(412, "precondition-failed");
    assert_eq!(line.api.send(leave("\"2\"")).await.status, 204);
}
