//! Doctors: register, list and search, find, amend.

use serde_json::{Value, json};

use crate::support::{Api, jon};

#[actix_web::test]
async fn a_doctor_is_shown_as_registered() {
    let api = Api::new();
    let created = api.post("/api/v1/doctors", &jon()).await;
    let id = created.created();
    assert_eq!(created.header("Location"), Some(format!("/api/v1/doctors/{id}").as_str()));
    assert_eq!(created.header("ETag"), Some("\"1\""));
    let expected = json!({
        "id": id, "firstName": "Jon", "lastName": "Snow", "specialty": "cardiology", "timeZone": "America/New_York",
        "slotMinutes": 60, "active": true, "visitTypes": null,
        "workingHours": {"monday": [{"start": "08:00", "end": "11:00"}, {"start": "13:00", "end": "16:00"}]},
        "createdAt": "2029-12-01T09:30:00Z", "updatedAt": "2029-12-01T09:30:00Z"
    });
    assert_eq!(created.json(), expected);
    let found = api.get(&format!("/api/v1/doctors/{id}")).await;
    assert_eq!(found.ok(), expected);
    assert_eq!(found.header("ETag"), Some("\"1\""));
}

#[actix_web::test]
async fn what_is_left_out_has_its_default() {
    let api = Api::new();
    let body = json!({"firstName": " Jon ", "lastName": "Snow", "specialty": "cardiology"});
    let doctor = api.post("/api/v1/doctors", &body).await.json();
    assert_eq!(doctor["firstName"], "Jon");
    assert_eq!(doctor["timeZone"], "Europe/Berlin");
    assert_eq!(doctor["slotMinutes"], 60);
    assert_eq!(doctor["workingHours"], json!({}));
    let versions = format!("/api/v1/doctors/{}/working-hours/versions", doctor["id"].as_str().expect("an id"));
    assert_eq!(api.get(&versions).await.ok(), json!({"items": []}));
}

async fn three() -> Api {
    let api = Api::new();
    let doctors = [("Jon", "Snow", "cardiology"), ("Arya", "Stark", "Dermatology"), ("Jöns", "Stark", "cardiology")];
    for (first, last, specialty) in doctors {
        let body = json!({"firstName": first, "lastName": last, "specialty": specialty});
        api.post("/api/v1/doctors", &body).await.created();
    }
    api
}

async fn found(api: &Api, query: &str) -> Vec<Value> {
    let list = api.get(&format!("/api/v1/doctors?{query}")).await.ok();
    list["items"].as_array().expect("items").iter().map(|doctor| doctor["firstName"].clone()).collect()
}

#[actix_web::test]
async fn doctors_are_listed_by_name_and_searched() {
    let api = three().await;
    assert_eq!(found(&api, "").await, ["Jon", "Arya", "Jöns"]);
    assert_eq!(found(&api, "q=STARK").await, ["Arya", "Jöns"]);
    assert_eq!(found(&api, "q=stark+j%C3%B6n").await, ["Jöns"]);
    assert_eq!(found(&api, "q=").await, ["Jon", "Arya", "Jöns"]);
    assert_eq!(found(&api, "specialty=dermatology").await, ["Arya"]);
    assert_eq!(found(&api, "specialty=derma").await, Vec::<Value>::new());
    assert_eq!(found(&api, "active=false").await, Vec::<Value>::new());
    assert_eq!(found(&api, "active=true&limit=1").await, ["Jon"]);
}

#[actix_web::test]
async fn only_what_is_given_is_amended() {
    let api = Api::new();
    let path = format!("/api/v1/doctors/{}", api.jon().await);
    let before = api.get(&path).await.ok();

    let same = api.patch(&path, &json!({})).await.ok();
    assert_eq!(same["affectedBookings"], json!([]));
    for field in
        ["firstName", "lastName", "specialty", "timeZone", "slotMinutes", "active", "visitTypes", "workingHours"]
    {
        assert_eq!(same[field], before[field]);
    }

    let body = json!({"firstName": "Aegon", "lastName": "Targaryen", "specialty": "surgery", "timeZone": "utc",
                      "slotMinutes": 30, "active": false});
    let after = api.patch(&path, &body).await.ok();
    assert_eq!(after["firstName"], "Aegon");
    assert_eq!(after["slotMinutes"], 30);
    assert_eq!(after["timeZone"], "UTC");
    assert_eq!(after["active"], false);
    assert_eq!(after["workingHours"], before["workingHours"]);

    api.patch(&path, &json!({"slotMinutes": null, "visitType": null})).await.violates(
        400,
        "malformed-request",
        &[("/slotMinutes", "wrong-type"), ("/visitType", "unknown-field")],
    );
}

#[actix_web::test]
async fn a_change_that_strands_a_booking_has_to_be_wanted() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let booking = api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
    let path = format!("/api/v1/doctors/{jon}");
    let away = json!({"active": false});

    let dry = api.patch(&format!("{path}?dryRun=true"), &away).await;
    assert_eq!(dry.ok()["active"], false);
    assert_eq!(dry.header("ETag"), None);
    assert_eq!(dry.json()["affectedBookings"][0]["id"], json!(booking));
    assert_eq!(api.get(&path).await.ok()["active"], true);

    let refused = api.patch(&path, &away).await.problem(409, "bookings-affected");
    assert_eq!(refused["affectedBookings"][0]["id"], json!(booking));
    assert_eq!(api.get(&path).await.header("ETag"), Some("\"1\""));

    let kept = api.patch(&format!("{path}?affected=keep"), &away).await.ok();
    assert_eq!(kept["affectedBookings"][0]["id"], json!(booking));
    assert_eq!(api.get(&path).await.ok()["active"], false);
    assert_eq!(api.get(&format!("/api/v1/bookings/{booking}")).await.ok()["outsideHours"], true);
}
