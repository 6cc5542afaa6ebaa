//! A day of many doctors, side by side.

use serde_json::{Value, json};

use crate::support::{Api, NOBODY, berlin, jon};

fn names(board: &Value) -> Vec<&str> {
    board["items"].as_array().expect("items").iter().filter_map(|item| item["firstName"].as_str()).collect()
}

fn named(first: &str, mut doctor: Value) -> Value {
    doctor["firstName"] = json!(first);
    doctor
}

#[actix_web::test]
async fn a_board_has_the_same_date_of_every_doctor_on_the_own_clock() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let brienne = api.register(&berlin(&json!({"monday": [{"start": "13:00", "end": "15:00"}]}))).await;
    api.book(&jon, &arya, "2030-01-07T09:00:00-05:00").await.created();

    let board = api.get("/api/v1/board?date=2030-01-07").await.ok();
    let items = board["items"].as_array().expect("items");
    assert_eq!((items.len(), board.get("nextCursor")), (2, None));
    for (id, zone) in [(&jon, "America/New_York"), (&brienne, "Europe/Berlin")] {
        let item = items.iter().find(|item| item["doctorId"] == **id).expect("the doctor is there");
        assert_eq!((&item["timeZone"], &item["isWhole"]), (&json!(zone), &json!(true)));
        let alone = api.get(&format!("/api/v1/doctors/{id}/availability?date=2030-01-07")).await.ok();
        assert_eq!(item["day"], alone["days"][0], "as it is told of the doctor alone");
    }
    let nothing = api.get("/api/v1/board?date=2030-01-08").await.ok();
    assert_eq!(nothing["items"][0]["day"]["reason"], "no-working-hours");
}

#[actix_web::test]
async fn a_board_is_narrowed_by_specialty_name_and_visit_type_and_read_page_by_page() {
    let api = Api::new();
    for first in ["Ann", "Ben", "Cid"] {
        api.register(&named(first, jon())).await;
    }
    let mut surgeon = named("Dan", jon());
    surgeon["specialty"] = json!("Surgery");
    let dan = api.register(&surgeon).await;
    let away = api.register(&named("Eve", jon())).await;
    api.patch(&format!("/api/v1/doctors/{away}"), &json!({"active": false})).await.ok();
    let long = api.post("/api/v1/visit-types", &json!({"name": "Long", "minutes": 120})).await.created();
    api.patch(&format!("/api/v1/doctors/{dan}"), &json!({"visitTypes": []})).await.ok();

    let board = async |query: &str| api.get(&format!("/api/v1/board?date=2030-01-07{query}")).await.ok();
    assert_eq!(names(&board("").await), ["Ann", "Ben", "Cid", "Dan"], "who takes no bookings is not there");
    assert_eq!(names(&board("&specialty=SURGERY").await), ["Dan"]);
    assert_eq!(names(&board("&q=ben").await), ["Ben"]);
    assert_eq!(names(&board("&q=nobody").await), [""; 0]);
    let offered = board(&format!("&visitType={long}")).await;
    assert_eq!(names(&offered), ["Ann", "Ben", "Cid"], "who does not offer the type is not there");
    assert_eq!(offered["items"][0]["day"]["slots"][0]["end"], "2030-01-07T10:00:00-05:00");

    let first = board("&limit=3").await;
    assert_eq!(names(&first), ["Ann", "Ben", "Cid"]);
    let cursor = first["nextCursor"].as_str().expect("there is more");
    let second = board(&format!("&limit=3&cursor={cursor}")).await;
    assert_eq!((names(&second), second.get("nextCursor")), (vec!["Dan"], None));
}

#[actix_web::test]
async fn who_may_not_know_what_is_taken_sees_on_a_board_only_what_is_free() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let other = api.jon().await;
    for doctor in [&jon, &other] {
        let start = if *doctor == jon { "2030-01-07T09:00:00-05:00" } else { "2030-01-07T10:00:00-05:00" };
        api.book(doctor, &arya, start).await.created();
    }
    let seen = async |api: &Api| {
        let board = api.get("/api/v1/board?date=2030-01-07").await.ok();
        let items = board["items"].as_array().expect("items").clone();
        [&jon, &other].map(|id| {
            let item = items.iter().find(|item| item["doctorId"] == **id).expect("the doctor is there");
            (item["day"]["slots"].as_array().map_or(0, Vec::len), item["isWhole"] == true)
        })
    };
    assert_eq!(seen(&api).await, [(6, true), (6, true)]);
    assert_eq!(seen(&api.asked_by_doctor(&jon)).await, [(6, true), (6, true)]);
    assert_eq!(seen(&api.asked_by_patient(&arya)).await, [(5, false), (5, false)]);
    assert_eq!(seen(&api.open_to_the_public().bringing("")).await, [(5, false), (5, false)]);
}

#[actix_web::test]
async fn a_board_that_is_not_possible_is_refused_with_every_violation() {
    let api = Api::new();
    let refused = async |query: &str, status: u16, violations: &[(&str, &str)]| {
        let code = if status == 400 { "malformed-request" } else { violations[0].1 };
        api.get(&format!("/api/v1/board{query}")).await.violates(status, code, violations);
    };
    refused("", 400, &[("/date", "missing-parameter")]).await;
    refused("?date=2030-01-07&from=2030-01-07", 400, &[("/from", "unknown-parameter")]).await;
    let all = [
        ("/date", "invalid-date"),
        ("/specialty", "invalid-specialty"),
        ("/visitType", "invalid-id"),
        ("/limit", "invalid-limit"),
        ("/cursor", "invalid-cursor"),
    ];
    refused("?date=2030-02-30&specialty=&visitType=x&limit=0&cursor=x", 422, &all).await;
    let unknown = [("/visitType", "not-found")];
    refused(&format!("?date=2030-01-07&visitType={NOBODY}"), 404, &unknown).await;
}
