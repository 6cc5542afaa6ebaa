//! Working hours: find those in force, update, list and remove versions.

use actix_web::test::TestRequest;
use doctor_booking_adapters_memory::MemoryStore;
use serde_json::{Value, json};

use crate::support::{Api, MAY, berlin};

const FOUNDING: &str = r#"[{"start": "08:00", "end": "11:00"}, {"start": "13:00", "end": "16:00"}]"#;

fn founding() -> Value {
    serde_json::from_str(FOUNDING).expect("JSON")
}

async fn setup() -> (Api, String, String) {
    let api = Api::new();
    let jon = api.jon().await;
    let path = format!("/api/v1/doctors/{jon}/working-hours");
    (api, jon, path)
}

#[actix_web::test]
async fn the_week_in_force_is_told_with_the_dates_on_which_it_holds() {
    let (api, _, path) = setup().await;
    let other = json!({"effectiveFrom": "2030-02-01", "weekly": {"tuesday": [{"start": "22:00", "end": "24:00"}]}});
    let put = api.put(&path, &other).await;
    assert_eq!(
        put.ok(),
        json!({
            "effectiveFrom": "2030-02-01", "effectiveTo": null, "timeZone": "America/New_York", "slotMinutes": 60,
            "weekly": {"tuesday": [{"start": "22:00", "end": "24:00"}]}, "affectedBookings": [], "affectedHolds": []
        })
    );
    assert_eq!(put.header("ETag"), Some("\"2\""));

    let today = api.get(&path).await;
    let expected = json!({
        "effectiveFrom": null, "effectiveTo": "2030-01-31", "timeZone": "America/New_York", "slotMinutes": 60,
        "weekly": {"monday": founding()}
    });
    assert_eq!(today.ok(), expected);
    assert_eq!(today.header("ETag"), Some("\"2\""));
    assert_eq!(api.get(&format!("{path}?on=2030-01-31")).await.ok(), expected);
    assert_eq!(api.get(&format!("{path}?on=2030-02-01")).await.ok()["effectiveFrom"], "2030-02-01");

    let versions = api.get(&format!("{path}/versions")).await.ok();
    assert_eq!(versions["items"][0], expected);
    assert_eq!(versions["items"][1]["effectiveFrom"], "2030-02-01");
    assert_eq!(versions["items"].as_array().map(Vec::len), Some(2));
}

#[actix_web::test]
async fn before_the_first_version_nothing_is_worked() {
    let api = Api::new();
    let body = json!({"firstName": "Sam", "lastName": "Tarly", "specialty": "surgery"});
    let sam = api.post("/api/v1/doctors", &body).await.created();
    let path = format!("/api/v1/doctors/{sam}/working-hours");
    api.put(&path, &json!({"effectiveFrom": "2030-01-01", "weekly": {"monday": founding()}})).await.ok();
    let before = api.get(&format!("{path}?on=2029-06-01")).await.ok();
    assert_eq!(before["effectiveFrom"], json!(null));
    assert_eq!(before["effectiveTo"], "2029-12-31");
    assert_eq!(before["weekly"], json!({}));
}

#[actix_web::test]
async fn single_days_change_and_the_others_stay() {
    let (api, jon, path) = setup().await;
    let friday = json!([{"start": "22:00", "end": "06:00"}]);
    let patch = api.patch(&path, &json!({"effectiveFrom": null, "weekly": {"friday": friday}})).await.ok();
    assert_eq!(patch["effectiveFrom"], json!(null));
    assert_eq!(patch["weekly"], json!({"monday": founding(), "friday": friday}));

    let later = json!({"effectiveFrom": "2030-01-01", "weekly": {"monday": []}});
    assert_eq!(api.patch(&path, &later).await.ok()["weekly"], json!({"friday": friday}));
    assert_eq!(api.get(&format!("/api/v1/doctors/{jon}")).await.ok()["workingHours"]["monday"], founding());

    // Since ever, for all that holds before 2030.
    assert_eq!(api.put(&path, &json!({"weekly": {}})).await.ok()["effectiveTo"], "2029-12-31");
    assert_eq!(api.get(&path).await.ok()["weekly"], json!({}));
}

#[actix_web::test]
async fn a_day_that_overlaps_one_that_stays_is_refused_where_it_was_given() {
    let (api, _, path) = setup().await;
    let night = json!({"weekly": {"sunday": [{"start": "20:00", "end": "22:00"}, {"start": "23:00", "end": "08:30"}]}});
    api.patch(&path, &night).await.violates(422, "windows-overlap", &[("/weekly/sunday/1", "windows-overlap")]);
    let wednesday = json!({"weekly": {
        "monday": [{"start": "08:00", "end": "11:00"}], "wednesday": [{"start": "20:00", "end": "09:00"}]
    }});
    api.put(&path, &wednesday).await.ok();
    let all = json!({"weekly": {
        "sunday": [{"start": "23:00", "end": "08:30"}], "thursday": [{"start": "07:00", "end": "10:00"}]
    }});
    let places = [("/weekly/sunday/0", "windows-overlap"), ("/weekly/thursday/0", "windows-overlap")];
    api.patch(&path, &all).await.violates(422, "windows-overlap", &places);
    let both = json!({"weekly": {"tuesday": [{"start": "08:00", "end": "10:00"}, {"start": "09:00", "end": "11:00"}]}});
    api.patch(&path, &both).await.violates(422, "windows-overlap", &[("/weekly/tuesday/1", "windows-overlap")]);
    assert_eq!(api.get(&path).await.header("ETag"), Some("\"2\""));
}

#[actix_web::test]
async fn hours_that_are_not_possible_are_refused_with_every_violation() {
    let (api, _, path) = setup().await;
    let body = json!({"effectiveFrom": "2026-02-29", "weekly": {
        "monday": [{"start": "08:00", "end": "11:00"}, {"start": "10:00", "end": "12:00"}],
        "tuesday": [{"start": "09:00", "end": "09:00"}, {"start": "8:00", "end": "24:01"}],
    }});
    for answer in [api.put(&path, &body).await, api.patch(&path, &body).await] {
        answer.violates(
            422,
            "invalid-date",
            &[
                ("/effectiveFrom", "invalid-date"),
                ("/weekly/monday/1", "windows-overlap"),
                ("/weekly/tuesday/0", "empty-window"),
                ("/weekly/tuesday/1/start", "invalid-time"),
                ("/weekly/tuesday/1/end", "invalid-time"),
            ],
        );
    }
    api.put(&path, &json!({"monday": []})).await.violates(
        400,
        "malformed-request",
        &[("/monday", "unknown-field"), ("/weekly", "missing-field")],
    );
    api.put("/api/v1/doctors/01900000-0000-7000-8000-00000000ffff/working-hours", &json!({"weekly": {}}))
        .await
        .problem(404, "not-found");
}

#[actix_web::test]
async fn versions_whose_nights_reach_into_each_other_are_both_named() {
    let (api, _, path) = setup().await;
    let nights = json!({"effectiveFrom": "2030-01-01", "weekly": {"sunday": [{"start": "20:00", "end": "08:00"}]}});
    api.put(&path, &nights).await.ok();
    let days = json!({"effectiveFrom": "2030-01-07", "weekly": {"monday": [{"start": "07:00", "end": "12:00"}]}});
    let refused = api.put(&path, &days).await.problem(409, "version-overlap");
    assert_eq!(refused["versions"], json!([{"effectiveFrom": "2030-01-01"}, {"effectiveFrom": "2030-01-07"}]));
}

#[actix_web::test]
async fn a_change_that_strands_a_booking_has_to_be_wanted() {
    let (api, jon, path) = setup().await;
    let arya = api.arya().await;
    let booking = api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
    let closed = json!({"effectiveFrom": "2030-01-01", "weekly": {}});

    let dry = api.put(&format!("{path}?dryRun=true"), &closed).await;
    assert_eq!(dry.ok()["affectedBookings"][0]["id"], json!(booking));
    assert_eq!(dry.header("ETag"), None);
    let refused = api.put(&path, &closed).await.problem(409, "bookings-affected");
    assert_eq!(refused["affectedBookings"][0]["id"], json!(booking));
    assert_eq!(api.get(&path).await.header("ETag"), Some("\"1\""));

    let kept = api.put(&format!("{path}?affected=keep"), &closed).await.ok();
    assert_eq!(kept["affectedBookings"][0]["id"], json!(booking));
    assert_eq!(api.get(&format!("/api/v1/bookings/{booking}")).await.ok()["outsideHours"], true);
    assert_eq!(api.get("/api/v1/bookings").await.ok()["items"][0]["outsideHours"], true);
}

#[actix_web::test]
async fn a_version_is_removed_and_the_one_before_it_holds() {
    let (api, jon, path) = setup().await;
    let arya = api.arya().await;
    let tuesdays = json!({"effectiveFrom": "2030-01-01", "weekly": {"tuesday": [{"start": "08:00", "end": "12:00"}]}});
    api.put(&path, &tuesdays).await.ok();
    let booking = api.book(&jon, &arya, "2030-01-08T09:00:00-05:00").await.created();
    let version = format!("{path}/versions/2030-01-01");

    let dry = api.delete(&format!("{version}?dryRun=true")).await.ok();
    assert_eq!(dry["affectedBookings"][0]["id"], json!(booking));
    api.delete(&version).await.problem(409, "bookings-affected");
    let stale = TestRequest::delete().uri(&version).insert_header(("If-Match", "\"1\""));
    api.send(stale).await.problem(412, "precondition-failed");

    let removed = api.delete(&format!("{version}?affected=keep")).await.ok();
    assert_eq!(removed["affectedBookings"][0]["id"], json!(booking));
    assert_eq!(api.get(&format!("{path}/versions")).await.ok()["items"].as_array().map(Vec::len), Some(1));

    for gone in ["2030-01-01", "2030-02-30", "null", "x"] {
        api.delete(&format!("{path}/versions/{gone}")).await.problem(404, "not-found");
    }
    let empty = json!({"effectiveFrom": "2031-01-01", "weekly": {}});
    api.put(&path, &empty).await.ok();
    assert_eq!(
        api.delete(&format!("{path}/versions/2031-01-01")).await.ok(),
        json!({"affectedBookings": [], "affectedHolds": []})
    );
}

#[actix_web::test]
async fn hours_change_only_at_the_revision_that_was_seen() {
    let (api, _, path) = setup().await;
    let put = |tag: &str| {
        TestRequest::put().uri(&path).insert_header(("If-Match", tag.to_owned())).set_json(json!({"weekly": {}}))
    };
    api.send(put("\"7\"")).await.problem(412, "precondition-failed");
    assert_eq!(api.send(put("\"1\"")).await.header("ETag"), Some("\"2\""));
}

#[actix_web::test]
async fn the_last_night_of_a_version_stays_whole_when_the_next_begins() {
    let api = Api::at(&MemoryStore::new().stores(), MAY);
    let every_day = |start: &str, end: &str| {
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        Value::from_iter(days.map(|day| (day, json!([{"start": start, "end": end}]))))
    };
    let brienne = api.register(&berlin(&every_day("22:00", "06:00"))).await;
    let days = json!({"effectiveFrom": "2026-07-01", "weekly": every_day("13:00", "17:00")});
    api.put(&format!("/api/v1/doctors/{brienne}/working-hours"), &days).await.ok();

    let morning: Vec<_> = (0..6).flat_map(|hour| [format!("{hour:02}:00"), format!("{hour:02}:30")]).collect();
    let evening: Vec<_> = (22..24).flat_map(|hour| [format!("{hour}:00"), format!("{hour}:30")]).collect();
    let afternoon: Vec<_> = (13..17).flat_map(|hour| [format!("{hour}:00"), format!("{hour}:30")]).collect();
    assert_eq!(api.free(&brienne, "2026-06-30").await, [morning.clone(), evening].concat());
    assert_eq!(api.free(&brienne, "2026-07-01").await, [morning, afternoon.clone()].concat());
    assert_eq!(api.free(&brienne, "2026-07-02").await, afternoon);
}
