//! Availability of one doctor.

use doctor_booking_adapters_memory::MemoryStore;
use serde_json::{Value, json};

use crate::support::{Api, jon};

fn slots(day: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let slots = day["slots"].as_array().expect("slots");
    slots.iter().map(|slot| (text(&slot["start"]), text(&slot["status"]))).collect()
}

#[actix_web::test]
async fn every_date_is_shown_with_its_openings_and_slots_or_a_reason() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    api.book(&jon, &arya, "2030-01-07T09:00:00-05:00").await.created();

    let path = format!("/api/v1/doctors/{jon}/availability?from=2030-01-06&to=2030-01-07");
    let found = api.get(&path).await.ok();
    assert_eq!(found["doctorId"], json!(jon));
    assert_eq!(found["timeZone"], "America/New_York");
    assert!(found["tzdbVersion"].as_str().is_some_and(|version| version.starts_with("20")), "{found}");
    let sunday =
        json!({"date": "2030-01-06", "openings": [], "slots": [], "freeCount": 0, "reason": "no-working-hours"});
    assert_eq!(found["days"][0], sunday);
    let monday = &found["days"][1];
    assert_eq!(
        monday["openings"],
        json!([
            {"start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T11:00:00-05:00"},
            {"start": "2030-01-07T13:00:00-05:00", "end": "2030-01-07T16:00:00-05:00"}
        ])
    );
    assert_eq!(monday["slots"][1]["end"], "2030-01-07T10:00:00-05:00");
    assert_eq!(slots(monday)[1], ("2030-01-07T09:00:00-05:00".to_owned(), "booked".to_owned()));
    assert_eq!(monday["freeCount"], 5);

    let free = api.get(&format!("{path}&status=free")).await.ok();
    assert_eq!(slots(&free["days"][1]).len(), 5);
    assert!(slots(&free["days"][1]).iter().all(|(_, status)| status == "free"));
    assert_eq!(free["days"][1]["openings"], monday["openings"]);
}

#[actix_web::test]
async fn what_is_over_is_past() {
    let store = MemoryStore::new();
    let jon = Api::over(&store.stores()).jon().await;
    let api = Api::at(&store.stores(), "2030-01-07T15:30:00Z");
    let found = api.get(&format!("/api/v1/doctors/{jon}/availability?from=2029-12-31&to=2030-01-07")).await.ok();
    assert_eq!(found["days"][0]["reason"], "in-past");
    let statuses: Vec<_> = slots(&found["days"][7]).into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, ["past", "past", "past", "free", "free", "free"]);
}

#[actix_web::test]
async fn a_date_with_nothing_free_says_why() {
    let api = Api::new();
    let reason = async |body: Value, date: &str| {
        let id = api.post("/api/v1/doctors", &body).await.created();
        api.get(&format!("/api/v1/doctors/{id}/availability?date={date}")).await.ok()["days"][0]["reason"].clone()
    };
    let with = |zone: &str, start: &str, end: &str| {
        let mut doctor = jon();
        doctor["timeZone"] = json!(zone);
        let windows = json!([{"start": start, "end": end}]);
        doctor["workingHours"] = json!({"sunday": windows, "monday": windows});
        doctor
    };
    assert_eq!(reason(with("UTC", "08:00", "08:30"), "2030-01-07").await, "no-gap-long-enough");
    assert_eq!(reason(with("Europe/Berlin", "02:00", "03:00"), "2030-03-31").await, "dst-gap");
    assert_eq!(reason(with("UTC", "08:00", "09:00"), "2030-01-08").await, "no-working-hours");
    assert_eq!(reason(with("UTC", "08:00", "09:00"), "2029-11-26").await, "in-past");

    let (jon, arya) = (api.post("/api/v1/doctors", &with("UTC", "08:00", "09:00")).await.created(), api.arya().await);
    api.book(&jon, &arya, "2030-01-07T08:00:00Z").await.created();
    let path = format!("/api/v1/doctors/{jon}/availability?date=2030-01-07");
    assert_eq!(api.get(&path).await.ok()["days"][0]["reason"], "fully-booked");
    api.patch(&format!("/api/v1/doctors/{jon}?affected=keep"), &json!({"active": false})).await.ok();
    assert_eq!(api.get(&path).await.ok()["days"][0]["reason"], "doctor-inactive");
}

#[actix_web::test]
async fn a_doctor_who_is_not_there_has_no_time() {
    let nobody = "/api/v1/doctors/01900000-0000-7000-8000-00000000ffff/availability?date=2030-01-07";
    Api::new().get(nobody).await.problem(404, "not-found");
}
