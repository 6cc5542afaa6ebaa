//! Keys in a file, as they come and go.

use std::fs;
use std::time::Duration;

use doctor_booking_ports::{Identities, NotIdentified};

use super::provider::{EC, ED, Keys, Signer, claims, jwks, now};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const UNKNOWN_KEY: NotIdentified = NotIdentified::Refused("the JWT is signed with a key that is not known");

#[test]
fn the_service_asks_without_knowing_how_old_keys_are() {
    let keys = Keys::of_all_kinds();
    assert_eq!(keys.identities.check(), Ok(()));
    keys.identities.identify(&ED.jwt(&claims()), now()).expect("identified");
}

#[test]
fn a_file_that_has_changed_is_read_again_at_once() {
    let keys = Keys::new(&[ED.jwk()]);
    keys.identify(&ED.jwt(&claims())).expect("identified");
    keys.write(&jwks(&[EC.jwk()]), 1);
    assert_eq!(keys.identify(&ED.jwt(&claims())), Err(UNKNOWN_KEY), "it was taken away");
    keys.identify(&EC.jwt(&claims())).expect("it has come");
    // Of the same length, at an earlier time.
    let other = Signer::ec("ec");
    keys.write(&jwks(&[other.jwk()]), 0);
    keys.identify(&other.jwt(&claims())).expect("it has come");
    keys.identify(&EC.jwt(&claims())).expect_err("it was taken away");
}

#[test]
fn a_change_that_cannot_be_seen_is_when_a_key_is_not_known_or_after_five_minutes() {
    let (one, two) = (Signer::ec("one"), Signer::ec("two"));
    let keys = Keys::new(&[one.jwk()]);
    keys.identify(&one.jwt(&claims())).expect("identified");
    keys.write(&jwks(&[two.jwk()]), 0);
    assert_eq!(keys.identify_after(4 * SECOND, &two.jwt(&claims())), Err(UNKNOWN_KEY));
    keys.identify_after(4 * SECOND, &one.jwt(&claims())).expect("it is known for now");
    keys.identify_after(6 * SECOND, &two.jwt(&claims())).expect("it has come");
    assert_eq!(keys.identify_after(6 * SECOND, &one.jwt(&claims())), Err(UNKNOWN_KEY));

    keys.write(&jwks(&[one.jwk()]), 0);
    keys.identify_after(5 * MINUTE, &two.jwt(&claims())).expect("it is known for now");
    keys.identify_after(6 * MINUTE, &one.jwt(&claims())).expect("it has come");
    keys.identify_after(6 * MINUTE, &two.jwt(&claims())).expect_err("it was taken away");
}

#[test]
fn keys_do_for_an_hour_while_the_file_is_away_or_broken() {
    for broken in [None, Some("{"), Some("[]"), Some("{\"keys\":{}}"), Some("")] {
        let keys = Keys::new(&[ED.jwk()]);
        let jwt = ED.jwt(&claims());
        keys.identify(&jwt).expect("identified");
        match broken {
            None => fs::remove_file(keys.path()).expect("it was there"),
            Some(text) => keys.write(text, 1),
        }
        for time in [SECOND, 6 * MINUTE, 59 * MINUTE] {
            keys.identify_after(time, &jwt).expect("still identified");
        }
        let reason = if broken.is_none() { "there is no such file" } else { "it is not a set of keys (JWKS)" };
        let unavailable = Err(NotIdentified::Unavailable(format!("{}: {reason}", keys.path().display())));
        assert_eq!(keys.identify_after(61 * MINUTE, &jwt), unavailable);
        keys.write(&jwks(&[ED.jwk()]), 2);
        keys.identify_after(61 * MINUTE, &jwt).expect("it is there again");
    }
}

#[test]
fn a_file_that_was_read_half_written_is_read_again() {
    let keys = Keys::new(&[ED.jwk()]);
    keys.identify(&ED.jwt(&claims())).expect("identified");
    let whole = jwks(&[EC.jwk()]);
    keys.write(&whole[..whole.len() / 2], 1);
    keys.identify(&ED.jwt(&claims())).expect("still identified");
    keys.write(&whole, 1);
    keys.identify(&EC.jwt(&claims())).expect("it is longer");
    keys.identify(&ED.jwt(&claims())).expect_err("it was taken away");
}

#[test]
fn a_file_without_keys_takes_all_away() {
    let keys = Keys::new(&[ED.jwk()]);
    keys.identify(&ED.jwt(&claims())).expect("identified");
    keys.write(&jwks(&[]), 1);
    assert_eq!(keys.identify(&ED.jwt(&claims())), Err(UNKNOWN_KEY));
}

#[test]
fn no_file_a_folder_and_a_huge_file_are_no_keys() {
    let keys = Keys::new(&[]);
    let reason = |time: u32| match keys.identify_after(time * MINUTE, &ED.jwt(&claims())) {
        Err(NotIdentified::Unavailable(reason)) => reason,
        other => panic!("{other:?}"),
    };
    fs::remove_file(keys.path()).expect("it was there");
    assert!(reason(0).ends_with(": there is no such file"));
    fs::create_dir(keys.path()).expect("a folder");
    assert!(reason(1).ends_with(": it is not a file"));
    fs::remove_dir(keys.path()).expect("it was there");
    keys.write(&" ".repeat(1024 * 1024 + 1), 1);
    assert!(reason(2).ends_with(": it is longer than 1 MiB"));
    let fits = jwks(&[ED.jwk()]);
    keys.write(&format!("{}{fits}", " ".repeat(1024 * 1024 - fits.len())), 2);
    keys.identify(&ED.jwt(&claims())).expect("identified");
}
