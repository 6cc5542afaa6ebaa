//! Several servers on one PostgreSQL are as exact as one, and show within a second what another has been told.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use doctor_booking_tests::{Client, Server, Store, run};
use serde_json::json;

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");

/// How old may be what a server shows.
const BOUND: Duration = Duration::from_secs(1);
/// How many servers there are, and how many book through each.
const SERVERS: usize = 3;
const PEOPLE: usize = 4;
const MONDAYS: [&str; 3] = ["2030-01-07", "2030-01-14", "2030-01-21"];

fn servers(store: &Store) -> Vec<Server> {
    // One after the other: the first finds an empty database.
    (0..SERVERS).map(|_| Server::start(BINARY, store.url())).collect()
}

fn stop_and_verify(mut servers: Vec<Server>, store: &Store) {
    for server in &mut servers {
        assert_eq!(server.stop().code(), Some(0));
    }
    let verified = run(BINARY, &["verify", "--database-url", store.url()]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

fn start(date: &str, hour: usize) -> String {
    format!("{date}T{hour:02}:00:00-05:00")
}

/// The status of the slot that starts at an hour of a day on which all 24 are offered.
fn status(client: &Client, doctor: &str, date: &str, hour: usize) -> String {
    client.day(doctor, date)["slots"][hour]["status"].as_str().expect("a status").to_owned()
}

/// Books, cancels every fifth booking and lets somebody have it after all; the ids of what stays booked.
fn book_all(
    client: &Client,
    doctor: &str,
    patient: &str,
    who: usize,
    given_back: &AtomicUsize,
) -> Vec<(String, String)> {
    let mut booked = Vec::new();
    for number in 0..MONDAYS.len() * 24 {
        // Each in an order of his or her own; all meet at every slot.
        let number = (number * 5 + who * 7) % (MONDAYS.len() * 24);
        let start = start(MONDAYS[number / 24], number % 24);
        let answer = client.book(doctor, patient, &start);
        match answer.refusal() {
            (201, _) => {
                let id = answer.json()["id"].as_str().expect("an id").to_owned();
                if booked.len() % 5 == 4 && given_back.fetch_add(1, Ordering::SeqCst) < 10 {
                    client
                        .post(&format!("/api/v1/bookings/{id}/cancel"), &json!({"reason": "changed my mind"}))
                        .expect(200);
                } else {
                    booked.push((start, id));
                }
            }
            (409, code) => assert_eq!(code, "slot-taken"),
            other => panic!("{other:?}"),
        }
    }
    booked
}

#[test]
fn of_many_who_book_through_three_servers_one_has_each_slot() {
    let store = Store::postgres();
    let servers = servers(&store);
    let clients: Vec<Client> = servers.iter().map(Server::client).collect();
    let doctor = clients[0].doctor(&json!({"monday": [{"start": "00:00", "end": "24:00"}]}));
    let patients: Vec<_> =
        (0..SERVERS * PEOPLE).map(|n| clients[n % SERVERS].patient("Patient", &format!("{n}"))).collect();
    let (given_back, is_over, all) = (AtomicUsize::new(0), AtomicBool::new(false), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        let (doctor, given_back, is_over, all) = (&doctor, &given_back, &is_over, &all);
        let bookers: Vec<_> = patients
            .iter()
            .enumerate()
            .map(|(who, patient)| {
                let client = clients[who % SERVERS].again();
                scope.spawn(move || {
                    let booked = book_all(&client, doctor, patient, who, given_back);
                    all.lock().expect("not poisoned").extend(booked);
                })
            })
            .collect();
        // Others look around meanwhile, and register patients.
        for client in &clients {
            let client = client.again();
            scope.spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    for date in MONDAYS {
                        let shown = client.day(doctor, date);
                        assert_eq!(shown["slots"].as_array().map(Vec::len), Some(24));
                    }
                    client.get(&format!("/api/v1/bookings?doctorId={doctor}")).expect(200);
                    let _registered = client.patient("Some", "Body");
                }
            });
        }
        let ended: Vec<_> = bookers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        is_over.store(true, Ordering::SeqCst);
        assert!(ended.iter().all(Result::is_ok), "somebody was answered otherwise than he or she should be");
    });
    let all = all.into_inner().expect("not poisoned");
    let by_start: HashMap<_, _> = all.iter().cloned().collect();
    assert_eq!(by_start.len(), all.len(), "a slot was had twice");
    // What was given back late may have been passed over by all others already.
    assert!(by_start.len() + given_back.into_inner() >= MONDAYS.len() * 24, "a slot was left over: {by_start:?}");
    for client in &clients {
        for (start, id) in &by_start {
            let booking = client.get(&format!("/api/v1/bookings/{id}")).expect(200);
            assert_eq!(booking["status"], "booked");
            let shown = chrono::DateTime::parse_from_rfc3339(booking["start"].as_str().expect("a start"));
            assert_eq!(shown.ok(), chrono::DateTime::parse_from_rfc3339(start).ok());
        }
    }
    stop_and_verify(servers, &store);
}

#[test]
fn what_one_server_was_told_others_show_within_a_second() {
    let store = Store::postgres();
    let servers = servers(&store);
    let clients: Vec<Client> = servers.iter().map(Server::client).collect();
    let doctor = clients[0].doctor(&json!({"monday": [{"start": "00:00", "end": "24:00"}]}));
    let patient = clients[0].patient("Arya", "Stark");
    let date = MONDAYS[0];
    // Until another server shows this status, which has been acknowledged just now.
    let within_the_bound = |hour: usize, wanted: &str, acknowledged: Instant| {
        for client in &clients {
            loop {
                let asked = acknowledged.elapsed();
                if status(client, &doctor, date, hour) == wanted {
                    break;
                }
                assert!(asked <= BOUND, "{asked:?} after it was acknowledged, {wanted} was not shown");
            }
        }
    };
    for hour in 0..12 {
        let writer = &clients[hour % SERVERS];
        // Everybody has looked: whoever keeps what was shown has it now.
        for client in &clients {
            assert_eq!(status(client, &doctor, date, hour), "free");
        }
        let booking = writer.book(&doctor, &patient, &start(date, hour)).expect(201);
        let acknowledged = Instant::now();
        assert_eq!(status(writer, &doctor, date, hour), "booked", "whoever has written it sees it at once");
        within_the_bound(hour, "booked", acknowledged);
        if hour % 3 == 0 {
            let id = booking["id"].as_str().expect("an id");
            writer.post(&format!("/api/v1/bookings/{id}/cancel"), &json!({"reason": "no"})).expect(200);
            let acknowledged = Instant::now();
            assert_eq!(status(writer, &doctor, date, hour), "free", "whoever has written it sees it at once");
            within_the_bound(hour, "free", acknowledged);
        }
    }
    // The same of the doctor's rules.
    let hours = json!({"weekly": {"monday": [{"start": "00:00", "end": "20:00"}]}});
    clients[1].patch(&format!("/api/v1/doctors/{doctor}/working-hours"), &hours).expect(200);
    let acknowledged = Instant::now();
    for client in &clients {
        loop {
            let asked = acknowledged.elapsed();
            if client.day(&doctor, date)["slots"].as_array().map(Vec::len) == Some(20) {
                break;
            }
            assert!(asked <= BOUND, "{asked:?} after it was acknowledged, the new hours were not shown");
        }
    }
    stop_and_verify(servers, &store);
}
