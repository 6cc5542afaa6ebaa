//! Visits that repeat.

use serde_json::{Value, json};

use crate::support::{Api, NOBODY};

const SERIES: &str = "/api/v1/booking-series";

fn wanted(doctor: &str, patient: &str, start: &str, every: &str, count: u32) -> Value {
    json!({"doctorId": doctor, "patientId": patient, "start": start, "every": every, "count": count})
}

fn starts(series: &Value) -> Vec<&str> {
    series["bookings"].as_array().expect("bookings").iter().map(|it| it["start"].as_str().expect("a start")).collect()
}

/// A doctor in London who works on Tuesday evenings, and one who works always.
async fn in_london(api: &Api) -> (String, String) {
    let doctor = |hours: Value| {
        json!({
            "firstName": "Brienne", "lastName": "Tarth", "specialty": "surgery", "timeZone": "Europe/London",
            "workingHours": hours
        })
    };
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let always = Value::from_iter(days.map(|day| (day, json!([{"start": "00:00", "end": "24:00"}]))));
    let evenings = json!({"tuesday": [{"start": "18:00", "end": "21:00"}]});
    (api.register(&doctor(evenings)).await, api.register(&doctor(always)).await)
}

#[actix_web::test]
async fn the_time_on_the_clock_stays_when_the_clocks_change() {
    let api = Api::new();
    let ((evenings, _), arya) = (in_london(&api).await, api.arya().await);
    let mut body = wanted(&evenings, &arya, "2030-10-15T19:00:00+01:00", "week", 4);
    body["reason"] = json!("Physiotherapy");
    let booked = api.post(SERIES, &body).await;
    let id = booked.created();
    let series = booked.json();
    let expected = [
        "2030-10-15T19:00:00+01:00",
        "2030-10-22T19:00:00+01:00",
        "2030-10-29T19:00:00+00:00",
        "2030-11-05T19:00:00+00:00",
    ];
    assert_eq!((starts(&series), &series["skipped"]), (expected.to_vec(), &json!([])));
    assert_eq!((booked.header("Location"), booked.header("ETag")), (None, None));
    for booking in series["bookings"].as_array().expect("bookings") {
        assert_eq!((&booking["seriesId"], &booking["reason"]), (&json!(id), &json!("Physiotherapy")));
        let found = api.get(&format!("/api/v1/bookings/{}", booking["id"].as_str().expect("an id"))).await;
        assert_eq!(found.ok(), *booking);
    }
    let fortnightly = wanted(&evenings, &arya, "2030-10-15T20:00:00+01:00", "2 weeks", 2);
    let fortnightly = api.post(SERIES, &fortnightly).await;
    fortnightly.created();
    assert_eq!(starts(&fortnightly.json()), ["2030-10-15T20:00:00+01:00", "2030-10-29T20:00:00+00:00"]);
}

#[actix_web::test]
async fn months_without_the_day_are_passed_over_and_told() {
    let api = Api::new();
    let ((_, always), arya) = (in_london(&api).await, api.arya().await);
    let booked = api.post(SERIES, &wanted(&always, &arya, "2030-01-31T09:00:00Z", "month", 3)).await;
    booked.created();
    let series = booked.json();
    let expected = ["2030-01-31T09:00:00+00:00", "2030-03-31T09:00:00+01:00", "2030-05-31T09:00:00+01:00"];
    assert_eq!(starts(&series), expected);
    let detail = "this month does not have the day, or the zone skipped this date";
    let skipped = |date: &str| json!({"date": date, "code": "invalid-date", "detail": detail});
    assert_eq!(series["skipped"], json!([skipped("2030-02-01"), skipped("2030-04-01")]));
}

#[actix_web::test]
async fn all_are_booked_or_none_and_every_conflict_is_named() {
    let api = Api::new();
    let (jon, arya, sansa) = (api.jon().await, api.arya().await, api.arya().await);
    api.book(&jon, &sansa, "2030-01-14T08:00:00-05:00").await.created();
    api.post("/api/v1/closures", &json!({"date": "2030-01-28", "name": "Spring cleaning"})).await.created();
    let elsewhere = api.jon().await;
    api.book(&elsewhere, &arya, "2030-02-04T08:00:00-05:00").await.created();
    api.post("/api/v1/holds", &json!({"doctorId": jon, "start": "2030-02-11T08:00:00-05:00"})).await.created();
    let body = wanted(&jon, &arya, "2030-01-07T08:00:00-05:00", "week", 6);

    let refused = api.post(SERIES, &body).await;
    let conflicts = [
        ("/occurrences/1", "slot-taken"),
        ("/occurrences/3", "outside-working-hours"),
        ("/occurrences/4", "patient-busy"),
        ("/occurrences/5", "slot-held"),
    ];
    // Of the patient nobody knows before it comes to storing.
    let known: Vec<_> = conflicts.iter().copied().filter(|(_, code)| *code != "patient-busy").collect();
    refused.violates(409, "slot-taken", &known);
    let problem = refused.json();
    let details = problem["errors"].as_array().expect("errors").iter().map(|it| it["detail"].as_str().expect("text"));
    let named = ["2030-01-14T08:00:00-05:00: ", "2030-01-28T08:00:00-05:00: ", "2030-02-11T08:00:00-05:00: "];
    assert!(details.zip(named).all(|(detail, start)| detail.starts_with(start)), "{problem}");
    assert_eq!(api.counts().await, [2, 2, 2], "none was booked");

    let mut skipping = body.clone();
    skipping["onConflict"] = json!("skip");
    let booked = api.post(SERIES, &skipping).await;
    booked.created();
    let series = booked.json();
    assert_eq!(starts(&series), ["2030-01-07T08:00:00-05:00", "2030-01-21T08:00:00-05:00"]);
    let skipped: Vec<_> =
        series["skipped"].as_array().expect("skipped").iter().map(|it| (&it["start"], &it["code"])).collect();
    let starts =
        ["2030-01-14", "2030-01-28", "2030-02-04", "2030-02-11"].map(|day| json!(format!("{day}T08:00:00-05:00")));
    let codes = conflicts.map(|(_, code)| json!(code));
    assert_eq!(skipped, starts.iter().zip(&codes).collect::<Vec<_>>());
}

#[actix_web::test]
async fn where_only_the_patient_is_busy_that_is_the_conflict() {
    let api = Api::new();
    let (jon, other, arya) = (api.jon().await, api.jon().await, api.arya().await);
    api.book(&other, &arya, "2030-01-14T08:00:00-05:00").await.created();
    let refused = api.post(SERIES, &wanted(&jon, &arya, "2030-01-07T08:00:00-05:00", "week", 3)).await;
    refused.violates(409, "patient-busy", &[("/occurrences/1", "patient-busy")]);
    assert!(!refused.text().contains(&other), "nobody learns with whom");
}

#[actix_web::test]
async fn where_no_visit_can_be_had_nothing_is_booked_either_way() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let mut body = wanted(&jon, &arya, "2030-01-08T08:00:00-05:00", "week", 2);
    for way in ["refuse", "skip"] {
        body["onConflict"] = json!(way);
        let expected = [("/occurrences/0", "outside-working-hours"), ("/occurrences/1", "outside-working-hours")];
        api.post(SERIES, &body).await.violates(422, "outside-working-hours", &expected);
    }
    let away = "2030-01-31T09:00:00-05:00";
    let refused = api.post(SERIES, &wanted(&jon, &arya, away, "month", 2)).await;
    // A month without the day is no conflict.
    let expected = [("/occurrences/0", "outside-working-hours"), ("/occurrences/1", "outside-working-hours")];
    refused.violates(422, "outside-working-hours", &expected);
}

#[actix_web::test]
async fn a_series_that_comes_again_is_booked_once() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let body = wanted(&jon, &arya, "2030-01-07T08:00:00-05:00", "week", 5);
    let first = api.keyed("k", SERIES, &body).await;
    first.created();
    let again = api.keyed("k", SERIES, &body).await;
    assert_eq!((again.status, again.text()), (first.status, first.text()));
    assert_eq!(again.header("Idempotency-Replayed"), Some("true"));
    assert_eq!(api.counts().await, [1, 1, 5]);
    let refused = api.keyed("other", SERIES, &body).await.problem(409, "slot-taken");
    assert_eq!(api.keyed("other", SERIES, &body).await.json(), refused);
}

#[actix_web::test]
async fn what_cannot_be_a_series_is_refused_with_every_violation() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let body = json!({
        "doctorId": "1", "patientId": "2", "start": "2030-01-07", "every": "day", "count": 1, "onConflict": "ask",
        "visitType": "x", "reason": ""
    });
    api.post(SERIES, &body).await.violates(
        400,
        "malformed-request",
        &[
            ("/doctorId", "invalid-id"),
            ("/patientId", "invalid-id"),
            ("/start", "invalid-instant"),
            ("/every", "unknown-value"),
            ("/count", "invalid-count"),
            ("/onConflict", "unknown-value"),
            ("/visitType", "invalid-id"),
            ("/reason", "invalid-reason"),
        ],
    );
    for count in [0, 1, 53, 300] {
        let body = wanted(&jon, &arya, "2030-01-07T08:00:00-05:00", "week", count);
        api.post(SERIES, &body).await.violates(422, "invalid-count", &[("/count", "invalid-count")]);
    }
    let mut nobody = wanted(NOBODY, NOBODY, "2030-01-07T08:00:00-05:00", "week", 2);
    nobody["visitType"] = json!(NOBODY);
    let all = [("/doctorId", "not-found"), ("/patientId", "not-found"), ("/visitType", "not-found")];
    api.post(SERIES, &nobody).await.violates(404, "not-found", &all);
    let stranger = wanted(&jon, NOBODY, "2030-01-07T08:00:00-05:00", "week", 2);
    api.post(SERIES, &stranger).await.violates(404, "not-found", &[("/patientId", "not-found")]);
    assert_eq!(api.counts().await, [1, 1, 0]);
}
