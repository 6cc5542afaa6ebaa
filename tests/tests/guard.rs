//! What somebody may do to the service, told to the real binary over sockets: others are served all the same.

use std::time::Duration;

use doctor_booking_tests::{Client, Server, Stream};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
const DATABASE: &str = "sqlite::memory:";
/// How long a story waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

fn start(arguments: &[&str]) -> Server {
    Server::start_with(BINARY, DATABASE, arguments, &[])
}

/// The head of a request whose body is still to come.
fn patient(length: usize) -> String {
    format!(
        "POST /api/v1/patients HTTP/1.1\r\nHost: clinic\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
        Client::ADMINISTRATOR
    )
}

fn is_fine(server: &Server) {
    let client = server.client();
    assert_eq!(client.get("/healthz").status, 200);
    assert_eq!(client.get("/api/v1/doctors").status, 200);
}

#[test]
fn a_patients_address_is_known_behind_a_trusted_proxy_and_limited() {
    let server = start(&["--trusted-proxies", "127.0.0.1", "--rate-limit-address", "1"]);
    let mut proxy = server.line();
    let mut from = |addresses: &str| proxy.get("/openapi.json", &format!("X-Forwarded-For: {addresses}\r\n")).0;
    let statuses: Vec<_> = (0..50).map(|_| from("203.0.113.7")).collect();
    assert_eq!(statuses[..2], [200, 200]);
    assert!(statuses.contains(&429) && statuses.iter().all(|status| [200, 429].contains(status)), "{statuses:?}");
    // What the patient makes up helps nothing, and others do not suffer.
    let made_up: Vec<_> = (0..50).map(|it| from(&format!("198.51.100.{it}, 203.0.113.7"))).collect();
    assert!(made_up.contains(&429), "{made_up:?}");
    assert_eq!(from("203.0.113.8"), 200);
    assert_eq!(proxy.get("/healthz", "X-Forwarded-For: 203.0.113.7\r\n").0, 200);

    let mut again = server.line();
    let told = (0..50).find_map(|_| {
        again.say(
            "GET /openapi.json HTTP/1.1\r\nHost: clinic\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n",
        );
        let heard = again.hear().to_lowercase();
        again = server.line();
        heard.starts_with("http/1.1 429").then_some(heard)
    });
    let told = told.expect("it is limited");
    assert!(told.contains("retry-after: 1\r\n") && told.contains("too-many-requests"), "{told}");
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(again.get("/openapi.json", "X-Forwarded-For: 203.0.113.9\r\n").0, 200, "it was the truth");
}

#[test]
fn without_a_trusted_proxy_this_machine_is_not_limited() {
    let server = start(&["--rate-limit-address", "1"]);
    let mut line = server.line();
    assert!((0..50).all(|_| line.get("/openapi.json", "X-Forwarded-For: 203.0.113.7\r\n").0 == 200));
}

#[test]
fn more_than_can_be_worked_on_is_refused_at_once_and_served_afterwards() {
    let server = start(&["--max-requests", "1"]);
    let mut first = server.line();
    let body = r#"{"firstName":"Arya","lastName":"Stark"}"#;
    first.say(&patient(body.len()).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
    assert_eq!(first.answer().0, 100, "it has its place now");
    let client = server.client();
    let refused = client.get("/api/v1/doctors");
    assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("unavailable", Some("1")));
    assert_eq!(client.get("/healthz").status, 200);
    assert_eq!(client.get("/readyz").status, 200);
    first.say(body);
    assert_eq!(first.answer().0, 201);
    is_fine(&server);
    let metrics = client.get("/metrics").text;
    assert!(metrics.contains(r#"requests_turned_away_total{reason="requests"}"#), "{metrics}");
}

#[test]
fn streams_are_bounded_apart_from_requests() {
    let server = start(&["--max-requests", "1", "--max-streams", "2"]);
    let client = server.client();
    let _open = [Stream::open(&client, None), Stream::open(&client, None)];
    assert_eq!(client.get("/api/v1/events").refusal(), (503, "unavailable".to_owned()));
    is_fine(&server);
}

#[test]
fn who_sends_a_body_too_slowly_is_cut_off_and_others_are_served_meanwhile() {
    let server = start(&["--client-timeout-seconds", "1"]);
    let mut slow = server.line();
    slow.say(&patient(10_000));
    let mut chunked = server.line();
    chunked.say(&patient(0).replace("Content-Length: 0", "Transfer-Encoding: chunked"));
    std::thread::scope(|scope| {
        let slow = scope.spawn(move || (slow.dribble(" "), slow.hear()));
        let chunked = scope.spawn(move || (chunked.dribble("1\r\n \r\n"), chunked.hear()));
        is_fine(&server);
        for cut_off in [slow, chunked] {
            let (took, heard) = cut_off.join().expect("it is cut off");
            assert!(took < PATIENCE, "{took:?}");
            // What the system throws away when the connection ends may have been the answer.
            assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 408"), "{heard}");
        }
    });
    let metrics = server.client().get("/metrics").text;
    assert!(metrics.contains("requests_turned_away_total{reason=\"slow-body\"} 2"), "{metrics}");
    is_fine(&server);
}

#[test]
fn who_sends_nothing_more_of_a_body_is_told_so() {
    let server = start(&["--client-timeout-seconds", "1"]);
    let mut slow = server.line();
    slow.say(&patient(100));
    let (status, body) = slow.answer();
    assert!(status == 408 && body.contains("request-timeout"), "{status} {body}");
    assert_eq!(slow.hear(), "", "and the connection ends");
}

#[test]
fn who_sends_a_head_too_slowly_is_cut_off() {
    let server = start(&["--client-timeout-seconds", "1"]);
    let mut first = server.line();
    first.say("GET /healthz HTTP/1.1\r\n");
    let mut second = server.line();
    assert_eq!(second.get("/healthz", "").0, 200);
    second.say("GET /healthz HTTP/1.1\r\n");
    for (name, mut line) in [("a first request", first), ("a later one", second)] {
        line.say("X-Slow: ");
        let took = line.dribble("x");
        assert!(took < PATIENCE, "{name}: {took:?}");
    }
    is_fine(&server);
}

#[test]
fn a_stream_goes_on_however_long_nothing_else_is_answered_on_its_connection() {
    let server = start(&["--client-timeout-seconds", "1"]);
    let client = server.client();
    let mut stream = Stream::open(&client, None);
    // Longer than a connection is kept on which nothing is answered.
    std::thread::sleep(Duration::from_secs(9));
    let _ = client.founding_doctor();
    assert_eq!(stream.next_event().expect("it is still there").kind, "doctor.created");
}

#[test]
fn a_head_without_measure_is_refused_and_the_service_goes_on() {
    let server = start(&[]);
    let heads = [
        format!("GET /healthz HTTP/1.1\r\nHost: clinic\r\nX-Large: {}\r\n\r\n", "x".repeat(1_000_000)),
        format!("GET /healthz HTTP/1.1\r\nHost: clinic\r\n{}\r\n", "X-Many: x\r\n".repeat(100_000)),
        format!("GET /healthz?{} HTTP/1.1\r\nHost: clinic\r\n\r\n", "x".repeat(1_000_000)),
        format!("GET /healthz?{} HTTP/1.1\r\nHost: clinic\r\n\r\n", "x".repeat(100_000)),
        format!("GET /healthz HTTP/1.1\r\nHost: clinic\r\n{}\r\n", "X-Many: x\r\n".repeat(200)),
        "\0".repeat(100_000),
        "x".repeat(1_000_000),
    ];
    for head in heads {
        let mut line = server.line();
        line.try_to_say(&head);
        let heard = line.hear();
        let is_refused = ["", "HTTP/1.1 400", "HTTP/1.1 414", "HTTP/1.1 431"].iter().any(|start| match *start {
            "" => heard.is_empty(),
            start => heard.starts_with(start),
        });
        assert!(is_refused, "{}: {heard}", &head[..20]);
        is_fine(&server);
    }
    // What fits the server's buffer is refused in the one form, and the connection goes on.
    let mut line = server.line();
    let (status, body) = line.get("/healthz", &format!("X-Large: {}\r\n", "x".repeat(17_000)));
    assert!(status == 431 && body.contains("headers-too-large"), "{status} {body}");
    let (status, body) = line.get(&format!("/healthz?{}", "x".repeat(9_000)), "");
    assert!(status == 414 && body.contains("uri-too-long"), "{status} {body}");
    assert_eq!(line.get("/healthz", "").0, 200);
}

#[test]
fn pages_of_other_origins_are_let_in_only_where_they_are_configured() {
    let ask = |server: &Server| {
        let mut line = server.line();
        line.say(
            "OPTIONS /api/v1/doctors HTTP/1.1\r\nHost: clinic\r\nOrigin: https://clinic.example\r\n\
             Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n",
        );
        line.hear().to_lowercase()
    };
    let off = ask(&start(&[]));
    assert!(off.starts_with("http/1.1 401") && !off.contains("access-control-"), "{off}");
    let on = ask(&start(&["--cors-origin", "https://clinic.example"]));
    assert!(on.starts_with("http/1.1 204"), "{on}");
    assert!(on.contains("access-control-allow-origin: https://clinic.example\r\n"), "{on}");
    assert!(!on.contains("access-control-allow-credentials"), "{on}");
}

#[test]
fn limits_that_make_no_sense_are_told_at_the_start() {
    for wrong in [
        ["--trusted-proxies", "proxy.example"],
        ["--cors-origin", "*"],
        ["--rate-limit-address", "many"],
        ["--client-timeout-seconds", "0"],
    ] {
        let ended = doctor_booking_tests::run(BINARY, &wrong);
        assert!(!ended.status.success(), "{wrong:?}");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(said.contains(wrong[0]), "{said}");
    }
}
