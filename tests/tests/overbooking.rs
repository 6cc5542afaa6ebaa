//! Overbooking is impossible, whatever comes at once and whatever breaks.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::Duration;

use doctor_booking_test_postgres::TestServer;
use doctor_booking_tests::{Client, Server, Store, on_both_stores};
use serde_json::json;

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");

on_both_stores!(
    sixty_four_requests_at_once_for_one_slot_give_one_booking,
    hours_shortened_while_everybody_books_strand_nobody_silently,
    kill_in_the_middle_of_a_stream_of_bookings_loses_none_that_was_acknowledged,
    sigterm_finishes_what_is_in_flight,
    sigterm_at_once_ends_well_too,
);

fn sixty_four_requests_at_once_for_one_slot_give_one_booking(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.founding_doctor();
    let patients: Vec<_> = (0..64).map(|n| client.patient("Patient", &format!("Number {n}"))).collect();
    let start = Barrier::new(patients.len());
    let refusals: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = patients
            .iter()
            .map(|patient| {
                scope.spawn(|| {
                    let client = client.again();
                    start.wait();
                    client.book(&doctor, patient, "2030-01-07T08:00:00-05:00").refusal()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let count = |status, code: &str| refusals.iter().filter(|got| **got == (status, code.to_owned())).count();
    assert_eq!((count(201, ""), count(409, "slot-taken")), (1, 63), "{refusals:?}");
    let bookings = client.get("/api/v1/bookings").expect(200);
    assert_eq!(bookings["items"].as_array().map(Vec::len), Some(1));
}

fn hours_shortened_while_everybody_books_strand_nobody_silently(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let all_day = json!({"monday": [{"start": "00:00", "end": "24:00"}]});
    let doctor = client.doctor(&all_day);
    let patients: Vec<_> = (0..24).map(|n| client.patient("Patient", &format!("Number {n}"))).collect();
    let start = Barrier::new(patients.len() + 1);
    let hours = format!("/api/v1/doctors/{doctor}/working-hours");
    let shortened = std::thread::scope(|scope| {
        for (hour, patient) in patients.iter().enumerate() {
            let (start, doctor, client) = (&start, &doctor, client.again());
            scope.spawn(move || {
                start.wait();
                client.book(doctor, patient, &format!("2030-01-07T{hour:02}:00:00-05:00"))
            });
        }
        start.wait();
        client.put(&hours, &json!({"weekly": {"monday": [{"start": "00:00", "end": "12:00"}]}}))
    });
    let bookings = client.get("/api/v1/bookings?limit=200").expect(200);
    let afternoon = bookings["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|booking| booking["start"].as_str().is_some_and(|start| start > "2030-01-07T12"));
    let hours_now = client.get(&hours).expect(200)["weekly"].clone();
    if shortened.status != 200 {
        assert_eq!(hours_now, all_day, "a change that was refused changes nothing");
    }
    let affected = shortened.json()["affectedBookings"].as_array().cloned().unwrap_or_default();
    let there: Vec<_> = afternoon.clone().map(|booking| &booking["id"]).collect();
    assert!(affected.iter().all(|booking| there.contains(&&booking["id"])), "{affected:?}");
    match shortened.refusal() {
        // Nobody was in the afternoon when the hours changed, and nobody got in afterwards.
        (200, _) => assert_eq!(afternoon.count(), 0, "{bookings}"),
        (409, code) => assert!(code == "bookings-affected" && !affected.is_empty()),
        // Bookings came in faster than the change could be judged: nothing was changed.
        (503, _) => assert!(afternoon.count() > 0),
        other => panic!("{other:?}"),
    }
    assert!(!bookings.to_string().contains("\"outsideHours\":true"), "{bookings}");
}

/// Books as fast as it goes until the server is gone; answers what was acknowledged.
fn book_until_it_dies(server: &mut Server, after: usize, die: impl FnOnce(&mut Server)) -> (String, Vec<String>) {
    let client = server.client();
    let all_week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours = all_week.iter().map(|day| ((*day).to_owned(), json!([{"start": "00:00", "end": "24:00"}])));
    let doctor = client.doctor(&serde_json::Value::Object(hours.collect()));
    let patient = client.patient("Arya", "Stark");
    let acknowledged = Mutex::new(Vec::new());
    let dead = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..4_usize {
            let (acknowledged, dead, doctor, patient) = (&acknowledged, &dead, &doctor, &patient);
            let client = client.again();
            scope.spawn(move || {
                for slot in 0.. {
                    let (day, hour) = (1 + (slot / 24) % 28, slot % 24);
                    let year = 2030 + thread * 10 + slot / (24 * 28);
                    let start = format!("{year}-01-{day:02}T{hour:02}:00:00-05:00");
                    match (
                        client.try_post(
                            "/api/v1/bookings",
                            &json!({"doctorId": doctor, "patientId": patient, "start": start}),
                        ),
                        dead.load(Ordering::SeqCst),
                    ) {
                        (Ok(answer), _) if answer.status == 201 => {
                            let id = answer.json()["id"].as_str().expect("an id").to_owned();
                            acknowledged.lock().expect("not poisoned").push(id);
                        }
                        (Ok(answer), false) => assert_eq!(answer.status, 503, "{}", answer.text),
                        (Ok(_) | Err(_), true) => return,
                        (Err(_), false) => std::thread::sleep(Duration::from_millis(5)),
                    }
                }
            });
        }
        while acknowledged.lock().expect("not poisoned").len() < after {
            std::thread::sleep(Duration::from_millis(2));
        }
        die(server);
        dead.store(true, Ordering::SeqCst);
    });
    (doctor, acknowledged.into_inner().expect("not poisoned"))
}

/// Every acknowledged booking is there, and no two of them overlap.
fn nothing_is_lost(client: &Client, doctor: &str, acknowledged: &[String]) {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/api/v1/bookings?limit=200&doctorId={doctor}{cursor}")).expect(200);
        found.extend(page["items"].as_array().expect("a list").clone());
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let ids: std::collections::HashSet<_> = found.iter().filter_map(|booking| booking["id"].as_str()).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|id| !ids.contains(id.as_str())).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged bookings are lost", lost.len(), acknowledged.len());
    let starts: std::collections::HashSet<_> = found.iter().filter_map(|booking| booking["start"].as_str()).collect();
    assert_eq!(starts.len(), found.len(), "a slot was booked twice");
}

fn kill_in_the_middle_of_a_stream_of_bookings_loses_none_that_was_acknowledged(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let (doctor, acknowledged) = book_until_it_dies(&mut server, 100, Server::kill);
    let server = Server::start(BINARY, store.url());
    nothing_is_lost(&server.client(), &doctor, &acknowledged);
    // The slots of bookings that were lost before they were acknowledged are free, not half taken.
    let day = server.client().day(&doctor, "2030-01-01");
    let slots = day["slots"].as_array().expect("slots").iter();
    let shown: Vec<_> = slots.filter(|slot| slot["status"] == "booked").map(|slot| slot["start"].clone()).collect();
    let that_day = format!("/api/v1/bookings?doctorId={doctor}&from=2030-01-01&to=2030-01-01&limit=200");
    let listed = server.client().get(&that_day).expect(200);
    let booked: Vec<_> =
        listed["items"].as_array().expect("a list").iter().map(|booking| booking["start"].clone()).collect();
    assert_eq!(shown, booked);
    assert!(!booked.is_empty());
}

#[test]
fn a_power_cut_of_the_database_server_loses_no_acknowledged_booking_and_the_service_recovers() {
    let database = TestServer::start_durable().expect("a server of PostgreSQL");
    let mut server = Server::start(BINARY, &database.url());
    let crash = |server: &mut Server| {
        database.crash().expect("killed");
        let away = server.client().post("/api/v1/patients", &json!({"firstName": "Arya", "lastName": "Stark"}));
        assert_eq!(away.refusal(), (503, "unavailable".into()));
        assert!(away.header("retry-after").is_some());
        assert_eq!(server.client().get("/readyz").status, 503);
        assert_eq!(server.client().get("/healthz").status, 200);
    };
    let (doctor, acknowledged) = book_until_it_dies(&mut server, 100, crash);
    database.restart().expect("it starts again");
    let client = server.client();
    let since = std::time::Instant::now();
    while client.get("/readyz").status != 200 {
        assert!(since.elapsed().as_secs() < 60, "the service did not recover");
        std::thread::sleep(Duration::from_millis(50));
    }
    nothing_is_lost(&client, &doctor, &acknowledged);
}

fn sigterm_finishes_what_is_in_flight(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    let body = json!({"doctorId": doctor, "patientId": patient, "start": "2030-01-07T08:00:00-05:00"}).to_string();
    let (first, rest) = body.split_at(20);
    let address = client.url().trim_start_matches("http://").to_owned();
    let mut connection = TcpStream::connect(&address).expect("it listens");
    let head = format!(
        "POST /api/v1/bookings HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        Client::ADMINISTRATOR,
        body.len()
    );
    connection.write_all(format!("{head}{first}").as_bytes()).expect("half a request is sent");
    std::thread::sleep(Duration::from_millis(200)); // so that the server has begun to read it
    server.ask_to_stop();
    std::thread::sleep(Duration::from_millis(200)); // so that it has begun to stop
    connection.write_all(rest.as_bytes()).expect("the rest is still read");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert_eq!(server.wait().code(), Some(0));
    let server = Server::start(BINARY, store.url());
    assert_eq!(server.client().day(&doctor, "2030-01-07")["freeCount"], 5);
}

fn sigterm_at_once_ends_well_too(store: &Store) {
    for _ in 0..5 {
        assert_eq!(Server::start(BINARY, store.url()).stop().code(), Some(0));
    }
}
