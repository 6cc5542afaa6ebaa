//! By what callers are known, who has seen what, and who is told of what.

use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::Audience;
use doctor_booking_ports::AuditFilter;
use doctor_booking_ports_contract::{Fixture, given};

use crate::{common, deadlocks, eventually, named, number, store_and_connection};

#[test]
fn a_token_or_a_line_that_makes_no_sense_is_named_by_table_and_key() {
    let (store, mut other) = store_and_connection(|options| options);
    let token = given::token();
    let digest = store.token_of(&token);
    let line = given::line();
    store.audit.record(std::slice::from_ref(&line)).expect("the line is written");
    let mut spoil = |statement: &str| other.batch_execute(statement).expect("nothing stops it");
    spoil(
        "ALTER TABLE tokens DROP CONSTRAINT tokens_role_known, DROP CONSTRAINT tokens_role_says_whose,
             DROP CONSTRAINT tokens_digest_whole;
         ALTER TABLE audit DROP CONSTRAINT audit_role_known, DROP CONSTRAINT audit_outcome_known,
             DISABLE TRIGGER audit_is_only_added_to",
    );
    for (column, nonsense) in [
        ("name", "' '"),
        ("role", "'nobody'"),
        ("role", "'doctor'"),
        ("patient_id", "id"),
        ("digest", "substr(digest, 1, 31)"),
    ] {
        spoil(&format!("CREATE TABLE kept AS TABLE tokens; UPDATE tokens SET {column} = {nonsense}"));
        let key = ("tokens", token.id.to_string());
        assert_eq!(named(store.tokens.find(token.id).err()), key, "{column}");
        assert_eq!(named(store.tokens.locate(digest.locator()).err()), key, "{column}");
        assert_eq!(named(store.tokens.list(&given::whole()).err()), key, "{column}");
        spoil("DELETE FROM tokens; INSERT INTO tokens TABLE kept; DROP TABLE kept");
    }
    for (column, nonsense) in [("role", "'chief'"), ("action", "'eat'"), ("outcome", "'lost'"), ("request", "'a b'")] {
        spoil(&format!("CREATE TABLE kept AS TABLE audit; UPDATE audit SET {column} = {nonsense}"));
        let listed = store.audit.list(&AuditFilter::default(), &given::whole());
        assert_eq!(named(listed.err()), ("audit", line.id.to_string()), "{column}");
        spoil("DELETE FROM audit; INSERT INTO audit TABLE kept; DROP TABLE kept");
    }
    assert_eq!(store.tokens.find(token.id).expect("as before"), Some(token));
}

/// What a server of the version before publishes says of no event whom it concerns.
#[test]
fn an_event_of_which_it_is_not_said_whom_it_concerns_is_told_to_nobody_but_whoever_may_know_everything() {
    let (store, mut other) = store_and_connection(|options| options);
    let (doctor, patient) = (store.doctor(), store.patient());
    store.booked(&doctor, &patient, given::monday(9, 0));
    store.events.publish().expect("the store answers");
    let told = |audience| store.events.after(0, audience, given::limit(9)).expect("the store answers").len();
    let own = [Audience::Doctor(doctor.id()), Audience::Patient(patient.id())];
    let others = [Audience::Doctor(given::doctor_id()), Audience::Patient(given::patient_id())];
    assert_eq!((own.map(told), others.map(told)), ([1, 1], [0, 0]));
    other.batch_execute("UPDATE events SET doctor_id = NULL, patient_id = NULL").expect("as it was published before");
    assert_eq!((own.map(told), others.map(told), told(Audience::Everybody)), ([0, 0], [0, 0], 1));
}

#[test]
fn an_entry_that_is_not_published_has_no_position() {
    let (store, _other) = store_and_connection(|options| options);
    let booking = store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    let history = store.history.of_booking(booking.id(), &given::whole()).expect("the store answers").items;
    let position = || store.events.position_of(history[0].id).expect("the store answers");
    assert_eq!(position(), None);
    store.events.publish().expect("the store answers");
    assert_eq!(position(), Some(1));
}

#[test]
fn a_session_that_is_being_added_is_waited_for_and_revoked_and_one_that_comes_later_is_not_added() {
    let (store, mut other) = store_and_connection(|options| options);
    let token = given::token();
    store.token_of(&token);
    let (slow, late) = (given::session(&token), given::session(&token));
    // As the store does it, but for the end.
    let under_way = format!(
        "BEGIN; SELECT FROM tokens WHERE id = '{of}' FOR SHARE;
         INSERT INTO tokens VALUES ('{id}', 'Tablet', 'front-desk', NULL, NULL, decode(repeat('01', 32), 'hex'), '{of}',
             NULL, NULL, NULL, NULL, '2029-12-03Z')",
        of = token.id,
        id = slow.id
    );
    other.batch_execute(&under_way).expect("a session under way");
    thread::scope(|scope| {
        let revoking = scope.spawn(|| store.tokens.revoke(token.id, given::later()).expect("the store answers"));
        let waits = "SELECT count(*) AS number FROM pg_locks WHERE NOT granted";
        eventually("somebody waits", || number(&mut other, waits) == 1);
        other.batch_execute("COMMIT").expect("the session is there");
        assert!(revoking.join().expect("no panic"));
    });
    let revoked = store.tokens.find(slow.id).expect("the store answers").and_then(|session| session.revoked_at);
    assert_eq!(revoked, Some(given::later()));
    assert!(!store.tokens.add_session(&late, &given::digest()).expect("the store answers"));
}

#[test]
fn a_session_that_comes_while_its_token_is_being_revoked_waits_and_is_not_added() {
    let (store, mut other) = store_and_connection(|options| options);
    let token = given::token();
    store.token_of(&token);
    let session = given::session(&token);
    let revoking = format!("BEGIN; UPDATE tokens SET revoked_at = '2029-12-03Z' WHERE id = '{}'", token.id);
    other.batch_execute(&revoking).expect("a revocation under way");
    thread::scope(|scope| {
        let adding = scope.spawn(|| store.tokens.add_session(&session, &given::digest()).expect("the store answers"));
        let waits = "SELECT count(*) AS number FROM pg_locks WHERE NOT granted";
        eventually("somebody waits", || number(&mut other, waits) == 1);
        other.batch_execute("COMMIT").expect("the token is revoked");
        assert!(!adding.join().expect("no panic"));
    });
    assert_eq!(store.tokens.find(session.id).expect("the store answers"), None);
}

#[test]
fn sweeping_passes_over_what_somebody_else_is_about_to_change() {
    let (store, mut other) = store_and_connection(|options| options);
    let token = given::token();
    store.token_of(&token);
    let sessions = [given::session(&token), given::session(&token)];
    for session in &sessions {
        assert!(store.tokens.add_session(session, &given::digest()).expect("the store answers"));
    }
    let busy = format!("BEGIN; UPDATE tokens SET last_used_at = created_at WHERE id = '{}'", sessions[0].id);
    other.batch_execute(&busy).expect("a use under way");
    let sweep = || store.tokens.sweep(given::monday(0, 0)).expect("the store answers");
    assert_eq!(sweep(), 1);
    other.batch_execute("COMMIT").expect("it was used");
    assert_eq!([sweep(), sweep()], [1, 0]);
}

#[test]
fn a_use_that_would_change_nothing_writes_nothing() {
    let (store, mut other) = store_and_connection(|options| options);
    let token = given::token();
    store.token_of(&token);
    let mut version = |at: DateTime<Utc>| {
        store.tokens.used(token.id, at).expect("the store answers");
        number(&mut other, "SELECT xmin::text::bigint AS number FROM tokens")
    };
    let first = version(given::later());
    assert_eq!([version(given::later()), version(given::now())], [first; 2]);
    assert_ne!(version(given::later() + TimeDelta::microseconds(1)), first);
}

#[test]
fn of_revocations_and_sweeps_without_end_none_waits_for_another_in_a_circle() {
    let database = common::database();
    let mut other = PgConnection::establish(database.url()).expect("the database is there");
    let store = Fixture::new(common::connect(&PgOptions::new(database.url())).stores(), ());
    let tokens: Vec<_> = (0..4).map(|_| given::token()).collect();
    for token in &tokens {
        store.token_of(token);
    }
    for round in 0..10 {
        for session in tokens.iter().flat_map(|token| (0..10).map(|_| given::session(token))) {
            // Of a token that is revoked there is none.
            store.tokens.add_session(&session, &given::digest()).expect("the store answers");
        }
        thread::scope(|scope| {
            for (index, token) in tokens.iter().enumerate() {
                let store = &store;
                scope.spawn(move || {
                    if round % 4 == index {
                        store.tokens.revoke(token.id, given::later()).expect("the store answers");
                    }
                    store.tokens.sweep(given::monday(0, 0)).expect("the store answers");
                });
            }
        });
    }
    assert_eq!(deadlocks(store, &mut other), 0);
}

#[test]
fn what_no_row_can_be_like_is_no_reason_to_fail() {
    let (store, _other) = store_and_connection(|options| options);
    let (token, line) = (given::token(), given::line());
    store.token_of(&token);
    store.audit.record(std::slice::from_ref(&line)).expect("the line is written");
    let session = given::session(&token);
    assert!(store.tokens.add_session(&session, &given::digest()).expect("the store answers"));
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let nanosecond = TimeDelta::nanoseconds(1);
    let is_listed = |from, to| {
        let filter = AuditFilter { from: Some(from), to: Some(to), ..AuditFilter::default() };
        !store.audit.list(&filter, &given::whole()).expect("the store answers").items.is_empty()
    };
    let bounds = [(first, last), (line.at, line.at + nanosecond), (line.at + nanosecond, last), (first, line.at)];
    assert_eq!(bounds.map(|(from, to)| is_listed(from, to)), [true, true, false, false]);
    for at in [first, given::now() + nanosecond] {
        store.tokens.used(token.id, at).expect("the store answers");
    }
    let used = store.tokens.find(token.id).expect("the store answers").and_then(|token| token.last_used_at);
    assert_eq!(used, Some(given::now()));
    let expires = session.expires_at.expect("it expires");
    let swept =
        [first, expires, expires + nanosecond, last].map(|at| store.tokens.sweep(at).expect("the store answers"));
    assert_eq!(swept, [0, 0, 1, 0]);
}
