//! Events, told over HTTP on both stores: everybody learns of everything, once and in one order.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use doctor_booking_tests::{Client, Server, Store, Stream, Told, on_both_stores};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
/// Far less than the half minute for which what is in flight may go on.
const SOON: Duration = Duration::from_secs(15);

on_both_stores!(
    a_stream_goes_on_after_a_restart_as_if_there_had_been_none,
    under_load_everybody_hears_everything_once_and_in_the_same_order,
    who_waits_is_offered_what_becomes_free_and_the_next_one_gets_what_is_left,
    a_visit_is_reminded_of_once_also_across_a_restart,
);

fn cancel(client: &Client, booking: &Value) {
    let path = format!("/api/v1/bookings/{}/cancel", booking["id"].as_str().expect("an id"));
    client.post(&path, &json!({"reason": "feels better"})).expect(200);
}

fn positions(told: &[Told]) -> Vec<i64> {
    told.iter().map(|told| told.position).collect()
}

fn a_stream_goes_on_after_a_restart_as_if_there_had_been_none(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let client = server.client();
    let mut stream = Stream::open(&client, None);
    assert_eq!(stream.last, 0, "it is told where it begins");
    let (jon, arya) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    let first = client.book(&jon, &arya, "2030-01-07T08:00:00-05:00").expect(201);
    let told = stream.events(2);
    assert_eq!(positions(&told), [1, 2]);
    assert_eq!((told[1].kind.as_str(), &told[1].event["bookingId"]), ("booking.created", &first["id"]));
    // What happens now is heard by nobody.
    let second = client.book(&jon, &arya, "2030-01-07T09:00:00-05:00").expect(201);
    let asked = Instant::now();
    assert!(server.stop().success());
    assert!(asked.elapsed() < SOON, "who listens holds the server up for {:?}", asked.elapsed());
    while stream.next_event().is_some() {}

    let server = Server::start(BINARY, store.url());
    let client = server.client();
    cancel(&client, &first);
    let mut again = Stream::open(&client, Some(2));
    client.book(&jon, &arya, "2030-01-07T10:00:00-05:00").expect(201);
    let told = again.events(3);
    assert_eq!(positions(&told), [3, 4, 5]);
    let kinds: Vec<_> = told.iter().map(|told| told.kind.as_str()).collect();
    assert_eq!(kinds, ["booking.created", "booking.cancelled", "booking.created"]);
    assert_eq!((&told[0].event["bookingId"], &told[1].event["bookingId"]), (&second["id"], &first["id"]));
    // From the beginning it is the same.
    let all = Stream::open(&client, Some(0)).events(5);
    assert_eq!(positions(&all), [1, 2, 3, 4, 5]);
    assert_eq!(all[4].event, told[2].event);
}

fn under_load_everybody_hears_everything_once_and_in_the_same_order(store: &Store) {
    const WRITERS: usize = 8;
    const EACH: usize = 12;
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let all_day = json!([{"start": "00:00", "end": "24:00"}]);
    let doctors: Vec<_> = (0..WRITERS).map(|_| client.doctor(&json!({"monday": all_day}))).collect();
    let arya: Vec<_> = (0..WRITERS).map(|_| client.patient("Arya", "Stark")).collect();
    let count = WRITERS * (1 + 2 * EACH);
    let listeners: Vec<_> = [Some(0), Some(0), None].map(|after| Stream::open(&client, after)).into();

    let barrier = Barrier::new(WRITERS);
    let heard: Vec<Vec<Told>> = std::thread::scope(|scope| {
        let listening: Vec<_> = listeners
            .into_iter()
            .map(|mut listener| {
                scope.spawn(move || {
                    let from = listener.last;
                    listener.events(count - usize::try_from(from).expect("a position"))
                })
            })
            .collect();
        for (doctor, patient) in doctors.iter().zip(&arya) {
            let (client, barrier) = (client.clone(), &barrier);
            scope.spawn(move || {
                barrier.wait();
                for hour in 0..EACH {
                    let booking = client.book(doctor, patient, &format!("2030-01-07T{hour:02}:00:00-05:00"));
                    cancel(&client, &booking.expect(201));
                }
            });
        }
        listening.into_iter().map(|listener| listener.join().expect("it has heard all")).collect()
    });

    let all = &heard[0];
    assert_eq!(positions(all), (1..=i64::try_from(count).expect("a few")).collect::<Vec<_>>());
    for others in &heard[1..] {
        let same = &all[all.len() - others.len()..];
        assert!(same.iter().zip(others).all(|(one, other)| one.event == other.event), "all hear the same");
    }
    for (index, told) in all.iter().enumerate().filter(|(_, told)| told.kind == "booking.cancelled") {
        let id = &told.event["bookingId"];
        let created = |told: &Told| told.kind == "booking.created" && told.event["bookingId"] == *id;
        assert_eq!(all[..index].iter().filter(|told| created(told)).count(), 1, "it was made before");
    }
    let ids: std::collections::HashSet<_> = all.iter().map(|told| told.event["id"].to_string()).collect();
    assert_eq!(ids.len(), count, "nothing is told twice");
}

fn who_waits_is_offered_what_becomes_free_and_the_next_one_gets_what_is_left(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.doctor(&json!({"monday": [{"start": "08:00", "end": "09:00"}]}));
    let (arya, sansa, bran) =
        (client.patient("Arya", "Stark"), client.patient("Sansa", "Stark"), client.patient("Bran", "Stark"));
    let eight = "2030-01-07T08:00:00-05:00";
    let booking = client.book(&doctor, &arya, eight).expect(201);
    let wait = |patient: &str| {
        let wish = json!({"patientId": patient, "doctorId": doctor, "from": "2030-01-07", "to": "2030-01-07"});
        client.post("/api/v1/waitlist", &wish).expect(201)["id"].as_str().expect("an id").to_owned()
    };
    let (first, second) = (wait(&sansa), wait(&bran));
    let mut stream = Stream::open(&client, None);
    cancel(&client, &booking);

    let offered = stream.next_of("waitlist.offered").event;
    assert_eq!((&offered["patientId"], &offered["doctorId"]), (&json!(sansa), &json!(doctor)));
    assert_eq!(offered["who"], json!({"kind": "service"}));
    let place = client.get(&format!("/api/v1/waitlist/{first}")).expect(200);
    assert_eq!((&place["status"], &place["holdId"]), (&json!("offered"), &offered["after"]["holdId"]));
    assert_eq!(client.get(&format!("/api/v1/waitlist/{second}")).expect(200)["status"], "waiting");
    assert_eq!(client.day(&doctor, "2030-01-07")["slots"][0]["status"], "held");
    assert_eq!(client.book(&doctor, &bran, eight).refusal(), (409, "slot-held".to_owned()));

    // Who leaves gives it to the next one, who takes it.
    assert_eq!(client.delete(&format!("/api/v1/waitlist/{first}")).status, 204);
    let offered = stream.next_of("waitlist.offered").event;
    assert_eq!(offered["patientId"], json!(bran));
    let body = json!({"doctorId": doctor, "patientId": bran, "start": eight, "holdId": offered["after"]["holdId"]});
    client.post("/api/v1/bookings", &body).expect(201);
    assert_eq!(client.get(&format!("/api/v1/waitlist/{second}")).expect(200)["status"], "booked");
    assert_eq!(stream.next_of("booking.created").event["patientId"], json!(bran));
}

fn a_visit_is_reminded_of_once_also_across_a_restart(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let client = server.client();
    let all_day = json!([{"start": "00:00", "end": "24:00"}]);
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let doctor = client.doctor(&week.map(|day| (day.to_owned(), all_day.clone())).into_iter().collect());
    let arya = client.patient("Arya", "Stark");
    let next = client.get(&format!("/api/v1/doctors/{doctor}/availability/next")).expect(200);
    let start = next["slot"]["start"].as_str().expect("a slot").to_owned();
    let booking = client.book(&doctor, &arya, &start).expect(201);
    let mut stream = Stream::open(&client, None);
    assert_eq!(stream.last, 2, "who books at the last minute is not reminded");
    // As if it had been booked two days ago: the day before has come since.
    let long_ago = if store.url().starts_with("sqlite") { "1577836800000000" } else { "'2020-01-01T00:00:00Z'" };
    store.execute(&format!("UPDATE bookings SET created_at = {long_ago}"));
    let told = stream.next_of("booking.reminder").event;
    assert_eq!((&told["bookingId"], &told["patientId"]), (&booking["id"], &json!(arya)));
    assert_eq!((&told["after"]["start"], &told["after"]["leadMinutes"]), (&json!(start), &json!("1440")));
    assert!(server.stop().success());

    let server = Server::start_with(BINARY, store.url(), &["--reminder-minutes", "1440,1430"], &[]);
    let client = server.client();
    let mut stream = Stream::open(&client, Some(stream.last));
    let told = stream.next_of("booking.reminder").event;
    assert_eq!(told["after"]["leadMinutes"], "1430", "only what is new is told");
    // The longest lead is looked at first: that of a day would have come before.
    cancel(&client, &booking);
    assert_eq!(stream.next_event().expect("an event").kind, "booking.cancelled");
}
