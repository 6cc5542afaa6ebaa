//! What [`Tokens`](doctor_booking_ports::Tokens) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{CallerId, Doctor, Entry, Role, Token, TokenDigest, TokenId, TokenName, What};
use doctor_booking_ports::{AddError, Along, PageRequest};

use crate::at_once::{at_once, together};
use crate::{Fixture, given};

fn at(minutes: i64) -> DateTime<Utc> {
    given::now() + TimeDelta::minutes(minutes)
}

fn find(store: &Fixture, id: TokenId) -> Option<Token> {
    store.tokens.find(id).expect("the store answers")
}

fn locate(store: &Fixture, digest: &TokenDigest) -> Option<(Token, TokenDigest)> {
    store.tokens.locate(digest.locator()).expect("the store answers")
}

fn revoke(store: &Fixture, id: TokenId, when: DateTime<Utc>) -> bool {
    store.tokens.revoke(id, when).expect("the store answers")
}

fn begin(store: &Fixture, session: &Token) -> bool {
    store.tokens.add_session(session, &given::digest()).expect("the store answers")
}

/// A token in the store.
fn added(store: &Fixture) -> Token {
    let token = given::token();
    store.token_of(&token);
    token
}

/// A session of the token, in the store.
fn begun(store: &Fixture, of: &Token) -> Token {
    let session = given::session(of);
    assert!(begin(store, &session), "the token is live");
    session
}

fn ids<'a>(tokens: impl IntoIterator<Item = &'a Token>) -> Vec<TokenId> {
    tokens.into_iter().map(|token| token.id).collect()
}

/// So many ids in order.
fn ids_in_order(count: usize) -> Vec<TokenId> {
    let mut ids: Vec<_> = (0..count).map(|_| given::token_id()).collect();
    ids.sort_unstable();
    ids
}

pub fn a_token_is_found_as_it_was_stored(store: &Fixture) {
    let (doctor, patient) = (store.doctor().id(), store.patient().id());
    let roles = [Role::Administrator, Role::FrontDesk, Role::Doctor(doctor), Role::Patient(patient)];
    for role in roles {
        let plain = Token { role, ..given::token() };
        let full = Token {
            name: TokenName::parse("Þóra's \"tablet\" 李, room 3 – 100%_\\").expect("a name"),
            expires_at: Some(at(60) + TimeDelta::microseconds(1)),
            revoked_at: Some(at(30) + TimeDelta::microseconds(2)),
            last_used_at: Some(at(20) + TimeDelta::microseconds(3)),
            created_by: Some(CallerId::from_u128(u128::MAX)),
            created_at: at(-5),
            id: given::token_id(),
            ..plain.clone()
        };
        for token in [plain, full] {
            let digest = store.token_of(&token);
            assert_eq!(find(store, token.id).as_ref(), Some(&token));
            assert_eq!(locate(store, &digest), Some((token, digest)));
        }
    }
}

pub fn a_session_is_found_as_it_was_stored(store: &Fixture) {
    let token = added(store);
    let (session, digest) = (given::session(&token), given::digest());
    assert!(store.tokens.add_session(&session, &digest).expect("the store answers"));
    assert_eq!(find(store, session.id).as_ref(), Some(&session));
    assert_eq!(locate(store, &digest), Some((session, digest)));
}

pub fn a_token_that_is_not_there_is_not_found(store: &Fixture) {
    added(store);
    assert_eq!(find(store, given::token_id()), None);
    assert_eq!(locate(store, &given::digest()), None);
}

pub fn a_token_is_located_by_the_first_half_of_its_digest_and_by_nothing_else(store: &Fixture) {
    let digest = store.token_of(&given::token());
    let [first, second] = [&digest.bytes()[..16], &digest.bytes()[16..]];
    let of = |one: &[u8], other: &[u8]| TokenDigest::new([one, other].concat().try_into().expect("two halves"));
    let located = locate(store, &of(first, first)).map(|(_, digest)| digest);
    assert_eq!(located, Some(digest), "whoever asks compares the other half");
    assert_eq!(locate(store, &of(second, first)), None);
}

pub fn a_token_is_stored_with_what_goes_along_or_not_at_all(store: &Fixture) {
    let doctor = Doctor::from_parts(given::doctor());
    let told =
        || Entry { what: What::DoctorChanged, ..Entry::doctor(given::entry_id(), None, &doctor, &given::author()) };
    let (token, other) = (given::token(), given::token());
    let along = Along { history: vec![told()], answer: Some(given::answer("key")) };
    store.tokens.add(&token, &given::digest(), &along).expect("the token is added");
    let again = Along { history: vec![told()], ..along.clone() };
    let answered = store.tokens.add(&other, &given::digest(), &again);
    assert!(matches!(answered, Err(AddError::Answered)), "{answered:?}");
    assert_eq!((find(store, token.id), find(store, other.id)), (Some(token), None));
    let found = store.history.of_doctor(doctor.id(), &given::whole()).expect("the store answers").items;
    assert_eq!(found, along.history);
}

pub fn no_token_takes_the_place_of_another_with_its_id(store: &Fixture) {
    let token = given::token();
    let digest = store.token_of(&token);
    let other = Token { role: Role::Administrator, ..token.clone() };
    assert!(store.tokens.add(&other, &given::digest(), &Along::default()).is_err());
    let session = Token { id: token.id, ..given::session(&added(store)) };
    assert!(store.tokens.add_session(&session, &given::digest()).is_err());
    assert_eq!(locate(store, &digest), Some((token, digest)));
}

pub fn no_two_tokens_have_the_same_digest(store: &Fixture) {
    let token = given::token();
    let digest = store.token_of(&token);
    let other = given::token();
    assert!(store.tokens.add(&other, &digest, &Along::default()).is_err());
    let session = given::session(&token);
    assert!(store.tokens.add_session(&session, &digest).is_err());
    assert_eq!((find(store, other.id), find(store, session.id)), (None, None));
    assert_eq!(locate(store, &digest), Some((token, digest)));
}

// Lists.

pub fn tokens_are_listed_by_id_whatever_has_become_of_them_and_without_sessions(store: &Fixture) {
    let in_order = ids_in_order(6);
    for index in [3, 0, 5, 1, 4, 2] {
        let token = Token { id: in_order[index], ..given::token() };
        store.token_of(&token);
        begun(store, &token);
    }
    assert!(revoke(store, in_order[2], at(1)));
    let all = given::read_by(200, |page| store.tokens.list(page));
    assert_eq!(ids(&all), in_order);
    assert_eq!(all[2].revoked_at, Some(at(1)));
    for most in 1..=7 {
        assert_eq!(given::read_by(most, |page| store.tokens.list(page)), all, "in pages of {most}");
    }
}

pub fn pages_of_tokens_stay_right_while_tokens_are_added(store: &Fixture) {
    let in_order = ids_in_order(7);
    let add = |indexes: &[usize]| {
        for &index in indexes {
            store.token_of(&Token { id: in_order[index], ..given::token() });
        }
    };
    let page = |after| {
        let page = store.tokens.list(&PageRequest { after, limit: given::limit(2) }).expect("the store answers");
        (ids(&page.items), page.next)
    };

    add(&[1, 3, 5, 6]);
    let (first, next) = page(None);
    add(&[0, 2, 4]);
    let (second, after_that) = page(next);
    let (third, end) = page(after_that);

    let expected = [vec![in_order[1], in_order[3]], vec![in_order[4], in_order[5]], vec![in_order[6]]];
    assert_eq!([first, second, third], expected);
    assert_eq!(end, None);
}

// The first.

pub fn the_first_token_is_added_where_there_has_never_been_any(store: &Fixture) {
    let first = |token: &Token| store.tokens.add_first(token, &given::digest()).expect("the store answers");
    let (token, other) = (given::token(), given::token());
    assert!(first(&token));
    assert!(!first(&other));
    assert!(revoke(store, token.id, at(1)));
    assert!(!first(&other), "what is revoked has been there");
    assert_eq!(find(store, other.id), None);
}

pub fn where_a_token_was_added_none_is_the_first(store: &Fixture) {
    added(store);
    let token = given::token();
    assert!(!store.tokens.add_first(&token, &given::digest()).expect("the store answers"));
    assert_eq!(find(store, token.id), None);
}

pub fn of_eight_first_tokens_at_once_exactly_one_is_added(store: &Fixture) {
    let tokens: Vec<_> = (0..8).map(|_| given::token()).collect();
    let added = at_once(&tokens, |token| store.tokens.add_first(token, &given::digest()).expect("the store answers"));
    assert_eq!(added.iter().filter(|&&added| added).count(), 1, "{added:?}");
    for (token, added) in tokens.iter().zip(added) {
        assert_eq!(find(store, token.id).is_some(), added);
    }
}

// Sessions.

pub fn a_session_is_added_while_its_token_is_live(store: &Fixture) {
    let expiring = Token { expires_at: Some(at(10)), ..given::token() };
    let revoked = Token { revoked_at: Some(at(10)), ..given::token() };
    let lasting = given::token();
    for token in [&expiring, &revoked, &lasting] {
        store.token_of(token);
    }
    let moment = TimeDelta::microseconds(1);
    for (token, created_at, expected) in [
        (&expiring, at(10) - moment, true),
        (&expiring, at(10), false),
        (&expiring, at(10) + moment, false),
        // Nobody asks since when.
        (&revoked, at(9), false),
        (&lasting, at(1_000_000), true),
    ] {
        let session = Token { created_at, expires_at: Some(created_at + moment), ..given::session(token) };
        assert_eq!(begin(store, &session), expected, "{token:?} at {created_at}");
        assert_eq!(find(store, session.id).is_some(), expected);
    }
}

pub fn there_is_no_session_of_a_token_that_is_not_there_nor_of_another_session(store: &Fixture) {
    let token = added(store);
    let session = begun(store, &token);
    for of in [&given::token(), &session] {
        let refused = given::session(of);
        assert!(!begin(store, &refused));
        assert_eq!(find(store, refused.id), None);
    }
    let of_none = Token { session_of: None, ..given::session(&token) };
    assert!(!begin(store, &of_none), "what is not a session is not added as one");
    assert_eq!(find(store, of_none.id), None);
}

// What is revoked.

pub fn a_token_that_is_revoked_takes_its_sessions_along_and_nobody_elses(store: &Fixture) {
    let (token, other) = (added(store), added(store));
    let own = [begun(store, &token), begun(store, &token)];
    let others = [begun(store, &other), other];
    assert!(revoke(store, token.id, at(1)));
    for token in own.iter().chain([&token]) {
        assert_eq!(find(store, token.id), Some(Token { revoked_at: Some(at(1)), ..token.clone() }));
    }
    for token in &others {
        assert_eq!(find(store, token.id).as_ref(), Some(token));
    }
}

pub fn a_session_can_be_revoked_alone(store: &Fixture) {
    let token = added(store);
    let (session, other) = (begun(store, &token), begun(store, &token));
    assert!(revoke(store, session.id, at(1)));
    assert_eq!(find(store, session.id).and_then(|session| session.revoked_at), Some(at(1)));
    assert_eq!((find(store, token.id), find(store, other.id)), (Some(token), Some(other)));
}

pub fn what_is_revoked_stays_revoked_since_when_it_first_was(store: &Fixture) {
    let token = added(store);
    let session = begun(store, &token);
    let since = |token: &Token| find(store, token.id).expect("it is there").revoked_at;
    assert!(revoke(store, session.id, at(5)));
    assert!(revoke(store, token.id, at(7)));
    for when in [6, 8] {
        assert!(revoke(store, token.id, at(when)), "it is still there");
        assert!(revoke(store, session.id, at(when)));
        assert_eq!((since(&session), since(&token)), (Some(at(5)), Some(at(7))));
    }
    store.tokens.used(token.id, at(9)).expect("the store answers");
    assert_eq!(since(&token), Some(at(7)));
}

pub fn nothing_is_revoked_that_is_not_there(store: &Fixture) {
    let token = added(store);
    assert!(!revoke(store, given::token_id(), at(1)));
    assert_eq!(find(store, token.id), Some(token));
}

pub fn of_a_session_and_a_revocation_at_once_no_live_session_is_left(store: &Fixture) {
    for _ in 0..20 {
        let token = added(store);
        let sessions: Vec<_> = (0..4).map(|_| given::session(&token)).collect();
        let (revoked, begun) =
            together(|| revoke(store, token.id, at(1)), || at_once(&sessions, |session| begin(store, session)));
        assert!(revoked, "it is there");
        for (session, begun) in sessions.iter().zip(begun) {
            let found = find(store, session.id);
            assert_eq!(found.is_some(), begun);
            assert_eq!(found.and_then(|session| session.revoked_at), begun.then_some(at(1)));
        }
        assert!(!begin(store, &given::session(&token)));
    }
}

// What was used.

pub fn when_a_token_was_last_used_is_known_and_never_goes_back(store: &Fixture) {
    let (token, other) = (added(store), added(store));
    let session = begun(store, &token);
    let used = |id, minutes| {
        store.tokens.used(id, at(minutes)).expect("the store answers");
        find(store, id).expect("it is there").last_used_at
    };
    assert_eq!([used(token.id, 5), used(token.id, 3), used(token.id, 5)], [Some(at(5)); 3]);
    assert_eq!(used(token.id, 6), Some(at(6)));
    assert_eq!(used(session.id, 2), Some(at(2)));
    assert_eq!(find(store, token.id), Some(Token { last_used_at: Some(at(6)), ..token }), "nothing else has changed");
    assert_eq!(find(store, other.id), Some(other));
    store.tokens.used(given::token_id(), at(1)).expect("where there is none, nothing is noted");
}

pub fn of_many_uses_at_once_the_last_is_known(store: &Fixture) {
    let token = added(store);
    at_once(0..8, |number| {
        for minute in 0..10 {
            store.tokens.used(token.id, at(10 * minute + number)).expect("the store answers");
        }
    });
    assert_eq!(find(store, token.id).and_then(|token| token.last_used_at), Some(at(97)));
}

// What is forgotten.

pub fn sessions_that_have_come_to_an_end_are_swept_and_nothing_else(store: &Fixture) {
    let moment = TimeDelta::microseconds(1);
    let ended = Token { expires_at: Some(at(5)), ..given::token() };
    let token = added(store);
    store.token_of(&ended);
    let session = |expires_at: Option<DateTime<Utc>>, revoked_at: Option<DateTime<Utc>>| {
        let session = Token { expires_at, ..given::session(&token) };
        assert!(begin(store, &session), "the token is live");
        if let Some(when) = revoked_at {
            assert!(revoke(store, session.id, when));
        }
        session.id
    };
    let gone = [
        session(Some(at(10) - moment), None),
        session(Some(at(99)), Some(at(10) - moment)),
        session(None, Some(at(1))),
        session(Some(at(1)), Some(at(99))),
    ];
    let kept = [session(Some(at(10)), None), session(None, None), session(Some(at(99)), Some(at(10)))];
    assert!(revoke(store, ended.id, at(6)));

    assert_eq!(store.tokens.sweep(at(10)).expect("the store answers"), gone.len());

    let there = |id: &TokenId| find(store, *id).is_some();
    assert_eq!((gone.iter().any(there), kept.iter().all(there)), (false, true));
    assert!([ended.id, token.id].iter().all(there), "what is no session is never forgotten");
    assert_eq!(store.tokens.sweep(at(10)).expect("the store answers"), 0);
    assert_eq!(store.tokens.sweep(at(1_000)).expect("the store answers"), 2);
}
