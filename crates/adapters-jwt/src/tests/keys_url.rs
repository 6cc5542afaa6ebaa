//! Keys at a URL, as they come and go.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use doctor_booking_ports::{Identity, NotIdentified};
use serde_json::json;

use super::provider::{Answer, EC, ED, Signer, Web, claims, now, options};
use crate::source::Source;
use crate::{JwtIdentities, KeySource};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
/// Far more than it takes, and far less than forever.
const SOON: Duration = Duration::from_secs(20);
const UNKNOWN_KEY: NotIdentified = NotIdentified::Refused("the JWT is signed with a key that is not known");

/// What so many callers at once are told.
fn together(
    identities: &JwtIdentities,
    callers: usize,
    jwt: impl Fn(usize) -> String + Sync,
    at: Instant,
) -> Vec<Result<Identity, NotIdentified>> {
    let ready = Barrier::new(callers);
    thread::scope(|scope| {
        let (ready, jwt) = (&ready, &jwt);
        let ask = move |caller| {
            let jwt = jwt(caller);
            ready.wait();
            identities.identify_at(&jwt, now(), at)
        };
        let callers: Vec<_> = (0..callers).map(|caller| scope.spawn(move || ask(caller))).collect();
        callers.into_iter().map(|caller| caller.join().expect("no panic")).collect()
    })
}

#[test]
fn keys_are_read_once_and_again_after_five_minutes() {
    let web = Web::new(Answer::Keys(vec![ED.jwk()]));
    let (identities, at) = (web.identities(), Instant::now());
    assert_eq!(web.asked(), 0, "not before they are needed");
    let jwt = ED.jwt(&claims());
    for (time, asked) in [(SECOND, 1), (2 * MINUTE, 1), (5 * MINUTE, 1), (6 * MINUTE, 2), (10 * MINUTE, 2)] {
        identities.identify_at(&jwt, now(), at + time).expect("identified");
        assert_eq!(web.asked(), asked, "{time:?}");
    }
}

#[test]
fn a_key_that_has_come_is_known_and_one_that_has_gone_is_not() {
    let (old, new) = (Signer::ec("old"), Signer::ec("new"));
    let web = Web::new(Answer::Keys(vec![old.jwk()]));
    let (identities, at) = (web.identities(), Instant::now());
    identities.identify_at(&old.jwt(&claims()), now(), at).expect("identified");

    web.answers(Answer::Keys(vec![new.jwk(), old.jwk()]));
    let after = at + 10 * SECOND;
    identities.identify_at(&new.jwt(&claims()), now(), after).expect("it has come");
    identities.identify_at(&old.jwt(&claims()), now(), after).expect("it is still there");
    assert_eq!(web.asked(), 2);

    web.answers(Answer::Keys(vec![new.jwk()]));
    let after = after + 5 * MINUTE;
    assert_eq!(identities.identify_at(&old.jwt(&claims()), now(), after), Err(UNKNOWN_KEY));
    identities.identify_at(&new.jwt(&claims()), now(), after).expect("it is still there");
    assert_eq!(web.asked(), 3);
}

#[test]
fn names_that_are_made_up_have_keys_read_no_more_often_than_every_five_seconds() {
    let web = Web::new(Answer::Keys(vec![ED.jwk()]));
    let (identities, at) = (web.identities(), Instant::now());
    for (time, asked) in [(0, 1), (1, 1), (4, 1), (6, 2), (7, 2), (10, 2), (13, 3)] {
        let jwt = ED.sign(&json!({ "alg": "EdDSA", "kid": format!("{time}") }), &claims());
        assert_eq!(identities.identify_at(&jwt, now(), at + time * SECOND), Err(UNKNOWN_KEY));
        assert_eq!(web.asked(), asked, "after {time} s");
    }
    // Five seconds in which nobody waits for the provider.
    web.answers(Answer::Late(SECOND, vec![ED.jwk()]));
    let jwt = EC.jwt(&claims());
    for (time, asked) in [(20, 4), (25, 4), (28, 5)] {
        assert_eq!(identities.identify_at(&jwt, now(), at + time * SECOND), Err(UNKNOWN_KEY));
        assert_eq!(web.asked(), asked, "after {time} s");
    }
}

#[test]
fn many_with_a_key_that_is_not_known_have_keys_read_once() {
    let web = Web::new(Answer::Keys(vec![ED.jwk()]));
    let (identities, at) = (web.identities(), Instant::now());
    identities.identify_at(&ED.jwt(&claims()), now(), at).expect("identified");
    web.answers(Answer::Late(SECOND / 4, vec![ED.jwk()]));
    let made_up = |caller| ED.sign(&json!({ "alg": "EdDSA", "kid": format!("{caller}") }), &claims());
    for told in together(&identities, 32, made_up, at + MINUTE) {
        assert_eq!(told, Err(UNKNOWN_KEY));
    }
    assert_eq!(web.asked(), 2);
}

#[test]
fn many_at_the_beginning_and_after_a_long_time_have_keys_read_once_and_wait_for_them() {
    let web = Web::new(Answer::Late(SECOND / 4, vec![ED.jwk()]));
    let (identities, at) = (web.identities(), Instant::now());
    for (time, asked) in [(Duration::ZERO, 1), (600 * MINUTE, 2)] {
        for told in together(&identities, 32, |_| ED.jwt(&claims()), at + time) {
            told.expect("identified");
        }
        assert_eq!(web.asked(), asked);
    }
    // Nor is it held against the provider that it was down once.
    web.answers(Answer::Nothing);
    identities.identify_at(&ED.jwt(&claims()), now(), at + 606 * MINUTE).expect("still identified");
    web.answers(Answer::Late(SECOND / 4, vec![ED.jwk()]));
    identities.identify_at(&ED.jwt(&claims()), now(), at + 607 * MINUTE).expect("identified");
    for told in together(&identities, 32, |_| ED.jwt(&claims()), at + 900 * MINUTE) {
        told.expect("identified");
    }
    assert_eq!(web.asked(), 5);
}

#[test]
fn nobody_waits_for_a_slow_provider_but_the_one_who_asks_it() {
    let web = Web::new(Answer::Keys(vec![ED.jwk()]));
    let (identities, at) = (web.identities(), Instant::now());
    identities.identify_at(&ED.jwt(&claims()), now(), at).expect("identified");
    web.answers(Answer::Late(3 * SECOND, vec![EC.jwk()]));
    thread::scope(|scope| {
        scope.spawn(|| identities.identify_at(&EC.jwt(&claims()), now(), at + MINUTE).expect("it has come"));
        let since = Instant::now();
        while web.asked() < 2 {
            assert!(since.elapsed() < SOON, "nobody asks");
            thread::sleep(SECOND / 100);
        }
        let since = Instant::now();
        identities.identify_at(&ED.jwt(&claims()), now(), at + 6 * MINUTE).expect("it is known for now");
        assert_eq!(identities.identify_at(&EC.jwt(&claims()), now(), at + 6 * MINUTE), Err(UNKNOWN_KEY));
        assert!(since.elapsed() < 2 * SECOND, "it took {:?}", since.elapsed());
    });
    identities.identify_at(&ED.jwt(&claims()), now(), at + MINUTE).expect_err("it was taken away");
}

#[test]
fn a_provider_that_is_down_at_first_is_asked_again() {
    let down = b"HTTP/1.1 503 Gossip\r\ncontent-length: 6\r\n\r\ngossip".to_vec();
    for (down, reason) in [(Answer::Nothing, "the connection failed"), (Answer::Raw(down), "the status was 503")] {
        let web = Web::new(down);
        let (identities, at) = (web.identities(), Instant::now());
        let jwt = ED.jwt(&claims());
        let unavailable = Err(NotIdentified::Unavailable(format!("127.0.0.1: {reason}")));
        assert_eq!(identities.check(), unavailable.clone().map(drop::<Identity>));
        assert_eq!(identities.identify_at(&jwt, now(), at + SECOND), unavailable);
        assert_eq!(web.asked(), 1, "not all the time");
        assert_eq!(identities.identify_at(&jwt, now(), at + 10 * SECOND), unavailable);
        assert_eq!(web.asked(), 2);
        web.answers(Answer::Keys(vec![ED.jwk()]));
        assert_eq!(identities.identify_at(&jwt, now(), at + 11 * SECOND), unavailable);
        identities.identify_at(&jwt, now(), at + 20 * SECOND).expect("it is up");
        assert_eq!(web.asked(), 3);
    }
}

#[test]
fn keys_do_for_an_hour_while_the_provider_is_down() {
    let web = Web::new(Answer::Keys(vec![ED.jwk()]));
    let (identities, at) = (web.identities(), Instant::now());
    let jwt = ED.jwt(&claims());
    identities.identify_at(&jwt, now(), at).expect("identified");
    web.answers(Answer::Nothing);
    for (minutes, asked) in [(4, 1), (6, 2), (30, 3), (59, 4)] {
        identities.identify_at(&jwt, now(), at + minutes * MINUTE).expect("still identified");
        assert_eq!(web.asked(), asked);
    }
    let told = identities.identify_at(&jwt, now(), at + 60 * MINUTE);
    assert_eq!(told, Err(NotIdentified::Unavailable("127.0.0.1: the connection failed".to_owned())));
    web.answers(Answer::Keys(vec![ED.jwk()]));
    identities.identify_at(&jwt, now(), at + 61 * MINUTE).expect("it is up");
}

/// Why keys cannot be read from there, by who has little patience.
#[track_caller]
fn reason(url: &str) -> String {
    let since = Instant::now();
    let source = Source::new(&KeySource::Url(url.to_owned()), SECOND / 2).expect("a source");
    let reason = source.read().err().expect("there are no keys");
    assert!(since.elapsed() < SOON, "it took {:?}", since.elapsed());
    for secret in ["127.0.0.1", "realm", "certs", "sesame", "gossip"] {
        assert!(!reason.contains(secret), "{reason}");
    }
    reason
}

#[test]
fn what_is_no_set_of_keys_is_told_apart() {
    let raw = |text: &str| Web::new(Answer::Raw(text.as_bytes().to_vec()));
    for (answer, told) in [
        ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "the status was 404"),
        ("HTTP/1.1 204 No Content\r\n\r\n", "the status was 204"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\ngossip", "it is not a set of keys (JWKS)"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ngossip", "the connection failed"),
        ("gossip gossip\r\n\r\n", "the answer was not one of HTTP"),
        ("", "the connection failed"),
    ] {
        assert_eq!(reason(&raw(answer).url), told, "{answer}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/certs", listener.local_addr().expect("an address"));
    assert_eq!(reason(&url), "there was no answer in time", "nobody takes the connection");
    drop(listener);
    assert_eq!(reason(&url), "the connection was refused");
}

#[test]
fn nobody_is_sent_elsewhere() {
    let elsewhere = Web::new(Answer::Keys(vec![ED.jwk()]));
    for status in [301, 302, 303, 307, 308] {
        let answer = format!("HTTP/1.1 {status} x\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", elsewhere.url);
        assert_eq!(reason(&Web::new(Answer::Raw(answer.into_bytes())).url), format!("the status was {status}"));
    }
    assert_eq!(elsewhere.asked(), 0);
}

#[test]
fn who_speaks_no_tls_is_not_reached_by_https() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("https://{}/certs", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.expect("a connection").write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        }
    });
    assert_eq!(reason(&url), "no secure connection came about");
}

#[test]
fn a_provider_that_hangs_trickles_or_never_ends_is_given_up() {
    let slow = SECOND / 20;
    for (first, piece, time, told) in [
        ("", &b""[..], slow, "there was no answer in time"),
        ("HTTP/1.1 200 OK\r\nx: ", b"y", slow, "there was no answer in time"),
        ("HTTP/1.1 200 OK\r\n", b"x: y\r\n", slow, "there was no answer in time"),
        ("HTTP/1.1 200 OK\r\n\r\n", b" ", slow, "there was no answer in time"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n", b" ", slow, "there was no answer in time"),
        ("HTTP/1.1 200 OK\r\n\r\n", &[b' '; 4096], Duration::ZERO, "it is longer than 1 MiB"),
        (
            "HTTP/1.1 200 OK\r\n",
            b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
            Duration::ZERO,
            "the answer was not one of HTTP",
        ),
    ] {
        let web = Web::new(Answer::Endless(first, piece.to_vec(), time));
        assert_eq!(reason(&web.url), told, "{first}");
    }
}

#[test]
fn debug_and_what_is_told_have_no_more_of_the_url_than_its_host() {
    let web = Web::new(Answer::Nothing);
    let identities = JwtIdentities::new(options(KeySource::Url(web.url.clone()))).expect("the options are fine");
    let told = format!("{identities:?} {:?} {}", identities.check(), identities.check().expect_err("down"));
    assert!(told.contains("127.0.0.1"), "{told}");
    assert!(!told.contains("certs") && !told.contains("sesame"), "{told}");
}
