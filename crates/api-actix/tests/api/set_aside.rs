//! Rules that are set aside, one by one and by name.

use serde_json::{Value, json};

use crate::support::{Answer, Api};

const BOOKINGS: &str = "/api/v1/bookings";
const NINE: &str = "2030-01-07T09:00:00-05:00";
const TEN: &str = "2030-01-07T10:00:00-05:00";
const HALF_PAST_NINE: &str = "2030-01-07T09:30:00-05:00";
const EVENING: &str = "2030-01-07T18:00:00-05:00";
/// Pointers and codes.
type Violations = &'static [(&'static str, &'static str)];

const ALL: [&str; 5] = ["off-grid", "outside-working-hours", "notice-too-short", "beyond-horizon", "patient-busy"];

fn aside(rules: &[&str]) -> Value {
    json!({"rules": rules, "reason": "An emergency"})
}

/// All rules but one.
fn but(rule: &str) -> Value {
    aside(&ALL.into_iter().filter(|other| *other != rule).collect::<Vec<_>>())
}

async fn book(api: &Api, doctor: &str, patient: &str, start: &str, set_aside: &Value) -> Answer {
    let body = json!({"doctorId": doctor, "patientId": patient, "start": start, "override": set_aside});
    api.post(BOOKINGS, &body).await
}

/// What the history tells last of a booking: why, and what was set aside.
async fn told(api: &Api, id: &str) -> (Value, Value) {
    let told = api.get(&format!("{BOOKINGS}/{id}/history")).await.ok();
    let last = told["items"].as_array().and_then(|items| items.last()).expect("an entry").clone();
    (last["why"].clone(), last["after"]["rulesSetAside"].clone())
}

#[actix_web::test]
async fn each_rule_is_set_aside_by_its_name_and_the_history_keeps_which_and_why() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let late = api.visit_type(&json!({"name": "Planned", "minutes": 60, "minNoticeMinutes": 86_400})).await;
    let early = api.visit_type(&json!({"name": "Soon", "minutes": 60, "maxDaysAhead": 10})).await;
    let cases = [
        ("off-grid", "2030-01-07T08:30:00-05:00", Value::Null),
        ("outside-working-hours", EVENING, Value::Null),
        ("notice-too-short", "2030-01-07T13:00:00-05:00", json!(late)),
        ("beyond-horizon", "2030-01-07T14:00:00-05:00", json!(early)),
    ];
    for (rule, start, visit_type) in cases {
        let mut body = json!({"doctorId": jon, "patientId": arya, "start": start, "visitType": visit_type});
        api.post(BOOKINGS, &body).await.problem(422, rule);
        body["override"] = but(rule);
        api.post(BOOKINGS, &body).await.violates(422, rule, &[("/start", rule)]);
        body["override"] = aside(&[rule]);
        let booked = api.post(BOOKINGS, &body).await;
        let id = booked.created();
        assert_eq!(booked.json()["outsideHours"], rule == "outside-working-hours");
        assert_eq!(told(&api, &id).await, (json!("An emergency"), json!(rule)));
    }
    // Everybody else sees and gets what there was before, but for what is taken.
    assert_eq!(api.free(&jon, "2030-01-07").await, ["10:00", "15:00"]);
    api.book(&jon, &arya, "2030-01-07T17:00:00-05:00").await.problem(422, "outside-working-hours");
}

#[actix_web::test]
async fn a_patient_who_is_elsewhere_is_booked_only_where_that_is_set_aside() {
    let api = Api::new();
    let (jon, other, third, arya) = (api.jon().await, api.jon().await, api.jon().await, api.arya().await);
    api.book(&jon, &arya, NINE).await.created();
    book(&api, &other, &arya, NINE, &but("patient-busy")).await.problem(409, "patient-busy");
    let beside = book(&api, &other, &arya, NINE, &aside(&["patient-busy", "off-grid"])).await.created();
    assert_eq!(
        told(&api, &beside).await.1,
        json!("off-grid patient-busy"),
        "what was named, whether it was needed or not"
    );
    api.book(&third, &arya, NINE).await.problem(409, "patient-busy");
}

#[actix_web::test]
async fn nothing_sets_aside_what_is_taken_held_past_or_not_offered() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let sansa = api.post("/api/v1/patients", &json!({"firstName": "Sansa", "lastName": "Stark"})).await.created();
    api.book(&jon, &arya, NINE).await.created();
    api.post("/api/v1/holds", &json!({"doctorId": jon, "start": TEN})).await.created();
    let everything = aside(&ALL);
    for (start, code) in [(NINE, "slot-taken"), (HALF_PAST_NINE, "slot-taken"), (TEN, "slot-held")] {
        let refused = book(&api, &jon, &sansa, start, &everything).await;
        // Half past nine meets both.
        assert!(refused.violations(409, code).contains(&("/start".to_owned(), code.to_owned())));
    }
    book(&api, &jon, &sansa, "2029-11-26T09:00:00-05:00", &everything).await.problem(422, "in-past");
    let only = api.visit_type(&json!({"name": "Surgery", "minutes": 60})).await;
    let doctor = format!("/api/v1/doctors/{jon}");
    api.patch(&doctor, &json!({"visitTypes": []})).await.ok();
    let body =
        json!({"doctorId": jon, "patientId": sansa, "start": EVENING, "visitType": only, "override": everything});
    api.post(BOOKINGS, &body).await.problem(422, "invalid-visit-type");
    api.patch(&format!("{doctor}?affected=keep"), &json!({"active": false})).await.ok();
    book(&api, &jon, &sansa, EVENING, &everything).await.problem(422, "doctor-inactive");
    for name in ["slot-taken", "slot-held", "in-past", "doctor-inactive", "invalid-visit-type"] {
        let refused = book(&api, &jon, &sansa, NINE, &aside(&[name])).await;
        refused.violates(400, "malformed-request", &[("/override/rules/0", "unknown-value")]);
    }
}

#[actix_web::test]
async fn a_hold_left_outside_the_hours_becomes_a_booking_where_these_are_set_aside() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let held = api.post("/api/v1/holds", &json!({"doctorId": jon, "start": NINE})).await.created();
    let hours = format!("/api/v1/doctors/{jon}/working-hours?affected=keep");
    api.put(&hours, &json!({"weekly": {"monday": [{"start": "13:00", "end": "16:00"}]}})).await.ok();
    let mut body = json!({"doctorId": jon, "patientId": arya, "start": NINE, "holdId": held});
    api.post(BOOKINGS, &body).await.problem(409, "hold-expired");
    body["override"] = but("outside-working-hours");
    api.post(BOOKINGS, &body).await.problem(409, "hold-expired");
    body["override"] = aside(&["outside-working-hours"]);
    let booked = api.post(BOOKINGS, &body).await;
    assert_eq!(told(&api, &booked.created()).await, (json!("An emergency"), json!("outside-working-hours")));
    assert_eq!(booked.json()["outsideHours"], true);
}

#[actix_web::test]
async fn a_move_sets_aside_what_it_names_and_the_next_one_does_not() {
    let api = Api::new();
    let (jon, other, arya) = (api.jon().await, api.jon().await, api.arya().await);
    api.book(&jon, &arya, NINE).await.created();
    let booking = api.book(&other, &arya, TEN).await.created();
    let path = format!("{BOOKINGS}/{booking}/reschedule");
    let go = |start: &'static str, set_aside: Value| {
        let (api, path) = (&api, &path);
        async move { api.post(path, &json!({"start": start, "reason": "Moved", "override": set_aside})).await }
    };
    for (start, status, rule) in
        [(EVENING, 422, "outside-working-hours"), (HALF_PAST_NINE, 422, "off-grid"), (NINE, 409, "patient-busy")]
    {
        go(start, Value::Null).await.problem(status, rule);
        go(start, but(rule)).await.problem(status, rule);
    }
    let moved = go(EVENING, aside(&["outside-working-hours"])).await.ok();
    assert_eq!((&moved["start"], &moved["outsideHours"]), (&json!(EVENING), &json!(true)));
    let entry = api.get(&format!("{BOOKINGS}/{booking}/history")).await.ok()["items"][1].clone();
    assert_eq!((&entry["why"], &entry["after"]["changeReason"]), (&json!("An emergency"), &json!("Moved")));
    let beside = go(HALF_PAST_NINE, aside(&["off-grid", "patient-busy"])).await.ok();
    assert_eq!((&beside["start"], &beside["outsideHours"]), (&json!(HALF_PAST_NINE), &json!(false)));
    assert_eq!(told(&api, &booking).await, (json!("An emergency"), json!("off-grid patient-busy")));
    go(NINE, Value::Null).await.problem(409, "patient-busy");
    go(TEN, Value::Null).await.ok();
    assert_eq!(told(&api, &booking).await, (json!("Moved"), Value::Null));
}

#[actix_web::test]
async fn an_override_that_makes_no_sense_is_refused_with_everything_that_is_wrong_about_it() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let booking = api.book(&jon, &arya, NINE).await.created();
    let rules = |names: Value| json!({"rules": names, "reason": "An emergency"});
    let cases: [(Value, u16, &str, Violations); 10] = [
        (rules(json!([])), 422, "invalid-override", &[("/override/rules", "invalid-override")]),
        (
            rules(json!(["off-grid", "patient-busy", "off-grid"])),
            422,
            "invalid-override",
            &[("/override/rules/2", "invalid-override")],
        ),
        (
            rules(json!(["off-grid", "Off-Grid", "everything"])),
            400,
            "malformed-request",
            &[("/override/rules/1", "unknown-value"), ("/override/rules/2", "unknown-value")],
        ),
        (
            json!({"rules": ["off-grid"], "reason": "  "}),
            422,
            "invalid-reason",
            &[("/override/reason", "invalid-reason")],
        ),
        (
            json!({"rules": [], "reason": ""}),
            422,
            "invalid-override",
            &[("/override/rules", "invalid-override"), ("/override/reason", "invalid-reason")],
        ),
        (json!({"rules": ["off-grid"]}), 400, "malformed-request", &[("/override/reason", "missing-field")]),
        (json!({"reason": "An emergency"}), 400, "malformed-request", &[("/override/rules", "missing-field")]),
        (
            json!({"rules": ["off-grid"], "reason": "An emergency", "until": 1}),
            400,
            "malformed-request",
            &[("/override/until", "unknown-field")],
        ),
        (rules(json!("off-grid")), 400, "malformed-request", &[("/override/rules", "wrong-type")]),
        (json!(["off-grid"]), 400, "malformed-request", &[("/override", "wrong-type")]),
    ];
    for (set_aside, status, code, expected) in cases {
        book(&api, &jon, &arya, EVENING, &set_aside).await.violates(status, code, expected);
        let to = json!({"start": TEN, "override": set_aside});
        api.post(&format!("{BOOKINGS}/{booking}/reschedule"), &to).await.violates(status, code, expected);
    }
    assert_eq!(api.counts().await, [1, 1, 1]);
}

#[actix_web::test]
async fn a_repeated_request_has_the_answer_it_had_and_another_override_is_another_request() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let mut body = json!({
        "doctorId": jon, "patientId": arya, "start": EVENING, "override": aside(&["outside-working-hours"])
    });
    let first = api.keyed("\"key\"", BOOKINGS, &body).await;
    let again = api.keyed("\"key\"", BOOKINGS, &body).await;
    assert_eq!((first.created(), again.header("Idempotency-Replayed")), (again.created(), Some("true")));
    body["override"]["reason"] = json!("Another");
    api.keyed("\"key\"", BOOKINGS, &body).await.problem(422, "idempotency-key-reused");
    assert_eq!(api.counts().await, [1, 1, 1]);
}
