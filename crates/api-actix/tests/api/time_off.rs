//! Time off: stretches in which a doctor is away.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::support::{Api, NOBODY, mondays_in_berlin};

async fn setup() -> (Api, String, String) {
    let api = Api::new();
    let jon = api.jon().await;
    let path = format!("/api/v1/doctors/{jon}/time-off");
    (api, jon, path)
}

fn away(start: &str, end: &str) -> Value {
    json!({"start": start, "end": end})
}

#[actix_web::test]
async fn time_off_is_shown_on_the_doctors_own_clock() {
    let (api, jon, path) = setup().await;
    let body =
        json!({"start": "2030-01-07T15:00:00Z", "end": "2030-07-08T06:00:00+02:00", "reason": " Sabbatical\nat sea "});
    let entered = api.post(&path, &body).await;
    let id = entered.created();
    let mut expected = json!({
        "id": id, "doctorId": jon, "start": "2030-01-07T10:00:00-05:00", "end": "2030-07-08T00:00:00-04:00",
        "reason": "Sabbatical\nat sea", "createdAt": "2029-12-01T04:30:00-05:00"
    });
    assert_eq!(entered.header("Location"), Some(format!("{path}/{id}").as_str()));
    assert_eq!(entered.header("ETag"), Some("\"1\""));
    let found = api.get(&format!("{path}/{id}")).await;
    assert_eq!(found.ok(), expected);
    assert_eq!(found.header("ETag"), Some("\"1\""));
    expected["affectedBookings"] = json!([]);
    expected["affectedHolds"] = json!([]);
    assert_eq!(entered.json(), expected);
    assert_eq!(api.get(&format!("/api/v1/doctors/{jon}")).await.header("ETag"), Some("\"2\""));
}

#[actix_web::test]
async fn time_off_leaves_the_slots_around_it() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let path = format!("/api/v1/doctors/{brienne}/time-off");
    let id = api.post(&path, &away("2026-06-01T10:15:00+02:00", "2026-06-01T10:45:00+02:00")).await.created();
    assert_eq!(api.free(&brienne, "2026-06-01").await, ["09:00", "09:30", "11:00", "11:30"]);
    let refused = api.book(&brienne, &arya, "2026-06-01T10:30:00+02:00").await;
    refused.violates(422, "outside-working-hours", &[("/start", "outside-working-hours")]);
    let nearest = ["2026-06-01T09:30:00+02:00", "2026-06-01T11:00:00+02:00", "2026-06-01T11:30:00+02:00"];
    assert_eq!(refused.json()["alternatives"], json!(nearest));

    assert_eq!(api.delete(&format!("{path}/{id}")).await.ok(), json!({"affectedBookings": [], "affectedHolds": []}));
    assert_eq!(api.free(&brienne, "2026-06-01").await.len(), 6);
    api.get(&format!("{path}/{id}")).await.problem(404, "not-found");
    api.delete(&format!("{path}/{id}")).await.problem(404, "not-found");
}

#[actix_web::test]
async fn time_off_is_listed_by_start_page_by_page() {
    let (api, _, path) = setup().await;
    for start in ["2030-03-01", "1999-01-01", "2030-02-01"] {
        api.post(&path, &away(&format!("{start}T00:00:00Z"), "2031-01-01T00:00:00Z")).await.created();
    }
    let other = format!("/api/v1/doctors/{}/time-off", api.jon().await);
    api.post(&other, &away("2030-01-15T00:00:00Z", "2031-01-01T00:00:00Z")).await.created();

    let starts = |list: &Value| -> Vec<Value> {
        list["items"].as_array().expect("items").iter().map(|away| away["start"].clone()).collect()
    };
    let first = api.get(&format!("{path}?limit=2")).await.ok();
    assert_eq!(starts(&first), ["1998-12-31T19:00:00-05:00", "2030-01-31T19:00:00-05:00"]);
    assert!(first["items"][0].get("affectedBookings").is_none(), "{first}");
    let cursor = first["nextCursor"].as_str().expect("a cursor");
    let last = api.get(&format!("{path}?limit=2&cursor={cursor}")).await.ok();
    assert_eq!(starts(&last), ["2030-02-28T19:00:00-05:00"]);
    assert!(last.get("nextCursor").is_none(), "{last}");
}

#[actix_web::test]
async fn only_bookings_in_the_time_off_are_affected() {
    let (api, jon, path) = setup().await;
    let arya = api.arya().await;
    let before = api.book(&jon, &arya, "2030-01-07T09:00:00-05:00").await.created();
    let partly = api.book(&jon, &arya, "2030-01-07T10:00:00-05:00").await.created();
    let within = api.book(&jon, &arya, "2030-01-07T13:00:00-05:00").await.created();
    let after = api.book(&jon, &arya, "2030-01-07T14:00:00-05:00").await.created();
    let cancelled = api.book(&jon, &arya, "2030-01-07T15:00:00-05:00").await.created();
    api.post(&format!("/api/v1/bookings/{cancelled}/cancel"), &json!({"reason": "ill"})).await.ok();

    let noon = away("2030-01-07T10:30:00-05:00", "2030-01-07T14:00:00-05:00");
    let ids = |answer: &Value| -> Vec<Value> {
        answer["affectedBookings"].as_array().expect("bookings").iter().map(|booking| booking["id"].clone()).collect()
    };
    let dry = api.post(&format!("{path}?dryRun=true"), &noon).await;
    assert_eq!(ids(&dry.ok()), [partly.as_str(), within.as_str()]);
    assert_eq!(dry.json().as_object().map(serde_json::Map::len), Some(2), "{}", dry.text());
    assert_eq!((dry.header("Location"), dry.header("ETag")), (None, None));
    let refused = api.post(&path, &noon).await.problem(409, "bookings-affected");
    assert_eq!(ids(&refused), [partly.as_str(), within.as_str()]);
    assert_eq!(api.get(&path).await.ok(), json!({"items": []}));

    let kept = api.post(&format!("{path}?affected=keep"), &noon).await;
    let id = kept.created();
    assert_eq!(ids(&kept.json()), [partly.as_str(), within.as_str()]);
    let outside =
        async |booking: &str| api.get(&format!("/api/v1/bookings/{booking}")).await.ok()["outsideHours"].clone();
    for (booking, expected) in
        [(&before, false), (&partly, true), (&within, true), (&after, false), (&cancelled, false)]
    {
        assert_eq!(outside(booking).await, expected, "{booking}");
    }
    // Who is outside already is not affected a second time.
    api.post(&path, &noon).await.created();
    api.delete(&format!("{path}/{id}")).await.ok();
    assert_eq!(outside(&within).await, true, "there is the second");
    let second = api.get(&path).await.ok()["items"][0]["id"].as_str().expect("an id").to_owned();
    let dry = api.delete(&format!("{path}/{second}?dryRun=true")).await.ok();
    assert_eq!(dry, json!({"affectedBookings": [], "affectedHolds": []}));
    api.delete(&format!("{path}/{second}?affected=keep")).await.ok();
    assert_eq!(outside(&within).await, false);
}

#[actix_web::test]
async fn time_off_never_changes_so_its_tag_does_not_either() {
    let (api, _, path) = setup().await;
    let id = api.post(&path, &away("2030-01-07T10:00:00Z", "2030-01-07T11:00:00Z")).await.created();
    let delete = |id: &str, tag: &str| {
        TestRequest::delete().uri(&format!("{path}/{id}")).insert_header(("If-Match", tag.to_owned()))
    };
    for other in ["\"2\"", "W/\"1\""] {
        api.send(delete(&id, other)).await.problem(412, "precondition-failed");
    }
    api.send(delete(NOBODY, "\"2\"")).await.problem(404, "not-found");
    api.send(delete(&id, "\"2\", \"1\"")).await.ok();
}

#[actix_web::test]
async fn time_off_belongs_to_one_doctor() {
    let (api, _, path) = setup().await;
    let id = api.post(&path, &away("2030-01-07T10:00:00Z", "2030-01-07T11:00:00Z")).await.created();
    let other = format!("/api/v1/doctors/{}/time-off", api.jon().await);
    for path in [format!("{other}/{id}"), format!("/api/v1/doctors/{NOBODY}/time-off/{id}"), format!("{path}/x")] {
        api.get(&path).await.problem(404, "not-found");
        api.delete(&path).await.problem(404, "not-found");
    }
    let nobody = format!("/api/v1/doctors/{NOBODY}/time-off");
    api.get(&nobody).await.problem(404, "not-found");
    api.post(&nobody, &away("2030-01-07T10:00:00Z", "2030-01-07T11:00:00Z")).await.problem(404, "not-found");
    api.get(&format!("{path}/{id}")).await.ok();
}

#[actix_web::test]
async fn time_off_that_is_not_possible_is_refused_with_every_violation() {
    let (api, jon, path) = setup().await;
    let impossible = [
        (away("2030-01-07T10:00:00Z", "2030-01-07T10:00:00Z"), vec![("/end", "invalid-range")]),
        (away("2030-01-07T10:00:00Z", "2030-01-07T10:59:59+01:00"), vec![("/end", "invalid-range")]),
        // Shorter than what is kept.
        (away("2030-01-07T10:00:00.0000001Z", "2030-01-07T10:00:00.0000009Z"), vec![("/end", "invalid-range")]),
        (
            away("2030-01-07T10:00:00", "2030-02-30T10:00:00Z"),
            vec![("/start", "offset-required"), ("/end", "invalid-instant")],
        ),
        (away("1899-12-31T10:00:00Z", "2030-01-07"), vec![("/start", "invalid-instant"), ("/end", "invalid-instant")]),
        (
            json!({"start": "2030-01-07T11:00:00Z", "end": "2030-01-07T10:00:00Z", "reason": " "}),
            vec![("/reason", "invalid-reason"), ("/end", "invalid-range")],
        ),
        (
            json!({"start": "2030-01-07T10:00:00Z", "end": "2030-01-07T11:00:00Z", "reason": "x".repeat(1_001)}),
            vec![("/reason", "invalid-reason")],
        ),
    ];
    for (body, violations) in impossible {
        api.post(&path, &body).await.violates(422, violations[0].1, &violations);
    }
    let malformed = [
        (json!({}), vec![("/start", "missing-field"), ("/end", "missing-field")]),
        (json!({"start": null, "end": 7}), vec![("/start", "wrong-type"), ("/end", "wrong-type")]),
        (
            json!({"start": "2030-01-07T10:00:00Z", "end": "2030-01-07T11:00:00Z", "doctorId": jon}),
            vec![("/doctorId", "unknown-field")],
        ),
    ];
    for (body, violations) in malformed {
        api.post(&path, &body).await.violates(400, "malformed-request", &violations);
    }
    let fine = away("2030-01-07T10:00:00Z", "2030-01-07T11:00:00Z");
    for (query, violation) in [
        ("dryRun=maybe", ("/dryRun", "wrong-type")),
        ("affected=drop", ("/affected", "unknown-value")),
        ("force=true", ("/force", "unknown-parameter")),
    ] {
        api.post(&format!("{path}?{query}"), &fine).await.violates(400, "malformed-request", &[violation]);
    }
    let listed = api.get(&format!("{path}?limit=0&cursor=x")).await;
    listed.violates(422, "invalid-limit", &[("/limit", "invalid-limit"), ("/cursor", "invalid-cursor")]);
    let listed = api.get(&format!("{path}?from=2030-01-07")).await;
    listed.violates(400, "malformed-request", &[("/from", "unknown-parameter")]);
    assert_eq!(api.get(&path).await.ok(), json!({"items": []}));
    let reasonless = json!({"start": "2030-01-07T10:00:00Z", "end": "2030-01-07T11:00:00Z", "reason": null});
    assert_eq!(api.post(&path, &reasonless).await.json()["reason"], json!(null));
}
