//! An identity provider says who somebody is: its JWTs, told to the real binary.

use std::fs;
use std::path::PathBuf;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use doctor_booking_tests::{Client, Server, run};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
const DATABASE: &str = "sqlite::memory:";
const ISSUER: &str = "https://id.example/";
const AUDIENCE: &str = "doctor-booking";

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A key with its secret half.
enum Key {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Key {
    fn ec() -> Self {
        Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"))
    }

    fn ed() -> Self {
        Self::Ed(Ed25519KeyPair::generate().expect("a key"))
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Ec(_) => "ES256",
            Self::Ed(_) => "EdDSA",
        }
    }

    /// The public half, as providers publish it under this id.
    fn jwk(&self, id: &str) -> Value {
        match self {
            Self::Ec(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y), "kid": id, "use": "sig"})
            }
            Self::Ed(pair) => {
                let x = base64(pair.public_key());
                json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": id, "use": "sig"})
            }
        }
    }

    /// A JWT that says that it is signed with the key of this id.
    fn sign(&self, id: &str, claims: &Value) -> String {
        let message = message(&json!({"typ": "JWT", "alg": self.algorithm(), "kid": id}), claims);
        let signature = match self {
            Self::Ec(pair) => {
                let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).expect("it can sign");
                base64(signature)
            }
            Self::Ed(pair) => base64(pair.sign(message.as_bytes())),
        };
        format!("{message}.{signature}")
    }
}

/// What is signed.
fn message(head: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(head.to_string()), base64(claims.to_string()))
}

/// The seconds since 1970.
fn now() -> i64 {
    doctor_booking_tests::now().timestamp()
}

/// What the provider says about somebody, for an hour.
fn claims(role: &str, subject: &str) -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "role": role, "iat": now(), "exp": now() + 3600})
}

/// The same, but for this.
fn with(mut claims: Value, name: &str, value: impl Into<Value>) -> Value {
    claims[name] = value.into();
    claims
}

/// The file in which the provider's keys are.
struct KeysFile {
    folder: TempDir,
}

impl KeysFile {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("keys.json")
    }

    /// Puts these keys there instead of what there was, at once.
    fn write(&self, keys: &[Value]) {
        let beside = self.folder.path().join("keys.new");
        fs::write(&beside, json!({"keys": keys}).to_string()).expect("written");
        fs::rename(beside, self.path()).expect("moved");
    }

    fn start(&self) -> Server {
        let path = self.path();
        let keys = path.to_str().expect("text");
        let options = ["--jwks", keys, "--issuer", ISSUER, "--audience", AUDIENCE];
        Server::start_with(BINARY, DATABASE, &options, &[("RUST_LOG", "trace")])
    }
}

/// As whom the bearer of a JWT is known.
fn role(server: &Server, jwt: &str) -> Option<String> {
    server.client().with_token(jwt).role()
}

#[test]
fn whom_the_identity_provider_names_is_let_in_in_the_role_that_it_says() {
    let (keys, ec, ed) = (KeysFile::new(), Key::ec(), Key::ed());
    keys.write(&[ec.jwk("2030-a"), ed.jwk("2030-b")]);
    let server = keys.start();
    let client = server.client();
    let [jon, sam] = [client.founding_doctor(), client.founding_doctor()];
    let arya = client.patient("Arya", "Stark");
    let eight = "2030-01-07T08:00:00-05:00";
    let of_sam = client.book(&sam, &arya, eight).expect(201);

    let desk = client.with_token(&ec.sign("2030-a", &claims("front-desk", "gendry@id.example")));
    let me = desk.get("/api/v1/me").expect(200);
    assert_eq!((&me["role"], &me["name"]), (&json!("front-desk"), &Value::Null));
    let nine = "2030-01-07T09:00:00-05:00";
    let of_jon = desk.book(&jon, &arya, nine).expect(201);
    assert_eq!(desk.get("/api/v1/tokens").status, 403);
    // Whoever comes with another JWT is the same caller.
    let again = client.with_token(&ed.sign("2030-b", &claims("front-desk", "gendry@id.example")));
    assert_eq!(again.get("/api/v1/me").expect(200)["callerId"], me["callerId"]);
    let other = client.with_token(&ed.sign("2030-b", &claims("front-desk", "hotpie@id.example")));
    assert_ne!(other.get("/api/v1/me").expect(200)["callerId"], me["callerId"]);

    let doctor = client.with_token(&ed.sign("2030-b", &claims("doctor", &jon)));
    assert_eq!(doctor.get("/api/v1/me").expect(200)["doctorId"], *jon);
    let path = |booking: &Value| format!("/api/v1/bookings/{}", booking["id"].as_str().expect("an id"));
    doctor.post(&format!("{}/arrive", path(&of_jon)), &json!({})).expect(200);
    assert_eq!(doctor.get(&path(&of_sam)).status, 404);
    let patient = client.with_token(&ec.sign("2030-a", &claims("patient", &arya)));
    assert_eq!(patient.get(&path(&of_sam)).expect(200)["patientId"], *arya);
    let administrator = client.with_token(&ec.sign("2030-a", &claims("administrator", "melisandre")));
    assert_eq!(administrator.get("/api/v1/audit").status, 200);
    // What is signed by others has no id here, so it has no sessions.
    let jwt = ec.sign("2030-a", &claims("front-desk", "gendry@id.example"));
    assert_eq!(client.with_headers(&[]).post("/api/v1/session", &json!({"token": jwt})).status, 401);
}

#[test]
fn what_the_identity_provider_did_not_say_of_now_and_for_this_service_is_refused() {
    let (keys, ec, ed) = (KeysFile::new(), Key::ec(), Key::ed());
    keys.write(&[ec.jwk("ec"), ed.jwk("ed")]);
    let mut server = keys.start();
    let desk = || claims("front-desk", "gendry");
    let fine = ed.sign("ed", &desk());
    assert_eq!(role(&server, &fine).as_deref(), Some("front-desk"));
    let none = format!("{}.", message(&json!({"typ": "JWT", "alg": "none"}), &desk()));
    // Who takes the public key for a shared secret.
    let by_public_key = |secret: &[u8]| {
        let message = message(&json!({"typ": "JWT", "alg": "HS256", "kid": "ed"}), &desk());
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key");
        mac.update(message.as_bytes());
        format!("{message}.{}", base64(mac.finalize().into_bytes()))
    };
    let jwk = ed.jwk("ed");
    let x = jwk["x"].as_str().expect("a key");
    let pieces: Vec<_> = fine.split('.').collect();
    let other_claims = base64(claims("administrator", "gendry").to_string());
    let wrong = [
        ("for another audience", ed.sign("ed", &with(desk(), "aud", "another"))),
        ("for nobody", ed.sign("ed", &with(desk(), "aud", Value::Null))),
        ("of another issuer", ed.sign("ed", &with(desk(), "iss", "https://evil.example/"))),
        ("expired", ed.sign("ed", &with(desk(), "exp", now() - 3600))),
        ("for ever", ed.sign("ed", &with(desk(), "exp", Value::Null))),
        ("to come", ed.sign("ed", &with(desk(), "nbf", now() + 3600))),
        ("without a role", ed.sign("ed", &with(desk(), "role", "janitor"))),
        ("a doctor who is none", ed.sign("ed", &claims("doctor", "jon"))),
        ("not signed", none),
        ("HS256 with the public key", by_public_key(x.as_bytes())),
        ("HS256 with the public key's bytes", by_public_key(&BASE64_URL_SAFE_NO_PAD.decode(x).expect("Base64"))),
        ("HS256 with the JWK", by_public_key(jwk.to_string().as_bytes())),
        ("another key under a known id", Key::ed().sign("ed", &desk())),
        ("another key under another id", Key::ec().sign("evil", &desk())),
        ("a key of another kind", ec.sign("ed", &desk())),
        ("other claims", format!("{}.{other_claims}.{}", pieces[0], pieces[2])),
        ("truncated", fine[..fine.len() - 2].to_owned()),
        ("too long", ed.sign("ed", &with(desk(), "much", "x".repeat(7_000)))),
    ];
    let mut details = Vec::new();
    for (name, jwt) in &wrong {
        let refused = server.client().with_token(jwt).get("/api/v1/me");
        assert_eq!(refused.refusal(), (401, "unauthenticated".into()), "{name}");
        assert!(!refused.text.contains(&jwt[jwt.len() - 20..]), "{name}: {}", refused.text);
        details.push(refused.json()["detail"].clone());
    }
    details.dedup();
    assert_eq!(details.len(), 1, "{details:?}");
    assert_eq!(role(&server, &fine).as_deref(), Some("front-desk"));
    assert!(server.stop().success());
    let log = server.log();
    for (name, jwt) in wrong.iter().chain([&("a good one", fine)]) {
        let end = jwt.trim_end_matches('.');
        assert!(!log.contains(&end[end.len() - 20..]), "{name} is in the log");
    }
    assert!(!log.contains("gendry"), "nor whose it is");
}

#[test]
fn keys_that_change_are_known_at_once_and_old_ones_no_more() {
    let (keys, old, new) = (KeysFile::new(), Key::ec(), Key::ed());
    keys.write(&[old.jwk("old")]);
    let server = keys.start();
    let [by_old, by_new] = [old.sign("old", &claims("front-desk", "x")), new.sign("new", &claims("front-desk", "x"))];
    let known = || [&by_old, &by_new].map(|jwt| role(&server, jwt).is_some());
    assert_eq!(known(), [true, false]);
    keys.write(&[old.jwk("old"), new.jwk("new")]);
    assert_eq!(known(), [true, true]);
    keys.write(&[new.jwk("new")]);
    assert_eq!(known(), [false, true]);
}

#[test]
fn without_keys_tokens_work_and_jwts_do_as_soon_as_there_are_some() {
    let (keys, key) = (KeysFile::new(), Key::ec());
    let server = keys.start();
    let jwt = key.sign("key", &claims("front-desk", "x"));
    let refused = server.client().with_token(&jwt).get("/api/v1/me");
    assert_eq!(refused.refusal(), (503, "unavailable".into()));
    assert!(refused.header("retry-after").is_some());
    assert!(!refused.text.contains("keys.json"), "{}", refused.text);
    assert_eq!(server.client().role().as_deref(), Some("administrator"));
    assert_eq!(server.client().get("/readyz").status, 200);
    assert!(server.log().contains("no JWT can be accepted for now"), "{}", server.log());
    keys.write(&[key.jwk("key")]);
    assert_eq!(role(&server, &jwt).as_deref(), Some("front-desk"));
}

#[test]
fn an_identity_provider_that_is_not_said_in_full_or_not_safe_is_refused_at_the_start() {
    for (wrong, told) in [
        (&["--jwks", "keys.json"][..], "--issuer"),
        (&["--issuer", ISSUER], "--jwks"),
        (&["--jwks", "http://id.example/keys", "--issuer", ISSUER], "https"),
        (&["--jwks", "keys.json", "--issuer", ISSUER, "--role-claim", ""], "role"),
    ] {
        let ended = run(BINARY, &[&["--database-url", DATABASE, "--listen", "127.0.0.1:0"], wrong].concat());
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && ended.stdout.is_empty(), "{wrong:?}");
        assert!(said.contains(told) && !said.contains("panicked"), "{wrong:?}: {said}");
    }
}

#[test]
fn without_an_identity_provider_no_jwt_is_worth_anything() {
    let server = Server::start(BINARY, DATABASE);
    let jwt = Key::ed().sign("key", &claims("administrator", "x"));
    assert_eq!(Client::new(server.url()).with_token(&jwt).get("/api/v1/me").refusal(), (401, "unauthenticated".into()));
}
