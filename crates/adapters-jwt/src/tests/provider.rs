//! An identity provider of the tests' own: its keys, its statements, and its web server.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use doctor_booking_ports::{Identity, NotIdentified};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{JwtIdentities, KeySource, Options};

pub(super) const ISSUER: &str = "https://id.example/";
pub(super) const AUDIENCE: &str = "doctor-booking";
/// A Monday, two hours before the doctor comes: 2030-01-07T06:00:00Z.
pub(super) const NOW: i64 = 1_893_996_000;
pub(super) const PATIENT: &str = "0190f000-0000-7000-8000-000000000007";

pub(super) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).expect("an instant")
}

/// A key with its secret half.
pub(super) struct Signer {
    pub(super) id: &'static str,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

pub(super) static RSA: LazyLock<Signer> = LazyLock::new(|| Signer::rsa("rsa"));
pub(super) static EC: LazyLock<Signer> = LazyLock::new(|| Signer::ec("ec"));
pub(super) static ED: LazyLock<Signer> = LazyLock::new(|| Signer::ed("ed"));

pub(super) fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    pub(super) fn rsa(id: &'static str) -> Self {
        Self { id, pair: Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key")) }
    }

    pub(super) fn ec(id: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self { id, pair: Pair::Ec(pair) }
    }

    pub(super) fn ed(id: &'static str) -> Self {
        Self { id, pair: Pair::Ed(Ed25519KeyPair::generate().expect("a key")) }
    }

    pub(super) fn algorithm(&self) -> &'static str {
        match &self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Ec(_) => "ES256",
            Pair::Ed(_) => "EdDSA",
        }
    }

    /// The public half, as providers publish it.
    pub(super) fn jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kty": "RSA", "n": base64(public.n), "e": base64(public.e) })
            }
            Pair::Ec(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y) })
            }
            Pair::Ed(pair) => json!({ "kty": "OKP", "crv": "Ed25519", "x": base64(pair.public_key()) }),
        };
        jwk["kid"] = self.id.into();
        jwk["alg"] = self.algorithm().into();
        jwk["use"] = "sig".into();
        jwk
    }

    pub(super) fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).expect("it can sign");
                signature
            }
            Pair::Ec(pair) => pair.sign(&random, message).expect("it can sign").as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }

    /// The head of what it signs.
    pub(super) fn head(&self) -> Value {
        json!({ "typ": "JWT", "alg": self.algorithm(), "kid": self.id })
    }

    /// A JWT with this head, signed with this key, whatever the head says.
    pub(super) fn sign(&self, head: &Value, claims: &Value) -> String {
        let message = message(head, claims);
        let signature = base64(self.signature(message.as_bytes()));
        format!("{message}.{signature}")
    }

    pub(super) fn jwt(&self, claims: &Value) -> String {
        self.sign(&self.head(), claims)
    }
}

/// What is signed.
pub(super) fn message(head: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(head.to_string()), base64(claims.to_string()))
}

/// What a provider says about a patient, for an hour.
pub(super) fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": PATIENT, "role": "patient",
        "exp": NOW + 3600, "nbf": NOW - 10, "iat": NOW - 10,
    })
}

/// The same, but for this.
pub(super) fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims();
    claims[name] = value.into();
    claims
}

/// The same, without this.
pub(super) fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().expect("an object").remove(name).expect("it was there");
    claims
}

pub(super) fn jwks(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

pub(super) fn options(keys: KeySource) -> Options {
    Options { audience: Some(AUDIENCE.to_owned()), ..Options::new(keys, ISSUER) }
}

/// Keys in a file.
pub(super) struct Keys {
    folder: TempDir,
    pub(super) identities: JwtIdentities,
    /// When it all began.
    pub(super) at: Instant,
}

impl Keys {
    pub(super) fn new(keys: &[Value]) -> Self {
        Self::with(keys, |_| ())
    }

    /// With these options besides.
    pub(super) fn with(keys: &[Value], set: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut options = options(KeySource::File(folder.path().join("keys.json")));
        set(&mut options);
        let identities = JwtIdentities::new(options).expect("the options are fine");
        let all = Self { folder, identities, at: Instant::now() };
        all.write(&jwks(keys), 0);
        all
    }

    /// With a key of each kind.
    pub(super) fn of_all_kinds() -> Self {
        Self::new(&[RSA.jwk(), EC.jwk(), ED.jwk()])
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("keys.json")
    }

    /// Writes the file, as if at this second.
    pub(super) fn write(&self, text: &str, second: u64) {
        fs::write(self.path(), text).expect("it can be written");
        let file = File::options().write(true).open(self.path()).expect("it can be opened");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(second)).expect("it has a time");
    }

    pub(super) fn identify(&self, jwt: &str) -> Result<Identity, NotIdentified> {
        self.identify_after(Duration::ZERO, jwt)
    }

    /// When so much time has passed for the keys.
    pub(super) fn identify_after(&self, time: Duration, jwt: &str) -> Result<Identity, NotIdentified> {
        self.identities.identify_at(jwt, now(), self.at + time)
    }
}

/// What a web server answers.
#[derive(Clone)]
pub(super) enum Answer {
    /// These keys.
    Keys(Vec<Value>),
    /// This, byte for byte.
    Raw(Vec<u8>),
    /// The same, but when so much time has passed.
    Late(Duration, Vec<Value>),
    /// This, and then this over and over, so much time apart.
    Endless(&'static str, Vec<u8>, Duration),
    /// It hangs up.
    Nothing,
}

/// A web server with keys, on loopback.
pub(super) struct Web {
    pub(super) url: String,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
}

impl Web {
    pub(super) fn new(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/realm/certs?key=sesame", listener.local_addr().expect("an address"));
        let (answer, asked) = (Arc::new(Mutex::new(answer)), Arc::new(AtomicUsize::new(0)));
        let (to_give, count) = (Arc::clone(&answer), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
                let answer = to_give.lock().expect("an answer").clone();
                let stream = stream.expect("a connection");
                thread::spawn(move || give(&stream, answer));
            }
        });
        Self { url, answer, asked }
    }

    pub(super) fn answers(&self, answer: Answer) {
        *self.answer.lock().expect("an answer") = answer;
    }

    /// How often it was asked.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(super) fn identities(&self) -> JwtIdentities {
        JwtIdentities::new(options(KeySource::Url(self.url.clone()))).expect("the options are fine")
    }
}

fn give(mut stream: &TcpStream, answer: Answer) {
    let head = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    assert!(head.count() > 0, "a request");
    let fine = |keys: Vec<Value>| {
        let body = jwks(&keys);
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
    };
    let bytes = match answer {
        Answer::Keys(keys) => fine(keys),
        Answer::Raw(bytes) => bytes,
        Answer::Late(time, keys) => {
            thread::sleep(time);
            fine(keys)
        }
        Answer::Endless(first, piece, time) => {
            let _ = stream.write_all(first.as_bytes());
            while stream.write_all(&piece).is_ok() {
                thread::sleep(time);
            }
            return;
        }
        Answer::Nothing => return,
    };
    let _ = stream.write_all(&bytes);
}
