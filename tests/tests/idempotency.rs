//! Requests that come again are done once: whatever comes at once, whichever server is asked, and whatever breaks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::Duration;

use doctor_booking_tests::{Answer, Client, Server, Store, on_both_stores};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
const BOOKINGS: &str = "/api/v1/bookings";
const EIGHT: &str = "2030-01-07T08:00:00-05:00";

on_both_stores!(
    twenty_at_once_with_one_key_make_one_booking,
    two_servers_over_one_database_know_the_same_keys,
    after_a_kill_in_a_stream_of_bookings_each_is_there_once_when_all_are_repeated,
    what_was_answered_is_answered_again_after_a_restart,
);

/// Posts the same under the same key, once from each of these clients, all at once.
fn at_once(clients: &[Client], body: &Value) -> Vec<Answer> {
    let start = Barrier::new(clients.len());
    std::thread::scope(|scope| {
        let post = |client: &Client| {
            let (start, client) = (&start, client.again());
            scope.spawn(move || {
                start.wait();
                client.post_keyed("one", BOOKINGS, body)
            })
        };
        let threads: Vec<_> = clients.iter().map(post).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// Everybody was answered alike, or that the first is still in progress; and one booking is there.
fn is_one_booking(client: &Client, answers: &[Answer], body: &Value) {
    let last = client.post_keyed("one", BOOKINGS, body);
    last.expect(201);
    assert_eq!(last.header("idempotency-replayed"), Some("true"));
    let (made, early): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert!(early.iter().all(|answer| answer.refusal() == (409, "request-in-progress".into())), "{early:?}");
    for answer in &made {
        for name in ["location", "etag", "content-type"] {
            assert_eq!(answer.header(name), last.header(name), "{name}");
        }
        assert_eq!(answer.text, last.text);
    }
    assert_eq!(made.iter().filter(|answer| answer.header("idempotency-replayed").is_none()).count(), 1, "{made:?}");
    assert_eq!(client.get(BOOKINGS).expect(200)["items"].as_array().map(Vec::len), Some(1));
}

fn twenty_at_once_with_one_key_make_one_booking(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    let body = json!({"doctorId": doctor, "patientId": patient, "start": EIGHT});
    let answers = at_once(&vec![client.clone(); 20], &body);
    is_one_booking(&client, &answers, &body);
    let other = json!({"doctorId": doctor, "patientId": patient, "start": "2030-01-07T09:00:00-05:00"});
    assert_eq!(client.post_keyed("one", BOOKINGS, &other).refusal(), (422, "idempotency-key-reused".into()));
    // Another caller has keys of its own.
    client.as_caller("another").post_keyed("one", BOOKINGS, &other).expect(201);
}

fn two_servers_over_one_database_know_the_same_keys(store: &Store) {
    let (one, two) = (Server::start(BINARY, store.url()), Server::start(BINARY, store.url()));
    let client = one.client();
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    let body = json!({"doctorId": doctor, "patientId": patient, "start": EIGHT});
    let clients: Vec<_> = (0..20).map(|n| if n % 2 == 0 { one.client() } else { two.client() }).collect();
    let answers = at_once(&clients, &body);
    is_one_booking(&two.client(), &answers, &body);
}

fn what_was_answered_is_answered_again_after_a_restart(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    let body = json!({"doctorId": doctor, "patientId": patient, "start": EIGHT});
    let made = client.post_keyed("made", BOOKINGS, &body);
    let refused = client.post_keyed("refused", BOOKINGS, &body);
    assert_eq!((made.status, refused.refusal()), (201, (409, "slot-taken".into())));
    let path = format!("{}/cancel", made.header("location").expect("a Location"));
    client.post(&path, &json!({"reason": "ill"})).expect(200);
    assert_eq!(server.stop().code(), Some(0));

    let server = Server::start(BINARY, store.url());
    for (key, first) in [("made", made), ("refused", refused)] {
        let again = server.client().post_keyed(key, BOOKINGS, &body);
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.header("content-type"), first.header("content-type"));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
    }
}

fn after_a_kill_in_a_stream_of_bookings_each_is_there_once_when_all_are_repeated(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let client = server.client();
    let all_week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours = all_week.iter().map(|day| ((*day).to_owned(), json!([{"start": "00:00", "end": "24:00"}])));
    let doctor = client.doctor(&Value::Object(hours.collect()));
    let patient = client.patient("Arya", "Stark");
    // Every request that was sent, by key, with its answer if one came.
    let sent: Mutex<HashMap<String, (Value, Option<Answer>)>> = Mutex::default();
    let dead = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..4_usize {
            let (sent, dead, doctor, patient) = (&sent, &dead, &doctor, &patient);
            let client = client.again();
            scope.spawn(move || {
                for slot in 0.. {
                    let (year, day, hour) = (2030 + thread * 10 + slot / (24 * 28), 1 + (slot / 24) % 28, slot % 24);
                    let start = format!("{year}-01-{day:02}T{hour:02}:00:00-05:00");
                    let body = json!({"doctorId": doctor, "patientId": patient, "start": start});
                    let key = format!("{thread}-{slot}");
                    sent.lock().expect("not poisoned").insert(key.clone(), (body.clone(), None));
                    let answer = client.try_post_keyed(&key, BOOKINGS, &body);
                    if dead.load(Ordering::SeqCst) && answer.is_err() {
                        return;
                    }
                    if let Ok(answer) = answer {
                        sent.lock().expect("not poisoned").insert(key, (body, Some(answer)));
                    }
                }
            });
        }
        let answered = || sent.lock().expect("not poisoned").values().filter(|(_, answer)| answer.is_some()).count();
        while answered() < 100 {
            std::thread::sleep(Duration::from_millis(2));
        }
        dead.store(true, Ordering::SeqCst);
        server.kill();
    });
    let sent = sent.into_inner().expect("not poisoned");
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let mut ids = std::collections::HashSet::new();
    for (key, (body, first)) in &sent {
        let again = client.post_keyed(key, BOOKINGS, body);
        let booking = again.expect(201);
        if let Some(first) = first {
            assert_eq!((first.status, &first.text), (201, &again.text));
            assert_eq!(again.header("idempotency-replayed"), Some("true"));
        }
        assert!(ids.insert(booking["id"].as_str().expect("an id").to_owned()), "two keys, one booking");
    }
    let mut found = 0;
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{BOOKINGS}?limit=200&doctorId={doctor}{cursor}")).expect(200);
        found += page["items"].as_array().map_or(0, Vec::len);
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, sent.len(), "each is there once");
    server.stop_and_verify(BINARY, store);
}
