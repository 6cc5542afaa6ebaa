//! Credentials on the wire, told to the real binary over sockets: what proves nothing is refused alike, and no secret is in
//! any place where others could read it.

use std::time::{Duration, Instant};

use doctor_booking_tests::{Client, Line, Server, Store, on_both_stores};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
/// Far longer than anything here should take.
const PATIENCE: Duration = Duration::from_mins(1);
const SECRET: &str = "the-secret-of-the-administrator-0001";

on_both_stores!(
    what_proves_nothing_is_refused_alike_and_is_repeated_nowhere,
    a_cookie_counts_for_pages_of_this_service_only,
    secrets_stay_off_the_command_line_and_out_of_the_log,
);

/// The same with another character at the end.
fn forged(secret: &str) -> String {
    let (rest, last) = secret.split_at(secret.len() - 1);
    format!("{rest}{}", if last == "0" { "1" } else { "0" })
}

fn what_proves_nothing_is_refused_alike_and_is_repeated_nowhere(store: &Store) {
    let mut server = Server::start_with(BINARY, store.url(), &[], &[("RUST_LOG", "trace")]);
    let client = server.client();
    let (id, secret) = client.new_token(&json!({"name": "Window 2", "role": "front-desk"}));
    let (_, live) = client.new_token(&json!({"name": "Window 3", "role": "front-desk"}));
    let (_, brief) = client.new_token(&json!({"name": "brief", "role": "front-desk", "expiresAt": soon()}));
    let cookie = client.session(&live);
    let (cookie_name, session) = cookie.split_once('=').expect("a value");
    client.revoke(&id);
    let since = Instant::now();
    while client.with_token(&brief).role().is_some() {
        assert!(since.elapsed() < PATIENCE, "it never expires");
        std::thread::sleep(Duration::from_millis(50));
    }
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let wrong = [
        ("nothing", String::new()),
        ("forged", bearer(&forged(&live))),
        ("truncated", bearer(&live[..live.len() - 1])),
        ("too long", bearer(&format!("{live}0"))),
        ("in capital letters", bearer(&live.to_uppercase())),
        ("expired", bearer(&brief)),
        ("revoked", bearer(&secret)),
        ("a session's secret as a token", bearer(session)),
        ("a token as a session's secret", format!("Cookie: {cookie_name}={live}\r\n")),
        ("a forged session", format!("Cookie: {cookie_name}={}\r\n", forged(session))),
        ("basic", format!("Authorization: Basic {live}\r\n")),
        ("without a scheme", format!("Authorization: {live}\r\n")),
        ("without a token", "Authorization: Bearer\r\n".to_owned()),
        ("two tokens", bearer(&format!("{live} {live}"))),
        ("a JWT that nobody would believe", bearer(&format!("eyJhbGciOiJub25lIn0.{live}."))),
        ("a header that counts more than the cookie", format!("Cookie: {cookie}\r\n{}", bearer("nonsense-0001"))),
    ];
    let mut connection = server.line();
    let mut details = Vec::new();
    for (name, headers) in &wrong {
        for path in ["/api/v1/me", "/api/v1/patients", "/api/v1/nowhere", "/%61pi/v1/me", "/api/v1/%70atients"] {
            let (status, body) = connection.get(path, headers);
            let problem: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!((status, &problem["code"]), (401, &json!("unauthenticated")), "{name} {path}: {body}");
            details.push(problem["detail"].clone());
            shows_none(&body, &[&live, &secret, &brief, session]);
        }
    }
    details.dedup();
    assert_eq!(details.len(), 1, "{details:?}");

    // What is no credential at all, but an attempt on the service.
    let (status, body) = connection.get("/api/v1/me", &bearer(&live).repeat(2));
    assert_eq!(status, 400, "{body}");
    shows_none(&body, &[&live]);
    let (status, body) = connection.get("/api/v1/me", &bearer(&"x".repeat(9_000)));
    assert_eq!(status, 401, "{body}");
    let mut endless = server.line();
    endless.try_to_say(&format!(
        "GET /api/v1/me HTTP/1.1\r\nHost: clinic\r\n{}\r\n",
        bearer(&format!("{live}{}", "x".repeat(1_000_000)))
    ));
    let heard = endless.hear();
    let refused = heard.is_empty() || ["400", "431"].iter().any(|it| heard.starts_with(&format!("HTTP/1.1 {it}")));
    assert!(refused, "{heard}");
    shows_none(&heard, &[&live]);

    // The service goes on, and those who are let in still are.
    assert_eq!(client.with_token(&live).role().as_deref(), Some("front-desk"));
    assert_eq!(client.with_headers(&[("Cookie", &cookie)]).role().as_deref(), Some("front-desk"));
    assert!(server.stop().success());
    shows_none(&server.log(), &[&live[..40], &secret[..40], &brief[..40], &session[..40], "nonsense-0001"]);
    shows_none(&server.log(), &[&live.to_uppercase(), Client::ADMINISTRATOR]);
}

/// An instant that is to come, but soon.
fn soon() -> String {
    (doctor_booking_tests::now() + chrono::TimeDelta::seconds(2)).to_rfc3339()
}

#[track_caller]
fn shows_none(text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} is in {}", around(text, secret));
    }
}

/// What stands around a place in a long text.
fn around<'a>(text: &'a str, found: &str) -> &'a str {
    let at = text.find(found).unwrap_or_default();
    let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[begin..].lines().next().unwrap_or_default()
}

fn a_cookie_counts_for_pages_of_this_service_only(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let arya = json!({"firstName": "Arya", "lastName": "Stark"});
    let cookie = client.session(Client::ADMINISTRATOR);
    let from = |origin: Option<&str>| {
        let headers = [("Cookie", cookie.as_str())].into_iter().chain(origin.map(|origin| ("Origin", origin)));
        client.with_headers(&headers.collect::<Vec<_>>())
    };
    let elsewhere = [
        "https://evil.example",
        "null",
        "http://127.0.0.1:1",
        "http://localhost",
        &format!("{}.evil.example", server.url()),
    ];
    for origin in elsewhere.into_iter().map(Some).chain([None]) {
        let refused = from(origin).post("/api/v1/patients", &arya);
        assert_eq!(refused.refusal(), (403, "origin-mismatch".into()), "{origin:?}");
        assert_eq!(from(origin).delete("/api/v1/session").status, 403, "{origin:?}");
        let Some(origin) = origin else { continue };
        let sign_in = client.with_headers(&[("Origin", origin)]);
        let refused = sign_in.post("/api/v1/session", &json!({"token": Client::ADMINISTRATOR}));
        assert_eq!(refused.refusal(), (403, "origin-mismatch".into()), "{origin}");
        assert_eq!(refused.header("set-cookie"), None);
    }
    assert_eq!(client.get("/api/v1/patients").expect(200)["items"], json!([]));
    assert_eq!(from(None).role().as_deref(), Some("administrator"), "what changes nothing needs no origin");
    from(Some(server.url())).post("/api/v1/patients", &arya).expect(201);
    // Who signs out is out, wherever the cookie is.
    from(Some(server.url())).delete("/api/v1/session").expect(204);
    assert_eq!(from(None).role(), None);
    assert_eq!(from(Some(server.url())).post("/api/v1/patients", &arya).status, 401);
}

/// The database of a store, said with a password, and that password.
fn with_password(url: &str) -> (String, Option<String>) {
    let Some((user, host)) = url.strip_prefix("postgres://").and_then(|rest| rest.split_once('@')) else {
        return (url.to_owned(), None);
    };
    match user.split_once(':') {
        Some((_, password)) => (url.to_owned(), Some(password.to_owned())),
        // The server of the tests asks for none, and does not mind one.
        None => (format!("postgres://{user}:geheim-0001@{host}"), Some("geheim-0001".to_owned())),
    }
}

fn secrets_stay_off_the_command_line_and_out_of_the_log(store: &Store) {
    let (url, password) = with_password(store.url());
    let apart = ["--admin-token", SECRET, "--database-url", &url];
    let (token_at_once, database_at_once) = (format!("--admin-token={SECRET}"), format!("--database-url={url}"));
    for arguments in [&apart[..], &[&database_at_once, &token_at_once]] {
        let mut server = Server::start_as(BINARY, arguments, &[("RUST_LOG", "trace")]);
        let mut secrets = vec![SECRET.to_owned()];
        secrets.extend(password.clone());
        if cfg!(target_os = "linux") {
            let shown = std::fs::read(format!("/proc/{}/cmdline", server.process())).expect("it can be read");
            let shown = String::from_utf8_lossy(&shown).replace('\0', " ");
            assert!(shown.contains("serve"), "{shown}");
            shows_none(&shown, &secrets.iter().map(String::as_str).collect::<Vec<_>>());
        }
        secrets.extend(a_busy_day(&server));
        assert!(server.stop().success());
        let log = server.log();
        assert!(log.contains("\"request\"") && log.contains("TRACE"), "it tells much: {}", log.len());
        shows_none(&log, &secrets.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(server.said(), "");
    }
}

/// Good requests and bad ones; what of them must be in no log.
fn a_busy_day(server: &Server) -> Vec<String> {
    let client = Client::new(server.url()).with_token(SECRET);
    let doctor = client.founding_doctor();
    let patient = json!({
        "firstName": "Aegonius", "lastName": "Blackfyre", "birthDate": "1987-06-05", "email": "bittersteel@example.org",
        "phone": "+49 30 7654321", "externalId": "KVNR-A123456780"
    });
    let patient = client.post("/api/v1/patients", &patient).expect(201)["id"].as_str().expect("an id").to_owned();
    let (_, secret) = client.new_token(&json!({"name": "Daemonius", "role": "patient", "patientId": patient}));
    let cookie = client.session(&secret);
    let own = client.with_token(&secret);
    let eight = "2030-01-07T08:00:00-05:00";
    let wanted = json!({"doctorId": doctor, "patientId": patient, "start": eight, "reason": "haemorrhoids"});
    let booking = own.post_keyed("key-of-Blackfyre", "/api/v1/bookings", &wanted).expect(201);
    let path = format!("/api/v1/bookings/{}", booking["id"].as_str().expect("an id"));
    client.with_headers(&[("Cookie", &cookie)]).get(&path).expect(200);
    client.post(&format!("{path}/cancel"), &json!({"reason": "the haemorrhoids are better"})).expect(200);

    // Searched for by name, well and badly.
    assert_eq!(client.get("/api/v1/patients?q=Blackfyre").status, 200);
    assert_eq!(client.get("/api/v1/patients?name=Blackfyre").status, 400);
    assert_eq!(client.get("/api/v1/patients/Blackfyre").status, 404);
    assert_eq!(client.get("/Blackfyre").status, 404);
    // Bodies that are not what they should be.
    for body in [
        r#"{"firstName":"Aegonius","lastName":"Blackfyre","Blackfyre":7}"#,
        r#"{"firstName":"Aegonius","lastName":"Blackfyre","birthDate":"Blackfyre"}"#,
        r#"{"firstName":"Aegonius","lastName":"Blackfyre"#,
        r#"["Aegonius Blackfyre"]"#,
    ] {
        assert!([400, 422].contains(&client.post_text("/api/v1/patients", body).status), "{body}");
    }
    assert_eq!(client.book("Blackfyre", "Blackfyre", "Blackfyre").status, 422);
    // Credentials that are wrong, and requests that are none.
    let wrong = ["Bearer wrong-0001", "Basic d3JvbmctMDAwMQ==", "wrong-0001", "Bearer eyJhbGciOiJub25lIn0.wrong-0001."];
    for wrong in wrong {
        assert_eq!(client.with_headers(&[("Authorization", wrong)]).role(), None);
    }
    assert_eq!(client.with_headers(&[]).post("/api/v1/session", &json!({"token": "wrong-0001"})).status, 401);
    assert_eq!(client.with_headers(&[]).post("/api/v1/session", &json!({"wrong-0001": secret})).status, 400);
    for garbage in [
        format!("GET / HTTP/7.0\r\nAuthorization: Bearer {secret}\r\n\r\n"),
        format!("Blackfyre {secret}\r\n\r\n"),
        format!("GET /api/v1/me HTTP/1.1\r\nHost: clinic\r\nAuthorization : Bearer {secret}\r\n\r\n"),
        "GET /api/v1/me HTTP/1.1\r\nHost: clinic\r\nConnection: close\r\nX-Request-Id: Blackfyre \x01\r\n\r\n"
            .to_owned(),
    ] {
        let mut line: Line = server.line();
        line.try_to_say(&garbage);
        let heard = line.hear();
        assert!(!heard.starts_with("HTTP/1.1 5"), "{heard}");
    }
    let session = cookie.split_once('=').expect("a value").1.to_owned();
    let told = [
        "Aegonius",
        "Blackfyre",
        "Daemonius",
        "bittersteel",
        "1987-06-05",
        "7654321",
        "A123456780",
        "haemorrhoids",
        "wrong-0001",
        "d3JvbmctMDAwMQ",
    ];
    told.into_iter().map(str::to_owned).chain([secret, session]).collect()
}
