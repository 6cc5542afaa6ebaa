//! Webhooks, told over HTTP on both stores: what happens reaches them, signed, in order, and whoever else fails.

use std::time::{Duration, Instant};

use doctor_booking_tests::{Client, Receiver, Server, Store, on_both_stores};
use serde_json::json;

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");

on_both_stores!(
    a_webhook_is_told_in_order_by_signed_messages_that_are_sent_again_until_accepted,
    a_receiver_that_hangs_delays_no_other,
    nothing_is_sent_to_this_machine_unless_that_is_allowed,
    what_is_still_to_be_told_is_told_after_a_crash,
);

const ALLOWED: &[&str] = &["--allow-private-webhooks"];

/// Enters a webhook; its path and its secret.
fn enter(client: &Client, receiver: &Receiver) -> (String, String) {
    let entered = client.post("/api/v1/webhooks", &json!({"url": receiver.url, "events": null})).expect(201);
    let text = |name: &str| entered[name].as_str().expect("text").to_owned();
    (format!("/api/v1/webhooks/{}", text("id")), text("secret"))
}

fn a_webhook_is_told_in_order_by_signed_messages_that_are_sent_again_until_accepted(store: &Store) {
    let server = Server::start_with(BINARY, store.url(), ALLOWED, &[]);
    let client = server.client();
    let receiver = Receiver::start(&[500, 204]);
    let (path, secret) = enter(&client, &receiver);
    let (jon, arya) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    client.book(&jon, &arya, "2030-01-07T08:00:00-05:00").expect(201);

    let refused = receiver.message();
    assert!(refused.is_signed_with(&secret) && refused.header("webhook-id").starts_with("msg_"));
    assert_eq!(refused.header("content-type"), "application/json");
    assert_eq!(refused.json()["type"], "doctor.created");
    let messages = [receiver.message(), receiver.message()];
    for message in &messages {
        assert!(message.is_signed_with(&secret));
        let other = format!("whsec_{}=", "A".repeat(43));
        assert!(!message.is_signed_with(&other));
        assert_eq!(message.header("webhook-id"), format!("msg_{}", message.json()["id"].as_str().expect("an id")));
    }
    let again = messages.iter().find(|message| message.header("webhook-id") == refused.header("webhook-id"));
    let again = again.expect("what was not accepted comes again");
    assert_eq!(again.json(), refused.json());
    let booked = messages.iter().find(|message| message.json()["type"] == "booking.created").expect("the other one");
    assert_eq!((&booked.json()["doctorId"], &booked.json()["patientId"]), (&json!(jon), &json!(arya)));

    // While it is off it is told nothing, and of what it does not want neither.
    client.patch(&path, &json!({"active": false})).expect(200);
    let _ = client.founding_doctor();
    client.patch(&path, &json!({"active": true, "events": ["booking.cancelled"]})).expect(200);
    client.book(&jon, &arya, "2030-01-07T09:00:00-05:00").expect(201);
    let bookings = client.get("/api/v1/bookings").expect(200);
    let booking = bookings["items"][0]["id"].as_str().expect("an id").to_owned();
    client.post(&format!("/api/v1/bookings/{booking}/cancel"), &json!({"reason": "ill"})).expect(200);
    assert_eq!(receiver.message().json()["type"], "booking.cancelled");
    assert_eq!(client.get(&format!("{path}/failures")).expect(200), json!({"items": []}));
    let log = server.log();
    assert!(log.contains("the status was 500"), "who runs it can see why: {log}");
    for hidden in [secret.as_str(), receiver.url.as_str(), "/hook", "Stark"] {
        assert!(!log.contains(hidden), "{hidden} is in the log");
    }
}

fn a_receiver_that_hangs_delays_no_other(store: &Store) {
    let mut server = Server::start_with(BINARY, store.url(), ALLOWED, &[]);
    let client = server.client();
    let (hangs, answers) = (Receiver::start(&[0]), Receiver::start(&[204]));
    enter(&client, &hangs);
    enter(&client, &answers);
    let since = Instant::now();
    for count in 1..=20 {
        let _ = client.founding_doctor();
        assert_eq!(answers.message().json()["position"], count);
    }
    assert_eq!(hangs.message().json()["position"], 1);
    assert!(hangs.is_idle() || since.elapsed() > Duration::from_secs(10), "one message is under way at a time");
    let asked = Instant::now();
    assert!(server.stop().success());
    assert!(asked.elapsed() < Duration::from_secs(15), "it holds the server up for {:?}", asked.elapsed());
}

fn nothing_is_sent_to_this_machine_unless_that_is_allowed(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let receiver = Receiver::start(&[204]);
    enter(&client, &receiver);
    let by_name = receiver.url.replace("127.0.0.1", "localhost");
    client.post("/api/v1/webhooks", &json!({"url": by_name})).expect(201);
    let _ = client.founding_doctor();
    let since = Instant::now();
    while server.log().matches("the address is not a public one").count() < 2 {
        assert!(since.elapsed() < Duration::from_mins(1), "it says so in the log: {}", server.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(receiver.is_idle());
}

fn what_is_still_to_be_told_is_told_after_a_crash(store: &Store) {
    let receiver = Receiver::start(&[204]);
    let mut server = Server::start_with(BINARY, store.url(), &["--allow-private-webhooks=false"], &[]);
    let client = server.client();
    let (_, secret) = enter(&client, &receiver);
    let _ = client.founding_doctor();
    server.kill();
    let server = Server::start_with(BINARY, store.url(), &[], &[("ALLOW_PRIVATE_WEBHOOKS", "true")]);
    let message = receiver.message();
    assert!(message.is_signed_with(&secret));
    assert_eq!(message.json()["type"], "doctor.created");
    drop(server);
}
