//! Availability of one doctor.

use doctor_booking_adapters_memory::MemoryStore;
use serde_json::{Value, json};

use crate::support::{Api, NOBODY, jon, mondays_in_berlin};

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
    let api = Api::new();
    for what in ["?date=2030-01-07", "/summary?from=2030-01-07&to=2030-01-07"] {
        api.get(&format!("/api/v1/doctors/{NOBODY}/availability{what}")).await.problem(404, "not-found");
    }
}

#[actix_web::test]
async fn a_booking_leaves_the_slots_around_it() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    api.book(&brienne, &arya, "2026-06-01T10:00:00+02:00").await.created();
    assert_eq!(api.free(&brienne, "2026-06-01").await, ["09:00", "09:30", "10:30", "11:00", "11:30"]);
}

#[actix_web::test]
async fn what_time_off_and_closures_meet_is_blocked() {
    let (api, brienne, _) = mondays_in_berlin().await;
    let path = format!("/api/v1/doctors/{brienne}");
    let away = json!({"start": "2026-06-01T10:15:00+02:00", "end": "2026-06-01T10:45:00+02:00"});
    api.post(&format!("{path}/time-off"), &away).await.created();
    let whole = json!({"start": "2026-06-08T00:00:00+02:00", "end": "2026-06-09T00:00:00+02:00"});
    api.post(&format!("{path}/time-off"), &whole).await.created();
    api.post("/api/v1/closures", &json!({"date": "2026-06-15", "name": "Spring cleaning"})).await.created();
    api.put(&format!("{path}/overrides/2026-06-22"), &json!({"windows": []})).await.ok();

    let found = api.get(&format!("{path}/availability?from=2026-06-01&to=2026-06-22")).await.ok();
    let statuses: Vec<_> = slots(&found["days"][0]).into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, ["free", "free", "blocked", "blocked", "free", "free"]);
    let openings = json!([
        {"start": "2026-06-01T09:00:00+02:00", "end": "2026-06-01T10:15:00+02:00"},
        {"start": "2026-06-01T10:45:00+02:00", "end": "2026-06-01T12:00:00+02:00"}
    ]);
    assert_eq!(found["days"][0]["openings"], openings);
    for (day, reason) in [(0, json!(null)), (7, json!("time-off")), (14, json!("closure"))] {
        assert_eq!(found["days"][day]["reason"], reason, "{day}");
    }
    assert_eq!(found["days"][21]["reason"], "closed-override");
    assert_eq!(found["days"][14]["openings"], json!([]));
    assert!(slots(&found["days"][14]).iter().all(|(_, status)| status == "blocked"));
}

#[actix_web::test]
async fn a_month_is_summed_up_in_one_call() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let path = format!("/api/v1/doctors/{brienne}");
    for start in ["2026-06-01T09:00:00+02:00", "2026-06-01T10:00:00+02:00"] {
        api.book(&brienne, &arya, start).await.created();
    }
    api.post("/api/v1/closures", &json!({"date": "2026-06-08", "name": "Spring cleaning"})).await.created();
    let june = api.get(&format!("{path}/availability/summary?from=2026-06-01&to=2026-06-30")).await.ok();
    let days = june["days"].as_array().expect("days");
    assert_eq!(days.len(), 30);
    assert_eq!(days[0], json!({"date": "2026-06-01", "free": 4, "booked": 2, "reason": null}));
    assert_eq!(days[1], json!({"date": "2026-06-02", "free": 0, "booked": 0, "reason": "no-working-hours"}));
    assert_eq!(days[7], json!({"date": "2026-06-08", "free": 0, "booked": 0, "reason": "closure"}));
    assert_eq!(days[14], json!({"date": "2026-06-15", "free": 6, "booked": 0, "reason": null}));
}

#[actix_web::test]
async fn a_summary_that_is_not_possible_is_refused_with_every_violation() {
    let api = Api::new();
    let path = format!("/api/v1/doctors/{}/availability/summary", api.jon().await);
    let malformed = async |query: &str, violations: &[(&str, &str)]| {
        api.get(&format!("{path}{query}")).await.violates(400, "malformed-request", violations);
    };
    malformed("", &[("/from", "missing-parameter"), ("/to", "missing-parameter")]).await;
    malformed("?from=2026-02-29", &[("/from", "invalid-date"), ("/to", "missing-parameter")]).await;
    let free = "?from=2030-01-01&to=2030-01-01&status=free&date=2030-01-01";
    malformed(free, &[("/date", "unknown-parameter"), ("/status", "unknown-parameter")]).await;
    let impossible = async |query: &str, code: &str| {
        api.get(&format!("{path}{query}")).await.violates(422, code, &[("/to", code)]);
    };
    impossible("?from=2030-01-02&to=2030-01-01", "invalid-range").await;
    impossible("?from=2030-01-01&to=2030-04-03", "range-too-long").await;
    let longest = api.get(&format!("{path}?from=2030-01-01&to=2030-04-02")).await.ok();
    assert_eq!(longest["days"].as_array().map(Vec::len), Some(92));
}
