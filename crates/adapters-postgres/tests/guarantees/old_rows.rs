//! What is long over costs nothing: PostgreSQL reads as many rows with it as without.

use chrono::TimeDelta;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{
    Audience, AuditEntry, Booking, BookingParts, DateRange, Doctor, LeadTime, Outcome, Waiting, Webhook,
};
use doctor_booking_ports::{Along, AuditFilter, CalendarFilter, ClosureStep, PageRequest};
use doctor_booking_ports_contract::{Fixture, given};
use doctor_booking_test_postgres::TestDatabase;

use crate::{common, eventually, number, seats};

/// Years before all that matters: for each doctor 2,000 bookings, dates with windows of their own, stretches of time off,
/// entries about rules and others, answers, reminders, places in the waitlist, sessions and lines of the audit log; 5,000
/// closures, and 40,000 deliveries
/// that were put aside. Bookings that were kept stay live: only their end tells that they are over.
const OLD: &str = "
    CREATE TEMPORARY TABLE old AS SELECT doctors.id AS doctor, gen_random_uuid() AS id, nr,
        timestamptz '2019-01-01 08:00Z' + nr * interval '1 day' AS starts_at FROM doctors, generate_series(1, 2000) AS nr;
    INSERT INTO bookings SELECT doctor, id, gen_random_uuid(), starts_at, starts_at + interval '1 hour', 'UTC',
        starts_at AT TIME ZONE 'UTC', 'booked', NULL, NULL, false, 1, starts_at, starts_at FROM old;
    INSERT INTO occupancy SELECT 1, doctor, tstzrange(starts_at, starts_at + interval '1 hour'), id, true FROM old;
    INSERT INTO overrides SELECT doctor, starts_at::date FROM old;
    INSERT INTO override_windows SELECT doctor, starts_at::date, 480, 720 FROM old;
    INSERT INTO time_off SELECT doctor, id, starts_at, starts_at + interval '1 hour', NULL, starts_at FROM old;
    INSERT INTO closures SELECT id, starts_at::date, 'Staff outing', starts_at FROM old WHERE nr <= 500;
    INSERT INTO history SELECT id, 'doctor.changed', starts_at, NULL, NULL, doctor, NULL, NULL, '{}', '{}' FROM old;
    INSERT INTO history SELECT gen_random_uuid(), 'booking.created', starts_at, NULL, NULL, doctor, id, id, '{}', '{}'
        FROM old;
    INSERT INTO events
        SELECT (SELECT max(position) FROM events) + row_number() OVER (), id, doctor_id, patient_id FROM history
        WHERE id NOT IN (SELECT entry_id FROM events);
    DELETE FROM outbox;
    UPDATE webhooks SET told = (SELECT max(position) - 1 FROM events);
    INSERT INTO deliveries SELECT webhooks.id, position, gen_random_uuid(), at, 7, NULL, false, 'HTTP 410', at
        FROM webhooks, events, LATERAL (SELECT timestamptz '2019-01-02Z' AS at) AS failed WHERE position < told;
    INSERT INTO reminders SELECT id, starts_at, 1440 FROM old;
    INSERT INTO idempotency SELECT doctor, id::text, decode(repeat('00', 32), 'hex'), 201, '[]', '', starts_at FROM old;
    INSERT INTO waitlist SELECT id, id, doctor, NULL, NULL, starts_at::date, starts_at::date, id, starts_at, 'waiting',
        NULL, NULL, 1, starts_at, starts_at FROM old;
    INSERT INTO tokens SELECT old.id, 'Tablet', 'front-desk', NULL, NULL, sha256(old.id::text::bytea), token.id,
        starts_at, NULL, NULL, NULL, starts_at FROM old, (SELECT id FROM tokens) AS token;
    INSERT INTO audit SELECT gen_random_uuid(), starts_at, doctor, 'doctor', 'read-patients', 'seen', doctor, id, NULL, NULL
        FROM old;
    ANALYZE";

const ROWS_READ: &str = "SELECT ((SELECT sum(seq_tup_read) FROM pg_stat_user_tables)
    + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes))::bigint AS number";

/// How many rows are read while `ask` asks.
fn rows_read(database: &TestDatabase, ask: impl FnOnce(&Fixture)) -> i64 {
    let mut other = PgConnection::establish(database.url()).expect("the database is there");
    let before = number(&mut other, ROWS_READ);
    let store = Fixture::new(common::connect(&PgOptions::new(database.url())).stores(), ());
    ask(&store);
    drop(store);
    // A session tells the statistics what it read when it ends.
    let sessions = "SELECT count(*) AS number FROM pg_stat_activity WHERE datname = current_database()";
    eventually("the sessions end", || number(&mut other, sessions) <= 1);
    number(&mut other, ROWS_READ) - before
}

#[test]
fn what_is_long_over_is_not_even_looked_at() {
    let database = common::database();
    let store = Fixture::new(common::connect(&PgOptions::new(database.url())).stores(), ());
    let doctors: Vec<Doctor> = (0..10).map(|_| store.doctor()).collect();
    for doctor in &doctors {
        store.booked(doctor, &store.patient(), given::monday(12, 0));
    }
    seats::apart(&store, &doctors[1]);
    let booking = store.booked(&doctors[2], &store.patient(), given::monday(9, 0));
    let waiting = Waiting::from_parts(given::waiting(&doctors[3], &store.patient()));
    store.waitlist.add(&waiting, &Along::default()).expect("the place is added");
    let webhook = Webhook::from_parts(given::webhook());
    store.webhooks.add(&webhook, &Along::default()).expect("the webhook is added");
    store.events.publish().expect("the store answers");
    let mut other = PgConnection::establish(database.url()).expect("the database is there");
    other.batch_execute(OLD).expect("old rows");
    drop((store, other));

    let (doctor, shared) = (&doctors[0], &doctors[1]);
    let month = DateRange::new(given::january(1), given::january(31)).expect("forwards");
    let monday = || ClosureStep::Add(given::closure(given::january(7)));
    let calendar = |store: &Fixture| {
        store.calendars.load(doctor.id(), month.reach()).expect("the store answers");
    };
    let all_calendars = |store: &Fixture| {
        store.calendars.load_all(&CalendarFilter::default(), month.reach()).expect("the store answers");
    };
    let overrides = |store: &Fixture| {
        store.calendars.overrides(doctor.id(), month).expect("the store answers");
    };
    let change = |store: &Fixture| store.change(&doctor.revised(given::later()));
    let sharing = |store: &Fixture| drop(seats::seat(store, shared, seats::minutes(15, 60), 2));
    let closure = |store: &Fixture| store.closures.save(&store.closing(monday())).expect("the closure is saved");
    let limit = given::limit(20);
    let history_of_booking = |store: &Fixture| {
        store.history.of_booking(booking.id(), &PageRequest::first(limit)).expect("the store answers");
    };
    let history_of_doctor = |store: &Fixture| {
        store.history.of_doctor(doctor.id(), &PageRequest::first(limit)).expect("the store answers");
    };
    let reminders = |store: &Fixture| {
        let due = store.reminders.due(LeadTime::default(), given::monday(8, 0), limit).expect("the store answers");
        for booking in due {
            store.reminders.record(&booking, LeadTime::default(), &Along::default()).expect("the store answers");
        }
    };
    let line = |store: &Fixture| {
        let line = store.waitlist.in_line(given::january(1), None, limit).expect("the store answers");
        assert_eq!(line, std::slice::from_ref(&waiting));
        store.waitlist.lapse(given::monday(8, 0)).expect("the store answers");
    };
    let deliveries = |store: &Fixture| {
        store.events.publish().expect("the store answers");
        assert_eq!(store.deliveries.enqueue(given::now(), limit).expect("the store answers"), 1);
        let claimed = store.deliveries.claim(given::now(), given::later(), limit).expect("the store answers");
        assert_eq!(claimed.len(), 1);
        store.deliveries.failed(claimed[0].id, "HTTP 410", given::now(), None).expect("the store answers");
        store.deliveries.aside(webhook.id(), &PageRequest::first(limit)).expect("the store answers");
    };
    let holds = |store: &Fixture| {
        let shared = seats::minutes(120, 30);
        let hold = store.held(&store.seen(&doctors[4]).doctor, shared);
        store.holds.sweep(hold.expires_at).expect("the store answers");
    };
    let moves = |store: &Fixture| {
        let (doctor, other) = (store.seen(&doctors[5]).doctor, store.seen(&doctors[6]).doctor);
        let booking = store.try_book(&doctor, &store.patient(), seats::minutes(120, 30)).expect("it is free");
        let revision = booking.revision().next();
        let parts = BookingParts { doctor: other.id(), revision, ..booking.parts().clone() };
        let moved = Booking::from_parts(parts);
        store.place(&moved, booking.revision(), other.revision()).expect("it is free");
    };
    let answers = |store: &Fixture| {
        let answer = given::answer("key");
        store.idempotency.keep(&answer).expect("the store answers");
        store.idempotency.sweep(given::now() - TimeDelta::days(10_000)).expect("the store answers");
    };
    for (what, ask) in [
        ("what happened to a booking", &history_of_booking as &dyn Fn(&Fixture)),
        ("what happened to a doctor", &history_of_doctor),
        ("reminders", &reminders),
        ("the line", &line),
        ("deliveries", &deliveries),
        ("holds", &holds),
        ("a move", &moves),
        ("answers", &answers),
        ("a calendar", &calendar),
        ("all calendars", &all_calendars),
        ("overrides", &overrides),
        ("a change of rules", &change),
        ("a visit for which another moves", &sharing),
        ("a closure", &closure),
    ] {
        let read = rows_read(&database, ask);
        // A few for each doctor, with five windows a week. One question that looks at what is over reads 2,000 or more.
        assert!(read < 500, "{what} reads {read} rows");
    }
}

#[test]
fn what_is_others_is_not_even_looked_at() {
    let database = common::database();
    let store = Fixture::new(common::connect(&PgOptions::new(database.url())).stores(), ());
    let doctors: Vec<Doctor> = (0..10).map(|_| store.doctor()).collect();
    let booking = store.booked(&doctors[2], &store.patient(), given::monday(9, 0));
    store.events.publish().expect("the store answers");
    let token = given::token();
    let digest = store.token_of(&token);
    let refused = AuditEntry { outcome: Outcome::Refused, ..given::line() };
    store.audit.record(std::slice::from_ref(&refused)).expect("the line is written");
    let mut other = PgConnection::establish(database.url()).expect("the database is there");
    other.batch_execute(OLD).expect("old rows");
    drop((store, other));

    let limit = given::limit(20);
    let audience = |store: &Fixture| {
        let patient = Audience::Patient(booking.parts().patient);
        assert_eq!(store.events.after(0, patient, limit).expect("the store answers").len(), 1);
        let doctor = Audience::Doctor(doctors[9].id());
        assert_eq!(store.events.after(0, doctor, given::limit(5)).expect("the store answers").len(), 5);
    };
    let tokens = |store: &Fixture| {
        assert!(store.tokens.locate(digest.locator()).expect("the store answers").is_some());
        assert_eq!(store.tokens.list(&PageRequest::first(limit)).expect("the store answers").items.len(), 1);
        store.tokens.sweep(given::now() - TimeDelta::days(10_000)).expect("the store answers");
    };
    let audit = |store: &Fixture| {
        for filter in [
            AuditFilter { patient: refused.concerned.patient, ..AuditFilter::default() },
            AuditFilter { caller: refused.caller, ..AuditFilter::default() },
            AuditFilter { outcome: Some(Outcome::Refused), ..AuditFilter::default() },
            AuditFilter { from: Some(given::now()), ..AuditFilter::default() },
        ] {
            let found = store.audit.list(&filter, &PageRequest::first(limit)).expect("the store answers");
            assert_eq!(found.items, std::slice::from_ref(&refused));
        }
        store.audit.list(&AuditFilter::default(), &PageRequest::first(limit)).expect("the store answers");
    };
    let own_patients = |store: &Fixture| {
        let patient = booking.parts().patient;
        assert!(store.patients.is_seen_by(patient, doctors[2].id()).expect("the store answers"));
    };
    for (what, ask) in [
        ("what one is told of", &audience as &dyn Fn(&Fixture)),
        ("tokens", &tokens),
        ("who has seen what", &audit),
        ("whether a doctor sees a patient", &own_patients),
    ] {
        let read = rows_read(&database, ask);
        assert!(read < 500, "{what} reads {read} rows");
    }
}
