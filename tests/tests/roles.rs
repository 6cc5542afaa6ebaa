//! What each role sees and does of the same hospital, told over HTTP on both stores: patients, doctors, the front desk, and
//! whoever looks afterwards who has seen what.

use doctor_booking_tests::{Answer, Client, Server, Store, Stream, Told, on_both_stores};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
const EIGHT: &str = "2030-01-07T08:00:00-05:00";
const NINE: &str = "2030-01-07T09:00:00-05:00";
const TEN: &str = "2030-01-07T10:00:00-05:00";
const ONE: &str = "2030-01-07T13:00:00-05:00";
/// When no doctor comes.
const NIGHT: &str = "2030-01-07T03:00:00-05:00";

on_both_stores!(
    a_patient_books_moves_and_cancels_and_learns_of_nobody_else,
    a_doctor_sees_the_own_calendar_and_what_is_moved_away_no_more,
    the_front_desk_sets_rules_aside_and_nothing_sets_aside_that_a_slot_is_taken,
    who_has_read_a_record_is_found_and_nobody_can_unwrite_it,
);

fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// The ids of a list.
fn ids(answer: &Answer) -> Vec<String> {
    answer.expect(200)["items"].as_array().expect("a list").iter().map(id).collect()
}

fn is_hidden(answer: &Answer) {
    assert_eq!(answer.refusal(), (404, "not-found".into()));
}

fn is_forbidden(answer: &Answer) {
    assert_eq!(answer.refusal(), (403, "forbidden".into()));
}

fn desk(server: &Server) -> Client {
    server.client().with_new_token(&json!({"name": "Window 2", "role": "front-desk"}))
}

fn patient(server: &Server, patient: &str) -> Client {
    server.client().with_new_token(&json!({"name": "a patient", "role": "patient", "patientId": patient}))
}

fn doctor(server: &Server, doctor: &str) -> Client {
    server.client().with_new_token(&json!({"name": "a doctor", "role": "doctor", "doctorId": doctor}))
}

/// What is said up to, and with, the first event of a type that satisfies this.
fn told_until(stream: &mut Stream, is_last: impl Fn(&Told) -> bool) -> Vec<Told> {
    let mut told = Vec::new();
    while !told.last().is_some_and(&is_last) {
        told.push(stream.next_event().expect("an event"));
    }
    told
}

fn a_patient_books_moves_and_cancels_and_learns_of_nobody_else(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let desk = desk(&server);
    let jon = desk.founding_doctor();
    let [arya, sansa] = ["Arya", "Sansa"].map(|first| desk.patient(first, "Stark"));
    let of_sansa = id(&desk.book(&jon, &sansa, EIGHT).expect(201));
    let client = patient(&server, &arya);
    let mut stream = Stream::open(&client, None);

    // She finds a doctor, and what is free there.
    assert_eq!(ids(&client.get("/api/v1/doctors?specialty=cardiology")), [jon.as_str()]);
    let free = |client: &Client| {
        let day = client.day(&jon, "2030-01-07");
        let slots = day["slots"].as_array().expect("slots").clone();
        assert!(slots.iter().all(|slot| slot["status"] == "free"), "{day}");
        slots.iter().map(|slot| slot["start"].as_str().expect("a start")[11..13].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(free(&client), ["09", "10", "13", "14", "15"]);
    is_forbidden(&client.get(&format!("/api/v1/doctors/{jon}/availability/explain?start={EIGHT}")));

    // She holds a slot and books it; what others have is taken, whatever they have it by.
    let hold = id(&client.hold(&jon, NINE).expect(201));
    desk.hold(&jon, TEN).expect(201);
    assert_eq!(free(&client), ["13", "14", "15"]);
    for taken in [EIGHT, TEN] {
        let refused = client.book(&jon, &arya, taken);
        assert_eq!(refused.refusal(), (409, "slot-taken".into()));
        assert!(!refused.text.contains(&sansa) && !refused.text.contains(&of_sansa), "{}", refused.text);
        assert_eq!(client.hold(&jon, taken).refusal(), (409, "slot-taken".into()));
    }
    let wanted = json!({"doctorId": jon, "patientId": arya, "start": NINE, "holdId": hold});
    let own = id(&client.post("/api/v1/bookings", &wanted).expect(201));
    let path = format!("/api/v1/bookings/{own}");
    let moved = client.post(&format!("{path}/reschedule"), &json!({"start": ONE})).expect(200);
    assert_eq!(moved["start"], ONE);
    assert_eq!(client.post(&format!("{path}/reschedule"), &json!({"start": EIGHT})).code(), "slot-taken");
    is_forbidden(&client.post(&format!("{path}/arrive"), &json!({})));
    is_forbidden(&client.post(&format!("{path}/no-show"), &json!({})));

    // Of others she learns nothing: what is theirs is as what is not there.
    let others = format!("/api/v1/bookings/{of_sansa}");
    let absent = "/api/v1/bookings/01900000-0000-7000-8000-000000000001";
    for path in [&others, absent] {
        is_hidden(&client.get(path));
        is_hidden(&client.get(&format!("{path}/history")));
        is_hidden(&client.post(&format!("{path}/cancel"), &json!({"reason": "mischief"})));
        is_hidden(&client.post(&format!("{path}/reschedule"), &json!({"start": NINE})));
    }
    is_hidden(&client.get(&format!("/api/v1/patients/{sansa}")));
    is_hidden(&client.patch(&format!("/api/v1/patients/{sansa}"), &json!({"lastName": "Bolton"})));
    is_hidden(&client.book(&jon, &sansa, NINE));
    assert_eq!(client.get(&format!("/api/v1/patients/{arya}")).expect(200)["firstName"], "Arya");
    assert_eq!(ids(&client.get("/api/v1/bookings")), [own.as_str()]);
    assert_eq!(ids(&client.get(&format!("/api/v1/bookings?doctorId={jon}"))), [own.as_str()]);
    assert!(ids(&client.get(&format!("/api/v1/bookings?patientId={sansa}"))).is_empty());
    for path in ["/api/v1/tokens", "/api/v1/webhooks", "/api/v1/audit"] {
        is_forbidden(&client.get(path));
    }
    is_forbidden(&client.get(&format!("/api/v1/doctors/{jon}/working-hours")));
    is_forbidden(&client.post("/api/v1/patients", &json!({"firstName": "No", "lastName": "One"})));

    // Meanwhile much happens to others; and in the end she does not come.
    desk.post(&format!("{others}/reschedule"), &json!({"start": NINE, "reason": "a secret"})).expect(200);
    let _ = desk.patient("Bran", "Stark");
    desk.post(&format!("{others}/cancel"), &json!({"reason": "a secret"})).expect(200);
    client.post(&format!("{path}/cancel"), &json!({"reason": "feels better"})).expect(200);
    let history = client.get(&format!("{path}/history")).expect(200);
    let what: Vec<_> = history["items"].as_array().expect("a list").iter().map(|it| it["what"].clone()).collect();
    assert_eq!(what, ["booking.created", "booking.moved", "booking.cancelled"]);

    let told = told_until(&mut stream, |told| told.kind == "booking.cancelled");
    let (mut hints, own_events): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|told| told.kind == "availability.changed");
    // What is others' comes after what is one's own.
    hints.push(stream.next_of("availability.changed"));
    assert!(hints.iter().all(|hint| hint.event == json!({"doctorId": jon})), "{hints:?}");
    for Told { event, .. } in &own_events {
        assert_eq!((&event["patientId"], &event["position"]), (&json!(arya), &Value::Null), "{event}");
    }
    let kinds: Vec<_> =
        own_events.iter().map(|told| told.kind.as_str()).filter(|kind| kind.starts_with("book")).collect();
    assert_eq!(kinds, ["booking.created", "booking.moved", "booking.cancelled"]);
    server.stop_and_verify(BINARY, store);
}

fn a_doctor_sees_the_own_calendar_and_what_is_moved_away_no_more(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let desk = desk(&server);
    let [jon, sam] = [desk.founding_doctor(), desk.founding_doctor()];
    let [arya, sansa, bran] = ["Arya", "Sansa", "Bran"].map(|first| desk.patient(first, "Stark"));
    let book = |doctor, patient, start| id(&desk.book(doctor, patient, start).expect(201));
    let [of_arya, of_bran] = [book(&jon, &arya, EIGHT), book(&jon, &bran, NINE)];
    let of_sansa = book(&sam, &sansa, EIGHT);
    let path = |booking: &str| format!("/api/v1/bookings/{booking}");
    let client = doctor(&server, &jon);
    let mut stream = Stream::open(&client, None);

    assert_eq!(ids(&client.get("/api/v1/bookings")), [of_arya.as_str(), &of_bran]);
    assert!(ids(&client.get(&format!("/api/v1/bookings?doctorId={sam}"))).is_empty());
    let mut seen = ids(&client.get("/api/v1/patients"));
    seen.sort_unstable();
    let mut expected = [arya.clone(), bran.clone()];
    expected.sort_unstable();
    assert_eq!(seen, expected);
    is_hidden(&client.get(&path(&of_sansa)));
    is_hidden(&client.get(&format!("{}/history", path(&of_sansa))));
    is_hidden(&client.post(&format!("{}/arrive", path(&of_sansa)), &json!({})));
    is_hidden(&client.get(&format!("/api/v1/patients/{sansa}")));
    is_hidden(&client.get(&format!("/api/v1/doctors/{sam}/working-hours")));

    // What the front desk does, a doctor does not.
    let moved = json!({"start": ONE});
    is_forbidden(&client.post(&format!("{}/cancel", path(&of_bran)), &json!({"reason": "ill"})));
    is_forbidden(&client.post(&format!("{}/reschedule", path(&of_bran)), &moved));
    is_forbidden(&client.book(&jon, &arya, TEN));
    is_forbidden(&client.hold(&jon, TEN));
    is_forbidden(&client.patch(&format!("/api/v1/patients/{arya}"), &json!({"lastName": "Lannister"})));

    client.post(&format!("{}/arrive", path(&of_arya)), &json!({})).expect(200);
    let fulfilled = client.post(&format!("{}/fulfil", path(&of_arya)), &json!({})).expect(200);
    assert_eq!(fulfilled["status"], "fulfilled");

    // Bran is moved to another doctor.
    let away = json!({"start": NINE, "doctorId": sam, "reason": "the other one is free"});
    desk.post(&format!("{}/reschedule", path(&of_bran)), &away).expect(200);
    is_hidden(&client.get(&path(&of_bran)));
    is_hidden(&client.get(&format!("{}/history", path(&of_bran))));
    is_hidden(&client.post(&format!("{}/arrive", path(&of_bran)), &json!({})));
    is_hidden(&client.get(&format!("/api/v1/patients/{bran}")));
    assert_eq!(ids(&client.get("/api/v1/bookings")), [of_arya.as_str()]);
    let there = doctor(&server, &sam);
    assert_eq!(ids(&there.get("/api/v1/bookings")), [of_sansa.as_str(), &of_bran]);
    there.post(&format!("{}/arrive", path(&of_bran)), &json!({})).expect(200);

    // What happens on the other calendar from now on is not told, and what happens on the own one is.
    desk.post(&format!("{}/cancel", path(&of_sansa)), &json!({"reason": "a secret"})).expect(200);
    let last = book(&jon, &arya, TEN);
    let told = told_until(&mut stream, |told| told.event["bookingId"] == *last);
    assert!(told.iter().all(|told| told.event["bookingId"] != *of_sansa), "{told:?}");
    assert!(told.iter().all(|told| told.kind == "availability.changed" || told.event["doctorId"] == *jon), "{told:?}");
    // That something of the own became free, the doctor does learn.
    let is_hint = |told: &Told| told.kind == "availability.changed" && told.event["doctorId"] == *jon;
    if !told.iter().any(is_hint) {
        while stream.next_event().is_some_and(|told| !is_hint(&told)) {}
    }
    server.stop_and_verify(BINARY, store);
}

fn the_front_desk_sets_rules_aside_and_nothing_sets_aside_that_a_slot_is_taken(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let desk = desk(&server);
    let jon = desk.founding_doctor();
    let [arya, sansa] = ["Arya", "Sansa"].map(|first| desk.patient(first, "Stark"));
    let reason = "an emergency; the doctor has agreed to come";
    let every_rule = json!(["off-grid", "outside-working-hours", "notice-too-short", "beyond-horizon", "patient-busy"]);
    let book = |client: &Client, patient: &str, start: &str, rules: &Value| {
        let set_aside = json!({"rules": rules, "reason": reason});
        let body = json!({"doctorId": jon, "patientId": patient, "start": start, "override": set_aside});
        client.post("/api/v1/bookings", &body)
    };
    assert_eq!(desk.book(&jon, &arya, NIGHT).refusal(), (422, "outside-working-hours".into()));
    is_forbidden(&book(&patient(&server, &arya), &arya, NIGHT, &json!(["outside-working-hours"])));
    is_forbidden(&book(&patient(&server, &arya), &arya, NINE, &json!(["outside-working-hours"])));
    is_forbidden(&book(&doctor(&server, &jon), &arya, NIGHT, &json!(["outside-working-hours"])));
    assert!(ids(&desk.get("/api/v1/bookings")).is_empty());

    let booked = book(&desk, &arya, NIGHT, &json!(["outside-working-hours"])).expect(201);
    assert_eq!((&booked["start"], &booked["status"]), (&json!(NIGHT), &json!("booked")));
    let history = desk.get(&format!("/api/v1/bookings/{}/history", id(&booked))).expect(200);
    let entry = &history["items"][0];
    let me = desk.get("/api/v1/me").expect(200)["callerId"].clone();
    assert_eq!((&entry["why"], &entry["who"]["id"]), (&json!(reason), &me));
    assert_eq!(entry["after"]["rulesSetAside"], "outside-working-hours");

    // Occupied is occupied, for everybody and whatever is set aside.
    for client in [&desk, &server.client()] {
        assert_eq!(book(client, &sansa, NIGHT, &every_rule).refusal(), (409, "slot-taken".into()));
        let half_past = NIGHT.replace("03:00", "03:30");
        assert_eq!(book(client, &sansa, &half_past, &every_rule).refusal(), (409, "slot-taken".into()));
    }
    assert_eq!(ids(&desk.get("/api/v1/bookings")), [id(&booked)]);
    server.stop_and_verify(BINARY, store);
}

fn who_has_read_a_record_is_found_and_nobody_can_unwrite_it(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let (administrator, desk) = (server.client(), desk(&server));
    let jon = desk.founding_doctor();
    let [arya, sansa] = ["Arya", "Sansa"].map(|first| desk.patient(first, "Stark"));
    let caller = |client: &Client| client.get("/api/v1/me").expect(200)["callerId"].clone();
    desk.get(&format!("/api/v1/patients/{arya}")).expect(200);
    desk.get(&format!("/api/v1/patients/{sansa}")).expect(200);
    let curious = patient(&server, &sansa);
    is_hidden(&curious.get(&format!("/api/v1/patients/{arya}")));
    let booking = id(&desk.book(&jon, &arya, EIGHT).expect(201));
    doctor(&server, &jon).get(&format!("/api/v1/bookings/{booking}/history")).expect(200);

    let found = administrator.get(&format!("/api/v1/audit?patientId={arya}")).expect(200);
    let mut lines: Vec<_> = found["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| ["callerId", "role", "action", "outcome"].map(|name| line[name].clone()))
        .collect();
    lines.reverse();
    let expected = [
        [caller(&desk), json!("front-desk"), json!("read-patients"), json!("seen")],
        [json!(sansa), json!("patient"), json!("read-patients"), json!("refused")],
        [json!(jon), json!("doctor"), json!("read-booking-history"), json!("seen")],
    ];
    assert_eq!(lines, expected);
    let who = caller(&desk).as_str().expect("an id").to_owned();
    let by_desk = administrator.get(&format!("/api/v1/audit?patientId={arya}&callerId={who}")).expect(200);
    assert_eq!(by_desk["items"].as_array().map(Vec::len), Some(1));
    assert!(!found.to_string().contains("Arya"), "it names nobody");

    for unwrite in ["DELETE FROM audit", "UPDATE audit SET outcome = outcome", "UPDATE audit SET patient_id = NULL"] {
        let refused = store.try_execute(unwrite).expect_err("it is refused").to_string();
        assert!(!refused.contains("no such") && !refused.contains("does not exist"), "{refused}");
    }
    assert_eq!(administrator.get(&format!("/api/v1/audit?patientId={arya}")).expect(200), found);
    is_forbidden(&desk.get("/api/v1/audit"));
    server.stop_and_verify(BINARY, store);
}
