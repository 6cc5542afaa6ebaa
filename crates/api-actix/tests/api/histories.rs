//! What has happened.

use serde_json::{Value, json};

use crate::support::{Api, NOBODY};

const EIGHT: &str = "2030-01-07T08:00:00-05:00";

async fn items(api: &Api, path: &str) -> Vec<Value> {
    api.get(path).await.ok()["items"].as_array().expect("items").clone()
}

#[actix_web::test]
async fn a_bookings_history_tells_who_did_what_when_and_why() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let path = format!("/api/v1/bookings/{}", api.book(&jon, &arya, EIGHT).await.created());
    api.set_clock("2029-12-02T10:00:00Z");
    let moving = json!({"start": "2030-01-07T09:00:00-05:00", "reason": "on holiday"});
    let sansa = api.asked_by("sansa");
    sansa.post(&format!("{path}/reschedule"), &moving).await.ok();
    api.post(&format!("{path}/cancel"), &json!({"reason": "feels better"})).await.ok();
    // Nothing has happened where nothing was changed.
    api.post(&format!("{path}/cancel"), &json!({"reason": "feels better"})).await.ok();
    api.post(&format!("{path}/fulfil"), &json!({})).await.problem(409, "invalid-transition");

    let history = items(&api, &format!("{path}/history")).await;
    let told: Vec<_> = history.iter().map(|it| (&it["what"], &it["why"], &it["at"])).collect();
    let texts = |what: &str, why: Value, at: &str| (json!(what), why, json!(at));
    let expected = [
        texts("booking.created", json!(null), "2029-12-01T09:30:00Z"),
        texts("booking.moved", json!("on holiday"), "2029-12-02T10:00:00Z"),
        texts("booking.cancelled", json!("feels better"), "2029-12-02T10:00:00Z"),
    ];
    assert_eq!(told, expected.iter().map(|(what, why, at)| (what, why, at)).collect::<Vec<_>>());
    assert_eq!(history[0]["before"], json!({}));
    assert_eq!((&history[0]["after"]["status"], &history[0]["after"]["start"]), (&json!("booked"), &json!(EIGHT)));
    let (before, after) = (&history[1]["before"], &history[1]["after"]);
    assert_eq!(before, &json!({"start": EIGHT, "end": "2030-01-07T09:00:00-05:00"}));
    assert_eq!(after, &json!({"start": "2030-01-07T09:00:00-05:00", "end": "2030-01-07T10:00:00-05:00"}));
    assert_eq!(history[2]["before"], json!({"status": "booked"}));

    let who = |index: usize| (&history[index]["who"]["kind"], &history[index]["who"]["id"]);
    assert_eq!(who(0), who(2));
    assert!(who(0) != who(1) && who(1).0 == "caller");
    assert_eq!(who(1).1, &sansa.get("/api/v1/me").await.ok()["callerId"]);
}

#[actix_web::test]
async fn a_history_is_read_page_by_page() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let path = format!("/api/v1/bookings/{}", api.book(&jon, &arya, EIGHT).await.created());
    for _ in 0..2 {
        api.post(&format!("{path}/cancel"), &json!({"reason": "ill"})).await.ok();
        api.post(&format!("{path}/reinstate"), &json!({})).await.ok();
    }
    let all = items(&api, &format!("{path}/history")).await;
    assert_eq!(all.len(), 5);
    let (mut found, mut next) = (vec![], format!("{path}/history?limit=2"));
    loop {
        let page = api.get(&next).await.ok();
        found.extend(page["items"].as_array().expect("items").clone());
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        next = format!("{path}/history?limit=2&cursor={cursor}");
        api.get(&format!("/api/v1/bookings?cursor={cursor}")).await.problem(422, "invalid-cursor");
    }
    assert_eq!(found, all);
}

#[actix_web::test]
async fn a_doctors_history_has_all_about_hours_and_nothing_of_patients() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let path = format!("/api/v1/doctors/{jon}");
    api.book(&jon, &arya, EIGHT).await.created();
    api.post("/api/v1/holds", &json!({"doctorId": jon, "start": "2030-01-07T09:00:00-05:00"})).await.created();
    api.patch(&path, &json!({"specialty": "surgery"})).await.ok();
    let hours = json!({"effectiveFrom": "2031-01-01", "weekly": {"tuesday": [{"start": "08:00", "end": "12:00"}]}});
    api.put(&format!("{path}/working-hours"), &hours).await.ok();
    let evening = json!({"windows": [{"start": "18:00", "end": "20:00"}]});
    api.put(&format!("{path}/overrides/2030-02-04"), &evening).await.ok();
    api.delete(&format!("{path}/overrides/2030-02-04")).await.ok();
    let away = json!({"start": "2030-03-04T08:00:00-05:00", "end": "2030-03-04T09:00:00-05:00", "reason": "Dentist"});
    let away = api.post(&format!("{path}/time-off"), &away).await.created();
    api.delete(&format!("{path}/time-off/{away}")).await.ok();
    api.put(&format!("{path}/overrides/2030-02-11?dryRun=true"), &evening).await.ok();

    let history = items(&api, &format!("{path}/history")).await;
    let what: Vec<_> = history.iter().map(|it| it["what"].as_str().expect("text")).collect();
    let expected = [
        "doctor.created",
        "doctor.changed",
        "hours.changed",
        "override.set",
        "override.removed",
        "time-off.added",
        "time-off.removed",
    ];
    assert_eq!(what, expected);
    assert_eq!(history[1]["before"], json!({"specialty": "cardiology"}));
    assert_eq!(history[1]["after"], json!({"specialty": "surgery"}));
    assert_eq!(history[5]["after"]["reason"], "Dentist");
}

#[actix_web::test]
async fn of_what_is_not_there_nothing_is_told() {
    let api = Api::new();
    for list in ["bookings", "doctors"] {
        api.get(&format!("/api/v1/{list}/{NOBODY}/history")).await.problem(404, "not-found");
        api.get(&format!("/api/v1/{list}/x/history")).await.problem(404, "not-found");
        api.get(&format!("/api/v1/{list}/{NOBODY}/history?limit=0")).await.problem(422, "invalid-limit");
        api.get(&format!("/api/v1/{list}/{NOBODY}/history?from=1")).await.problem(400, "malformed-request");
    }
}
