//! What PostgreSQL has to do with the guarantees, beyond the contract: locks, outages, rows that make no sense, and
//! rows that are long over.

mod access;
mod circles;
#[path = "../common/mod.rs"]
mod common;
mod crowd;
mod deliveries;
mod life;
mod locks;
mod old_rows;
mod seats;

use std::fmt::Debug;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};
use doctor_booking_adapters_postgres::{PgOptions, PgStore};
use doctor_booking_domain::{
    Audience, Booking, BookingParts, DateRange, DeliveryId, Doctor, DoctorAmendment, DoctorParts, LeadTime, Overrides,
    SearchKey, Span, Waiting, WaitingId, Webhook,
};
use doctor_booking_ports::{
    Along, BookingFilter, BookingPosition, CalendarFilter, ClosurePosition, DoctorFilter, DoctorPosition,
    EntryPosition, PageRequest, PatientFilter, StoreBookingError, TimeOffPosition, Unavailable, VisitTypeFilter,
    VisitTypePosition, WaitingFilter,
};
use doctor_booking_ports_contract::{Fixture, given};
use doctor_booking_test_postgres::{TestDatabase, TestServer};

/// A store, and a connection beside it to the same database.
fn store_and_connection(options: impl FnOnce(PgOptions) -> PgOptions) -> (Fixture, PgConnection) {
    let database = common::database();
    let connection = PgConnection::establish(database.url()).expect("the database is there");
    let store = common::connect(&options(PgOptions::new(database.url())));
    (Fixture::new(store.stores(), database), connection)
}

fn number(connection: &mut PgConnection, query: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    sql_query(query).get_result::<Answer>(connection).expect("a number").number
}

/// How many deadlocks were met in the database. The sessions end with `store`: then they tell the statistics.
fn deadlocks<S>(store: S, other: &mut PgConnection) -> i64 {
    drop(store);
    let sessions = "SELECT count(*) AS number FROM pg_stat_activity WHERE datname = current_database()";
    eventually("the sessions end", || number(other, sessions) <= 1);
    number(other, "SELECT deadlocks AS number FROM pg_stat_database WHERE datname = current_database()")
}

/// The cause for which a store was unreachable.
fn unreachable<T: Debug>(result: Result<T, Unavailable>) -> String {
    match result {
        Err(Unavailable::Unreachable(cause)) => cause.to_string(),
        other => panic!("it was reached: {other:?}"),
    }
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(20), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

// Outages.

#[test]
fn whoever_finds_every_connection_taken_is_told_so_after_two_seconds() {
    let (store, mut other) = store_and_connection(|options| PgOptions { pool_size: 1, ..options });
    let (doctor, patient) = (store.doctor(), store.patient());
    other.batch_execute("BEGIN; LOCK TABLE doctors").expect("nobody gets past");

    thread::scope(|scope| {
        let waiting = scope.spawn(|| store.try_book(&doctor, &patient, given::stretch(given::monday(9, 0), 60)));
        thread::sleep(Duration::from_millis(200));
        let begin = Instant::now();
        unreachable(store.health.check());
        let took = begin.elapsed();
        // Left alone, the pool would wait 30 s; in between lies what a busy machine may need.
        assert!((Duration::from_millis(1_800)..Duration::from_secs(20)).contains(&took), "{took:?}");
        other.batch_execute("ROLLBACK").expect("everybody gets past");
        waiting.join().expect("no panic").expect("it was only kept waiting");
    });
    store.health.check().expect("a connection is free");
}

#[test]
fn a_server_that_is_gone_is_unreachable_and_once_it_is_back_so_is_the_store() {
    let server = TestServer::start().expect("a server");
    let store = common::connect(&PgOptions { pool_size: 4, ..PgOptions::new(server.url()) });
    store.migrate().expect("every migration is applied");
    let store = Fixture::new(store.stores(), ());
    let doctor = store.doctor();

    server.crash().expect("it stops");
    let begin = Instant::now();
    let cause = unreachable(store.doctors.find(doctor.id()));
    assert!(cause.contains("Connection refused"), "{cause}");
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());

    server.restart().expect("it starts again");
    eventually("the store is back", || store.health.check().is_ok());
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
}

#[test]
fn nobody_gets_a_connection_that_has_died_unnoticed() {
    let server = TestServer::start().expect("a server");
    let store = common::connect(&PgOptions { pool_size: 4, ..PgOptions::new(server.url()) }).stores();
    let all_at_once = || {
        let start = Barrier::new(4);
        thread::scope(|scope| {
            let asked: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        store.health.check()
                    })
                })
                .collect();
            asked.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Result<Vec<_>, _>>()
        })
    };
    all_at_once().expect("four connections");
    server.crash().expect("it stops");
    server.restart().expect("it starts again");
    all_at_once().expect("four new connections");
}

#[test]
fn a_server_that_is_not_there_is_noticed_at_once() {
    let begin = Instant::now();
    let cause = unreachable(PgStore::connect(&PgOptions::new("postgres://booking:secret@127.0.0.1:1/booking")));
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert!(cause.contains("Connection refused") && !cause.contains("secret"), "{cause}");
}

#[test]
fn parameters_of_the_url_reach_the_server() {
    // The server has no TLS: whoever insists on it is told so, unless the parameter, or TLS here, got lost.
    let database = TestDatabase::create().expect("a database");
    if database.url().contains('?') {
        return; // a server of one's own, which may well have TLS
    }
    let cause = unreachable(PgStore::connect(&PgOptions::new(format!("{}?sslmode=require", database.url()))));
    assert!(cause.contains("server does not support SSL"), "{cause}");
}

// Migrations.

#[test]
fn migrating_twice_or_at_once_is_harmless() {
    let database = TestDatabase::create().expect("a database");
    let store = common::connect(&PgOptions::new(database.url()));
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                store.migrate().expect("migrated by this one or another");
            });
        }
    });
    let fixture = Fixture::new(store.stores(), ());
    let doctor = fixture.doctor();
    store.migrate().expect("nothing is left to do");
    assert_eq!(fixture.doctors.find(doctor.id()).expect("the store answers"), Some(doctor));
}

#[test]
fn a_database_without_tables_is_unreachable_and_not_a_reason_to_panic() {
    let database = TestDatabase::create().expect("a database");
    let stores = common::connect(&PgOptions::new(database.url())).stores();
    assert!(unreachable(stores.doctors.find(given::doctor_id())).contains("does not exist"));
}

// Rows.

/// The table and the key that an error names.
fn named(error: Option<Unavailable>) -> (&'static str, String) {
    match error {
        Some(Unavailable::Inconsistent { table, key, .. }) => (table, key),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_row_that_makes_no_sense_is_named_by_table_and_key() {
    let (store, mut other) = store_and_connection(|options| options);
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.booked(&doctor, &patient, given::monday(9, 0));
    let id = doctor.id();
    let mut spoil = |statement: &str| other.batch_execute(statement).expect("nothing stops it");

    spoil("UPDATE patients SET email = 'nonsense'");
    assert_eq!(named(store.patients.find(patient.id()).err()), ("patients", patient.id().to_string()));
    let listed = store.patients.list(&PatientFilter::default(), &given::whole());
    assert_eq!(named(listed.err()), ("patients", patient.id().to_string()));

    spoil("UPDATE bookings SET time_zone = 'Nowhere/X'");
    assert_eq!(named(store.bookings.find(booking.id()).err()), ("bookings", booking.id().to_string()));
    let outlook = store.doctors.outlook(id, given::now());
    assert_eq!(named(outlook.err()), ("bookings", booking.id().to_string()));
    let outlooks = store.closures.outlooks(given::january(7), given::now());
    assert_eq!(named(outlooks.err()), ("bookings", booking.id().to_string()));
    spoil("UPDATE bookings SET time_zone = 'UTC'");

    spoil("ALTER TABLE bookings DROP CONSTRAINT bookings_capacity_in_range; UPDATE bookings SET capacity = 51");
    assert_eq!(named(store.bookings.find(booking.id()).err()), ("bookings", booking.id().to_string()));
    spoil("UPDATE bookings SET capacity = 1");

    let check_up = store.visit_type_of(given::visit_type("Check-up"));
    spoil("ALTER TABLE visit_types DROP CONSTRAINT visit_types_notice_within_horizon");
    spoil("UPDATE visit_types SET max_days_ahead = 1, min_notice_minutes = 1441");
    let key = ("visit_types", check_up.id().to_string());
    assert_eq!(named(store.visit_types.find(check_up.id()).err()), key);
    assert_eq!(named(store.visit_types.find_all(&[check_up.id()]).err()), key);
    assert_eq!(named(store.visit_types.list(&VisitTypeFilter::default(), &given::whole()).err()), key);

    let nine = given::stretch(given::monday(9, 0), 60);
    let (away, closure) = (store.away(&doctor, nine), store.closed(given::january(31)));
    store.except(&doctor, given::override_of(given::january(7), &[("08:00", "12:00")]));

    spoil("ALTER TABLE override_windows DROP CONSTRAINT override_windows_end_in_range");
    spoil("UPDATE override_windows SET end_minute = 1441");
    let overrides = store.calendars.overrides(id, DateRange::day(given::january(7)));
    assert_eq!(named(overrides.err()), ("override_windows", format!("{id} on 2030-01-07")));
    let calendar = store.calendars.load(id, nine);
    assert_eq!(named(calendar.err()), ("override_windows", format!("{id} on 2030-01-07")));

    spoil("DELETE FROM override_windows; ALTER TABLE time_off DROP CONSTRAINT time_off_forwards");
    spoil("UPDATE time_off SET ends_at = starts_at");
    assert_eq!(named(store.calendars.find_time_off(away.id).err()), ("time_off", away.id.to_string()));
    assert_eq!(named(store.doctors.outlook(id, given::now()).err()), ("time_off", away.id.to_string()));

    spoil("DELETE FROM time_off; UPDATE closures SET name = ' '");
    assert_eq!(named(store.closures.find(closure.id).err()), ("closures", closure.id.to_string()));
    assert_eq!(named(store.closures.list(&given::whole()).err()), ("closures", closure.id.to_string()));

    spoil(
        "ALTER TABLE occupancy DROP CONSTRAINT occupancy_seat_within_capacity; UPDATE occupancy SET capacity = 51 WHERE kind = 1",
    );
    assert_eq!(named(store.calendars.load(id, nine).err()), ("occupancy", booking.id().to_string()));
    let shared = BookingParts { footprint: given::shared_by(2), ..given::booking(&doctor, &patient, nine) };
    match store.put(&Booking::from_parts(shared), store.seen(&doctor).doctor.revision()) {
        Err(StoreBookingError::Unavailable(error)) => {
            assert_eq!(named(Some(error)), ("occupancy", booking.id().to_string()));
        }
        other => panic!("{other:?}"),
    }

    spoil("UPDATE occupancy SET during = '[-infinity, infinity)'");
    let busy = store.calendars.load(id, nine);
    assert!(matches!(busy, Err(Unavailable::Unreachable(_) | Unavailable::Inconsistent { .. })), "{busy:?}");

    spoil(&format!("INSERT INTO working_windows VALUES ('{id}', '0001-01-01', 1, 540, 600)"));
    let overlapping = store.calendars.load(id, nine);
    assert_eq!(named(overlapping.err()), ("working_windows", format!("{id} from 0001-01-01")));

    spoil("DELETE FROM working_windows; UPDATE doctors SET time_zone = 'Nowhere/X'");
    assert_eq!(named(store.doctors.find(id).err()), ("doctors", id.to_string()));
    let listed = store.doctors.list(&DoctorFilter::default(), &given::whole());
    assert_eq!(named(listed.err()), ("doctors", id.to_string()));
}

#[test]
fn a_row_about_what_happens_that_makes_no_sense_is_named_too() {
    let (store, mut other) = store_and_connection(|options| options);
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.booked(&doctor, &patient, given::monday(9, 0));
    let id = doctor.id();
    let mut spoil = |statement: &str| other.batch_execute(statement).expect("nothing stops it");

    let hold = store.held(&doctor, given::stretch(given::monday(14, 0), 60));
    spoil("UPDATE holds SET time_zone = 'Nowhere/X'");
    assert_eq!(named(store.holds.find(hold.id).err()), ("holds", hold.id.to_string()));
    assert_eq!(named(store.doctors.outlook(id, given::now()).err()), ("holds", hold.id.to_string()));
    let outlooks = store.closures.outlooks(given::january(7), given::now());
    assert_eq!(named(outlooks.err()), ("holds", hold.id.to_string()));

    let waiting = Waiting::from_parts(given::waiting(&doctor, &patient));
    store.waitlist.add(&waiting, &Along::default()).expect("the place is added");
    spoil("UPDATE waitlist SET doctor_id = NULL, specialty = ' '");
    let key = ("waitlist", waiting.id().to_string());
    assert_eq!(named(store.waitlist.find(waiting.id()).err()), key);
    assert_eq!(named(store.waitlist.list(&WaitingFilter::default(), &given::whole()).err()), key);
    assert_eq!(named(store.waitlist.in_line(given::january(1), None, given::limit(1)).err()), key);

    let webhook = Webhook::from_parts(given::webhook());
    store.webhooks.add(&webhook, &Along::default()).expect("the webhook is added");
    spoil("UPDATE webhooks SET url = 'ftp://example.org'");
    assert_eq!(named(store.webhooks.find(webhook.id()).err()), ("webhooks", webhook.id().to_string()));
    spoil("UPDATE webhooks SET url = 'https://example.org', events = '{nonsense}'");
    assert_eq!(named(store.webhooks.list(&given::whole()).err()), ("webhooks", webhook.id().to_string()));

    let answer = given::answer("key");
    store.idempotency.keep(&answer).expect("the store answers");
    spoil("UPDATE idempotency SET headers = '[1]'");
    let found = store.idempotency.find(answer.claim.caller, &answer.claim.key);
    assert_eq!(named(found.err()), ("idempotency", answer.claim.caller.to_string()));

    let entry = given::entry_id();
    for (what, why, after) in
        [("nonsense", "x", "{}"), ("booking.created", " ", "{}"), ("booking.created", "x", "{\"a\": 1}")]
    {
        spoil("ALTER TABLE history DISABLE TRIGGER history_is_only_added_to; TRUNCATE outbox, events, history CASCADE");
        spoil(&format!(
            "INSERT INTO history VALUES ('{entry}', '{what}', '2029-12-03Z', NULL, '{why}', '{id}', NULL, '{}', '{{}}',
                 '{after}');
             INSERT INTO events VALUES (1, '{entry}')",
            booking.id()
        ));
        let key = ("history", entry.to_string());
        assert_eq!(named(store.history.of_booking(booking.id(), &given::whole()).err()), key, "{what} {why} {after}");
        assert_eq!(named(store.history.of_doctor(id, &given::whole()).err()), key);
        assert_eq!(named(store.events.after(0, Audience::Everybody, given::limit(1)).err()), key);
    }
}

#[test]
fn what_no_row_can_be_like_is_no_reason_to_fail() {
    let (store, _other) = store_and_connection(|options| options);
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.booked(&doctor, &patient, given::monday(9, 0));

    // The ends of time, and nanoseconds.
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let always = Span::new(first, last).expect("forwards");
    let calendar = store.calendars.load(doctor.id(), always).expect("the store answers").expect("the doctor is there");
    assert!(calendar.calendar.offer(given::monday(9, 0), given::now()).is_err());
    let outlook = store.doctors.outlook(doctor.id(), first).expect("an answer").expect("the doctor");
    assert_eq!(outlook.upcoming.bookings, std::slice::from_ref(&booking));
    let finds = |filter: BookingFilter| {
        store.bookings.list(&filter, &given::whole()).expect("the store answers").items == [booking.clone()]
    };
    let nanosecond = TimeDelta::nanoseconds(1);
    let nine = given::monday(9, 0);
    for (from, to, found) in [
        (first, last, true),
        (nine - nanosecond, nine + nanosecond, true),
        (nine, nine + nanosecond, true),
        (nine + nanosecond, last, false),
        (first, nine, false),
        (last, first, false),
    ] {
        assert_eq!(finds(BookingFilter { from: Some(from), to: Some(to), ..BookingFilter::default() }), found);
    }
    let (from_date, to_date) = (Some(NaiveDate::MIN), Some(NaiveDate::MAX));
    assert!(finds(BookingFilter { from_date, to_date, ..BookingFilter::default() }));
    assert!(!finds(BookingFilter { from_date: to_date, to_date: from_date, ..BookingFilter::default() }));
    let after = Some(BookingPosition { start: first, id: booking.id() });
    let page = PageRequest { after, ..given::whole() };
    assert_eq!(store.bookings.list(&BookingFilter::default(), &page).expect("the store answers").items, [booking]);

    let away = store.away(&doctor, given::stretch(nine + TimeDelta::days(30), 60));
    let closure = store.closed(given::january(31));
    for date in [NaiveDate::MIN, NaiveDate::MAX] {
        assert_eq!(store.closures.outlooks(date, first).expect("the store answers"), []);
        let dates = DateRange::new(NaiveDate::MIN, date).expect("forwards");
        assert_eq!(store.calendars.overrides(doctor.id(), dates).expect("the store answers"), Overrides::default());
    }
    assert!(store.doctors.outlook(doctor.id(), last).expect("the store answers").is_some());
    let after = Some(TimeOffPosition { start: first, id: away.id });
    let page = PageRequest { after, ..given::whole() };
    assert_eq!(store.calendars.time_off(doctor.id(), &page).expect("the store answers").items, [away]);
    let after = Some(ClosurePosition { date: NaiveDate::MIN, id: closure.id });
    let page = PageRequest { after, ..given::whole() };
    assert_eq!(store.closures.list(&page).expect("the store answers").items, [closure]);
    let check_up = store.visit_type_of(given::visit_type("Check-up"));
    let doctor = store.seen(&doctor).doctor;

    for after in [first, last] {
        let page = PageRequest { after: Some(EntryPosition { at: after, id: given::entry_id() }), ..given::whole() };
        let found = store.history.of_booking(given::booking_id(), &page).expect("the store answers");
        assert_eq!(found.items, []);
        let found = store.waitlist.in_line(NaiveDate::MIN, Some((after, WaitingId::from_u128(1))), given::limit(1));
        assert_eq!(found.expect("the store answers"), []);
        let lead = LeadTime::default();
        assert_eq!(store.reminders.due(lead, after, given::limit(1)).expect("the store answers"), []);
        store.holds.sweep(after).expect("the store answers");
        store.idempotency.sweep(after).expect("the store answers");
        store.waitlist.lapse(after).expect("the store answers");
        store.deliveries.enqueue(after, given::limit(1)).expect("the store answers");
        store.deliveries.claim(after, after, given::limit(1)).expect("the store answers");
    }
    assert_eq!(store.events.after(i64::MIN, Audience::Everybody, given::limit(1)).expect("the store answers"), []);

    // NUL, which no text in the database can have.
    store.deliveries.failed(DeliveryId::from_u128(1), "a\0b", first, Some(last)).expect("the store answers");
    let nul = || Some(SearchKey::of("a\0b"));
    let doctors = |filter: DoctorFilter| store.doctors.list(&filter, &given::whole()).expect("the store answers").items;
    assert_eq!(doctors(DoctorFilter { name: nul(), ..DoctorFilter::default() }), []);
    assert_eq!(doctors(DoctorFilter { specialty: nul(), ..DoctorFilter::default() }), []);
    let which = CalendarFilter { specialty: nul(), ..CalendarFilter::default() };
    assert!(store.calendars.load_all(&which, always).expect("the store answers").is_empty());
    let patients = store
        .patients
        .list(&PatientFilter { name: nul(), ..PatientFilter::default() }, &given::whole())
        .expect("the store answers");
    assert_eq!(patients.items, []);
    let after = Some(DoctorPosition { name: SearchKey::of("a\0b"), id: given::doctor_id() });
    let page = PageRequest { after, ..given::whole() };
    assert_eq!(store.doctors.list(&DoctorFilter::default(), &page).expect("the store answers").items, [doctor]);
    let after = Some(VisitTypePosition { name: SearchKey::of("a\0b"), id: given::visit_type_id() });
    let page = PageRequest { after, ..given::whole() };
    let found = store.visit_types.list(&VisitTypeFilter::default(), &page).expect("the store answers").items;
    assert_eq!(found, [check_up]);
}

#[test]
fn a_doctor_is_never_seen_half_changed() {
    let (store, _other) = store_and_connection(|options| options);
    let doctor = store.doctor();
    let check_up = given::visit_type_id();
    // With odd revisions the doctor's slots are long and the hours short, and some visits are not offered.
    let becomes = |revision: i64| {
        let odd = revision % 2 == 1;
        let hours = given::workdays("08:00", if odd { "12:00" } else { "18:00" });
        let rules = given::rules().with_hours(hours).with_slot(given::slot(if odd { 60 } else { 30 }));
        if odd { rules.with_visit_types([check_up]) } else { rules }
    };
    thread::scope(|scope| {
        let changing = scope.spawn(|| {
            for _ in 0..100 {
                let seen = store.seen(&doctor);
                let next = seen.doctor.revision().next();
                let rules = becomes(next.number());
                let slot = Some(rules.slot);
                let amended =
                    seen.doctor.amended(DoctorAmendment { slot, ..DoctorAmendment::default() }, given::later());
                let parts = DoctorParts {
                    id: amended.id(),
                    name: amended.name().clone(),
                    specialty: amended.specialty().clone(),
                    rules,
                    revision: next,
                    created_at: amended.created_at(),
                    updated_at: amended.updated_at(),
                };
                let doctor = Doctor::from_parts(parts);
                store.doctors.save(&given::change(doctor, &seen)).expect("nobody else changes it");
            }
        });
        while !changing.is_finished() {
            let found = store.doctors.find(doctor.id()).expect("the store answers").expect("the doctor is there");
            let listed =
                store.doctors.list(&DoctorFilter::default(), &given::whole()).expect("the store answers").items;
            for seen in [&found, &listed[0]].into_iter().filter(|seen| seen.revision().number() > 1) {
                assert_eq!(seen.rules(), &becomes(seen.revision().number()));
            }
        }
        changing.join().expect("no panic");
    });
}
