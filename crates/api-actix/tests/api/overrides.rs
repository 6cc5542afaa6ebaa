//! Overrides: single dates with windows of their own.

use actix_web::test::TestRequest;
use doctor_booking_adapters_memory::MemoryStore;
use serde_json::{Value, json};

use crate::support::{Api, MAY, NOBODY, berlin, mondays_in_berlin};

async fn setup() -> (Api, String, String) {
    let api = Api::new();
    let jon = api.jon().await;
    let path = format!("/api/v1/doctors/{jon}/overrides");
    (api, jon, path)
}

fn windows(windows: &[(&str, &str)]) -> Value {
    json!({"windows": windows.iter().map(|(start, end)| json!({"start": start, "end": end})).collect::<Vec<_>>()})
}

#[actix_web::test]
async fn a_date_has_hours_of_its_own_until_they_are_removed() {
    let (api, jon, path) = setup().await;
    let monday = format!("{path}/2030-01-07");
    let put = api.put(&monday, &windows(&[("18:00", "19:00"), ("09:00", "10:00")])).await;
    let day = json!({"date": "2030-01-07", "windows": [
        {"start": "09:00", "end": "10:00"}, {"start": "18:00", "end": "19:00"}
    ]});
    let mut expected = day.clone();
    expected["affectedBookings"] = json!([]);
    expected["affectedHolds"] = json!([]);
    assert_eq!(put.ok(), expected);
    assert_eq!(put.header("ETag"), Some("\"2\""), "the doctor's revision");
    assert_eq!(api.get(&format!("/api/v1/doctors/{jon}")).await.header("ETag"), Some("\"2\""));
    assert_eq!(api.free(&jon, "2030-01-07").await, ["09:00", "18:00"]);
    assert_eq!(api.free(&jon, "2030-01-14").await.len(), 6);

    // Again, with others; and a day that the week does not have, over midnight.
    api.put(&monday, &windows(&[("09:00", "11:00")])).await.ok();
    assert_eq!(api.free(&jon, "2030-01-07").await, ["09:00", "10:00"]);
    api.put(&format!("{path}/2030-01-08"), &windows(&[("23:00", "01:00")])).await.ok();
    assert_eq!(api.free(&jon, "2030-01-08").await, ["23:00"]);
    assert_eq!(api.free(&jon, "2030-01-09").await, ["00:00"]);
    api.put(&format!("{path}/2031-01-08"), &windows(&[])).await.ok();

    let list = api.get(&format!("{path}?from=2030-01-07&to=2031-01-07")).await.ok();
    let expected = json!({"items": [
        {"date": "2030-01-07", "windows": [{"start": "09:00", "end": "11:00"}]},
        {"date": "2030-01-08", "windows": [{"start": "23:00", "end": "01:00"}]}
    ]});
    assert_eq!(list, expected);
    let last = api.get(&format!("{path}?from=2031-01-08&to=2031-01-08")).await.ok();
    assert_eq!(last, json!({"items": [{"date": "2031-01-08", "windows": []}]}));

    assert_eq!(api.delete(&monday).await.ok(), json!({"affectedBookings": [], "affectedHolds": []}));
    assert_eq!(api.free(&jon, "2030-01-07").await.len(), 6);
    api.delete(&monday).await.problem(404, "not-found");
}

#[actix_web::test]
async fn an_override_of_a_past_date_is_kept_like_any_other() {
    let (api, _, path) = setup().await;
    api.put(&format!("{path}/1999-12-31"), &windows(&[("08:00", "24:00")])).await.ok();
    let list = api.get(&format!("{path}?from=1999-12-31&to=1999-12-31")).await.ok();
    assert_eq!(list["items"][0]["windows"], json!([{"start": "08:00", "end": "24:00"}]));
    api.delete(&format!("{path}/1999-12-31")).await.ok();
}

#[actix_web::test]
async fn a_date_that_is_closed_leaves_the_night_before_whole() {
    let api = Api::at(&MemoryStore::new().stores(), MAY);
    let brienne = api.register(&berlin(&json!({"friday": [{"start": "22:00", "end": "06:00"}]}))).await;
    let saturday = format!("/api/v1/doctors/{brienne}/overrides/2026-06-06");
    api.put(&saturday, &windows(&[])).await.ok();
    assert_eq!(api.free(&brienne, "2026-06-05").await, ["22:00", "22:30", "23:00", "23:30"]);
    let morning: Vec<_> = (0..6).flat_map(|hour| [format!("{hour:02}:00"), format!("{hour:02}:30")]).collect();
    assert_eq!(api.free(&brienne, "2026-06-06").await, morning);
}

#[actix_web::test]
async fn an_override_changes_only_at_the_revision_that_was_seen() {
    let (api, _, path) = setup().await;
    let monday = format!("{path}/2030-01-07");
    let put = |tag: &str| {
        let request = TestRequest::put().uri(&monday).insert_header(("If-Match", tag.to_owned()));
        request.set_json(windows(&[("09:00", "10:00")]))
    };
    let delete = |tag: &str| TestRequest::delete().uri(&monday).insert_header(("If-Match", tag.to_owned()));
    api.send(put("\"7\"")).await.problem(412, "precondition-failed");
    assert_eq!(api.send(put("\"1\"")).await.header("ETag"), Some("\"2\""));
    api.send(delete("\"1\"")).await.problem(412, "precondition-failed");
    api.send(delete("\"2\"")).await.ok();
}

#[actix_web::test]
async fn a_removal_that_strands_a_booking_has_to_be_wanted() {
    let (api, jon, path) = setup().await;
    let arya = api.arya().await;
    let sunday = format!("{path}/2030-01-06");
    api.put(&sunday, &windows(&[("09:00", "10:00")])).await.ok();
    let booking = api.book(&jon, &arya, "2030-01-06T09:00:00-05:00").await.created();

    let dry = api.delete(&format!("{sunday}?dryRun=true")).await.ok();
    assert_eq!(dry["affectedBookings"][0]["id"], json!(booking));
    let refused = api.delete(&sunday).await.problem(409, "bookings-affected");
    assert_eq!(refused["affectedBookings"][0]["id"], json!(booking));
    assert_eq!(api.free(&jon, "2030-01-06").await, Vec::<String>::new(), "still booked");
    api.delete(&format!("{sunday}?affected=keep")).await.ok();
    assert_eq!(api.get(&format!("/api/v1/bookings/{booking}")).await.ok()["outsideHours"], true);

    // Once the hours are back, the booking is inside again.
    api.put(&sunday, &windows(&[("09:00", "10:00")])).await.ok();
    assert_eq!(api.get(&format!("/api/v1/bookings/{booking}")).await.ok()["outsideHours"], false);
}

#[actix_web::test]
async fn a_dry_run_shows_the_date_as_it_would_be_and_stores_nothing() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let booking = api.book(&brienne, &arya, "2026-06-01T10:00:00+02:00").await.created();
    let monday = format!("/api/v1/doctors/{brienne}/overrides/2026-06-01");
    let dry = api.put(&format!("{monday}?dryRun=true"), &windows(&[("09:00", "10:00")])).await;
    assert_eq!(dry.ok()["windows"], json!([{"start": "09:00", "end": "10:00"}]));
    assert_eq!(dry.json()["affectedBookings"][0]["id"], json!(booking));
    assert_eq!(dry.header("ETag"), None);
    api.delete(&monday).await.problem(404, "not-found");
}

#[actix_web::test]
async fn windows_that_are_not_possible_are_refused_with_every_violation() {
    let (api, jon, path) = setup().await;
    let monday = format!("{path}/2030-01-07");
    let overlapping = windows(&[("10:00", "12:00"), ("08:00", "11:00"), ("12:00", "13:00"), ("12:30", "14:00")]);
    let places = [("/windows/0", "windows-overlap"), ("/windows/3", "windows-overlap")];
    let refused = api.put(&monday, &overlapping).await;
    refused.violates(422, "windows-overlap", &places);
    let detail = "monday 10:00–12:00 starts before monday 08:00–11:00 has ended";
    assert_eq!(refused.json()["errors"][0]["detail"], detail);
    let twice = windows(&[("08:00", "11:00"), ("08:00", "11:00")]);
    api.put(&monday, &twice).await.violates(422, "windows-overlap", &[("/windows/1", "windows-overlap")]);
    let night = windows(&[("20:00", "04:00"), ("23:00", "24:00")]);
    api.put(&monday, &night).await.violates(422, "windows-overlap", &[("/windows/1", "windows-overlap")]);

    let broken = windows(&[("09:00", "09:00"), ("8:00", "24:01"), ("24:00", "08:00")]);
    let places = [
        ("/windows/0", "empty-window"),
        ("/windows/1/start", "invalid-time"),
        ("/windows/1/end", "invalid-time"),
        ("/windows/2/start", "invalid-time"),
    ];
    api.put(&monday, &broken).await.violates(422, "empty-window", &places);

    let malformed = [
        (json!({}), vec![("/windows", "missing-field")]),
        (json!({"windows": null}), vec![("/windows", "wrong-type")]),
        (json!({"windows": {}}), vec![("/windows", "wrong-type")]),
        (
            json!({"windows": [{"start": "08:00", "until": "9"}, 7], "date": "2030-01-07"}),
            vec![
                ("/date", "unknown-field"),
                ("/windows/0/until", "unknown-field"),
                ("/windows/0/end", "missing-field"),
                ("/windows/1", "wrong-type"),
            ],
        ),
        (json!([]), vec![("", "wrong-type")]),
    ];
    for (body, violations) in malformed {
        api.put(&monday, &body).await.violates(400, "malformed-request", &violations);
    }
    for (query, violation) in [
        ("dryRun=maybe", ("/dryRun", "wrong-type")),
        ("affected=drop", ("/affected", "unknown-value")),
        ("force=true", ("/force", "unknown-parameter")),
    ] {
        for answer in
            [api.put(&format!("{monday}?{query}"), &windows(&[])).await, api.delete(&format!("{monday}?{query}")).await]
        {
            answer.violates(400, "malformed-request", &[violation]);
        }
    }
    assert_eq!(api.get(&format!("/api/v1/doctors/{jon}")).await.header("ETag"), Some("\"1\""));
}

#[actix_web::test]
async fn a_date_or_a_doctor_that_is_none_leads_nowhere() {
    let (api, _, path) = setup().await;
    for date in ["2030-02-30", "2030-1-7", "today", "1899-12-31", "3000-01-01"] {
        api.put(&format!("{path}/{date}"), &windows(&[])).await.problem(404, "not-found");
        api.delete(&format!("{path}/{date}")).await.problem(404, "not-found");
    }
    let nobody = format!("/api/v1/doctors/{NOBODY}/overrides");
    api.put(&format!("{nobody}/2030-01-07"), &windows(&[])).await.problem(404, "not-found");
    api.delete(&format!("{nobody}/2030-01-07")).await.problem(404, "not-found");
    api.get(&format!("{nobody}?from=2030-01-07&to=2030-01-07")).await.problem(404, "not-found");
}

#[actix_web::test]
async fn a_list_is_for_at_most_366_days() {
    let (api, _, path) = setup().await;
    let list = async |query: &str| api.get(&format!("{path}{query}")).await;
    list("?from=2028-01-01&to=2028-12-31").await.ok();
    list("?from=2028-01-01&to=2029-01-01").await.violates(422, "range-too-long", &[("/to", "range-too-long")]);
    list("?from=2028-01-02&to=2028-01-01").await.violates(422, "invalid-range", &[("/to", "invalid-range")]);
    let both = [("/from", "missing-parameter"), ("/to", "missing-parameter")];
    list("").await.violates(400, "malformed-request", &both);
    let broken = [("/from", "invalid-date"), ("/to", "invalid-date"), ("/limit", "unknown-parameter")];
    list("?from=2026-02-29&to=x&limit=1").await.violates(400, "malformed-request", &broken);
}
