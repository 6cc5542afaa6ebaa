//! Those who wait for a slot, told over HTTP on both stores.

use std::thread;
use std::time::{Duration, Instant};

use doctor_booking_tests::{Client, Server, Store, on_both_stores};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
/// How long a story waits for what happens by itself.
const PATIENCE: Duration = Duration::from_mins(1);

on_both_stores!(of_100_who_wait_the_first_30_are_offered_what_30_cancel_at_once_and_then_the_next);

fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// The place in line of each of these, as it is now.
fn places(client: &Client, line: &[String]) -> Vec<Value> {
    line.iter().map(|place| client.get(&format!("/api/v1/waitlist/{place}")).expect(200)).collect()
}

/// Looks again and again until as many as that are offered something; who is, by place in line.
fn until_offered(client: &Client, line: &[String], count: usize) -> Vec<usize> {
    let since = Instant::now();
    loop {
        let now = places(client, line);
        let offered: Vec<_> = (0..line.len()).filter(|&place| now[place]["status"] == "offered").collect();
        if offered.len() == count || since.elapsed() > PATIENCE {
            return offered;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn of_100_who_wait_the_first_30_are_offered_what_30_cancel_at_once_and_then_the_next(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let day = json!([{"start": "08:00", "end": "23:00"}]);
    let doctor = client.doctor(&json!({"monday": day, "tuesday": day}));
    let busy = client.patient("Sansa", "Stark");
    let mut bookings = vec![];
    for date in ["2030-01-07", "2030-01-08"] {
        for slot in client.day(&doctor, date)["slots"].as_array().expect("slots") {
            bookings.push(id(&client.book(&doctor, &busy, slot["start"].as_str().expect("a start")).expect(201)));
        }
    }
    assert_eq!(bookings.len(), 30);
    let join = |number: usize| {
        let patient = client.patient("Arya", &format!("Stark {number}"));
        let wish = json!({"patientId": patient, "doctorId": doctor, "from": "2030-01-07", "to": "2030-01-08"});
        id(&client.post("/api/v1/waitlist", &wish).expect(201))
    };
    let line: Vec<_> = (0..100).map(join).collect();
    thread::scope(|scope| {
        for booking in &bookings {
            let client = server.client();
            scope.spawn(move || {
                client
                    .post(&format!("/api/v1/bookings/{booking}/cancel"), &json!({"reason": "feels better"}))
                    .expect(200)
            });
        }
    });
    assert_eq!(until_offered(&client, &line, 30), (0..30).collect::<Vec<_>>());
    // Nobody else can have what is held for them, and whoever takes it has it.
    let first = &places(&client, &line[..1])[0];
    let hold = first["holdId"].as_str().expect("a hold");
    assert!(
        client.day(&doctor, "2030-01-07")["slots"].as_array().expect("slots").iter().all(|it| it["status"] == "held")
    );
    // Who gives it back is behind the others, and the next is offered it.
    assert_eq!(client.delete(&format!("/api/v1/holds/{hold}")).status, 204);
    assert_eq!(until_offered(&client, &line, 30), (1..31).collect::<Vec<_>>());
    assert_eq!(places(&client, &line[..1])[0]["status"], "waiting");
    server.stop_and_verify(BINARY, store);
}
