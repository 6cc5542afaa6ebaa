//! Visits of a type: what is free for them, and how they are booked.

use doctor_booking_adapters_memory::MemoryStore;
use serde_json::{Value, json};

use crate::support::{Api, NOBODY, berlin, mondays_in_berlin};

const MONDAY: &str = "2026-06-01";
/// At the start of work on that Monday, which is a summer's day in Berlin.
const NINE: &str = "2026-06-01T09:00:00+02:00";

/// An instant of the Monday, at the doctor's.
fn monday(time: &str) -> String {
    format!("{MONDAY}T{time}:00+02:00")
}

fn half_hour() -> Value {
    json!({"name": "Check-up", "minutes": 30})
}

/// Half an hour, with something else said as well.
fn half_hour_but(field: &str, value: Value) -> Value {
    let mut visit_type = half_hour();
    visit_type[field] = value;
    visit_type
}

/// The same doctor and patient as in [`mondays_in_berlin`], at nine o'clock of the Monday.
async fn at_nine() -> (Api, String, String) {
    let api = Api::at(&MemoryStore::new().stores(), NINE);
    let doctor = api.register(&berlin(&json!({"monday": [{"start": "09:00", "end": "12:00"}]}))).await;
    let patient = api.arya().await;
    (api, doctor, patient)
}

/// A date of the doctor's, for visits of a type.
async fn day(api: &Api, doctor: &str, visit_type: &str, date: &str) -> Value {
    let query = format!("date={date}&visitType={visit_type}");
    api.get(&format!("/api/v1/doctors/{doctor}/availability?{query}")).await.ok()["days"][0].clone()
}

fn statuses(day: &Value) -> Vec<&str> {
    day["slots"].as_array().expect("slots").iter().map(|slot| slot["status"].as_str().expect("a status")).collect()
}

/// The rules that a visit breaks, with their codes.
async fn broken(api: &Api, doctor: &str, visit_type: &str, start: &str) -> Vec<(String, String)> {
    let query = format!("start={start}&visitType={visit_type}");
    let explained = api.get(&format!("/api/v1/doctors/{doctor}/availability/explain?{query}")).await.ok();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let rules = explained["rules"].as_array().expect("rules").iter().filter(|rule| rule["passed"] == false);
    rules.map(|rule| (text(&rule["rule"]), text(&rule["code"]))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|&(rule, code)| (rule.to_owned(), code.to_owned())).collect()
}

#[actix_web::test]
async fn a_visit_lasts_as_its_type_says_and_tells_its_type() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let long = api.visit_type(&json!({"name": "First visit", "minutes": 60, "stepMinutes": 30})).await;
    assert_eq!(api.free_for(&long, &brienne, MONDAY).await, ["09:00", "09:30", "10:00", "10:30", "11:00"]);
    let booking = api.book_as(&long, &brienne, &arya, &monday("09:30")).await;
    let id = booking.created();
    assert_eq!(booking.json()["end"], monday("10:30"));
    assert_eq!(booking.json()["visitType"], json!(long));
    let listed = api.get("/api/v1/bookings").await.ok();
    assert_eq!(listed["items"], json!([booking.json()]));

    // What is free for others is what is left, whatever they want.
    assert_eq!(api.free_for(&long, &brienne, MONDAY).await, ["10:30", "11:00"]);
    assert_eq!(api.free(&brienne, MONDAY).await, ["09:00", "10:30", "11:00", "11:30"]);
    let none = json!({"doctorId": brienne, "patientId": arya, "start": monday("10:30"), "visitType": null});
    let none = api.post("/api/v1/bookings", &none).await;
    none.created();
    assert_eq!((&none.json()["visitType"], &none.json()["end"]), (&json!(null), &json!(monday("11:00"))));

    // What was agreed stays, also what it keeps busy.
    api.patch(&format!("/api/v1/visit-types/{long}"), &json!({"minutes": 15, "bufferAfter": 480})).await.ok();
    api.delete(&format!("/api/v1/visit-types/{long}")).await.ok();
    assert_eq!(api.get(&format!("/api/v1/bookings/{id}")).await.ok(), booking.json());
    assert_eq!(api.free(&brienne, MONDAY).await, ["09:00", "11:00", "11:30"]);
}

#[actix_web::test]
async fn a_booking_and_time_off_leave_the_slots_around_them() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let check_up = api.visit_type(&half_hour()).await;
    api.book_as(&check_up, &brienne, &arya, &monday("10:00")).await.created();
    assert_eq!(api.free_for(&check_up, &brienne, MONDAY).await, ["09:00", "09:30", "10:30", "11:00", "11:30"]);

    let away = json!({"start": "2026-06-08T10:15:00+02:00", "end": "2026-06-08T10:45:00+02:00"});
    api.post(&format!("/api/v1/doctors/{brienne}/time-off"), &away).await.created();
    assert_eq!(api.free_for(&check_up, &brienne, "2026-06-08").await, ["09:00", "09:30", "11:00", "11:30"]);
}

#[actix_web::test]
async fn buffers_keep_the_neighbours_away_but_not_the_patient() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let other = api.register(&berlin(&json!({"monday": [{"start": "09:00", "end": "12:00"}]}))).await;
    let body = json!({"name": "Check-up", "minutes": 30, "stepMinutes": 15, "bufferBefore": 10, "bufferAfter": 5});
    let check_up = api.visit_type(&body).await;
    api.book_as(&check_up, &brienne, &arya, &monday("10:00")).await.created();
    let free = api.free_for(&check_up, &brienne, MONDAY).await;
    assert_eq!(free, ["09:00", "09:15", "10:45", "11:00", "11:15", "11:30"]);
    let statuses = day(&api, &brienne, &check_up, MONDAY).await;
    assert_eq!(statuses["slots"][2]["status"], "booked", "{statuses}");

    let close = api.book_as(&check_up, &brienne, &api.arya().await, &monday("09:30")).await;
    close.violates(409, "slot-taken", &[("/start", "slot-taken")]);
    assert_eq!(close.json()["alternatives"], json!([monday("09:00"), monday("09:15"), monday("10:45")]));
    let query = format!("start={}&visitType={check_up}", monday("09:30"));
    let explained = api.get(&format!("/api/v1/doctors/{brienne}/availability/explain?{query}")).await.ok();
    assert_eq!(explained["rules"][9]["blockedBy"], json!({"start": monday("09:50"), "end": monday("10:35")}));
    // The patient is busy during the visit only.
    api.book_as(&check_up, &other, &arya, &monday("10:30")).await.created();
    let busy = api.book_as(&check_up, &other, &arya, &monday("09:45")).await;
    busy.violates(409, "patient-busy", &[("/start", "patient-busy")]);
}

#[actix_web::test]
async fn a_doctor_is_shared_by_as_many_as_the_capacity_says() {
    let (api, brienne, _) = mondays_in_berlin().await;
    let body = json!({"name": "Group", "minutes": 30, "stepMinutes": 15, "capacity": 2});
    let group = api.visit_type(&body).await;
    let book = async |time: &str| api.book_as(&group, &brienne, &api.arya().await, &monday(time)).await;
    book("09:00").await.created();
    book("09:30").await.created();
    // Each of the two meets one other, and at no moment are there more than two.
    assert!(api.free_for(&group, &brienne, MONDAY).await.contains(&"09:15".to_owned()));
    let middle = book("09:15").await.created();
    let full = book("09:15").await;
    full.violates(409, "slot-taken", &[("/start", "slot-taken")]);
    assert_eq!(full.json()["alternatives"], json!([monday("09:45"), monday("10:00"), monday("10:15")]));

    let path = format!("/api/v1/doctors/{brienne}/availability");
    let summary = format!("{path}/summary?from={MONDAY}&to={MONDAY}&visitType={group}");
    let expected = json!({"date": MONDAY, "free": 8, "booked": 3, "reason": null});
    assert_eq!(api.get(&summary).await.ok()["days"], json!([expected]));
    // Whoever wants to be alone with the doctor meets nobody.
    assert_eq!(api.free(&brienne, MONDAY).await, ["10:00", "10:30", "11:00", "11:30"]);
    let alone = api.book(&brienne, &api.arya().await, &monday("09:30")).await;
    alone.violates(409, "slot-taken", &[("/start", "slot-taken")]);

    api.post(&format!("/api/v1/bookings/{middle}/cancel"), &json!({"reason": "ill"})).await.ok();
    book("09:15").await.created();
}

#[actix_web::test]
async fn the_smallest_capacity_of_those_who_are_there_holds_for_all() {
    let (api, brienne, _) = mondays_in_berlin().await;
    let pair = api.visit_type(&half_hour_but("capacity", json!(2))).await;
    let many = api.visit_type(&half_hour_but("capacity", json!(50))).await;
    let book = async |visit_type: &str, time: &str| {
        api.book_as(visit_type, &brienne, &api.arya().await, &monday(time)).await.status.as_u16()
    };
    assert_eq!([book(&many, "09:00").await, book(&pair, "09:00").await, book(&many, "09:00").await], [201, 201, 409]);
    for _ in 0..3 {
        assert_eq!(book(&many, "09:30").await, 201);
    }
    assert_eq!(book(&pair, "09:30").await, 409);
    assert_eq!(api.free_for(&pair, &brienne, MONDAY).await, ["10:00", "10:30", "11:00", "11:30"]);
    assert_eq!(api.free_for(&many, &brienne, MONDAY).await, ["09:30", "10:00", "10:30", "11:00", "11:30"]);
}

#[actix_web::test]
async fn who_comes_too_soon_is_told_and_offered_later_starts() {
    let (api, brienne, arya) = at_nine().await;
    let early = api.visit_type(&half_hour_but("minNoticeMinutes", json!(120))).await;
    let today = day(&api, &brienne, &early, MONDAY).await;
    assert_eq!(statuses(&today), ["tooSoon", "tooSoon", "tooSoon", "tooSoon", "free", "free"]);
    let next = api.get(&format!("/api/v1/doctors/{brienne}/availability/next?visitType={early}")).await.ok();
    assert_eq!(next["slot"]["start"], monday("11:00"), "just enough is enough");

    let refused = api.book_as(&early, &brienne, &arya, &monday("10:30")).await;
    refused.violates(422, "notice-too-short", &[("/start", "notice-too-short")]);
    let later = json!([monday("11:00"), monday("11:30"), "2026-06-08T09:00:00+02:00"]);
    assert_eq!(refused.json()["alternatives"], later);
    let both = api.book_as(&early, &brienne, &arya, &monday("10:45")).await;
    let expected = [("/start", "notice-too-short"), ("/start", "off-grid")];
    both.violates(422, "notice-too-short", &expected);
    let slow = api.visit_type(&half_hour_but("minNoticeMinutes", json!(300))).await;
    let both = api.book_as(&slow, &brienne, &arya, &monday("12:30")).await;
    both.violates(422, "notice-too-short", &[("/start", "notice-too-short"), ("/start", "outside-working-hours")]);
    assert_eq!(both.json()["alternatives"][0], "2026-06-08T09:00:00+02:00");
    // What is past is not too soon as well.
    let past = api.book_as(&slow, &brienne, &arya, &monday("08:30")).await;
    past.violates(422, "in-past", &[("/start", "in-past"), ("/start", "outside-working-hours")]);
    assert_eq!(broken(&api, &brienne, &slow, &monday("10:00")).await, pairs(&[("notice-kept", "notice-too-short")]));

    let today = day(&api, &brienne, &slow, MONDAY).await;
    assert_eq!((&today["reason"], &today["freeCount"]), (&json!("notice"), &json!(0)));
    api.book_as(&early, &brienne, &arya, &monday("11:00")).await.created();
    // A visit of no particular type needs no notice.
    api.book(&brienne, &api.arya().await, &monday("09:00")).await.created();
}

#[actix_web::test]
async fn who_comes_too_early_is_told_and_offered_what_can_be_booked_already() {
    let (api, brienne, arya) = at_nine().await;
    let soon = api.visit_type(&half_hour_but("maxDaysAhead", json!(7))).await;
    let last = day(&api, &brienne, &soon, "2026-06-08").await;
    assert_eq!((&last["reason"], &last["freeCount"]), (&json!(null), &json!(6)));
    let next = day(&api, &brienne, &soon, "2026-06-15").await;
    assert_eq!((&next["reason"], statuses(&next)), (&json!("horizon"), vec!["tooFar"; 6]));
    let path = format!("/api/v1/doctors/{brienne}/availability");
    let summary = format!("{path}/summary?from=2026-06-15&to=2026-06-15&visitType={soon}");
    let expected = json!({"date": "2026-06-15", "free": 0, "booked": 0, "reason": "horizon"});
    assert_eq!(api.get(&summary).await.ok()["days"], json!([expected]));

    let far = "2026-06-15T09:00:00+02:00";
    let refused = api.book_as(&soon, &brienne, &arya, far).await;
    refused.violates(422, "beyond-horizon", &[("/start", "beyond-horizon")]);
    let latest = ["10:30", "11:00", "11:30"].map(|time| format!("2026-06-08T{time}:00+02:00"));
    assert_eq!(refused.json()["alternatives"], json!(latest));
    assert_eq!(broken(&api, &brienne, &soon, far).await, pairs(&[("within-horizon", "beyond-horizon")]));
    let night = api.book_as(&soon, &brienne, &arya, "2026-06-15T21:00:00+02:00").await;
    night.violates(422, "beyond-horizon", &[("/start", "beyond-horizon"), ("/start", "outside-working-hours")]);

    // The search ends where nothing can be booked yet.
    for time in ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"] {
        for date in [MONDAY, "2026-06-08"] {
            api.book(&brienne, &api.arya().await, &format!("{date}T{time}:00+02:00")).await.created();
        }
    }
    let next = api.get(&format!("{path}/next?visitType={soon}")).await.ok();
    assert_eq!(next, json!({"slot": null, "searchedTo": "2026-06-08"}));
    assert_eq!(api.get(&format!("{path}/next")).await.ok()["slot"]["start"], far);
    let fully_booked = day(&api, &brienne, &soon, "2026-06-08").await;
    assert_eq!(fully_booked["reason"], "fully-booked");
    let long = api.visit_type(&json!({"name": "Long", "minutes": 200})).await;
    assert_eq!(day(&api, &brienne, &long, "2026-06-15").await["reason"], "no-gap-long-enough");
}

#[actix_web::test]
async fn a_search_by_type_finds_its_slots() {
    let (api, brienne, _) = mondays_in_berlin().await;
    let other = api.register(&berlin(&json!({"monday": [{"start": "09:00", "end": "12:00"}]}))).await;
    let long = api.visit_type(&json!({"name": "First visit", "minutes": 90})).await;
    api.patch(&format!("/api/v1/doctors/{other}"), &json!({"visitTypes": []})).await.ok();
    let found = api.get(&format!("/api/v1/availability?from={MONDAY}&to={MONDAY}&visitType={long}")).await.ok();
    let item = |start: &str, end: &str| json!({"doctorId": brienne, "start": monday(start), "end": monday(end)});
    assert_eq!(found, json!({"items": [item("09:00", "10:30"), item("10:30", "12:00")]}));
    // Retired, nobody offers it.
    api.delete(&format!("/api/v1/visit-types/{long}")).await.ok();
    let found = api.get(&format!("/api/v1/availability?from={MONDAY}&to={MONDAY}&visitType={long}")).await.ok();
    assert_eq!(found, json!({"items": []}));
}

#[actix_web::test]
async fn a_doctor_offers_every_type_or_those_that_are_named() {
    let (api, brienne, _) = mondays_in_berlin().await;
    let path = format!("/api/v1/doctors/{brienne}");
    let (one, two) = (api.visit_type(&half_hour()).await, api.visit_type(&half_hour()).await);
    let offered = async |patch: Value| api.patch(&path, &patch).await.ok()["visitTypes"].clone();
    assert_eq!(api.get(&path).await.ok()["visitTypes"], json!(null));
    // In the order of their ids, and each once.
    assert_eq!(offered(json!({"visitTypes": [two, one, two]})).await, json!([one, two]));
    assert_eq!(offered(json!({"lastName": "of Tarth"})).await, json!([one, two]));
    assert_eq!(api.get(&path).await.ok()["visitTypes"], json!([one, two]));
    assert_eq!(api.get("/api/v1/doctors").await.ok()["items"][0]["visitTypes"], json!([one, two]));
    assert_eq!(offered(json!({"visitTypes": []})).await, json!([]));
    assert_eq!(offered(json!({"visitTypes": vec![&one; 200]})).await, json!([one]));
    assert_eq!(offered(json!({"visitTypes": null})).await, json!(null));
    let dry = api.patch(&format!("{path}?dryRun=true"), &json!({"visitTypes": [one]})).await.ok();
    assert_eq!(dry["visitTypes"], json!([one]));
    assert_eq!(api.get(&path).await.ok()["visitTypes"], json!(null));
    // One that is retired is one all the same, and cannot be booked.
    api.delete(&format!("/api/v1/visit-types/{two}")).await.ok();
    assert_eq!(offered(json!({"visitTypes": [two]})).await, json!([two]));
}

#[actix_web::test]
async fn types_that_no_doctor_can_offer_are_pointed_at() {
    let (api, brienne, _) = mondays_in_berlin().await;
    let path = format!("/api/v1/doctors/{brienne}");
    let there = api.visit_type(&half_hour()).await;
    let patch = async |types: Value| api.patch(&path, &json!({"visitTypes": types})).await;
    let unknown = [("/visitTypes/1", "not-found"), ("/visitTypes/3", "not-found")];
    patch(json!([there, NOBODY, there, NOBODY])).await.violates(404, "not-found", &unknown);
    let broken = [("/visitTypes/0", "invalid-id"), ("/visitTypes/2", "invalid-id")];
    patch(json!(["x", NOBODY, ""])).await.violates(422, "invalid-id", &broken);
    let many = patch(json!(vec![&there; 201])).await;
    many.violates(422, "invalid-visit-type", &[("/visitTypes", "invalid-visit-type")]);
    let wrong = [("/visitTypes/0", "wrong-type"), ("/visitTypes/1", "wrong-type")];
    patch(json!([1, null, there])).await.violates(400, "malformed-request", &wrong);
    for wrong in [json!(there), json!({}), json!(1)] {
        patch(wrong).await.violates(400, "malformed-request", &[("/visitTypes", "wrong-type")]);
    }
    let all = api.patch(&path, &json!({"visitTypes": ["x"], "slotMinutes": 1, "lastName": ""})).await;
    all.violates(
        422,
        "invalid-name",
        &[("/lastName", "invalid-name"), ("/slotMinutes", "invalid-slot-minutes"), ("/visitTypes/0", "invalid-id")],
    );
    let nobody = api.patch(&format!("/api/v1/doctors/{NOBODY}"), &json!({"visitTypes": [NOBODY]})).await;
    assert_eq!(nobody.problem(404, "not-found")["errors"], json!(null), "the doctor is not there");
    let mut body = berlin(&json!({}));
    body["visitTypes"] = json!([there]);
    let new = api.post("/api/v1/doctors", &body).await;
    new.violates(400, "malformed-request", &[("/visitTypes", "unknown-field")]);
    assert_eq!(api.get(&path).await.header("ETag"), Some("\"1\""));
}

#[actix_web::test]
async fn a_type_that_the_doctor_does_not_offer_or_that_is_retired_is_refused() {
    for retire in [false, true] {
        let (api, brienne, arya) = mondays_in_berlin().await;
        let check_up = api.visit_type(&half_hour()).await;
        let kept = api.book_as(&check_up, &brienne, &arya, &monday("09:00")).await.created();
        if retire {
            api.delete(&format!("/api/v1/visit-types/{check_up}")).await.ok();
        } else {
            let path = format!("/api/v1/doctors/{brienne}");
            assert_eq!(api.patch(&path, &json!({"visitTypes": []})).await.ok()["affectedBookings"], json!([]));
        }
        let path = format!("/api/v1/doctors/{brienne}/availability");
        for what in [
            format!("?date={MONDAY}&"),
            format!("/summary?from={MONDAY}&to={MONDAY}&"),
            "/next?".to_owned(),
            format!("/next?after={NINE}&"),
        ] {
            let refused = api.get(&format!("{path}{what}visitType={check_up}")).await;
            refused.violates(422, "invalid-visit-type", &[("/visitType", "invalid-visit-type")]);
        }
        let refused = api.book_as(&check_up, &brienne, &arya, &monday("10:15")).await;
        let expected = [("/visitType", "invalid-visit-type"), ("/start", "off-grid")];
        refused.violates(422, "invalid-visit-type", &expected);
        assert_eq!(refused.json()["alternatives"], json!([]));
        let expected = pairs(&[("visit-type-offered", "invalid-visit-type")]);
        assert_eq!(broken(&api, &brienne, &check_up, &monday("10:00")).await, expected);

        let booking = api.get(&format!("/api/v1/bookings/{kept}")).await.ok();
        assert_eq!((&booking["visitType"], &booking["outsideHours"]), (&json!(check_up), &json!(false)));
        api.book(&brienne, &arya, &monday("10:00")).await.created();
    }
}

#[actix_web::test]
async fn a_type_that_is_not_there_is_not_found_wherever_it_is_named() {
    let (api, brienne, _) = mondays_in_berlin().await;
    let path = format!("/api/v1/doctors/{brienne}/availability");
    for what in [
        format!("{path}?date={MONDAY}&"),
        format!("{path}/summary?from={MONDAY}&to={MONDAY}&"),
        format!("{path}/next?"),
        format!("{path}/explain?start={NINE}&"),
        format!("/api/v1/availability?from={MONDAY}&to={MONDAY}&"),
    ] {
        let answer = api.get(&format!("{what}visitType={NOBODY}")).await;
        answer.violates(404, "not-found", &[("/visitType", "not-found")]);
        let answer = api.get(&format!("{what}visitType=check-up")).await;
        answer.violates(422, "invalid-id", &[("/visitType", "invalid-id")]);
        let answer = api.get(&format!("{what}visitType=")).await;
        answer.violates(422, "invalid-id", &[("/visitType", "invalid-id")]);
    }
}

#[actix_web::test]
async fn a_change_that_leaves_only_a_buffer_outside_strands_nobody() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let body = json!({"name": "Check-up", "minutes": 30, "bufferBefore": 30, "bufferAfter": 60});
    let check_up = api.visit_type(&body).await;
    let booking = api.book_as(&check_up, &brienne, &arya, &monday("10:00")).await.created();
    let path = format!("/api/v1/doctors/{brienne}");
    let hours = |start: &str, end: &str| json!({"weekly": {"monday": [{"start": start, "end": end}]}});

    let shorter = api.put(&format!("{path}/working-hours"), &hours("10:00", "10:30")).await;
    assert_eq!(shorter.ok()["affectedBookings"], json!([]));
    for (start, end) in [("09:30", "10:00"), ("10:30", "11:30")] {
        let away = json!({"start": monday(start), "end": monday(end)});
        let away = api.post(&format!("{path}/time-off"), &away).await;
        away.created();
        assert_eq!(away.json()["affectedBookings"], json!([]));
    }
    assert_eq!(api.get(&format!("/api/v1/bookings/{booking}")).await.ok()["outsideHours"], false);
    for (start, end) in [("10:05", "10:30"), ("10:00", "10:25")] {
        let refused = api.put(&format!("{path}/working-hours"), &hours(start, end)).await;
        assert_eq!(refused.problem(409, "bookings-affected")["affectedBookings"][0]["id"], json!(booking));
    }
}
