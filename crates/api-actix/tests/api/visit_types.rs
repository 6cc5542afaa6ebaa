//! Visit types: enter, list, find, amend, retire. What they do to free time and bookings, `visits` tells.

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_ports::{MockVisitTypes, SaveError, Unavailable};
use serde_json::{Value, json};

use crate::support::{Answer, Api, NOBODY};

const PATH: &str = "/api/v1/visit-types";

/// Every number there is: its field, from where to where it goes, and the code of what does not fit.
const NUMBERS: [(&str, i64, i64, &str); 7] = [
    ("minutes", 5, 480, "invalid-slot-minutes"),
    ("stepMinutes", 5, 480, "invalid-slot-minutes"),
    ("bufferBefore", 0, 480, "invalid-buffer"),
    ("bufferAfter", 0, 480, "invalid-buffer"),
    ("minNoticeMinutes", 0, 525_600, "invalid-notice"),
    ("maxDaysAhead", 0, 3_650, "invalid-horizon"),
    ("capacity", 1, 50, "invalid-capacity"),
];

/// Half an hour, and nothing else is said.
fn check_up() -> Value {
    json!({"name": "Check-up", "minutes": 30})
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

/// A service with one visit type, and its path.
async fn one() -> (Api, String) {
    let api = Api::new();
    let path = format!("{PATH}/{}", api.visit_type(&check_up()).await);
    (api, path)
}

async fn names(api: &Api, query: &str) -> Vec<Value> {
    let list = api.get(&format!("{PATH}?{query}")).await.ok();
    list["items"].as_array().expect("items").iter().map(|visit_type| visit_type["name"].clone()).collect()
}

/// A request at a revision.
async fn at(api: &Api, method: Method, path: &str, tag: &str) -> Answer {
    let request = TestRequest::default().uri(path).insert_header(("If-Match", tag.to_owned()));
    let request = if method == Method::PATCH { request.set_json(json!({"name": "Other"})) } else { request };
    api.send(request.method(method)).await
}

#[actix_web::test]
async fn a_visit_type_is_shown_as_entered() {
    let api = Api::new();
    let body = json!({"name": " First visit ", "minutes": 60, "stepMinutes": 30, "bufferBefore": 10, "bufferAfter": 5,
                      "minNoticeMinutes": 1440, "maxDaysAhead": 90, "capacity": 2});
    let created = api.post(PATH, &body).await;
    let id = created.created();
    assert_eq!(created.header("Location"), Some(format!("{PATH}/{id}").as_str()));
    assert_eq!(created.header("ETag"), Some("\"1\""));
    let expected = json!({
        "id": id, "name": "First visit", "minutes": 60, "stepMinutes": 30, "bufferBefore": 10, "bufferAfter": 5,
        "minNoticeMinutes": 1440, "maxDaysAhead": 90, "capacity": 2, "retired": false,
        "createdAt": "2029-12-01T09:30:00Z", "updatedAt": "2029-12-01T09:30:00Z"
    });
    assert_eq!(created.json(), expected);
    let found = api.get(&format!("{PATH}/{id}")).await;
    assert_eq!(found.ok(), expected);
    assert_eq!(found.header("ETag"), Some("\"1\""));
    assert_eq!(api.get(PATH).await.ok(), json!({"items": [expected]}));
}

#[actix_web::test]
async fn what_is_left_out_or_null_has_its_default() {
    let api = Api::new();
    let limitless = with(with(check_up(), "stepMinutes", json!(null)), "maxDaysAhead", json!(null));
    for body in [check_up(), limitless] {
        let created = api.post(PATH, &body).await;
        let id = created.created();
        let expected = json!({
            "id": id, "name": "Check-up", "minutes": 30, "stepMinutes": 30, "bufferBefore": 0, "bufferAfter": 0,
            "minNoticeMinutes": 0, "maxDaysAhead": null, "capacity": 1, "retired": false,
            "createdAt": "2029-12-01T09:30:00Z", "updatedAt": "2029-12-01T09:30:00Z"
        });
        assert_eq!(created.json(), expected);
    }
    // Two types may have one name: the id tells them apart.
    assert_eq!(names(&api, "").await, ["Check-up", "Check-up"]);
}

#[actix_web::test]
async fn every_number_has_its_bounds() {
    let (api, path) = one().await;
    for (field, least, most, code) in NUMBERS {
        let pointer = format!("/{field}");
        for fits in [json!(least), json!(most), json!(format!("{most}.0").parse::<f64>().expect("a number"))] {
            let number = fits.as_f64();
            let created = api.post(PATH, &with(check_up(), field, fits.clone())).await;
            created.created();
            assert_eq!(created.json()[field].as_f64(), number, "{field}");
            assert_eq!(api.patch(&path, &json!({field: fits})).await.ok()[field].as_f64(), number, "{field}");
        }
        // So that the notice of one round is not too long for the horizon of the next.
        api.patch(&path, &json!({"minNoticeMinutes": 0})).await.ok();
        for far in [json!(least - 1), json!(most + 1), json!(-70_000), json!(i64::MAX), json!(u64::MAX), json!(1e30)] {
            let refused = api.post(PATH, &with(check_up(), field, far.clone())).await;
            refused.violates(422, code, &[(&pointer, code)]);
            api.patch(&path, &json!({field: far})).await.violates(422, code, &[(&pointer, code)]);
        }
        for wrong in [json!(30.5), json!("30"), json!(true), json!([30]), json!({})] {
            let refused = api.post(PATH, &with(check_up(), field, wrong.clone())).await;
            refused.violates(400, "malformed-request", &[(&pointer, "wrong-type")]);
            let refused = api.patch(&path, &json!({field: wrong})).await;
            refused.violates(400, "malformed-request", &[(&pointer, "wrong-type")]);
        }
        if !["stepMinutes", "maxDaysAhead"].contains(&field) {
            let refused = api.post(PATH, &with(check_up(), field, json!(null))).await;
            refused.violates(400, "malformed-request", &[(&pointer, "wrong-type")]);
            let refused = api.patch(&path, &json!({field: null})).await;
            refused.violates(400, "malformed-request", &[(&pointer, "wrong-type")]);
        }
    }
}

#[actix_web::test]
async fn a_name_is_a_line_of_up_to_100_characters() {
    let (api, path) = one().await;
    for name in ["", " \t ", "x\n", "Check\u{0}up", &"x".repeat(101)] {
        let refused = api.post(PATH, &with(check_up(), "name", json!(name))).await;
        refused.violates(422, "invalid-name", &[("/name", "invalid-name")]);
        api.patch(&path, &json!({"name": name})).await.violates(422, "invalid-name", &[("/name", "invalid-name")]);
    }
    api.post(PATH, &with(check_up(), "name", json!("Ä".repeat(100)))).await.created();
}

#[actix_web::test]
async fn a_visit_type_that_is_not_possible_is_refused_with_every_violation() {
    let (api, path) = one().await;
    let body = json!({"name": " ", "minutes": 4, "stepMinutes": 481, "bufferBefore": -1, "bufferAfter": 481,
                      "minNoticeMinutes": 525_601, "maxDaysAhead": 3_651, "capacity": 0});
    let violations = [
        ("/name", "invalid-name"),
        ("/minutes", "invalid-slot-minutes"),
        ("/stepMinutes", "invalid-slot-minutes"),
        ("/bufferBefore", "invalid-buffer"),
        ("/bufferAfter", "invalid-buffer"),
        ("/minNoticeMinutes", "invalid-notice"),
        ("/maxDaysAhead", "invalid-horizon"),
        ("/capacity", "invalid-capacity"),
    ];
    api.post(PATH, &body).await.violates(422, "invalid-name", &violations);
    api.patch(&path, &body).await.violates(422, "invalid-name", &violations);

    let body = json!({"minutes": "30", "capacity": null, "retired": true, "buffer": 5, "stepMinutes": []});
    let violations = [
        ("/minutes", "wrong-type"),
        ("/capacity", "wrong-type"),
        ("/retired", "unknown-field"),
        ("/buffer", "unknown-field"),
        ("/stepMinutes", "wrong-type"),
    ];
    api.patch(&path, &body).await.violates(400, "malformed-request", &violations);
    let missing = [&violations[..], &[("/name", "missing-field")]].concat();
    api.post(PATH, &body).await.violates(400, "malformed-request", &missing);
    let empty = [("/name", "missing-field"), ("/minutes", "missing-field")];
    api.post(PATH, &json!({})).await.violates(400, "malformed-request", &empty);
    for none in [json!([]), json!(null), json!("Check-up")] {
        api.post(PATH, &none).await.violates(400, "malformed-request", &[("", "wrong-type")]);
        api.patch(&path, &none).await.violates(400, "malformed-request", &[("", "wrong-type")]);
    }
    let twice = r#"{"name": "Check-up", "minutes": 30, "minutes": 40}"#;
    let twice = api.raw(Method::POST, PATH, twice).await;
    twice.violates(400, "malformed-request", &[("/minutes", "repeated-field")]);
    api.post(&format!("{PATH}?dryRun=true"), &check_up()).await.violates(
        400,
        "malformed-request",
        &[("/dryRun", "unknown-parameter")],
    );

    assert_eq!(names(&api, "").await, ["Check-up"]);
    assert_eq!(api.get(&path).await.header("ETag"), Some("\"1\""));
}

#[actix_web::test]
async fn a_notice_must_not_be_longer_than_the_horizon() {
    let (api, path) = one().await;
    let too_long = [("/minNoticeMinutes", "invalid-notice")];
    let body = |notice: u32, days: u16| json!({"minNoticeMinutes": notice, "maxDaysAhead": days});
    let new = |notice: u32, days: u16| {
        let name = with(check_up(), "minNoticeMinutes", json!(notice));
        with(name, "maxDaysAhead", json!(days))
    };
    for (notice, days) in [(1441, 1), (1441, 0), (525_600, 364)] {
        api.post(PATH, &new(notice, days)).await.violates(422, "invalid-notice", &too_long);
        api.patch(&path, &body(notice, days)).await.violates(422, "invalid-notice", &too_long);
    }
    for (notice, days) in [(1440, 1), (1440, 0), (525_600, 365)] {
        api.post(PATH, &new(notice, days)).await.created();
        api.patch(&path, &body(notice, days)).await.ok();
    }
    // Whichever of the two it is that changes, and of the other what is there counts.
    api.patch(&path, &body(1440, 2)).await.ok();
    let etag = api.get(&path).await.header("ETag").map(str::to_owned);
    api.patch(&path, &json!({"minNoticeMinutes": 2881})).await.violates(422, "invalid-notice", &too_long);
    api.patch(&path, &json!({"maxDaysAhead": 1, "minNoticeMinutes": 1441})).await.problem(422, "invalid-notice");
    assert_eq!(api.get(&path).await.header("ETag").map(str::to_owned), etag);
    api.patch(&path, &json!({"minNoticeMinutes": 2880})).await.ok();
    api.patch(&path, &json!({"maxDaysAhead": 1})).await.violates(422, "invalid-notice", &too_long);
    api.patch(&path, &json!({"maxDaysAhead": null})).await.ok();
    api.patch(&path, &json!({"minNoticeMinutes": 525_600})).await.ok();
}

#[actix_web::test]
async fn only_what_is_given_is_amended_and_null_takes_a_step_or_a_horizon_away() {
    let api = Api::new();
    let body = json!({"name": "First visit", "minutes": 60, "stepMinutes": 30, "bufferBefore": 10, "bufferAfter": 5,
                      "minNoticeMinutes": 60, "maxDaysAhead": 90, "capacity": 2});
    let path = format!("{PATH}/{}", api.visit_type(&body).await);
    let mut expected = api.get(&path).await.ok();
    let steps = [
        (json!({}), json!({})),
        (json!({"name": "Another visit"}), json!({})),
        (json!({"minutes": 45}), json!({})),
        (json!({"stepMinutes": null}), json!({"stepMinutes": 45})),
        (json!({"minutes": 40}), json!({"minutes": 40, "stepMinutes": 40})),
        (json!({"stepMinutes": 20, "bufferBefore": 0}), json!({})),
        (json!({"bufferAfter": 15, "minNoticeMinutes": 0}), json!({})),
        (json!({"maxDaysAhead": null}), json!({})),
        (json!({"maxDaysAhead": 0, "capacity": 3}), json!({})),
    ];
    for (revision, (patch, effect)) in steps.into_iter().enumerate() {
        for (field, value) in patch.as_object().into_iter().chain(effect.as_object()).flatten() {
            expected[field] = value.clone();
        }
        let amended = api.patch(&path, &patch).await;
        assert_eq!(amended.ok(), expected, "{patch}");
        assert_eq!(amended.header("ETag"), Some(format!("\"{}\"", revision + 2).as_str()));
        assert_eq!(api.get(&path).await.ok(), expected);
    }
}

#[actix_web::test]
async fn a_visit_type_is_changed_only_at_the_revision_that_was_seen() {
    for method in [Method::PATCH, Method::DELETE] {
        let (api, path) = one().await;
        for other in ["\"2\"", "W/\"1\"", "\"x\"", "\"0\", \"3\""] {
            at(&api, method.clone(), &path, other).await.problem(412, "precondition-failed");
        }
        at(&api, method.clone(), &path, "1").await.problem(400, "malformed-request");
        assert_eq!(api.get(&path).await.ok()["retired"], false);
        assert_eq!(at(&api, method.clone(), &path, "\"7\", \"1\"").await.header("ETag"), Some("\"2\""));
        at(&api, method.clone(), &path, "\"1\"").await.problem(412, "precondition-failed");
        at(&api, method.clone(), &path, "*").await.ok();
        let nobody = format!("{PATH}/{NOBODY}");
        at(&api, method, &nobody, "\"1\"").await.problem(404, "not-found");
    }
}

#[actix_web::test]
async fn a_visit_type_is_retired_once_and_for_all() {
    let (api, path) = one().await;
    let doctor = format!("/api/v1/doctors/{}", api.jon().await);
    let before = api.get(&path).await.ok();
    let retired = api.delete(&path).await;
    assert_eq!(retired.ok(), with(before, "retired", json!(true)));
    assert_eq!(retired.header("ETag"), Some("\"2\""));
    let revision = api.get(&doctor).await.header("ETag").map(str::to_owned);

    let again = api.delete(&path).await;
    assert_eq!((again.ok(), again.header("ETag")), (retired.ok(), Some("\"2\"")));
    assert_eq!(api.get(&path).await.ok(), retired.ok());
    assert_eq!(api.get(&doctor).await.header("ETag").map(str::to_owned), revision, "nothing has changed");

    assert_eq!(api.patch(&path, &json!({"name": "Old check-up"})).await.ok()["retired"], true);
    let unretired = api.patch(&path, &json!({"retired": false})).await;
    unretired.violates(400, "malformed-request", &[("/retired", "unknown-field")]);
    let kept = api.delete(&format!("{path}?affected=keep")).await;
    kept.violates(400, "malformed-request", &[("/affected", "unknown-parameter")]);
}

#[actix_web::test]
async fn visit_types_are_listed_by_name_and_filtered() {
    let api = Api::new();
    let mut last = String::new();
    for name in ["Vaccination", "check-up", "Video call", "Check", "Ärztegespräch"] {
        last = api.visit_type(&with(check_up(), "name", json!(name))).await;
    }
    api.delete(&format!("{PATH}/{last}")).await.ok();
    assert_eq!(names(&api, "").await, ["Check", "check-up", "Vaccination", "Video call", "Ärztegespräch"]);
    assert_eq!(names(&api, "retired=true").await, ["Ärztegespräch"]);
    assert_eq!(names(&api, "retired=false&limit=3").await, ["Check", "check-up", "Vaccination"]);

    let first = api.get(&format!("{PATH}?retired=false&limit=3")).await.ok();
    let cursor = first["nextCursor"].as_str().expect("there is more");
    // One before what was seen, one after it.
    for name in ["Acupuncture", "Vertigo"] {
        api.visit_type(&with(check_up(), "name", json!(name))).await;
    }
    assert_eq!(names(&api, &format!("retired=false&cursor={cursor}")).await, ["Vertigo", "Video call"]);
}

#[actix_web::test]
async fn a_visit_type_that_is_not_there_is_not_found() {
    let api = Api::new();
    for id in [NOBODY, "x"] {
        let path = format!("{PATH}/{id}");
        api.get(&path).await.problem(404, "not-found");
        api.patch(&path, &json!({"name": "Check-up"})).await.problem(404, "not-found");
        api.delete(&path).await.problem(404, "not-found");
    }
    let put = api.put(&format!("{PATH}/{NOBODY}"), &check_up()).await;
    put.problem(405, "method-not-allowed");
    assert_eq!(put.header("Allow"), Some("GET, HEAD, PATCH, DELETE"));
}

#[actix_web::test]
async fn visit_types_that_others_change_all_the_time_or_that_cannot_be_reached_are_to_be_tried_again() {
    let store = MemoryStore::new().stores();
    let api = Api::over(&store);
    let (doctor, patient, id) = (api.jon().await, api.arya().await, api.visit_type(&check_up()).await);
    let api_with = |visit_types: MockVisitTypes| {
        let mut stores = store.clone();
        stores.visit_types = Arc::new(visit_types);
        Api::over(&stores)
    };
    let path = format!("{PATH}/{id}");
    let unavailable = |answer: &Answer| {
        answer.problem(503, "unavailable");
        assert_eq!(answer.header("Retry-After"), Some("1"));
        assert!(!answer.text().contains("the socket"), "{}", answer.text());
    };

    let mut contended = MockVisitTypes::new();
    let there = Arc::clone(&store.visit_types);
    contended.expect_find().returning(move |id| there.find(id));
    contended.expect_save().returning(|_, _| Err(SaveError::Stale));
    let api = api_with(contended);
    unavailable(&api.patch(&path, &json!({"name": "Other"})).await);
    unavailable(&api.delete(&path).await);

    let mut gone = MockVisitTypes::new();
    let unreachable = || Unavailable::unreachable("the socket is gone");
    gone.expect_add().returning(move |_, _| Err(unreachable().into()));
    gone.expect_find().returning(move |_| Err(unreachable()));
    gone.expect_find_all().returning(move |_| Err(unreachable()));
    gone.expect_list().returning(move |_, _| Err(unreachable()));
    let api = api_with(gone);
    let availability = format!("/api/v1/doctors/{doctor}/availability");
    let answers = [
        api.post(PATH, &check_up()).await,
        api.get(PATH).await,
        api.get(&path).await,
        api.patch(&path, &json!({"name": "Other"})).await,
        api.delete(&path).await,
        api.patch(&format!("/api/v1/doctors/{doctor}"), &json!({"visitTypes": [id]})).await,
        api.get(&format!("{availability}?date=2030-01-07&visitType={id}")).await,
        api.get(&format!("{availability}/next?visitType={id}")).await,
        api.get(&format!("/api/v1/availability?from=2030-01-07&to=2030-01-07&visitType={id}")).await,
        api.book_as(&id, &doctor, &patient, "2030-01-07T08:00:00-05:00").await,
    ];
    for answer in &answers {
        unavailable(answer);
    }
    // Who does not ask for a type does not need them.
    api.book(&doctor, &patient, "2030-01-07T08:00:00-05:00").await.created();
}
