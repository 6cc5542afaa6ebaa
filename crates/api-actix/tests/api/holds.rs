//! Slots that are held.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::support::{Answer, Api, NOBODY};

const EIGHT: &str = "2030-01-07T08:00:00-05:00";
const HOLDS: &str = "/api/v1/holds";

async fn hold(api: &Api, doctor: &str, start: &str) -> Answer {
    api.post(HOLDS, &json!({"doctorId": doctor, "start": start})).await
}

async fn book(api: &Api, doctor: &str, patient: &str, start: &str, hold: &str) -> Answer {
    let body = json!({"doctorId": doctor, "patientId": patient, "start": start, "holdId": hold});
    api.post("/api/v1/bookings", &body).await
}

/// The statuses of the slots of Monday.
async fn slots(api: &Api, doctor: &str) -> Vec<Value> {
    let day = api.get(&format!("/api/v1/doctors/{doctor}/availability?date=2030-01-07")).await.ok();
    day["days"][0]["slots"].as_array().expect("slots").iter().map(|slot| slot["status"].clone()).collect()
}

#[actix_web::test]
async fn a_slot_is_held_for_a_while_and_shown_so_to_everybody() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let held = hold(&api, &jon, EIGHT).await;
    let id = held.created();
    let expected = json!({
        "id": id, "doctorId": jon, "start": EIGHT, "end": "2030-01-07T09:00:00-05:00", "timeZone": "America/New_York",
        "visitType": null, "expiresAt": "2029-12-01T04:35:00-05:00", "createdAt": "2029-12-01T04:30:00-05:00"
    });
    assert_eq!(held.json(), expected);
    let path = format!("{HOLDS}/{id}");
    assert_eq!((held.header("Location"), held.header("ETag")), (Some(path.as_str()), Some("\"1\"")));
    assert_eq!(api.get(&path).await.ok(), expected);
    assert_eq!(slots(&api, &jon).await[..2], [json!("held"), json!("free")]);
    let why = api.get(&format!("/api/v1/doctors/{jon}/availability/explain?start={EIGHT}")).await.ok();
    let broken: Vec<_> =
        why["rules"].as_array().expect("rules").iter().filter(|rule| rule["passed"] == false).collect();
    assert_eq!((&broken[0]["rule"], &broken[0]["code"]), (&json!("not-held"), &json!("slot-held")));

    for refused in [api.book(&jon, &arya, EIGHT).await, hold(&api.asked_by("sansa"), &jon, EIGHT).await] {
        refused.violates(409, "slot-held", &[("/start", "slot-held")]);
        assert_eq!(refused.json()["alternatives"][0], "2030-01-07T09:00:00-05:00");
        assert!(!refused.text().contains(&id));
    }
    api.set_clock("2029-12-01T09:34:59Z");
    api.get(&path).await.ok();
    api.set_clock("2029-12-01T09:35:00Z");
    api.get(&path).await.problem(404, "not-found");
    api.delete(&path).await.problem(404, "not-found");
    assert_eq!(slots(&api, &jon).await[0], "free");
    api.book(&jon, &arya, EIGHT).await.created();
}

#[actix_web::test]
async fn what_is_held_becomes_one_booking() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let visit = api.visit_type(&json!({"name": "Check-up", "minutes": 30, "minNoticeMinutes": 30})).await;
    let body = json!({"doctorId": jon, "start": EIGHT, "visitType": visit, "ttlSeconds": 900});
    api.set_clock("2030-01-07T12:30:00Z");
    let held = api.post(HOLDS, &body).await.created();
    // By now it would be too soon for somebody without a hold.
    api.set_clock("2030-01-07T12:40:00Z");
    let booking = book(&api, &jon, &arya, EIGHT, &held).await;
    booking.created();
    assert_eq!((&booking.json()["visitType"], &booking.json()["status"]), (&json!(visit), &json!("booked")));
    api.get(&format!("{HOLDS}/{held}")).await.problem(404, "not-found");
    assert_eq!(slots(&api, &jon).await[0], "booked");
    let again = book(&api, &jon, &arya, EIGHT, &held).await;
    again.violates(409, "hold-expired", &[("/holdId", "hold-expired")]);
}

#[actix_web::test]
async fn a_hold_that_is_gone_expired_or_a_strangers_is_told_alike() {
    let desk = Api::new();
    let (jon, arya, sansa) = (desk.jon().await, desk.arya().await, desk.arya().await);
    let (api, sansa) = (desk.asked_by_patient(&arya), desk.asked_by_patient(&sansa));
    let strangers = hold(&sansa, &jon, EIGHT).await.created();
    let mine = hold(&api, &jon, "2030-01-07T09:00:00-05:00").await.created();
    let gone = book(&api, &jon, &arya, EIGHT, NOBODY).await.problem(409, "hold-expired");
    let not_mine = book(&api, &jon, &arya, EIGHT, &strangers).await.problem(409, "hold-expired");
    assert_eq!((&gone["detail"], &gone["errors"]), (&not_mine["detail"], &not_mine["errors"]));
    // Also where it is for another slot: a stranger learns nothing from that.
    book(&api, &jon, &arya, "2030-01-07T10:00:00-05:00", &strangers).await.problem(409, "hold-expired");
    let path = format!("{HOLDS}/{strangers}");
    api.get(&path).await.problem(404, "not-found");
    api.delete(&path).await.problem(404, "not-found");
    sansa.get(&path).await.ok();

    api.set_clock("2029-12-01T09:36:00Z");
    let expired = book(&api, &jon, &arya, "2030-01-07T09:00:00-05:00", &mine).await.problem(409, "hold-expired");
    assert_eq!(expired["detail"], gone["detail"]);
    assert_eq!(desk.counts().await, [1, 2, 0]);
}

#[actix_web::test]
async fn a_hold_is_for_one_doctor_start_and_type() {
    let api = Api::new();
    let (jon, arya, other) = (api.jon().await, api.arya().await, api.jon().await);
    let visit = api.visit_type(&json!({"name": "Check-up", "minutes": 60})).await;
    let held = hold(&api, &jon, EIGHT).await.created();
    let nine = "2030-01-07T09:00:00-05:00";
    let mut typed = json!({"doctorId": jon, "patientId": arya, "start": EIGHT, "holdId": held, "visitType": visit});
    let answers = [
        book(&api, &other, &arya, EIGHT, &held).await,
        book(&api, &jon, &arya, nine, &held).await,
        api.post("/api/v1/bookings", &typed).await,
    ];
    for answer in answers {
        answer.violates(422, "invalid-hold", &[("/holdId", "invalid-hold")]);
    }
    typed["holdId"] = json!("mine");
    api.post("/api/v1/bookings", &typed).await.violates(422, "invalid-id", &[("/holdId", "invalid-id")]);
    book(&api, &jon, &arya, EIGHT, &held).await.created();
}

#[actix_web::test]
async fn a_change_of_hours_names_the_holds_that_it_makes_void() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let held = hold(&api, &jon, EIGHT).await.created();
    let doctor = format!("/api/v1/doctors/{jon}");
    let affected = json!([{
        "id": held, "doctorId": jon, "start": EIGHT, "end": "2030-01-07T09:00:00-05:00",
        "expiresAt": "2029-12-01T04:35:00-05:00"
    }]);
    let later = json!({"weekly": {"monday": [{"start": "09:00", "end": "12:00"}]}});
    let hours = format!("{doctor}/working-hours");
    let refused = api.put(&hours, &later).await.problem(409, "bookings-affected");
    assert_eq!((&refused["affectedBookings"], &refused["affectedHolds"]), (&json!([]), &affected));
    let away = json!({"start": EIGHT, "end": "2030-01-07T08:30:00-05:00"});
    let closure = json!({"date": "2030-01-07", "name": "Epiphany"});
    let dry = [
        api.put(&format!("{hours}?dryRun=true"), &later).await,
        api.put(&format!("{doctor}/overrides/2030-01-07?dryRun=true"), &json!({"windows": []})).await,
        api.post(&format!("{doctor}/time-off?dryRun=true"), &away).await,
        api.post("/api/v1/closures?dryRun=true", &closure).await,
        api.patch(&format!("{doctor}?dryRun=true"), &json!({"active": false})).await,
    ];
    for answer in dry {
        assert_eq!(answer.ok()["affectedHolds"], affected);
    }
    let kept = api.put(&format!("{hours}?affected=keep"), &later).await.ok();
    assert_eq!(kept["affectedHolds"], affected);
    let void = book(&api, &jon, &arya, EIGHT, &held).await;
    void.violates(409, "hold-expired", &[("/holdId", "hold-expired")]);
    assert!(void.json()["detail"].as_str().is_some_and(|detail| detail.contains("working hours")), "{}", void.text());
}

#[actix_web::test]
async fn a_caller_holds_three_slots_at_once() {
    let api = Api::new();
    let jon = api.jon().await;
    let starts = ["08", "09", "10", "13"].map(|hour| format!("2030-01-07T{hour}:00:00-05:00"));
    let mut first = String::new();
    for start in &starts[..3] {
        first = hold(&api, &jon, start).await.created();
    }
    let refused = hold(&api, &jon, &starts[3]).await;
    refused.problem(429, "too-many-holds");
    assert_eq!(refused.header("Retry-After"), Some("30"));
    hold(&api.asked_by("sansa"), &jon, &starts[3]).await.created();
    let released = api.delete(&format!("{HOLDS}/{first}")).await;
    assert_eq!((released.status.as_u16(), released.text().as_str()), (204, ""));
    hold(&api, &jon, &starts[2]).await.created();
}

#[actix_web::test]
async fn too_many_holds_are_no_reason_to_be_refused_for_ever() {
    let api = Api::new();
    let jon = api.jon().await;
    for hour in ["08", "09", "10"] {
        hold(&api, &jon, &format!("2030-01-07T{hour}:00:00-05:00")).await.created();
    }
    let body = json!({"doctorId": jon, "start": "2030-01-07T13:00:00-05:00"});
    api.keyed("k", HOLDS, &body).await.problem(429, "too-many-holds");
    api.set_clock("2029-12-01T09:35:00Z");
    let held = api.keyed("k", HOLDS, &body).await;
    held.created();
    let again = api.keyed("k", HOLDS, &body).await;
    assert_eq!((again.text(), again.header("Idempotency-Replayed")), (held.text(), Some("true")));
    assert_eq!(again.header("Location"), held.header("Location"));
    assert_eq!(again.header("ETag"), held.header("ETag"));
}

#[actix_web::test]
async fn a_hold_is_given_back_only_as_it_was_seen() {
    let api = Api::new();
    let jon = api.jon().await;
    let path = format!("{HOLDS}/{}", hold(&api, &jon, EIGHT).await.created());
    let delete = |tag: &str| TestRequest::delete().uri(&path).insert_header(("If-Match", tag.to_owned()));
    api.send(delete("\"2\"")).await.problem(412, "precondition-failed");
    assert_eq!(api.send(delete("\"1\"")).await.status, 204);
    api.delete(&path).await.problem(404, "not-found");
    assert_eq!(slots(&api, &jon).await[0], "free");
    api.delete(&format!("{HOLDS}/x")).await.problem(404, "not-found");
}

#[actix_web::test]
async fn what_cannot_be_held_is_refused_with_every_violation() {
    let api = Api::new();
    let jon = api.jon().await;
    let all = json!({"doctorId": "1", "start": "2030-01-07T08:00:00", "visitType": "x", "ttlSeconds": 29});
    api.post(HOLDS, &all).await.violates(
        422,
        "invalid-id",
        &[
            ("/doctorId", "invalid-id"),
            ("/start", "offset-required"),
            ("/visitType", "invalid-id"),
            ("/ttlSeconds", "invalid-hold-time"),
        ],
    );
    for seconds in [json!(901), json!(-30), json!(1e9)] {
        let body = json!({"doctorId": jon, "start": EIGHT, "ttlSeconds": seconds});
        api.post(HOLDS, &body).await.violates(422, "invalid-hold-time", &[("/ttlSeconds", "invalid-hold-time")]);
    }
    for seconds in [json!(null), json!("300"), json!(30.5)] {
        let body = json!({"doctorId": jon, "start": EIGHT, "ttlSeconds": seconds});
        api.post(HOLDS, &body).await.violates(400, "malformed-request", &[("/ttlSeconds", "wrong-type")]);
    }
    let nobody = json!({"doctorId": NOBODY, "start": EIGHT, "visitType": NOBODY});
    let expected = [("/doctorId", "not-found"), ("/visitType", "not-found")];
    api.post(HOLDS, &nobody).await.violates(404, "not-found", &expected);
    hold(&api, &jon, "2030-01-07T08:30:00-05:00").await.violates(422, "off-grid", &[("/start", "off-grid")]);
    api.post(HOLDS, &json!({"start": EIGHT, "patientId": NOBODY})).await.violates(
        400,
        "malformed-request",
        &[("/doctorId", "missing-field"), ("/patientId", "unknown-field")],
    );
    let (longest, shortest) = (json!({"doctorId": jon, "start": EIGHT, "ttlSeconds": 900}), 30);
    assert_eq!(api.post(HOLDS, &longest).await.json()["expiresAt"], "2029-12-01T04:45:00-05:00");
    let next = json!({"doctorId": jon, "start": "2030-01-07T09:00:00-05:00", "ttlSeconds": shortest});
    assert_eq!(api.post(HOLDS, &next).await.json()["expiresAt"], "2029-12-01T04:30:30-05:00");
}
