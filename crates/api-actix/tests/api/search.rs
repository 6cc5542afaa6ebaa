//! What can be booked soonest, and why something cannot be booked at all.

use doctor_booking_adapters_memory::MemoryStore;
use serde_json::{Value, json};

use crate::support::{Answer, Api, MAY, NOBODY, berlin, jon, mondays_in_berlin};

async fn search(api: &Api, query: &str) -> Answer {
    api.get(&format!("/api/v1/availability?{query}")).await
}

fn item(doctor: &str, start: &str, end: &str) -> Value {
    json!({"doctorId": doctor, "start": start, "end": end})
}

#[actix_web::test]
async fn the_earliest_free_slots_of_many_doctors_come_first() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    // 14:00 in Berlin is 08:00 in New York.
    let mut brienne = berlin(&json!({"monday": [{"start": "13:00", "end": "15:00"}]}));
    brienne["slotMinutes"] = json!(60);
    let brienne = api.register(&brienne).await;
    api.book(&jon, &arya, "2030-01-07T09:00:00-05:00").await.created();

    let found = search(&api, "from=2030-01-07&to=2030-01-13&limit=4").await;
    let expected = json!({"items": [
        item(&brienne, "2030-01-07T13:00:00+01:00", "2030-01-07T14:00:00+01:00"),
        item(&jon, "2030-01-07T08:00:00-05:00", "2030-01-07T09:00:00-05:00"),
        item(&brienne, "2030-01-07T14:00:00+01:00", "2030-01-07T15:00:00+01:00"),
        item(&jon, "2030-01-07T10:00:00-05:00", "2030-01-07T11:00:00-05:00"),
    ]});
    assert_eq!(found.ok(), expected);
}

#[actix_web::test]
async fn a_search_is_narrowed_by_specialty_and_by_doctor() {
    let api = Api::new();
    let (one, other) = (api.jon().await, api.jon().await);
    let mut surgeon = jon();
    surgeon["specialty"] = json!("Surgery");
    let surgeon = api.register(&surgeon).await;
    let away = api.jon().await;
    api.patch(&format!("/api/v1/doctors/{away}"), &json!({"active": false})).await.ok();

    let doctors = async |query: String| {
        let found = search(&api, &format!("from=2030-01-07&to=2030-01-07&limit=200{query}")).await.ok();
        let mut doctors: Vec<_> =
            found["items"].as_array().expect("items").iter().map(|item| item["doctorId"].clone()).collect();
        assert_eq!(doctors.len() % 6, 0, "six slots each");
        doctors.sort_unstable_by_key(ToString::to_string);
        doctors.dedup();
        doctors
    };
    assert_eq!(doctors(String::new()).await, [one.as_str(), other.as_str(), surgeon.as_str()]);
    assert_eq!(doctors("&specialty=SURGERY".to_owned()).await, [surgeon.as_str()]);
    assert_eq!(doctors(format!("&doctorId={other}&doctorId={one}")).await, [one.as_str(), other.as_str()]);
    assert_eq!(doctors(format!("&doctorId={one}&doctorId={one}")).await, [one.as_str()]);
    assert_eq!(doctors(format!("&specialty=cardiology&doctorId={surgeon}&doctorId={one}")).await, [one.as_str()]);
    // Nobody has no slots, and neither has someone who takes no bookings.
    assert_eq!(doctors(format!("&doctorId={NOBODY}")).await, Vec::<Value>::new());
    assert_eq!(doctors(format!("&doctorId={away}")).await, Vec::<Value>::new());
    assert_eq!(doctors(format!("&doctorId={NOBODY}&doctorId={one}")).await, [one.as_str()]);
}

#[actix_web::test]
async fn a_search_that_is_not_possible_is_refused_with_every_violation() {
    let api = Api::new();
    let malformed = async |query: &str, violations: &[(&str, &str)]| {
        search(&api, query).await.violates(400, "malformed-request", violations);
    };
    malformed("", &[("/from", "missing-parameter"), ("/to", "missing-parameter")]).await;
    malformed("from=2030-01-07", &[("/to", "missing-parameter")]).await;
    malformed("from=2030-01-07&to=2030-01-07&date=2030-01-07", &[("/date", "unknown-parameter")]).await;
    malformed("from=2030-01-07&to=2030-01-07&limit=ten", &[("/limit", "wrong-type")]).await;
    malformed("from=2030-01-07&to=2030-01-07&to=2030-01-08", &[("/to", "repeated-parameter")]).await;
    let many = |count: usize| format!("from=2030-01-07&to=2030-01-07{}", format!("&doctorId={NOBODY}").repeat(count));
    malformed(&many(51), &[("/doctorId", "repeated-parameter")]).await;
    assert_eq!(search(&api, &many(50)).await.ok(), json!({"items": []}));

    let impossible = async |query: &str, violations: &[(&str, &str)]| {
        search(&api, query).await.violates(422, violations[0].1, violations);
    };
    impossible("from=2030-01-08&to=2030-01-07", &[("/to", "invalid-range")]).await;
    impossible("from=2030-01-01&to=2030-04-03", &[("/to", "range-too-long")]).await;
    search(&api, "from=2030-01-01&to=2030-04-02").await.ok();
    let all = "specialty=&doctorId=1&doctorId=2&from=2026-02-29&to=x&limit=0&visitType=3";
    let violations = [
        ("/specialty", "invalid-specialty"),
        ("/doctorId", "invalid-id"),
        ("/doctorId", "invalid-id"),
        ("/from", "invalid-date"),
        ("/to", "invalid-date"),
        ("/limit", "invalid-limit"),
        ("/visitType", "invalid-id"),
    ];
    impossible(all, &violations).await;
}

#[actix_web::test]
async fn the_next_free_slot_is_found() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let path = format!("/api/v1/doctors/{brienne}/availability/next");
    let next = async |query: &str| api.get(&format!("{path}{query}")).await.ok();
    let slot = |start: &str, end: &str| json!({"start": start, "end": end, "status": "free"});
    let first = next("").await;
    let expected = slot("2026-05-04T09:00:00+02:00", "2026-05-04T09:30:00+02:00");
    assert_eq!(first, json!({"slot": expected, "searchedTo": "2027-05-02"}));
    assert_eq!(next("?after=1999-01-01T00:00:00Z").await, first, "not before now");

    // A plus sign may be left as it is. What starts then is included, what is booked is not.
    let at_nine = next("?after=2026-06-01T09:00:00+02:00").await;
    let expected = slot("2026-06-01T09:00:00+02:00", "2026-06-01T09:30:00+02:00");
    assert_eq!(at_nine, json!({"slot": expected, "searchedTo": "2027-06-02"}));
    assert_eq!(next("?after=2026-06-01T09:00:00%2B02:00").await, at_nine);
    api.book(&brienne, &arya, "2026-06-01T09:00:00+02:00").await.created();
    assert_eq!(next("?after=2026-06-01T09:00:00+02:00").await["slot"]["start"], "2026-06-01T09:30:00+02:00");
    assert_eq!(next("?after=2026-06-01T11:30:00.5+02:00").await["slot"]["start"], "2026-06-08T09:00:00+02:00");
}

#[actix_web::test]
async fn where_nothing_is_free_for_400_days_it_is_told_how_far_was_searched() {
    let api = Api::at(&MemoryStore::new().stores(), MAY);
    let brienne = api.register(&berlin(&json!({}))).await;
    let path = format!("/api/v1/doctors/{brienne}/availability/next");
    // 1 May 2026 and 400 days.
    let later = json!({"effectiveFrom": "2027-06-05", "weekly": {"monday": [{"start": "09:00", "end": "12:00"}]}});
    api.put(&format!("/api/v1/doctors/{brienne}/working-hours"), &later).await.ok();
    assert_eq!(api.get(&path).await.ok(), json!({"slot": null, "searchedTo": "2027-05-02"}));
    let later = api.get(&format!("{path}?after=2027-05-02T00:00:00Z")).await.ok();
    assert_eq!(later["slot"]["start"], "2027-06-07T09:00:00+02:00");
    assert_eq!(api.get(&format!("{path}?after=2999-12-31T23:00:00Z")).await.ok()["slot"]["status"], "free");
    api.patch(&format!("/api/v1/doctors/{brienne}"), &json!({"active": false})).await.ok();
    assert_eq!(api.get(&format!("{path}?after=2027-05-02T00:00:00Z")).await.ok()["slot"], json!(null));
}

#[actix_web::test]
async fn an_instant_that_is_none_is_refused() {
    let api = Api::new();
    let path = format!("/api/v1/doctors/{}/availability", api.jon().await);
    for (what, name) in [("next", "after"), ("explain", "start")] {
        let pointer = format!("/{name}");
        for (text, code) in [
            ("2030-01-07T08:00:00", "offset-required"),
            ("2030-01-07", "invalid-instant"),
            ("2030-02-30T08:00:00Z", "invalid-instant"),
            ("now", "invalid-instant"),
            ("", "invalid-instant"),
        ] {
            let answer = api.get(&format!("{path}/{what}?{name}={text}")).await;
            answer.violates(422, code, &[(&pointer, code)]);
        }
        let answer = api.get(&format!("{path}/{what}?{name}=now&visitType=x")).await;
        answer.violates(422, "invalid-instant", &[(&pointer, "invalid-instant"), ("/visitType", "invalid-id")]);
        let answer = api.get(&format!("{path}/{what}?{name}=2030-01-07T08:00:00Z&date=2030-01-07")).await;
        answer.violates(400, "malformed-request", &[("/date", "unknown-parameter")]);
        let nobody = format!("/api/v1/doctors/{NOBODY}/availability/{what}?{name}=2030-01-07T08:00:00Z");
        api.get(&nobody).await.problem(404, "not-found");
    }
    let answer = api.get(&format!("{path}/explain")).await;
    answer.violates(400, "malformed-request", &[("/start", "missing-parameter")]);
}

async fn explain(api: &Api, doctor: &str, start: &str) -> Value {
    api.get(&format!("/api/v1/doctors/{doctor}/availability/explain?start={start}")).await.ok()
}

/// The rules that are not kept, with their codes.
fn broken(explanation: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let rules = explanation["rules"].as_array().expect("rules").iter();
    let broken: Vec<_> = rules.filter(|rule| rule["passed"] == false).collect();
    assert_eq!(explanation["bookable"], broken.is_empty(), "{explanation}");
    broken.iter().map(|rule| (text(&rule["rule"]), text(&rule["code"]))).collect()
}

#[actix_web::test]
async fn a_start_that_can_be_booked_keeps_every_rule() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let found = explain(&api, &brienne, "2026-06-01T10:00:00+02:00").await;
    let passed = |rule: &str| json!({"rule": rule, "passed": true, "blockedBy": null, "code": null});
    let rules = [
        "doctor-active",
        "visit-type-offered",
        "not-in-past",
        "notice-kept",
        "within-horizon",
        "inside-working-hours",
        "no-closure",
        "no-time-off",
        "on-grid",
        "not-taken",
        "not-held",
    ];
    let expected = json!({"start": "2026-06-01T10:00:00+02:00", "bookable": true, "rules": rules.map(passed)});
    assert_eq!(found, expected);
    // However it is spelt, it is shown on the doctor's clock.
    assert_eq!(explain(&api, &brienne, "2026-06-01T08:00:00Z").await, expected);
    api.book(&brienne, &arya, "2026-06-01T10:00:00+02:00").await.created();
}

#[actix_web::test]
async fn every_rule_that_is_broken_is_told_and_what_blocks_but_not_who() {
    let (api, brienne, arya) = mondays_in_berlin().await;
    let path = format!("/api/v1/doctors/{brienne}");
    let booking = api.book(&brienne, &arya, "2026-06-01T10:00:00+02:00").await.created();
    let away = json!({"start": "2026-06-08T10:15:00+02:00", "end": "2026-06-08T10:45:00+02:00", "reason": "Dentist"});
    api.post(&format!("{path}/time-off"), &away).await.created();
    api.post("/api/v1/closures", &json!({"date": "2026-06-15", "name": "Spring cleaning"})).await.created();

    let pair = |rule: &str, code: &str| (rule.to_owned(), code.to_owned());
    let outside = "outside-working-hours";
    let cases = [
        ("2026-06-01T10:00:00+02:00", vec![pair("not-taken", "slot-taken")]),
        ("2026-06-01T09:45:00+02:00", vec![pair("on-grid", "off-grid"), pair("not-taken", "slot-taken")]),
        ("2026-06-08T10:30:00+02:00", vec![pair("no-time-off", outside)]),
        ("2026-06-15T10:00:00+02:00", vec![pair("no-closure", outside)]),
        ("2026-06-15T14:00:00+02:00", vec![pair("inside-working-hours", outside), pair("no-closure", outside)]),
        ("2026-04-27T09:00:00+02:00", vec![pair("not-in-past", "in-past")]),
        ("2999-12-31T23:59:59.999999999Z", vec![pair("inside-working-hours", outside)]),
    ];
    for (start, expected) in cases {
        let found = explain(&api, &brienne, start).await;
        assert_eq!(broken(&found), expected, "{start}");
        // The one that weighs most is the one with which a booking is refused.
        let refused = api.book(&brienne, &arya, start).await.json();
        assert_eq!(refused["code"], json!(expected[0].1), "{start}");
    }
    let blocks =
        async |start: &str, rule: usize| explain(&api, &brienne, start).await["rules"][rule]["blockedBy"].clone();
    let stretch = |start: &str, end: &str| json!({"start": start, "end": end});
    let taken = stretch("2026-06-01T10:00:00+02:00", "2026-06-01T10:30:00+02:00");
    assert_eq!(blocks("2026-06-01T09:45:00+02:00", 9).await, taken);
    let away = stretch("2026-06-08T10:15:00+02:00", "2026-06-08T10:45:00+02:00");
    assert_eq!(blocks("2026-06-08T10:30:00+02:00", 7).await, away);
    let closed = stretch("2026-06-15T00:00:00+02:00", "2026-06-16T00:00:00+02:00");
    assert_eq!(blocks("2026-06-15T10:00:00+02:00", 6).await, closed);
    let text = explain(&api, &brienne, "2026-06-01T10:00:00+02:00").await.to_string();
    for secret in [arya.as_str(), booking.as_str(), "Arya"] {
        assert!(!text.contains(secret), "{text}");
    }

    api.patch(&format!("{path}?affected=keep"), &json!({"active": false})).await.ok();
    let inactive = explain(&api, &brienne, "2026-06-22T10:00:00+02:00").await;
    assert_eq!(broken(&inactive), [pair("doctor-active", "doctor-inactive")]);
}
