//! Dates that depart from the week, told over HTTP on both stores.

use std::sync::Barrier;

use doctor_booking_tests::{Server, Store, on_both_stores};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
const EIGHT: &str = "2030-01-07T08:00:00-05:00";

on_both_stores!(
    a_closure_strands_nobody_silently_and_can_be_taken_back,
    time_off_and_overrides_shape_what_is_free_next,
    a_closure_and_a_booking_never_miss_each_other,
);

fn a_closure_strands_nobody_silently_and_can_be_taken_back(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    let booking = client.book(&doctor, &patient, EIGHT).expect(201);
    let closure = json!({"date": "2030-01-07", "name": "Epiphany, observed"});
    let dry = client.post("/api/v1/closures?dryRun=true", &closure).expect(200);
    assert_eq!(dry["affectedBookings"][0]["id"], booking["id"]);
    let refused = client.post("/api/v1/closures", &closure);
    assert_eq!(refused.refusal(), (409, "bookings-affected".into()));
    assert_eq!(client.day(&doctor, "2030-01-07")["freeCount"], 5);

    let closed = client.post("/api/v1/closures?affected=keep", &closure);
    closed.expect(201);
    let monday = client.day(&doctor, "2030-01-07");
    assert_eq!((&monday["freeCount"], &monday["reason"]), (&json!(0), &json!("closure")));
    let outside = || {
        let path = format!("/api/v1/bookings/{}", booking["id"].as_str().expect("an id"));
        client.get(&path).expect(200)["outsideHours"].clone()
    };
    assert_eq!(outside(), json!(true));
    assert_eq!(client.delete(closed.header("location").expect("a Location")).status, 200);
    assert_eq!(outside(), json!(false));
    assert_eq!(client.day(&doctor, "2030-01-07")["freeCount"], 5);
}

fn time_off_and_overrides_shape_what_is_free_next(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.founding_doctor();
    let path = format!("/api/v1/doctors/{doctor}");
    let away = json!({"start": EIGHT, "end": "2030-01-07T13:30:00-05:00", "reason": "conference"});
    client.post(&format!("{path}/time-off"), &away).expect(201);
    let next = |after: &str| client.get(&format!("{path}/availability/next?after={after}")).expect(200)["slot"].clone();
    assert_eq!(next("2030-01-07T00:00:00Z")["start"], "2030-01-07T14:00:00-05:00");
    let evening = json!({"windows": [{"start": "18:00", "end": "20:00"}]});
    client.put(&format!("{path}/overrides/2030-01-07"), &evening).expect(200);
    assert_eq!(next("2030-01-07T00:00:00Z")["start"], "2030-01-07T18:00:00-05:00");
    let found = client.get("/api/v1/availability?from=2030-01-07&to=2030-01-14&limit=3").expect(200);
    let starts: Vec<_> = found["items"].as_array().expect("a list").iter().map(|slot| slot["start"].clone()).collect();
    assert_eq!(starts, ["2030-01-07T18:00:00-05:00", "2030-01-07T19:00:00-05:00", "2030-01-14T08:00:00-05:00"]);
    let why = client.get(&format!("{path}/availability/explain?start=2030-01-07T13:00:00Z")).expect(200);
    let broken = why["rules"].as_array().expect("rules").iter().filter(|rule| rule["passed"] == false);
    let broken: Vec<_> = broken.map(|rule| rule["rule"].clone()).collect();
    assert_eq!((&why["bookable"], broken), (&json!(false), vec![json!("inside-working-hours"), json!("no-time-off")]));
    let month = client.get(&format!("{path}/availability/summary?from=2030-01-07&to=2030-01-08")).expect(200);
    assert_eq!(month["days"][0], json!({"date": "2030-01-07", "free": 2, "booked": 0, "reason": null}));
    assert_eq!(month["days"][1]["reason"], "no-working-hours");
}

fn a_closure_and_a_booking_never_miss_each_other(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.doctor(&json!({"monday": [{"start": "00:00", "end": "24:00"}]}));
    let patients: Vec<_> = (0..16).map(|n| client.patient("Patient", &format!("Number {n}"))).collect();
    let start = Barrier::new(patients.len() + 1);
    let (closed, booked) = std::thread::scope(|scope| {
        let threads: Vec<_> = patients
            .iter()
            .enumerate()
            .map(|(hour, patient)| {
                let (start, doctor, client) = (&start, &doctor, client.again());
                scope.spawn(move || {
                    start.wait();
                    client.book(doctor, patient, &format!("2030-01-07T{hour:02}:00:00-05:00"))
                })
            })
            .collect();
        start.wait();
        let closed = client.post("/api/v1/closures?affected=keep", &json!({"date": "2030-01-07", "name": "Flood"}));
        (closed, threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>())
    });
    // Whoever was booked is known to the closure; whoever came later was refused.
    let is_closed = closed.status == 201;
    assert!(is_closed || closed.status == 503, "{}", closed.text);
    let affected: Value = closed.json()["affectedBookings"].clone();
    let bookings = client.get("/api/v1/bookings?limit=200").expect(200);
    let bookings = bookings["items"].as_array().expect("a list");
    assert_eq!(bookings.len(), booked.iter().filter(|answer| answer.status == 201).count());
    for booking in bookings {
        assert_eq!(booking["outsideHours"], json!(is_closed), "{booking}");
    }
    if is_closed {
        assert_eq!(affected.as_array().map(Vec::len), Some(bookings.len()));
        let refused = booked.iter().filter(|answer| answer.status != 201);
        assert!(refused.into_iter().all(|answer| answer.refusal() == (422, "outside-working-hours".into())));
    }
}
