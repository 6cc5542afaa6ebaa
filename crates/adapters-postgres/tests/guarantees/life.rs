//! What is written together: a change, what is told of it, and its answer; and in what order everybody learns of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{Audience, Booking, BookingParts, Doctor, Entry, Patient, What};
use doctor_booking_ports::{Along, ClosureStep, KeptAnswer, NewBooking, SaveError, StoreBookingError};
use doctor_booking_ports_contract::{Fixture, given};
use doctor_booking_test_postgres::TestServer;

use crate::seats::minutes;
use crate::{common, eventually, number, store_and_connection};

fn keyed(store: &Fixture, doctor: &Doctor, number: i64) -> (NewBooking, KeptAnswer) {
    let span = minutes(60 * number, 60);
    let booking = Booking::from_parts(given::booking(doctor, &store.patient(), span));
    let answer = given::answer(&format!("key-{number}"));
    let along =
        Along { history: vec![given::told(What::BookingCreated, None, &booking)], answer: Some(answer.clone()) };
    (NewBooking { booking, decided_on: doctor.revision(), hold: None, along }, answer)
}

#[test]
fn after_a_crash_a_booking_is_there_with_its_answer_and_its_history_or_not_at_all() {
    let server = TestServer::start_durable().expect("a server");
    let store = common::connect(&PgOptions { pool_size: 8, ..PgOptions::new(server.url()) });
    store.migrate().expect("every migration is applied");
    let store = Fixture::new(store.stores(), ());
    let doctors: Vec<_> = (0..4).map(|_| store.doctor()).collect();
    let tried: Vec<Vec<_>> = (0_i64..)
        .zip(&doctors)
        .map(|(one, doctor)| (0..400).map(|nr| keyed(&store, doctor, one * 1_000 + nr)).collect())
        .collect();
    let (begun, crashed) = (AtomicBool::new(false), AtomicBool::new(false));
    let acknowledged: BTreeMap<_, bool> = thread::scope(|scope| {
        let booking: Vec<_> = tried
            .iter()
            .map(|tried| {
                let (store, begun, crashed) = (&store, &begun, &crashed);
                scope.spawn(move || {
                    let mut acknowledged = vec![];
                    for (new, _) in tried {
                        if crashed.load(Ordering::SeqCst) {
                            break;
                        }
                        acknowledged.push((new.booking.id(), store.bookings.store(new).is_ok()));
                        begun.store(acknowledged.len() > 20, Ordering::SeqCst);
                    }
                    acknowledged
                })
            })
            .collect();
        eventually("somebody books", || begun.load(Ordering::SeqCst));
        server.crash().expect("it stops");
        crashed.store(true, Ordering::SeqCst);
        booking.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    server.restart().expect("it starts again");
    eventually("the store is back", || store.health.check().is_ok());

    let mut there = 0;
    for (new, answer) in tried.iter().flatten() {
        let found = store.found(&new.booking).is_some();
        let kept = store.idempotency.find(answer.claim.caller, &answer.claim.key).expect("the store answers");
        let told = store.history.of_booking(new.booking.id(), &given::whole()).expect("the store answers").items;
        assert_eq!((kept.is_some(), told.len()), (found, usize::from(found)));
        assert!(found || acknowledged.get(&new.booking.id()) != Some(&true), "what was acknowledged is there");
        there += i64::from(found);
        if found {
            // Whoever asks again is told so, and books nothing.
            assert!(matches!(store.bookings.store(new), Err(StoreBookingError::Answered)));
        }
    }
    assert!(there > 20 && acknowledged.values().any(|acknowledged| !acknowledged), "{there}");
    while store.events.publish().expect("the store answers") > 0 {}
    assert_eq!(store.events.last().expect("the store answers"), there);
    store.assert_consistent();
}

#[test]
fn of_two_with_one_key_the_second_waits_for_what_becomes_of_the_first() {
    for (ends, made) in [("COMMIT", false), ("ROLLBACK", true)] {
        let (store, mut other) = store_and_connection(|options| options);
        let doctor = store.doctor();
        let (new, answer) = keyed(&store, &doctor, 0);
        // All else is held, too: whoever comes second has got no further than to the key.
        let first = format!(
            "BEGIN; INSERT INTO idempotency VALUES ('{}', '{}', '{}', 201, '[]', '', '2029-12-03Z')",
            answer.claim.caller,
            answer.claim.key.as_str(),
            "x".repeat(32)
        );
        other.batch_execute(&first).expect("a request under way");
        thread::scope(|scope| {
            let second = scope.spawn(|| store.bookings.store(&new));
            thread::sleep(Duration::from_millis(300));
            assert!(!second.is_finished());
            let waits = "SELECT count(*) AS number FROM pg_locks
                WHERE pid = (SELECT pid FROM pg_locks WHERE NOT granted) AND locktype = 'advisory'";
            assert_eq!(number(&mut other, waits), 0, "it holds nothing that others could wait for");
            other.batch_execute(ends).expect("it has ended");
            let second = second.join().expect("no panic");
            assert_eq!(second.is_ok(), made, "{second:?}");
            assert!(made || matches!(second, Err(StoreBookingError::Answered)), "{second:?}");
        });
        assert_eq!(store.found(&new.booking).is_some(), made);
    }
}

#[test]
fn what_began_after_another_had_come_to_an_end_comes_after_it_however_long_others_take() {
    let (store, mut other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let told = |what| Entry { what, ..Entry::doctor(given::entry_id(), None, &doctor, &given::author()) };
    let write = |entry: &Entry| {
        let patient = Patient::from_parts(given::patient());
        store.patients.add(&patient, &Along::entry(entry.clone())).expect("the patient is added");
    };
    let published = || -> Vec<Entry> {
        store.events.publish().expect("the store answers");
        let events = store.events.after(0, Audience::Everybody, given::limit(200)).expect("the store answers");
        events.into_iter().map(|event| event.entry).collect()
    };
    let [first, second, third, late] =
        [What::DoctorCreated, What::DoctorChanged, What::HoursChanged, What::OverrideSet].map(told);
    // It has its place before all others, and comes to its end after them.
    let slow = format!(
        "BEGIN; INSERT INTO history (id, what, at, before, after)
             VALUES ('{id}', '{}', '2029-12-03Z', '{{}}', '{{}}');
         INSERT INTO outbox (entry_id) VALUES ('{id}')",
        late.what.as_str(),
        id = late.id
    );
    other.batch_execute(&slow).expect("a change under way");
    write(&first);
    write(&second);
    assert_eq!(published(), [first.clone(), second.clone()]);
    write(&third);
    assert_eq!(published(), [first.clone(), second.clone(), third.clone()]);
    assert_eq!(store.events.publish().expect("the store answers"), 0);
    other.batch_execute("COMMIT").expect("it is made");
    let ids: Vec<_> = published().iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [first.id, second.id, third.id, late.id]);
    store.assert_consistent();
}

#[test]
fn entries_of_one_change_are_told_in_their_order_and_a_thousand_at_a_time() {
    let (store, _other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let entry = || Entry::doctor(given::entry_id(), None, &doctor, &given::author());
    let history: Vec<_> = (0..2_500).map(|_| entry()).collect();
    let patient = Patient::from_parts(given::patient());
    let along = Along { history: history.clone(), answer: None };
    store.patients.add(&patient, &along).expect("the patient is added");
    let counts: Vec<_> = (0..4).map(|_| store.events.publish().expect("the store answers")).collect();
    assert_eq!(counts, [1_000, 1_000, 500, 0]);
    let mut told = vec![];
    while let Ok(some) =
        store.events.after(i64::try_from(told.len()).expect("few"), Audience::Everybody, given::limit(200))
    {
        if some.is_empty() {
            break;
        }
        told.extend(some.into_iter().map(|event| event.entry.id));
    }
    assert_eq!(told, history.iter().map(|entry| entry.id).collect::<Vec<_>>());
}

#[test]
fn whoever_publishes_waits_for_another_who_does() {
    let (store, mut other) = store_and_connection(|options| options);
    store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    other.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(x'7075626c697368'::bigint)").expect("somebody publishes");
    thread::scope(|scope| {
        let publishing = scope.spawn(|| store.events.publish().expect("the store answers"));
        thread::sleep(Duration::from_millis(300));
        assert!(!publishing.is_finished());
        // Nobody else waits.
        store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
        assert_eq!(store.events.last().expect("the store answers"), 0);
        other.batch_execute("COMMIT").expect("it has ended");
        assert_eq!(publishing.join().expect("no panic"), 2, "it sees what was written while it waited");
    });
}

#[test]
fn a_hold_that_is_being_booked_is_nobody_elses_for_a_moment() {
    let (store, mut other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let hold = store.held(&doctor, minutes(0, 60));
    let late = given::booking(&doctor, &store.patient(), minutes(0, 60));
    let late = Booking::from_parts(BookingParts { updated_at: hold.expires_at, ..late });
    // Its clock is behind: for it the hold has not expired yet.
    let confirming = format!(
        "BEGIN; DELETE FROM holds WHERE id = '{id}';
         UPDATE occupancy SET booking = gen_random_uuid(), held_until = NULL WHERE booking = '{id}'",
        id = hold.id
    );
    for (ends, taken) in [("ROLLBACK", false), ("COMMIT", true)] {
        other.batch_execute(&confirming).expect("a booking under way");
        thread::scope(|scope| {
            let booking = scope.spawn(|| store.put(&late, doctor.revision()));
            thread::sleep(Duration::from_millis(300));
            assert!(!booking.is_finished());
            other.batch_execute(ends).expect("it has ended");
            let booking = booking.join().expect("no panic");
            assert_eq!(matches!(booking, Err(StoreBookingError::DoctorBusy)), taken, "{booking:?}");
            assert_eq!(booking.is_ok(), !taken, "{booking:?}");
        });
        // Once more, from the beginning.
        other
            .batch_execute(&format!(
                "DELETE FROM occupancy; DELETE FROM bookings; DELETE FROM holds;
                 INSERT INTO holds SELECT '{doctor}', '{hold}', '2030-01-07 09:00Z', '2030-01-07 10:00Z', NULL, 0, 0, 1,
                     'UTC', '{hold}', NULL, '{until}', '2029-12-03Z';
                 INSERT INTO occupancy VALUES (1, '{doctor}', '[2030-01-07 09:00Z, 2030-01-07 10:00Z)', '{hold}', true,
                     1, 0, '{until}')",
                doctor = doctor.id(),
                hold = hold.id,
                until = hold.expires_at
            ))
            .expect("it is held");
    }
}

#[test]
fn a_hold_of_another_stretch_becomes_no_booking() {
    let (store, _other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let hold = store.held(&doctor, minutes(0, 60));
    let booking = hold.for_patient(given::booking_id(), store.patient().id(), None, given::now());
    for parts in [
        BookingParts { span: minutes(0, 90), ..booking.parts().clone() },
        BookingParts { footprint: given::shared_by(2), ..booking.parts().clone() },
    ] {
        let booking = Booking::from_parts(parts);
        let new = NewBooking { booking, decided_on: doctor.revision(), hold: Some(hold.id), along: Along::default() };
        assert!(matches!(store.bookings.store(&new), Err(StoreBookingError::HoldGone)));
    }
    assert_eq!(store.holds.find(hold.id).expect("the store answers"), Some(hold));
}

#[test]
fn a_closure_tells_of_very_many_bookings_in_good_time() {
    let (store, mut other) = store_and_connection(|options| options);
    let doctors: Vec<_> = (0..20).map(|_| store.doctor()).collect();
    let many = "INSERT INTO bookings
            SELECT doctors.id, gen_random_uuid(), gen_random_uuid(), at, at + interval '1 microsecond', 'UTC', at,
                'booked', NULL, NULL, false, 1, at, at
            FROM doctors, generate_series(1, 500) AS nr,
                LATERAL (SELECT timestamptz '2030-01-07 12:00Z' + nr * interval '1 second' AS at) AS start";
    other.batch_execute(many).expect("many bookings");
    let mut change = store.closing(ClosureStep::Add(given::closure(given::january(7))));
    assert_eq!(change.marked.len(), 500 * doctors.len());
    let told = change.marked.iter().map(|booking| given::told(What::BookingMarked, None, booking));
    change.along.history = told.collect();
    let saved = store.closures.save(&change);
    assert!(saved.is_ok(), "within the time that a statement may take: {saved:?}");
    assert_eq!(number(&mut other, "SELECT count(*) AS number FROM history"), 10_000);
    assert_eq!(number(&mut other, "SELECT count(*) AS number FROM bookings WHERE outside_hours"), 10_000);
    assert!(matches!(store.closures.save(&change), Err(SaveError::Stale)));
}
