//! Whatever is wrong in the database is found: each thing is broken alone, by raw SQL.

mod common;

use std::fmt::Display;

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{Booking, BookingParts, BookingStatus, Doctor, Footprint, Hold, Role, Token};
use doctor_booking_ports::{Inconsistency, MOST_INCONSISTENCIES};
use doctor_booking_ports_contract::{Fixture, given};

/// A store in which everything fits together, and of each kind there is something.
struct Broken {
    store: Fixture,
    other: PgConnection,
    doctor: Doctor,
    alone: Booking,
    shared: Booking,
    beside: Booking,
    cancelled: Booking,
    hold: Hold,
}

impl Broken {
    fn new() -> Self {
        let database = common::database();
        let other = PgConnection::establish(database.url()).expect("the database is there");
        let store = Fixture::new(common::connect(&PgOptions::new(database.url())).stores(), database);
        let doctor = store.doctor();
        let book = |hour: u32, footprint: Footprint| {
            let span = given::stretch(given::monday(hour, 0), 60);
            let parts = given::booking(&doctor, &store.patient(), span);
            let booking = Booking::from_parts(BookingParts { footprint, ..parts });
            store.put(&booking, doctor.revision()).expect("it is free");
            booking
        };
        let buffers = Footprint { before: given::buffer(5), after: given::buffer(10), ..Footprint::default() };
        let (alone, cancelled) = (book(9, buffers), book(13, buffers));
        store.cancel(&cancelled);
        let (shared, beside) = (book(11, given::shared_by(3)), book(11, given::shared_by(3)));
        let arrived = book(16, Footprint::default());
        store.save(&arrived.arrived(given::later()).expect("it is booked"), arrived.revision()).expect("it is saved");
        let hold = store.held(&doctor, given::stretch(given::monday(15, 0), 60));
        store.events.publish().expect("the store answers");
        store.booked(&doctor, &store.patient(), given::monday(17, 0));
        store.assert_consistent();
        Self { store, other, doctor, alone, shared, beside, cancelled, hold }
    }

    fn spoil(&mut self, statement: &str) {
        self.other.batch_execute(statement).expect("nothing stops it");
    }

    fn found(&self) -> Vec<Inconsistency> {
        self.store.verification.verify(given::later()).expect("the store answers")
    }

    /// All that is found once `statement` has done its work.
    fn spoilt(mut self, statement: &str) -> Vec<(&'static str, String, String)> {
        self.spoil(statement);
        self.found().into_iter().map(|it| (it.table, it.key, it.what)).collect()
    }
}

const MISSING: &str = "what it should occupy is not occupied";
const LEFT_OVER: &str = "it occupies what it should not";
const OTHERWISE: &str = "it occupies otherwise than it should";
const OVERLAPS: &str = "it overlaps another";

fn occupancy(by: &str, id: impl Display, what: &str) -> (&'static str, String, String) {
    ("occupancy", format!("{by} {id}"), what.to_owned())
}

#[test]
fn what_is_not_occupied_although_it_should_be() {
    for kind in [1, 2] {
        for change in ["DELETE FROM occupancy", "UPDATE occupancy SET live = false"] {
            let broken = Broken::new();
            let id = broken.alone.id();
            let found = broken.spoilt(&format!("{change} WHERE kind = {kind} AND booking = '{id}'"));
            assert_eq!(found, [occupancy("booking", id, MISSING)], "{kind}");
        }
    }
    let broken = Broken::new();
    let id = broken.hold.id;
    let found = broken.spoilt(&format!("DELETE FROM occupancy WHERE booking = '{id}'"));
    assert_eq!(found, [occupancy("hold", id, MISSING)]);
}

#[test]
fn what_is_live_again_without_a_place() {
    for status in BookingStatus::ALL {
        let broken = Broken::new();
        let id = broken.cancelled.id();
        let found = broken.spoilt(&format!("UPDATE bookings SET status = '{}' WHERE id = '{id}'", status.as_str()));
        // One and the same key for doctor and patient.
        let expected = if status.is_live() { vec![occupancy("booking", id, MISSING)] } else { vec![] };
        assert_eq!(found, expected, "{status:?}");
    }
}

#[test]
fn what_is_occupied_although_it_should_not_be() {
    let broken = Broken::new();
    let id = broken.cancelled.id();
    let found = broken.spoilt(&format!("UPDATE occupancy SET live = true WHERE booking = '{id}'"));
    assert_eq!(found, [occupancy("booking", id, LEFT_OVER)]);
    let broken = Broken::new();
    let id = broken.alone.id();
    let found = broken.spoilt(&format!("DELETE FROM bookings WHERE id = '{id}'"));
    assert_eq!(found, [occupancy("booking", id, LEFT_OVER)]);
    let broken = Broken::new();
    let id = broken.hold.id;
    let found = broken.spoilt(&format!("DELETE FROM holds WHERE id = '{id}'"));
    assert_eq!(found, [occupancy("hold", id, LEFT_OVER)]);
}

#[test]
fn what_is_occupied_otherwise_than_it_should_be() {
    for change in [
        "during = tstzrange(lower(during) + interval '1 microsecond', upper(during))",
        "during = tstzrange(lower(during), upper(during) - interval '1 microsecond')",
        "capacity = 2, seat = 1",
        "held_until = '2030-01-01Z'",
    ] {
        let broken = Broken::new();
        let id = broken.alone.id();
        let found = broken.spoilt(&format!("UPDATE occupancy SET {change} WHERE kind = 1 AND booking = '{id}'"));
        let by = if change.starts_with("held") { "hold" } else { "booking" };
        assert_eq!(found, [occupancy(by, id, OTHERWISE)], "{change}");
    }
    let broken = Broken::new();
    let id = broken.hold.id;
    let found = broken.spoilt(&format!("UPDATE holds SET expires_at = expires_at + interval '1 s' WHERE id = '{id}'"));
    assert_eq!(found, [occupancy("hold", id, OTHERWISE)]);
    let broken = Broken::new();
    let id = broken.hold.id;
    let found = broken.spoilt(&format!("UPDATE occupancy SET held_until = NULL WHERE booking = '{id}'"));
    assert_eq!(found, [occupancy("hold", id, OTHERWISE)]);
}

#[test]
fn a_patients_seat_that_is_not_for_the_booking() {
    for change in [
        "UPDATE bookings SET beside_others = true WHERE id =",
        "UPDATE occupancy SET seat = 2 WHERE kind = 2 AND booking =",
    ] {
        let broken = Broken::new();
        let id = broken.alone.id();
        assert_eq!(broken.spoilt(&format!("{change} '{id}'")), [occupancy("booking", id, OTHERWISE)], "{change}");
    }
}

#[test]
fn a_booking_that_is_with_another_doctor_or_of_another_patient_than_it_occupies() {
    let mut broken = Broken::new();
    let (id, other) = (broken.alone.id(), broken.store.doctor().id());
    broken.spoil(&format!("UPDATE bookings SET doctor_id = '{other}' WHERE id = '{id}'"));
    let expected = [LEFT_OVER, MISSING].map(|what| occupancy("booking", id, what));
    assert_eq!(broken.spoilt("SELECT"), expected);
    let mut broken = Broken::new();
    let (id, other) = (broken.alone.id(), broken.store.patient().id());
    broken.spoil(&format!("UPDATE bookings SET patient_id = '{other}' WHERE id = '{id}'"));
    let expected = [LEFT_OVER, MISSING].map(|what| occupancy("booking", id, what));
    assert_eq!(broken.spoilt("SELECT"), expected);
}

#[test]
fn a_seat_that_there_is_not() {
    for (seat, capacity) in [(0, 3), (4, 3), (-1, 3)] {
        let broken = Broken::new();
        let id = broken.shared.id();
        let found = broken.spoilt(&format!(
            "ALTER TABLE occupancy DROP CONSTRAINT occupancy_seat_within_capacity,
                 DROP CONSTRAINT occupancy_no_overlap;
             UPDATE occupancy SET seat = {seat}, capacity = {capacity} WHERE kind = 1 AND booking = '{id}'"
        ));
        assert!(found.contains(&occupancy("booking", id, OTHERWISE)), "{seat} of {capacity}: {found:?}");
    }
}

#[test]
fn two_that_overlap_where_nothing_refuses_it_any_more() {
    let unguarded = || {
        let mut broken = Broken::new();
        broken.spoil("ALTER TABLE occupancy DROP CONSTRAINT occupancy_no_overlap");
        broken
    };
    let book = |broken: &Broken, hour: u32, minutes: i64| {
        let span = given::stretch(given::monday(hour, 0), minutes);
        broken.store.try_book(&broken.doctor, &broken.store.patient(), span).expect("nothing refuses it").id()
    };
    let overlaps = |id| occupancy("booking", id, OVERLAPS);
    // Two of whom each should be alone: the one that begins later.
    let broken = unguarded();
    let late = book(&broken, 9, 60);
    assert_eq!(broken.spoilt("SELECT"), [overlaps(late)]);
    // One that should be alone, and two who share the doctor before and after it began.
    let broken = unguarded();
    let (one, other) = (broken.shared.id(), broken.beside.id());
    let before = given::stretch(given::monday(10, 30), 60);
    broken.store.try_book(&broken.doctor, &broken.store.patient(), before).expect("nothing refuses it");
    let mut expected = [one, other].map(overlaps);
    expected.sort_unstable();
    assert_eq!(broken.spoilt("SELECT"), expected);
    let broken = unguarded();
    let alone =
        broken.store.try_book(&broken.doctor, &broken.store.patient(), given::stretch(given::monday(11, 30), 15));
    assert_eq!(broken.spoilt("SELECT"), [overlaps(alone.expect("nothing refuses it").id())]);
    // Two on one seat.
    let broken = unguarded();
    let (one, other) = (broken.shared.id(), broken.beside.id());
    assert_eq!(broken.spoilt("UPDATE occupancy SET seat = 2 WHERE seat = 1"), [overlaps(one.max(other))]);
    // What overlaps something that is not the last that began before it.
    let broken = unguarded();
    let (_, within, after) = (book(&broken, 18, 300), book(&broken, 19, 30), book(&broken, 20, 30));
    let mut expected = [within, after].map(overlaps);
    expected.sort_unstable();
    assert_eq!(broken.spoilt("SELECT"), expected);
    // One patient with two doctors.
    let broken = unguarded();
    let (patient, ten) = (broken.store.patient(), given::stretch(given::monday(10, 0), 60));
    let twice =
        [(); 2].map(|()| broken.store.try_book(&broken.store.doctor(), &patient, ten).expect("nothing refuses it"));
    let [one, other] = twice.map(|booking| booking.id());
    assert_eq!(broken.spoilt("SELECT"), [overlaps(one.max(other))]);
}

#[test]
fn more_who_share_a_doctor_than_one_of_them_allows() {
    let broken = Broken::new();
    let id = broken.shared.id();
    // The other is on a seat of its own; only the capacity says that nobody else may be there.
    let found = broken.spoilt(&format!(
        "ALTER TABLE occupancy DROP CONSTRAINT occupancy_seat_within_capacity;
         UPDATE occupancy SET capacity = 1 WHERE kind = 1 AND booking = '{id}';
         UPDATE bookings SET capacity = 1 WHERE id = '{id}'"
    ));
    let crowded = |it: &&(&str, String, String)| it.2 == "there are too many with it";
    assert_eq!(found.iter().filter(crowded).count(), 2, "{found:?}");
}

#[test]
fn a_booking_of_somebody_who_is_not_there() {
    let stranger = |id| ("bookings", id, "its doctor or patient is not there".to_owned());
    let broken = Broken::new();
    let (id, patient) = (broken.cancelled.id().to_string(), broken.cancelled.parts().patient);
    assert_eq!(broken.spoilt(&format!("DELETE FROM patients WHERE id = '{patient}'")), [stranger(id)]);
    let mut broken = Broken::new();
    let (id, nobody) = (broken.cancelled.id().to_string(), given::doctor_id());
    broken.spoil("ALTER TABLE bookings DROP CONSTRAINT bookings_doctor_id_fkey");
    let found = broken.spoilt(&format!("UPDATE bookings SET doctor_id = '{nobody}' WHERE id = '{id}'"));
    assert_eq!(found, [stranger(id)]);
}

#[test]
fn a_booking_that_is_there_twice() {
    let broken = Broken::new();
    let (id, other) = (broken.cancelled.id(), broken.store.doctor().id());
    let found = broken.spoilt(&format!(
        "CREATE TEMPORARY TABLE twice AS SELECT * FROM bookings WHERE id = '{id}';
         UPDATE twice SET doctor_id = '{other}';
         INSERT INTO bookings TABLE twice"
    ));
    assert_eq!(found, [("bookings", id.to_string(), "it is there twice".to_owned())]);
}

#[test]
fn events_with_a_gap_and_entries_that_nobody_learns_of() {
    let untold = "it is an event once, or is still to be one";
    let found = Broken::new().spoilt("DELETE FROM outbox");
    assert_eq!(found.iter().map(|it| (it.0, it.2.as_str())).collect::<Vec<_>>(), [("history", untold)]);
    let found = Broken::new().spoilt("INSERT INTO outbox (entry_id) SELECT entry_id FROM events WHERE position = 2");
    assert_eq!(found.iter().map(|it| (it.0, it.2.as_str())).collect::<Vec<_>>(), [("history", untold)]);
    for first in [1, 3] {
        let found =
            Broken::new().spoilt(&format!("UPDATE events SET position = position + 100 WHERE position >= {first}"));
        assert_eq!(found, [("events", (first + 100).to_string(), "what comes before it is missing".to_owned())]);
    }
    let found = Broken::new().spoilt(
        "ALTER TABLE events DROP CONSTRAINT events_entry_id_fkey;
         ALTER TABLE history DISABLE TRIGGER history_is_only_added_to;
         DELETE FROM history WHERE id = (SELECT entry_id FROM events WHERE position = 4)",
    );
    assert_eq!(found, [("events", "4".to_owned(), "there is no such entry".to_owned())]);
}

#[test]
fn an_event_that_concerns_others_than_its_entry() {
    let elsewhere = "it concerns others than its entry";
    for change in ["doctor_id = NULL", "patient_id = NULL", "doctor_id = patient_id", "patient_id = doctor_id"] {
        let found = Broken::new().spoilt(&format!("UPDATE events SET {change} WHERE position = 2"));
        assert_eq!(found, [("events", "2".to_owned(), elsewhere.to_owned())], "{change}");
    }
}

#[test]
fn a_token_of_nobody_who_is_there_and_a_session_without_its_token() {
    const NOBODY: &str = "its doctor or patient is not there";
    const WITHOUT: &str = "the token that it is a session of is not there";
    const REVOKED: &str = "it is live, but its token is revoked";
    for (statement, wrong) in [
        (
            "DELETE FROM working_windows; DELETE FROM working_hours_versions;
             DELETE FROM doctors WHERE id IN (SELECT doctor_id FROM tokens)",
            &[(0, NOBODY), (2, NOBODY)][..],
        ),
        ("DELETE FROM patients WHERE id IN (SELECT patient_id FROM tokens)", &[(1, NOBODY)]),
        (
            "ALTER TABLE tokens DROP CONSTRAINT tokens_session_of_fkey;
             DELETE FROM tokens WHERE session_of IS NULL AND doctor_id IS NOT NULL",
            &[(2, WITHOUT)],
        ),
        ("UPDATE tokens SET revoked_at = '2030-01-01Z' WHERE session_of IS NULL", &[(2, REVOKED)]),
        ("UPDATE tokens SET revoked_at = '2030-01-01Z' WHERE session_of IS NOT NULL", &[]),
    ] {
        let broken = Broken::new();
        let store = &broken.store;
        let tokens = [Role::Doctor(store.doctor().id()), Role::Patient(store.patient().id())]
            .map(|role| Token { role, ..given::token() });
        for token in &tokens {
            store.token_of(token);
        }
        let session = given::session(&tokens[0]);
        assert!(store.tokens.add_session(&session, &given::digest()).expect("the store answers"));
        store.assert_consistent();
        let ids = [tokens[0].id, tokens[1].id, session.id].map(|id| id.to_string());
        let mut expected: Vec<_> =
            wrong.iter().map(|&(which, what)| ("tokens", ids[which].clone(), what.to_owned())).collect();
        expected.sort_unstable();
        assert_eq!(broken.spoilt(statement), expected, "{statement}");
    }
}

#[test]
fn a_session_of_a_session() {
    let mut broken = Broken::new();
    let token = given::token();
    broken.store.token_of(&token);
    let sessions = [given::session(&token), given::session(&token)];
    for session in &sessions {
        assert!(broken.store.tokens.add_session(session, &given::digest()).expect("the store answers"));
    }
    let [one, other] = sessions.map(|session| session.id.to_string());
    broken.spoil(&format!("UPDATE tokens SET session_of = '{one}' WHERE id = '{other}'"));
    let found: Vec<_> = broken.found().into_iter().map(|it| (it.key, it.what)).collect();
    assert_eq!(found, [(other, "the token that it is a session of is not there".to_owned())]);
}

#[test]
fn not_more_is_told_than_somebody_can_read() {
    let mut broken = Broken::new();
    let id = broken.doctor.id();
    broken.spoil(&format!(
        "INSERT INTO occupancy SELECT 1, '{id}', tstzrange(at, at + interval '1 hour'), gen_random_uuid()
         FROM generate_series(timestamptz '2031-01-01Z', '2031-12-31Z', interval '1 hour') AS at"
    ));
    let found = broken.found();
    assert_eq!(found.len(), MOST_INCONSISTENCIES);
    assert!(found.is_sorted());
}

#[test]
fn everything_is_seen_as_it_is_at_one_moment_however_much_changes() {
    let broken = Broken::new();
    let (store, doctor) = (&broken.store, &broken.doctor);
    std::thread::scope(|scope| {
        let changing = scope.spawn(|| {
            for day in 1..100 {
                let span = given::stretch(given::monday(9, 0) + chrono::TimeDelta::days(day), 60);
                let booking = store.try_book(doctor, &store.patient(), span).expect("it is free");
                store.cancel(&booking);
                store.events.publish().expect("the store answers");
            }
        });
        while !changing.is_finished() {
            assert_eq!(broken.found(), []);
        }
    });
}
