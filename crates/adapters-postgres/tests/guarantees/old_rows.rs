//! What is long over costs nothing: PostgreSQL reads as many rows with it as without.

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{DateRange, Doctor};
use doctor_booking_ports::{CalendarFilter, ClosureStep};
use doctor_booking_ports_contract::{Fixture, given};
use doctor_booking_test_postgres::TestDatabase;

use crate::{common, eventually, number, seats};

/// Years before all that matters: for each doctor 2,000 bookings, dates with windows of their own and stretches of time
/// off, and 5,000 closures. Bookings that were kept stay live: only their end tells that they are over.
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
    for (what, ask) in [
        ("a calendar", &calendar as &dyn Fn(&Fixture)),
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
