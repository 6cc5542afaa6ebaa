//! By what callers are known: tokens, sessions of browsers, and all that proves nothing.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use doctor_booking_adapters_memory::MemoryStore;
use serde_json::{Value, json};

use crate::support::{ADMINISTRATOR, Answer, Api, NOBODY};

const TOKENS: &str = "/api/v1/tokens";
const SESSION: &str = "/api/v1/session";
const ME: &str = "/api/v1/me";
const COOKIE: &str = "__Host-doctor-booking-session";

/// A token's id and secret.
async fn token(api: &Api, body: &Value) -> (String, String) {
    let made = api.post(TOKENS, body).await;
    let id = made.created();
    let secret = made.json()["token"].as_str().expect("a secret").to_owned();
    assert!(secret.len() == 68 && secret.starts_with("dbk_"), "{secret}");
    (id, secret)
}

/// The names of all tokens but that of the configuration, in order.
async fn names(api: &Api) -> Vec<String> {
    let list = api.get(&format!("{TOKENS}?limit=200")).await.ok();
    let all = list["items"].as_array().expect("items").iter().map(|it| it["name"].as_str().expect("a name").to_owned());
    all.filter(|name| name != "ADMIN_TOKEN").collect()
}

fn desk() -> Value {
    json!({"name": "Front desk, window 2", "role": "front-desk"})
}

/// The service as asked by whoever has a secret.
fn with(api: &Api, secret: &str) -> Api {
    api.bringing(&format!("Bearer {secret}"))
}

/// Nobody was recognised, and nothing is told of why.
#[track_caller]
fn is_unknown(answer: &Answer) {
    let problem = answer.problem(401, "unauthenticated");
    let detail = "Bring a valid credential: a token as Authorization: Bearer …, or sign in to the page. One that was \
                  brought may have expired, or was revoked.";
    assert_eq!(problem["detail"], detail);
    assert_eq!(problem.get("errors"), Some(&json!([])).filter(|_| problem.get("errors").is_some()));
    assert_eq!(answer.header("WWW-Authenticate"), Some("Bearer realm=\"doctor-booking\""));
}

/// The session that an answer sets: its secret, and what stands beside it.
fn session(answer: &Answer) -> (String, String) {
    let cookie = answer.header("Set-Cookie").expect("a cookie");
    let (pair, rest) = cookie.split_once("; ").expect("attributes");
    let (name, secret) = pair.split_once('=').expect("a value");
    assert_eq!(name.strip_prefix("__Host-").unwrap_or(name), &COOKIE["__Host-".len()..]);
    assert_eq!(name.starts_with("__Host-"), rest.contains("Secure"), "{cookie}");
    (secret.to_owned(), rest.to_owned())
}

fn by_cookie(method: Method, path: &str, secret: &str) -> TestRequest {
    let request = TestRequest::default().method(method).uri(path).insert_header(("Host", "booking.example"));
    request.insert_header(("Cookie", format!("a=b; {COOKIE}={secret}")))
}

async fn sign_in(api: &Api, secret: &str) -> String {
    let request = TestRequest::post().uri(SESSION).insert_header(("Host", "booking.example"));
    let answer = api.bringing("").send(request.set_json(json!({"token": secret}))).await;
    answer.ok();
    session(&answer).0
}

#[actix_web::test]
async fn a_token_is_shown_once_and_makes_its_bearer_what_it_says() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let tokens = [
        (json!({"name": "Melisandre", "role": "administrator"}), Value::Null, Value::Null),
        (desk(), Value::Null, Value::Null),
        (json!({"name": "Jon's telephone", "role": "doctor", "doctorId": jon}), json!(jon), Value::Null),
        (json!({"name": "Arya", "role": "patient", "patientId": arya}), Value::Null, json!(arya)),
    ];
    for (new, doctor, patient) in tokens {
        let (id, secret) = token(&api, &new).await;
        let me = with(&api, &secret).get(ME).await.ok();
        assert_eq!((&me["role"], &me["name"]), (&new["role"], &new["name"]));
        assert_eq!((&me["doctorId"], &me["patientId"], &me["expiresAt"]), (&doctor, &patient, &Value::Null));
        // Of a person every token is the same caller; of others each is one.
        let caller = [&doctor, &patient].into_iter().find(|id| !id.is_null()).cloned().unwrap_or(json!(id));
        assert_eq!(me["callerId"], caller);
        let shown = api.get(&format!("{TOKENS}/{id}")).await;
        assert_eq!((&shown.ok()["name"], shown.text().contains("dbk_")), (&new["name"], false));
    }
    assert_eq!(names(&api).await, ["Melisandre", "Front desk, window 2", "Jon's telephone", "Arya"]);
    let list = api.get(TOKENS).await.text();
    assert!(!list.contains("dbk_"), "{list}");
    let first = api.get(&format!("{TOKENS}?limit=1")).await.ok();
    let next = first["nextCursor"].as_str().expect("more");
    let rest = api.get(&format!("{TOKENS}?limit=4&cursor={next}")).await.ok();
    assert_eq!((rest["items"].as_array().map(Vec::len), rest.get("nextCursor")), (Some(4), None));
}

#[actix_web::test]
async fn what_is_kept_for_a_request_that_comes_again_has_no_secret() {
    let api = Api::new();
    let first = api.keyed("k", TOKENS, &desk()).await;
    let secret = first.json()["token"].clone();
    let again = api.keyed("k", TOKENS, &desk()).await;
    assert_eq!(again.header("Idempotency-Replayed"), Some("true"));
    let mut expected = first.json();
    expected["token"] = Value::Null;
    assert_eq!((again.status.as_u16(), again.json()), (201, expected));
    with(&api, secret.as_str().expect("a secret")).get(ME).await.ok();
    assert_eq!(names(&api).await.len(), 1);
}

/// A token that is wanted, and how it is refused: status, code, violations.
type Refused = (Value, u16, &'static str, &'static [(&'static str, &'static str)]);

#[actix_web::test]
async fn a_token_that_cannot_be_is_refused_with_everything_that_is_wrong() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let refused: [Refused; 8] = [
        (json!({"name": "x", "role": "doctor"}), 422, "invalid-role", &[("/doctorId", "invalid-role")]),
        (
            json!({"name": "x", "role": "patient", "doctorId": jon}),
            422,
            "invalid-role",
            &[("/doctorId", "invalid-role"), ("/patientId", "invalid-role")],
        ),
        (
            json!({"name": "x", "role": "front-desk", "patientId": arya}),
            422,
            "invalid-role",
            &[("/patientId", "invalid-role")],
        ),
        (
            json!({"name": " ", "role": "doctor", "doctorId": "jon", "expiresAt": "soon"}),
            422,
            "invalid-name",
            &[("/name", "invalid-name"), ("/doctorId", "invalid-id"), ("/expiresAt", "invalid-instant")],
        ),
        (json!({"name": "x", "role": "doctor", "doctorId": NOBODY}), 404, "not-found", &[("/doctorId", "not-found")]),
        (
            json!({"name": "x", "role": "patient", "patientId": NOBODY}),
            404,
            "not-found",
            &[("/patientId", "not-found")],
        ),
        (
            json!({"name": "x", "role": "front-desk", "expiresAt": "2029-12-01T09:30:00Z"}),
            422,
            "invalid-expiry",
            &[("/expiresAt", "invalid-expiry")],
        ),
        (json!({"name": "x", "role": "nobody"}), 400, "malformed-request", &[("/role", "unknown-value")]),
    ];
    for (body, status, code, violations) in refused {
        api.post(TOKENS, &body).await.violates(status, code, violations);
    }
    assert_eq!(names(&api).await, Vec::<String>::new());
}

#[actix_web::test]
async fn what_proves_nothing_is_refused_alike_and_tells_nothing() {
    let api = Api::new();
    let (id, secret) = token(&api, &desk()).await;
    let (_, brief) =
        token(&api, &json!({"name": "brief", "role": "administrator", "expiresAt": "2029-12-01T10:00:00Z"})).await;
    with(&api, &brief).get(ME).await.ok();
    let cookie = sign_in(&api, &secret).await;
    let (truncated, forged) = (&secret[..67], format!("{}0", &secret[..67]));
    let forged = if forged == secret { format!("{}1", &secret[..67]) } else { forged };
    for wrong in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Basic {secret}"),
        secret.clone(),
        format!("Bearer {truncated}"),
        format!("Bearer {forged}"),
        format!("Bearer {}", secret.to_uppercase()),
        format!("Bearer {secret} {secret}"),
        format!("Bearer {secret},"),
        format!("Bearer {cookie}"),
        format!("Bearer {}", "x".repeat(9_000)),
        "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW5pc3RyYXRvciJ9.".to_owned(),
        format!("Bearer {}", &*ADMINISTRATOR.to_uppercase()),
    ] {
        for path in [ME, "/api/v1/doctors", "/api/v1/nowhere", "/%61pi/v1/me", "/api/v1/d%6fctors"] {
            is_unknown(&api.bringing(&wrong).get(path).await);
        }
    }
    is_unknown(&api.bringing("").send(by_cookie(Method::GET, ME, &secret)).await);
    api.set_clock("2029-12-01T10:00:00Z");
    is_unknown(&with(&api, &brief).get(ME).await);
    let gone = api.delete(&format!("{TOKENS}/{id}")).await;
    assert_eq!(gone.status, 204);
    is_unknown(&with(&api, &secret).get(ME).await);
    is_unknown(&api.bringing("").send(by_cookie(Method::GET, ME, &cookie)).await);
    is_unknown(&api.bringing("").post(SESSION, &json!({"token": secret})).await);
    // It stays in the list, and revoking again changes nothing.
    let revoked = api.get(&format!("{TOKENS}/{id}")).await.ok();
    assert_eq!(revoked["revokedAt"], "2029-12-01T10:00:00Z");
    api.set_clock("2029-12-01T11:00:00Z");
    assert_eq!(api.delete(&format!("{TOKENS}/{id}")).await.status, 204);
    assert_eq!(api.get(&format!("{TOKENS}/{id}")).await.ok(), revoked);
}

#[actix_web::test]
async fn two_credentials_are_one_too_many() {
    let api = Api::new();
    let twice = TestRequest::get().uri(ME).append_header(("Authorization", "Bearer x"));
    api.send(twice).await.problem(400, "malformed-request");
    // What is in the header counts, and the cookie is not looked at.
    let cookie = sign_in(&api, ADMINISTRATOR).await;
    api.send(by_cookie(Method::GET, ME, "nonsense")).await.ok();
    is_unknown(&api.bringing("Bearer nonsense").send(by_cookie(Method::GET, ME, &cookie)).await);
    // Of two cookies one is somebody else's doing; one of another name, which a neighbour could set, is none.
    let both = by_cookie(Method::GET, ME, &format!("{cookie}; {COOKIE}={cookie}"));
    is_unknown(&api.bringing("").send(both).await);
    let renamed = TestRequest::get().uri(ME).insert_header(("Host", "booking.example"));
    let renamed = renamed.insert_header(("Cookie", format!("doctor-booking-session={cookie}")));
    is_unknown(&api.bringing("").send(renamed).await);
}

#[actix_web::test]
async fn signing_in_sets_a_cookie_that_no_script_and_no_other_site_can_use() {
    let api = Api::new();
    let (_, secret) = token(&api, &desk()).await;
    let attributes = async |host: &'static str| {
        let request = TestRequest::post().uri(SESSION).insert_header(("Host", host));
        let answer = api.bringing("").send(request.set_json(json!({"token": secret}))).await;
        assert_eq!((&answer.ok()["role"], answer.text().contains("dbk_")), (&json!("front-desk"), false));
        session(&answer).1
    };
    let secure = "HttpOnly; SameSite=Strict; Secure; Path=/; Expires=Sat, 01 Dec 2029 21:30:00 GMT";
    assert_eq!(attributes("booking.example").await, secure);
    for here in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"] {
        assert_eq!(attributes(here).await, secure.replace("Secure; ", ""), "{here}");
    }
    let from_elsewhere = TestRequest::post().uri(SESSION).insert_header(("Host", "booking.example"));
    let from_elsewhere = from_elsewhere.insert_header(("Origin", "https://evil.example"));
    let refused = api.bringing("").send(from_elsewhere.set_json(json!({"token": secret}))).await;
    refused.problem(403, "origin-mismatch");
    assert_eq!(refused.header("Set-Cookie"), None);
    is_unknown(&api.bringing("").post(SESSION, &json!({"token": "dbk_"})).await);
    api.bringing("").post(SESSION, &json!({})).await.violates(400, "malformed-request", &[("/token", "missing-field")]);
}

#[actix_web::test]
async fn what_changes_something_and_is_known_by_a_cookie_comes_from_a_page_of_this_service() {
    let api = Api::new();
    let nobody = api.bringing("");
    let cookie = sign_in(&api, ADMINISTRATOR).await;
    let arya = json!({"firstName": "Arya", "lastName": "Stark"});
    let post = |origin: Option<&'static str>| {
        let request = by_cookie(Method::POST, "/api/v1/patients", &cookie).set_json(&arya);
        origin.into_iter().fold(request, |request, origin| request.insert_header(("Origin", origin)))
    };
    nobody.send(post(Some("https://booking.example"))).await.created();
    for elsewhere in [None, Some("https://evil.example"), Some("https://booking.example.evil.example"), Some("null")] {
        nobody.send(post(elsewhere)).await.problem(403, "origin-mismatch");
    }
    nobody.send(by_cookie(Method::GET, "/api/v1/patients", &cookie)).await.ok();
    assert_eq!(api.counts().await[1], 1);
    // With a token in the header nothing can be sent unasked.
    let request = TestRequest::post().uri("/api/v1/patients").insert_header(("Origin", "https://evil.example"));
    api.send(request.set_json(&arya)).await.created();
}

#[actix_web::test]
async fn a_session_ends_by_signing_out_with_time_and_with_its_token() {
    let api = Api::new();
    let nobody = api.bringing("");
    let (_, secret) =
        token(&api, &json!({"name": "x", "role": "front-desk", "expiresAt": "2029-12-01T12:00:00Z"})).await;
    let (long, other) = (sign_in(&api, ADMINISTRATOR).await, sign_in(&api, ADMINISTRATOR).await);
    let brief = sign_in(&api, &secret).await;
    let me = nobody.send(by_cookie(Method::GET, ME, &brief)).await.ok();
    assert_eq!(me["expiresAt"], "2029-12-01T12:00:00Z", "not longer than the token");
    let out = by_cookie(Method::DELETE, SESSION, &long).insert_header(("Origin", "https://booking.example"));
    let out = nobody.send(out).await;
    assert_eq!((out.status.as_u16(), session(&out).0.as_str()), (204, ""));
    assert!(session(&out).1.contains("Max-Age=0"), "{}", session(&out).1);
    is_unknown(&nobody.send(by_cookie(Method::GET, ME, &long)).await);
    nobody.send(by_cookie(Method::GET, ME, &other)).await.ok();
    // Who is known by a token has no session that could end.
    assert_eq!(api.delete(SESSION).await.status, 204);
    api.get(ME).await.ok();

    api.set_clock("2029-12-01T12:00:00Z");
    is_unknown(&nobody.send(by_cookie(Method::GET, ME, &brief)).await);
    api.set_clock("2029-12-01T21:30:00Z");
    is_unknown(&nobody.send(by_cookie(Method::GET, ME, &other)).await);
    // Sessions are in no list.
    let list = api.get(TOKENS).await.ok();
    let mut names: Vec<_> = list["items"].as_array().expect("items").iter().map(|it| it["name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, [Some("ADMIN_TOKEN"), Some("x")]);
}

#[actix_web::test]
async fn the_token_of_the_configuration_can_be_revoked_like_any_other() {
    let api = Api::new();
    let other = api.asked_by("melisandre");
    let cookie = sign_in(&api, ADMINISTRATOR).await;
    let list = api.get(TOKENS).await.ok();
    let all = list["items"].as_array().expect("items");
    let id = all.iter().find(|it| it["name"] == "ADMIN_TOKEN").expect("it is there")["id"].as_str().expect("an id");
    assert_eq!(other.delete(&format!("{TOKENS}/{id}")).await.status, 204);
    is_unknown(&api.get(ME).await);
    is_unknown(&api.bringing("").send(by_cookie(Method::GET, ME, &cookie)).await);
}

#[actix_web::test]
async fn it_is_noted_when_a_token_was_last_used_to_the_minute() {
    let api = Api::new();
    let (id, secret) = token(&api, &desk()).await;
    let last = async || api.get(&format!("{TOKENS}/{id}")).await.ok()["lastUsedAt"].clone();
    assert_eq!(last().await, Value::Null);
    with(&api, &secret).get(ME).await.ok();
    assert_eq!(last().await, "2029-12-01T09:30:00Z");
    api.set_clock("2029-12-01T09:30:59Z");
    with(&api, &secret).get(ME).await.ok();
    assert_eq!(last().await, "2029-12-01T09:30:00Z");
    api.set_clock("2029-12-01T09:31:00Z");
    with(&api, &secret).get(ME).await.ok();
    assert_eq!(last().await, "2029-12-01T09:31:00Z");
}

#[actix_web::test]
async fn a_stream_of_events_ends_with_the_token_of_whoever_listens() {
    let api = Api::over(&MemoryStore::new().stores());
    let (id, secret) = token(&api, &desk()).await;
    api.turn();
    let mut listener = with(&api, &secret).listen(TestRequest::get().uri("/api/v1/events")).await;
    listener.block().await.expect("a beginning");
    api.delete(&format!("{TOKENS}/{id}")).await;
    // It is looked at once a second at most.
    std::thread::sleep(std::time::Duration::from_millis(1_050));
    api.jon().await;
    api.turn();
    assert_eq!(listener.block().await, None);
}
