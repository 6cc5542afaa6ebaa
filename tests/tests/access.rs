//! Who comes in, and for how long, told over HTTP on both stores: the first of all, those whom operators let in, and
//! those who are shut out again.

use std::process::Output;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use doctor_booking_tests::{Client, Server, Store, Stream, on_both_stores, run};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
/// Far longer than anything here should take.
const PATIENCE: Duration = Duration::from_mins(1);
const FIRST: &str = "the-first-secret-of-the-configuration";
const SECOND: &str = "the-second-secret-of-the-configuration";

on_both_stores!(
    the_first_start_makes_a_way_in_and_tells_of_it_once,
    operators_make_list_and_revoke_tokens_while_the_service_runs,
    what_makes_no_sense_as_a_token_is_told_and_makes_none,
    the_token_of_the_configuration_is_worth_as_much_as_the_configuration_says,
    the_token_of_the_configuration_can_be_revoked_for_good,
    a_revoked_token_ends_its_sessions_and_its_streams,
    without_credentials_there_is_nothing_unless_what_is_free_is_public,
);

fn administrator() -> String {
    "administrator".to_owned()
}

/// The link with which a server that has just started invites to sign in.
fn invitation(server: &Server) -> String {
    let since = Instant::now();
    loop {
        let said = server.said();
        let line = said.split_inclusive('\n').find(|line| line.starts_with("sign in at ") && line.ends_with('\n'));
        if let Some(line) = line {
            return line["sign in at ".len()..].trim_end().to_owned();
        }
        assert!(since.elapsed() < PATIENCE, "it said {said:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn the_first_start_makes_a_way_in_and_tells_of_it_once(store: &Store) {
    let mut server = Server::start_without_administrator(BINARY, store.url());
    let link = invitation(&server);
    let (url, secret) = link.split_once("/#token=").expect("a secret in the fragment");
    assert_eq!(url, server.url());
    assert!(secret.starts_with("dbk_") && secret.len() == 68, "{secret}");
    let nobody = Client::new(server.url());
    assert_eq!(nobody.role(), None);
    assert_eq!(nobody.with_token(secret).role(), Some(administrator()));
    assert_eq!(nobody.signed_in(secret).role(), Some(administrator()));
    assert!(server.stop().success());
    assert_eq!(server.said().matches("dbk_").count(), 1, "{}", server.said());
    assert!(!server.log().contains("dbk_"), "{}", server.log());

    let mut again = Server::start_without_administrator(BINARY, store.url());
    assert_eq!(Client::new(again.url()).with_token(secret).role(), Some(administrator()));
    assert!(again.stop().success());
    assert_eq!(again.said(), "");
    assert!(!again.log().contains("dbk_"), "{}", again.log());
}

#[test]
fn servers_that_start_at_once_on_one_empty_database_make_one_way_in() {
    for _ in 0..3 {
        let store = Store::postgres();
        let together = Barrier::new(2);
        let start = || {
            together.wait();
            Server::start_without_administrator(BINARY, store.url())
        };
        let mut servers = std::thread::scope(|scope| {
            [scope.spawn(start), scope.spawn(start)].map(|thread| thread.join().expect("it starts"))
        });
        let said = servers.each_mut().map(|server| {
            assert!(server.stop().success());
            server.said()
        });
        assert_eq!(said.concat().matches("#token=").count(), 1, "{said:?}");
    }
}

/// `doctor-booking token …` over the same database.
fn token(store: &Store, arguments: &[&str]) -> Output {
    run(BINARY, &[&["token"], arguments, &["--database-url", store.url()]].concat())
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn operators_make_list_and_revoke_tokens_while_the_service_runs(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.founding_doctor();
    let made = token(store, &["create", "--role", "front-desk", "--name", "Window 2"]);
    let shown = stdout(&made);
    let lines: Vec<_> = shown.lines().collect();
    let secret = lines[0];
    assert!(secret.starts_with("dbk_") && secret.len() == 68, "{shown}");
    assert_eq!(lines[1..], [format!("sign in at http://127.0.0.1:8080/#token={secret}")]);
    let desk = client.with_token(secret);
    assert_eq!(desk.role().as_deref(), Some("front-desk"), "from the next request on");
    let session = client.signed_in(secret);
    assert_eq!(session.role().as_deref(), Some("front-desk"));
    let of_jon = stdout(&token(store, &["create", "--role", "doctor", "--doctor-id", &doctor]));
    let jon = client.with_token(of_jon.lines().next().expect("a secret"));
    assert_eq!(jon.get("/api/v1/me").expect(200)["doctorId"], *doctor);

    let listed = token(store, &["list"]);
    let list = stdout(&listed);
    let line = list.lines().find(|line| line.ends_with(" live front-desk Window 2")).expect("it is listed");
    assert!(list.lines().any(|line| line.ends_with(&format!(" live doctor {doctor} made on the command line"))));
    assert!(list.lines().any(|line| line.ends_with(" live administrator ADMIN_TOKEN")), "{list}");
    assert_eq!(list.lines().count(), 3, "sessions are none: {list}");
    let id = line.split(' ').next().expect("an id");
    let revoked = token(store, &["revoke", id]);
    assert_eq!(stdout(&revoked), "the token is worth nothing any more\n");
    assert_eq!((desk.role(), session.role()), (None, None), "from the next request on");
    assert_eq!(jon.role().as_deref(), Some("doctor"));
    assert!(stdout(&token(store, &["list"])).contains(&format!("{id} revoked front-desk Window 2\n")));
    assert!(token(store, &["revoke", id]).status.success(), "revoking again changes nothing");

    let shown_elsewhere = [list, stderr(&made), stderr(&listed), stdout(&revoked), stderr(&revoked)];
    assert!(server.stop().success());
    for text in shown_elsewhere.into_iter().chain([server.said(), server.log()]) {
        assert!(!text.contains("dbk_"), "{text}");
    }
}

fn what_makes_no_sense_as_a_token_is_told_and_makes_none(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let doctor = server.client().founding_doctor();
    let nobody = "01900000-0000-7000-8000-000000000001";
    for (wrong, told) in [
        (&["create"][..], "--role"),
        (&["create", "--role", "nobody"], "front-desk"),
        (&["create", "--role", "doctor"], "--doctor-id"),
        (&["create", "--role", "patient"], "--patient-id"),
        (&["create", "--role", "patient", "--doctor-id", &doctor], "--patient-id"),
        (&["create", "--role", "front-desk", "--doctor-id", &doctor], "no other has either"),
        (&["create", "--role", "doctor", "--doctor-id", &doctor, "--patient-id", nobody], "--patient-id"),
        (&["create", "--role", "doctor", "--doctor-id", "jon"], "--doctor-id"),
        (&["create", "--role", "doctor", "--doctor-id", nobody], "there is no such doctor"),
        (&["create", "--role", "patient", "--patient-id", &doctor], "there is no such patient"),
        (&["create", "--role", "front-desk", "--name", ""], "--name"),
        (&["create", "--role", "front-desk", "--expires-in-days", "0"], "--expires-in-days"),
        (&["revoke"], "<ID>"),
        (&["revoke", "jon"], "a token is named by its id"),
        (&["revoke", nobody], "there is no such token"),
        (&[], "create"),
    ] {
        let ended = token(store, wrong);
        let said = stderr(&ended);
        assert!(!ended.status.success() && ended.stdout.is_empty(), "{wrong:?}");
        assert!(said.contains(told) && !said.contains("panicked"), "{wrong:?}: {said}");
    }
    assert_eq!(stdout(&token(store, &["list"])).lines().count(), 1, "that of the configuration");
}

/// A server with this administrator's token in its configuration, or none.
fn configured_with(store: &Store, secret: Option<&str>) -> Server {
    let environment: Vec<_> = secret.into_iter().map(|secret| ("ADMIN_TOKEN", secret)).collect();
    Server::start_as(BINARY, &["--database-url", store.url()], &environment)
}

fn the_token_of_the_configuration_is_worth_as_much_as_the_configuration_says(store: &Store) {
    let mut server = configured_with(store, Some(FIRST));
    let client = Client::new(server.url());
    assert_eq!((client.with_token(FIRST).role(), client.with_token(SECOND).role()), (Some(administrator()), None));
    let session = client.session(FIRST);
    let by_cookie = |server: &Server| Client::new(server.url()).with_headers(&[("Cookie", &session)]).role();
    assert_eq!(by_cookie(&server), Some(administrator()));
    assert!(server.stop().success());
    assert_eq!(server.said(), "", "there is a way in already");

    for other in [Some(SECOND), None, Some("")] {
        let mut server = configured_with(store, other);
        let client = Client::new(server.url());
        assert_eq!((client.with_token(FIRST).role(), by_cookie(&server)), (None, None), "{other:?}");
        assert_eq!(client.with_token(SECOND).role().is_some(), other == Some(SECOND));
        assert!(server.stop().success());
    }
    let server = configured_with(store, Some(FIRST));
    assert_eq!(Client::new(server.url()).with_token(FIRST).role(), Some(administrator()));
}

fn the_token_of_the_configuration_can_be_revoked_for_good(store: &Store) {
    let mut server = configured_with(store, Some(FIRST));
    let first = Client::new(server.url()).with_token(FIRST);
    let session = first.signed_in(FIRST);
    let (_, other) = first.new_token(&json!({"name": "Melisandre", "role": "administrator"}));
    let other = first.with_token(&other);
    let list = other.get("/api/v1/tokens").expect(200);
    let tokens = list["items"].as_array().expect("a list");
    let row = tokens.iter().find(|token| token["name"] == "ADMIN_TOKEN").expect("it is listed");
    assert_eq!(row["id"], first.get("/api/v1/me").expect(200)["callerId"]);
    other.revoke(row["id"].as_str().expect("an id"));
    assert_eq!((first.role(), session.role()), (None, None), "from the next request on");
    assert_eq!(first.with_headers(&[]).post("/api/v1/session", &json!({"token": FIRST})).status, 401);
    assert_eq!(other.role(), Some(administrator()));
    assert!(server.stop().success());
    let server = configured_with(store, Some(FIRST));
    assert_eq!(Client::new(server.url()).with_token(FIRST).role(), None, "a new start makes it no better");
}

#[test]
fn a_token_that_is_revoked_on_one_server_is_worth_nothing_on_another() {
    let store = Store::postgres();
    let [one, other] = [(); 2].map(|()| Server::start(BINARY, store.url()));
    let (id, secret) = one.client().new_token(&json!({"name": "Window 2", "role": "front-desk"}));
    let (here, there) = (one.client().with_token(&secret), other.client().with_token(&secret));
    let session = here.session(&secret);
    let there_by_cookie = other.client().with_headers(&[("Cookie", &session)]);
    assert!([&here, &there, &there_by_cookie].iter().all(|it| it.role().as_deref() == Some("front-desk")));
    let mut stream = Stream::open(&there, None);
    one.client().revoke(&id);
    assert_eq!([&there, &there_by_cookie, &here].map(Client::role), [None, None, None], "from the next request on");
    ends(&mut stream);
}

/// Waits until a stream ends; nothing is told in it any more.
fn ends(stream: &mut Stream) {
    assert!(stream.next_event().is_none());
}

fn a_revoked_token_ends_its_sessions_and_its_streams(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let (id, secret) = client.new_token(&json!({"name": "Window 2", "role": "front-desk"}));
    let (desk, session) = (client.with_token(&secret), client.signed_in(&secret));
    assert_eq!(desk.role(), session.role());
    let mut streams = [&desk, &session].map(|caller| Stream::open(caller, None));
    let mut of_others = Stream::open(&client, None);
    client.revoke(&id);
    assert_eq!((desk.role(), session.role()), (None, None), "from the next request on");
    // Streams are looked at when something is told, and every now and then when nothing is.
    streams.iter_mut().for_each(ends);
    let doctor = client.founding_doctor();
    assert_eq!(of_others.next_of("doctor.created").event["doctorId"], *doctor);
}

fn without_credentials_there_is_nothing_unless_what_is_free_is_public(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.founding_doctor();
    let patient = client.patient("Arya", "Stark");
    let booking = client.book(&doctor, &patient, "2030-01-07T08:00:00-05:00").expect(201);
    let booking = booking["id"].as_str().expect("an id");
    let path = format!("/api/v1/doctors/{doctor}");
    let free = [
        "/api/v1/doctors".to_owned(),
        path.clone(),
        format!("{path}/availability?date=2030-01-07"),
        format!("{path}/availability/summary?from=2030-01-07&to=2030-01-07"),
        format!("{path}/availability/next?after=2030-01-07T00:00:00-05:00"),
        "/api/v1/availability?from=2030-01-07&to=2030-01-07".to_owned(),
    ];
    let not_free = [
        format!("{path}/availability/explain?start=2030-01-07T08:00:00-05:00"),
        format!("{path}/working-hours"),
        format!("{path}/history"),
        "/api/v1/patients".to_owned(),
        format!("/api/v1/patients/{patient}"),
        "/api/v1/bookings".to_owned(),
        format!("/api/v1/bookings/{booking}"),
        format!("/api/v1/bookings/{booking}/history"),
        "/api/v1/closures".to_owned(),
        "/api/v1/visit-types".to_owned(),
        "/api/v1/waitlist".to_owned(),
        "/api/v1/tokens".to_owned(),
        "/api/v1/webhooks".to_owned(),
        "/api/v1/audit".to_owned(),
        "/api/v1/events".to_owned(),
    ];
    let nobody = Client::new(server.url());
    for path in free.iter().chain(&not_free) {
        assert_eq!(nobody.get(path).refusal(), (401, "unauthenticated".into()), "{path}");
    }
    assert_eq!(nobody.hold(&doctor, "2030-01-07T09:00:00-05:00").status, 401);
    drop(server);

    let server = Server::start_with(BINARY, store.url(), &["--public-availability"], &[]);
    let nobody = Client::new(server.url());
    for path in &free {
        let shown = nobody.get(path);
        assert_eq!(shown.status, 200, "{path}: {}", shown.text);
        assert!(!shown.text.contains(&patient) && !shown.text.contains(booking), "{path}: {}", shown.text);
    }
    let day = nobody.day(&doctor, "2030-01-07");
    let statuses: Vec<_> = day["slots"].as_array().expect("slots").iter().map(|slot| &slot["status"]).collect();
    assert_eq!(statuses, [&json!("free"); 5], "the one that is booked is not shown");
    for path in &not_free {
        assert_eq!(nobody.get(path).refusal(), (401, "unauthenticated".into()), "{path}");
    }
    for (path, body) in [
        ("/api/v1/holds", json!({"doctorId": doctor, "start": "2030-01-07T09:00:00-05:00"})),
        ("/api/v1/bookings", json!({"doctorId": doctor, "patientId": patient, "start": "2030-01-07T09:00:00-05:00"})),
        ("/api/v1/patients", json!({"firstName": "Sansa", "lastName": "Stark"})),
        ("/api/v1/tokens", json!({"name": "x", "role": "administrator"})),
        (&format!("/api/v1/bookings/{booking}/cancel"), json!({"reason": "mischief"})),
    ] {
        assert_eq!(nobody.post(path, &body).refusal(), (401, "unauthenticated".into()), "{path}");
    }
    // Who brings something that is wrong is not nobody.
    assert_eq!(nobody.with_token("nonsense").get(&free[0]).status, 401);
    assert_eq!(server.client().get(&not_free[0]).status, 200);
    let unchanged: Value = server.client().get(&format!("/api/v1/bookings/{booking}")).expect(200);
    assert_eq!(unchanged["status"], "booked");
}
