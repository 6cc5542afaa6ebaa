//! Closures: dates on which the whole hospital is closed.

use std::sync::Arc;

use actix_web::test::TestRequest;
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_ports::{MockClosures, SaveError, Unavailable};
use serde_json::{Value, json};

use crate::support::{Api, MAY, NOBODY, berlin};

const PATH: &str = "/api/v1/closures";

fn closure(date: &str, name: &str) -> Value {
    json!({"date": date, "name": name})
}

#[actix_web::test]
async fn a_closure_is_shown_as_entered() {
    let api = Api::new();
    let entered = api.post(PATH, &closure("2030-12-25", " Christmas Day ")).await;
    let id = entered.created();
    let mut expected =
        json!({"id": id, "date": "2030-12-25", "name": "Christmas Day", "createdAt": "2029-12-01T09:30:00Z"});
    assert_eq!(entered.header("Location"), Some(format!("{PATH}/{id}").as_str()));
    assert_eq!(entered.header("ETag"), Some("\"1\""));
    let found = api.get(&format!("{PATH}/{id}")).await;
    assert_eq!(found.ok(), expected);
    assert_eq!(found.header("ETag"), Some("\"1\""));
    expected["affectedBookings"] = json!([]);
    expected["affectedHolds"] = json!([]);
    assert_eq!(entered.json(), expected);
}

#[actix_web::test]
async fn closures_are_listed_by_date_page_by_page() {
    let api = Api::new();
    for (date, name) in [("2030-12-26", "Boxing Day"), ("2030-01-01", "New Year"), ("2030-12-25", "Christmas Day")] {
        api.post(PATH, &closure(date, name)).await.created();
    }
    let names = |list: &Value| -> Vec<Value> {
        list["items"].as_array().expect("items").iter().map(|closure| closure["name"].clone()).collect()
    };
    let first = api.get(&format!("{PATH}?limit=2")).await.ok();
    assert_eq!(names(&first), ["New Year", "Christmas Day"]);
    let cursor = first["nextCursor"].as_str().expect("a cursor");
    let last = api.get(&format!("{PATH}?limit=2&cursor={cursor}")).await.ok();
    assert_eq!(names(&last), ["Boxing Day"]);
    assert!(last.get("nextCursor").is_none(), "{last}");
}

#[actix_web::test]
async fn a_closure_clips_the_night_before_at_midnight() {
    let api = Api::at(&MemoryStore::new().stores(), MAY);
    let brienne = api.register(&berlin(&json!({"friday": [{"start": "22:00", "end": "06:00"}]}))).await;
    let id = api.post(PATH, &closure("2026-06-06", "Spring cleaning")).await.created();
    assert_eq!(api.free(&brienne, "2026-06-05").await, ["22:00", "22:30", "23:00", "23:30"]);
    assert_eq!(api.free(&brienne, "2026-06-06").await, Vec::<String>::new());
    let saturday = api.get(&format!("/api/v1/doctors/{brienne}/availability?date=2026-06-06")).await.ok();
    assert_eq!(saturday["days"][0]["reason"], "closure");
    assert_eq!(saturday["days"][0]["slots"][0]["status"], "blocked");

    assert_eq!(api.delete(&format!("{PATH}/{id}")).await.ok(), json!({"affectedBookings": [], "affectedHolds": []}));
    assert_eq!(api.free(&brienne, "2026-06-06").await.len(), 12);
    api.get(&format!("{PATH}/{id}")).await.problem(404, "not-found");
}

#[actix_web::test]
async fn a_closure_is_a_date_on_every_doctors_own_clock_and_changes_them_all() {
    let api = Api::at(&MemoryStore::new().stores(), MAY);
    let always = json!({"monday": [{"start": "00:00", "end": "24:00"}]});
    let brienne = api.register(&berlin(&always)).await;
    let mut doctor = berlin(&always);
    doctor["timeZone"] = json!("Asia/Tokyo");
    let tokyo = api.register(&doctor).await;
    api.post(PATH, &closure("2026-06-01", "Spring cleaning")).await.created();
    for doctor in [&brienne, &tokyo] {
        assert_eq!(api.free(doctor, "2026-06-01").await, Vec::<String>::new());
        assert_eq!(api.get(&format!("/api/v1/doctors/{doctor}")).await.header("ETag"), Some("\"2\""));
    }
}

#[actix_web::test]
async fn a_date_that_is_closed_twice_is_open_when_both_are_gone() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let booking = api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
    let outside = async || api.get(&format!("/api/v1/bookings/{booking}")).await.ok()["outsideHours"].clone();
    let keep = format!("{PATH}?affected=keep");
    let one = api.post(&keep, &closure("2030-01-07", "Epiphany")).await.created();
    let two = api.post(PATH, &closure("2030-01-07", "Epiphany")).await.created();
    assert_eq!(outside().await, true);
    api.delete(&format!("{PATH}/{one}")).await.ok();
    assert_eq!(outside().await, true);
    assert_eq!(
        api.delete(&format!("{PATH}/{two}?dryRun=true")).await.ok(),
        json!({"affectedBookings": [], "affectedHolds": []})
    );
    api.get(&format!("{PATH}/{two}")).await.ok();
    api.delete(&format!("{PATH}/{two}")).await.ok();
    assert_eq!(outside().await, false);
    assert_eq!(api.free(&jon, "2030-01-07").await.len(), 5);
}

#[actix_web::test]
async fn a_closure_affects_the_bookings_of_all_doctors_by_start() {
    let api = Api::new();
    let (one, other) = (api.jon().await, api.jon().await);
    let (arya, sansa) = (api.arya().await, api.arya().await);
    let later = api.book(&one, &arya, "2030-01-07T09:00:00-05:00").await.created();
    let earlier = api.book(&other, &sansa, "2030-01-07T08:00:00-05:00").await.created();
    let another_day = api.book(&other, &sansa, "2030-01-14T08:00:00-05:00").await.created();
    let epiphany = closure("2030-01-07", "Epiphany");

    let dry = api.post(&format!("{PATH}?dryRun=true"), &epiphany).await;
    let ids = |answer: &Value| -> Vec<Value> {
        answer["affectedBookings"].as_array().expect("bookings").iter().map(|booking| booking["id"].clone()).collect()
    };
    assert_eq!(ids(&dry.ok()), [earlier.as_str(), later.as_str()]);
    assert_eq!(dry.json().as_object().map(serde_json::Map::len), Some(2), "{}", dry.text());
    assert_eq!((dry.header("Location"), dry.header("ETag")), (None, None));
    let refused = api.post(PATH, &epiphany).await.problem(409, "bookings-affected");
    assert_eq!(ids(&refused), [earlier.as_str(), later.as_str()]);
    assert_eq!(api.get(PATH).await.ok(), json!({"items": []}));

    let kept = api.post(&format!("{PATH}?affected=keep"), &epiphany).await;
    kept.created();
    assert_eq!(ids(&kept.json()), [earlier.as_str(), later.as_str()]);
    for (booking, expected) in [(&earlier, true), (&later, true), (&another_day, false)] {
        assert_eq!(api.get(&format!("/api/v1/bookings/{booking}")).await.ok()["outsideHours"], expected);
    }
}

#[actix_web::test]
async fn a_closure_never_changes_so_its_tag_does_not_either() {
    let api = Api::new();
    let id = api.post(PATH, &closure("2030-12-25", "Christmas Day")).await.created();
    let delete = |id: &str, tag: &str| {
        TestRequest::delete().uri(&format!("{PATH}/{id}")).insert_header(("If-Match", tag.to_owned()))
    };
    api.send(delete(&id, "\"2\"")).await.problem(412, "precondition-failed");
    api.send(delete(NOBODY, "\"2\"")).await.problem(404, "not-found");
    api.send(delete(&id, "\"1\"")).await.ok();
    api.delete(&format!("{PATH}/{id}")).await.problem(404, "not-found");
}

#[actix_web::test]
async fn a_closure_that_is_not_possible_is_refused_with_every_violation() {
    let api = Api::new();
    for date in ["2026-02-29", "1899-12-31", "2030-12-25T00:00:00Z", ""] {
        let answer = api.post(PATH, &closure(date, " ")).await;
        answer.violates(422, "invalid-date", &[("/date", "invalid-date"), ("/name", "invalid-name")]);
    }
    for name in ["", "x\n", &"x".repeat(101)] {
        let answer = api.post(PATH, &closure("2030-12-25", name)).await;
        answer.violates(422, "invalid-name", &[("/name", "invalid-name")]);
    }
    let malformed = [
        (json!({}), vec![("/date", "missing-field"), ("/name", "missing-field")]),
        (json!({"date": 20_301_225, "name": null}), vec![("/date", "wrong-type"), ("/name", "wrong-type")]),
        (
            json!({"date": "2030-12-25", "name": "Christmas Day", "doctorId": NOBODY}),
            vec![("/doctorId", "unknown-field")],
        ),
    ];
    for (body, violations) in malformed {
        api.post(PATH, &body).await.violates(400, "malformed-request", &violations);
    }
    for (query, violation) in [
        ("dryRun=maybe", ("/dryRun", "wrong-type")),
        ("affected=drop", ("/affected", "unknown-value")),
        ("force=true", ("/force", "unknown-parameter")),
    ] {
        let fine = closure("2030-12-25", "Christmas Day");
        api.post(&format!("{PATH}?{query}"), &fine).await.violates(400, "malformed-request", &[violation]);
    }
    let listed = api.get(&format!("{PATH}?limit=201&cursor=x")).await;
    listed.violates(422, "invalid-limit", &[("/limit", "invalid-limit"), ("/cursor", "invalid-cursor")]);
    assert_eq!(api.get(PATH).await.ok(), json!({"items": []}));
}

#[actix_web::test]
async fn a_hospital_that_others_change_all_the_time_is_to_be_tried_again() {
    let with = |closures: MockClosures| {
        let mut stores = MemoryStore::new().stores();
        stores.closures = Arc::new(closures);
        Api::over(&stores)
    };
    let mut busy = MockClosures::new();
    busy.expect_outlooks().returning(|_, _| Ok(vec![]));
    busy.expect_save().returning(|_| Err(SaveError::Stale));
    let mut gone = MockClosures::new();
    gone.expect_outlooks().returning(|_, _| Err(Unavailable::unreachable("gone")));
    for closures in [busy, gone] {
        let answer = with(closures).post(PATH, &closure("2030-12-25", "Christmas Day")).await;
        answer.problem(503, "unavailable");
        assert_eq!(answer.header("Retry-After"), Some("1"));
    }
}
