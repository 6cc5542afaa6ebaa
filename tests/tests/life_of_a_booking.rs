//! What becomes of a booking, from the slot that is held to the visit that has taken place, told over HTTP on both stores.

use std::sync::Barrier;

use doctor_booking_tests::{Answer, Client, Server, Store, on_both_stores};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
const EIGHT: &str = "2030-01-07T08:00:00-05:00";

on_both_stores!(
    a_slot_is_held_confirmed_and_moved_and_the_visit_takes_place,
    what_was_cancelled_takes_place_after_all_while_its_slot_is_free,
    a_series_keeps_the_time_on_the_clock_when_the_clocks_change,
    of_many_callers_who_want_to_hold_one_slot_one_does,
    a_caller_who_wants_everything_at_once_holds_three_slots,
    one_hold_becomes_one_booking_whoever_confirms_it_at_once,
    two_bookings_that_want_to_swap_never_overlap,
);

fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// What has happened to a booking, in words.
fn history(client: &Client, booking: &str) -> Vec<String> {
    let history = client.get(&format!("/api/v1/bookings/{booking}/history")).expect(200);
    history["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| it["what"].as_str().expect("text").to_owned())
        .collect()
}

/// Posts all of these at once, each from a client of its own; the answers in order.
fn at_once(clients: impl IntoIterator<Item = (Client, &'static str, Value)>) -> Vec<Answer> {
    let clients: Vec<_> = clients.into_iter().collect();
    let start = Barrier::new(clients.len());
    std::thread::scope(|scope| {
        let post = |(client, path, body): (Client, &'static str, Value)| {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                client.post(path, &body)
            })
        };
        let threads: Vec<_> = clients.into_iter().map(post).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// How many were refused so; `(201, "")` are those that were not.
fn count(answers: &[Answer], status: u16, code: &str) -> usize {
    answers.iter().filter(|answer| answer.refusal() == (status, code.to_owned())).count()
}

fn a_slot_is_held_confirmed_and_moved_and_the_visit_takes_place(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let desk = server.client().as_caller("desk");
    let (doctor, patient) = (desk.founding_doctor(), desk.patient("Arya", "Stark"));
    let other = desk.with_new_token(&json!({"name": "Arya", "role": "patient", "patientId": patient}));
    let hold = id(&desk.hold(&doctor, EIGHT).expect(201));
    assert_eq!(desk.day(&doctor, "2030-01-07")["slots"][0]["status"], "held");
    assert_eq!(desk.book(&doctor, &patient, EIGHT).refusal(), (409, "slot-held".into()));
    assert_eq!(other.book(&doctor, &patient, EIGHT).refusal(), (409, "slot-taken".into()));
    let confirmation = json!({"doctorId": doctor, "patientId": patient, "start": EIGHT, "holdId": hold});
    assert_eq!(other.post("/api/v1/bookings", &confirmation).refusal(), (409, "hold-expired".into()));
    let booking = id(&desk.post("/api/v1/bookings", &confirmation).expect(201));
    assert_eq!(desk.get(&format!("/api/v1/holds/{hold}")).status, 404);

    let path = format!("/api/v1/bookings/{booking}");
    let tuesday = desk.post(&format!("{path}/reschedule"), &json!({"start": "2030-01-08T08:00:00-05:00"}));
    assert_eq!(tuesday.refusal(), (422, "outside-working-hours".into()));
    assert_eq!(desk.get(&path).expect(200)["start"], EIGHT);
    let later = json!({"start": "2030-01-14T09:00:00-05:00", "reason": "on holiday"});
    desk.post(&format!("{path}/reschedule"), &later).expect(200);
    assert_eq!(desk.day(&doctor, "2030-01-07")["freeCount"], 6);
    server.client().post(&format!("{path}/arrive"), &json!({})).expect(200);
    let fulfilled = desk.post(&format!("{path}/fulfil"), &json!({})).expect(200);
    assert_eq!((&fulfilled["status"], &fulfilled["start"]), (&json!("fulfilled"), &later["start"]));
    let over = desk.post(&format!("{path}/cancel"), &json!({"reason": "too late"}));
    assert_eq!((over.refusal(), &over.json()["allowed"]), ((409, "invalid-transition".into()), &json!([])));

    let told = desk.get(&format!("{path}/history")).expect(200)["items"].clone();
    let what = ["booking.created", "booking.moved", "booking.arrived", "booking.fulfilled"];
    assert_eq!(history(&desk, &booking), what);
    assert_eq!((&told[1]["before"]["start"], &told[1]["why"]), (&json!(EIGHT), &json!("on holiday")));
    assert_eq!(told[1]["who"], told[3]["who"]);
    assert_ne!(told[1]["who"], told[2]["who"]);
    server.stop_and_verify(BINARY, store);
    let server = Server::start(BINARY, store.url());
    assert_eq!(history(&server.client(), &booking), what);
}

fn what_was_cancelled_takes_place_after_all_while_its_slot_is_free(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, arya, sansa) =
        (client.founding_doctor(), client.patient("Arya", "Stark"), client.patient("Sansa", "Stark"));
    let booking = id(&client.book(&doctor, &arya, EIGHT).expect(201));
    let path = format!("/api/v1/bookings/{booking}");
    client.post(&format!("{path}/cancel"), &json!({"reason": "ill"})).expect(200);
    let other = id(&client.book(&doctor, &sansa, EIGHT).expect(201));
    let reinstate = || client.post(&format!("{path}/reinstate"), &json!({}));
    assert_eq!(reinstate().refusal(), (409, "slot-taken".into()));
    client.post(&format!("/api/v1/bookings/{other}/cancel"), &json!({"reason": "ill"})).expect(200);
    assert_eq!(reinstate().expect(200)["status"], "booked");
    assert_eq!(client.book(&doctor, &sansa, EIGHT).refusal(), (409, "slot-taken".into()));
    assert_eq!(history(&client, &booking), ["booking.created", "booking.cancelled", "booking.reinstated"]);
    server.stop_and_verify(BINARY, store);
}

fn a_series_keeps_the_time_on_the_clock_when_the_clocks_change(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = json!({
        "firstName": "Brienne", "lastName": "Tarth", "specialty": "physiotherapy", "timeZone": "Europe/London",
        "workingHours": {"tuesday": [{"start": "18:00", "end": "21:00"}]}
    });
    let doctor = id(&client.post("/api/v1/doctors", &doctor).expect(201));
    let (arya, sansa) = (client.patient("Arya", "Stark"), client.patient("Sansa", "Stark"));
    // 2037 has the weekdays of 2026: the clocks go back on 25 October.
    client.book(&doctor, &sansa, "2037-10-20T19:00:00+01:00").expect(201);
    let mut wanted = json!({
        "doctorId": doctor, "patientId": arya, "start": "2037-10-06T19:00:00+01:00", "every": "week", "count": 5
    });
    let refused = client.post("/api/v1/booking-series", &wanted);
    assert_eq!(refused.refusal(), (409, "slot-taken".into()));
    assert_eq!(refused.json()["errors"][0]["pointer"], "/occurrences/2");
    assert_eq!(client.get(&format!("/api/v1/bookings?patientId={arya}")).expect(200)["items"], json!([]));
    wanted["onConflict"] = json!("skip");
    let series = client.post_keyed("series", "/api/v1/booking-series", &wanted);
    let booked = series.expect(201);
    let starts: Vec<_> = booked["bookings"].as_array().expect("a list").iter().map(|it| it["start"].clone()).collect();
    let expected = ["10-06T19:00:00+01:00", "10-13T19:00:00+01:00", "10-27T19:00:00+00:00", "11-03T19:00:00+00:00"];
    assert_eq!(starts, expected.map(|start| json!(format!("2037-{start}"))));
    assert_eq!(booked["skipped"][0]["start"], "2037-10-20T19:00:00+01:00");
    let again = client.post_keyed("series", "/api/v1/booking-series", &wanted);
    assert_eq!((again.text, again.status), (series.text, 201));
    let listed = client.get(&format!("/api/v1/bookings?patientId={arya}")).expect(200);
    let of_series = |it: &Value| it["seriesId"] == booked["id"];
    assert!(listed["items"].as_array().is_some_and(|items| items.len() == 4 && items.iter().all(of_series)));
    server.stop_and_verify(BINARY, store);
}

fn of_many_callers_who_want_to_hold_one_slot_one_does(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.founding_doctor();
    let body = json!({"doctorId": doctor, "start": EIGHT});
    let callers = (0..32).map(|n| (client.as_caller(&format!("caller {n}")), "/api/v1/holds", body.clone()));
    let answers = at_once(callers);
    let counts = (count(&answers, 201, ""), count(&answers, 409, "slot-held"));
    assert_eq!(counts, (1, 31), "{answers:?}");
    assert_eq!(client.day(&doctor, "2030-01-07")["slots"][0]["status"], "held");
    server.stop_and_verify(BINARY, store);
}

fn a_caller_who_wants_everything_at_once_holds_three_slots(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.doctor(&json!({"monday": [{"start": "00:00", "end": "24:00"}]}));
    let greedy = client.as_caller("greedy");
    let slots = (0..16).map(|hour| {
        let body = json!({"doctorId": doctor, "start": format!("2030-01-07T{hour:02}:00:00-05:00")});
        (greedy.again(), "/api/v1/holds", body)
    });
    let answers = at_once(slots);
    let counts = (count(&answers, 201, ""), count(&answers, 429, "too-many-holds"));
    assert_eq!(counts, (3, 13), "{answers:?}");
    server.stop_and_verify(BINARY, store);
}

fn one_hold_becomes_one_booking_whoever_confirms_it_at_once(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client().as_caller("desk");
    let doctor = client.founding_doctor();
    let hold = id(&client.hold(&doctor, EIGHT).expect(201));
    let patients: Vec<_> = (0..16).map(|n| client.patient("Patient", &format!("Number {n}"))).collect();
    let confirmations = patients.iter().map(|patient| {
        let body = json!({"doctorId": doctor, "patientId": patient, "start": EIGHT, "holdId": hold});
        (client.again(), "/api/v1/bookings", body)
    });
    let answers = at_once(confirmations);
    let counts = (count(&answers, 201, ""), count(&answers, 409, "hold-expired"));
    assert_eq!(counts, (1, 15), "{answers:?}");
    server.stop_and_verify(BINARY, store);
}

fn two_bookings_that_want_to_swap_never_overlap(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.doctor(&json!({"monday": [{"start": "08:00", "end": "11:00"}]}));
    let starts = ["08", "09", "10"].map(|hour| format!("2030-01-07T{hour}:00:00-05:00"));
    let book = |start: &String| id(&client.book(&doctor, &client.patient("Arya", "Stark"), start).expect(201));
    let bookings = [book(&starts[0]), book(&starts[1])];
    for round in 0..8 {
        let start = Barrier::new(bookings.len());
        std::thread::scope(|scope| {
            for (index, booking) in bookings.iter().enumerate() {
                let (start, to, client) = (&start, &starts[(index + 1 + round) % 3], client.again());
                scope.spawn(move || {
                    start.wait();
                    let answer = client.post(&format!("/api/v1/bookings/{booking}/reschedule"), &json!({"start": to}));
                    assert!(matches!(answer.refusal(), (200 | 503, _)) || answer.code() == "slot-taken", "{answer:?}");
                });
            }
        });
        let listed = client.get(&format!("/api/v1/bookings?doctorId={doctor}")).expect(200);
        let there: Vec<_> = listed["items"].as_array().expect("a list").iter().map(|it| it["start"].clone()).collect();
        assert!(there.len() == 2 && there[0] != there[1], "{there:?}");
    }
    server.stop_and_verify(BINARY, store);
}
