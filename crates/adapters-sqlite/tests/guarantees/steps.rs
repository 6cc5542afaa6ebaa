//! Steps of the migrations that meet a database in which something is.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use doctor_booking_domain::{Audience, Booking, BookingParts, BookingStatus, Footprint};
use doctor_booking_ports_contract::given;

use crate::database::{Database, blob, migrated};
use crate::visits::{apart, booked, span};

const EARLIER: [&str; 4] = [
    "2026-11-22-000001_doctors",
    "2026-11-22-000002_patients",
    "2026-11-22-000003_bookings",
    "2026-11-22-000004_exceptions",
];
const VISIT_TYPES: &str = "2026-11-24-000005_visit_types";
const LIFE: &str = "2026-11-24-000006_life";
const ACCESS: &str = "2026-11-24-000007_access";
const SET_ASIDE: &str = "2026-11-24-000008_set_aside";

/// The statements of a step, up or down.
fn statements(step: &str, file: &str) -> String {
    let path = format!("{}/migrations/{step}/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("a file of the step")
}

/// Takes the last step back.
fn take_back(database: &mut Database, step: &str) -> QueryResult<()> {
    let down = statements(step, "down.sql");
    let version = "(SELECT max(version) FROM __diesel_schema_migrations)";
    let forget = format!("DELETE FROM __diesel_schema_migrations WHERE version = {version}");
    database.raw().immediate_transaction(|connection| connection.batch_execute(&format!("{down} {forget}")))
}

/// Takes back what came since bookings have a life.
fn take_back_life(database: &mut Database) -> QueryResult<()> {
    take_back(database, SET_ASIDE)?;
    take_back(database, ACCESS)?;
    take_back(database, LIFE)
}

/// Takes back what came since there are visit types.
fn take_back_visit_types(database: &mut Database) -> QueryResult<()> {
    take_back_life(database)?;
    take_back(database, VISIT_TYPES)
}

/// What is in a database, without comments and however it is laid out.
fn schema(connection: &mut SqliteConnection) -> Vec<String> {
    let query = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE '\\_\\_%' ESCAPE '\\'";
    let all: Vec<String> = sql::<Text>(query).load(connection).expect("a schema");
    let plain = |sql: String| -> String {
        let code = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
        code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ").replace('"', "")
    };
    let mut all: Vec<String> = all.into_iter().map(plain).collect();
    all.sort_unstable();
    all
}

#[test]
fn what_was_booked_before_there_were_visit_types_is_alone_with_the_doctor_and_has_no_buffers() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let kept = store.booked(&doctor, &patient, given::monday(9, 0));
    let cancelled = store.booked(&doctor, &patient, given::monday(10, 0));
    store.cancel(&cancelled);
    take_back_visit_types(&mut database).expect("nobody shares a doctor");
    let raw = given::booking(&doctor, &patient, given::stretch(given::monday(11, 0), 60));
    let [id, of, who] = [raw.id.uuid(), doctor.id().uuid(), patient.id().uuid()].map(|id| blob(id.as_u128()));
    let [start, end, now] = [raw.span.start(), raw.span.end(), raw.created_at].map(|at| at.timestamp_micros());
    database
        .execute(&format!(
            "INSERT INTO bookings VALUES ({of}, {id}, {who}, {start}, {end}, 'UTC', '2030-01-07T11:00:00', 'booked', NULL,
                 NULL, 0, 1, {now}, {now});
             INSERT INTO occupancy VALUES (1, {of}, {start}, {end}, {id}, 1), (2, {who}, {start}, {end}, {id}, 1)"
        ))
        .expect("rows as they were before");

    drop(migrated(&database.path()));

    assert_eq!(store.doctors.find(doctor.id()).expect("the store answers").as_ref(), Some(&doctor));
    let booking = store.bookings.find(raw.id).expect("the store answers").expect("it is there");
    assert_eq!((booking.parts(), raw.footprint, raw.visit_type), (&raw, Footprint::default(), None));
    assert_eq!(store.found(&kept), Some(kept));
    assert_eq!(store.found(&cancelled), Some(given::cancelled(&cancelled)));
    let free = [9, 10, 11, 12].map(|hour| store.is_free(&doctor, given::monday(hour, 0)));
    assert_eq!(free, [false, true, false, true]);
    assert_eq!(database.count("occupancy WHERE capacity = 1 AND seat = 0 AND live"), 4);
    assert_eq!(database.count("occupancy"), 6);
    let refused = store.try_book(&doctor, &store.patient(), given::stretch(given::monday(11, 59), 60));
    refused.expect_err("the doctor is occupied");
}

#[test]
fn taken_back_a_step_leaves_what_was_there_before_it() {
    let mut database = Database::new();
    let after = schema(database.raw());
    for (step, earlier) in [
        (SET_ASIDE, [&EARLIER[..], &[VISIT_TYPES, LIFE, ACCESS]].concat()),
        (ACCESS, [&EARLIER[..], &[VISIT_TYPES, LIFE]].concat()),
        (LIFE, [&EARLIER[..], &[VISIT_TYPES]].concat()),
        (VISIT_TYPES, EARLIER.to_vec()),
    ] {
        let before = &mut SqliteConnection::establish(":memory:").expect("a database in memory");
        take_back(&mut database, step).expect("nothing is there");
        for step in earlier {
            before.batch_execute(&statements(step, "up.sql")).expect("a step");
        }
        assert_eq!(schema(database.raw()), schema(before));
    }
    drop(migrated(&database.path()));
    assert_eq!(schema(database.raw()), after);
}

#[test]
fn taken_back_the_step_leaves_bookings_without_buffers() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let buffers = Footprint { before: given::buffer(20), after: given::buffer(10), ..given::shared_by(3) };
    booked(&store, &doctor, span(0, 30), buffers);
    take_back_visit_types(&mut database).expect("nobody shares a doctor with anybody");
    let own = "occupancy AS taken JOIN bookings AS visit ON visit.id = taken.booking AND
               visit.starts_at = taken.starts_at AND visit.ends_at = taken.ends_at";
    assert_eq!((database.count("occupancy WHERE live"), database.count(own)), (2, 2));
    drop(migrated(&database.path()));
    store.try_book(&doctor, &store.patient(), span(30, 60)).expect("there is no buffer");
    assert!(store.try_book(&doctor, &store.patient(), span(0, 30)).is_err());
}

#[test]
fn where_several_share_a_doctor_the_step_cannot_be_taken_back() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let there = apart(&store, &doctor, 4);
    let refused = take_back_visit_types(&mut database).expect_err("several share a doctor");
    assert_eq!(refused.to_string(), "occupancy_overlap");
    drop(migrated(&database.path()));
    assert!(there.iter().all(|booking| store.found(booking).as_ref() == Some(booking)));
}

/// Every row of a table, as text.
fn rows(database: &mut Database, table: &str, columns: &str) -> Vec<String> {
    let query = format!("SELECT json_array({columns}) AS row FROM {table} ORDER BY row");
    sql::<Text>(&query).load(database.raw()).expect("rows")
}

const BOOKED: &str =
    "hex(doctor_id), hex(id), hex(patient_id), starts_at, ends_at, time_zone, local_start, status, reason,
    cancel_reason, outside_hours, revision, created_at, updated_at, hex(visit_type_id), buffer_before_minutes,
    buffer_after_minutes, capacity";
const OCCUPIED: &str = "kind, hex(subject), starts_at, ends_at, hex(booking), live, capacity, seat";

#[test]
fn what_was_booked_before_it_had_a_life_is_there_with_everything_it_occupies_in_both_directions() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, shared) = (store.doctor(), store.doctor());
    let there = apart(&store, &shared, 4);
    let kept = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    store.cancel(&store.booked(&doctor, &store.patient(), given::monday(10, 0)));
    let tables = [("bookings", BOOKED), ("occupancy", OCCUPIED)];
    let before = tables.map(|(table, columns)| rows(&mut database, table, columns));
    for _ in 0..2 {
        take_back_life(&mut database).expect("it can be taken back");
        assert_eq!(tables.map(|(table, columns)| rows(&mut database, table, columns)), before);
        drop(migrated(&database.path()));
        assert_eq!(tables.map(|(table, columns)| rows(&mut database, table, columns)), before);
    }
    assert!(there.iter().chain([&kept]).all(|booking| store.found(booking).as_ref() == Some(booking)));
    assert!(store.try_book(&doctor, &store.patient(), kept.span()).is_err());
    store.assert_consistent();
    store.cancel(&kept);
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
}

#[test]
fn taken_back_the_life_of_bookings_leaves_who_came_booked_and_who_did_not_cancelled_and_nothing_held() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let end = |hour: u32, status: BookingStatus| {
        let booking = store.booked(&doctor, &store.patient(), given::monday(hour, 0));
        let parts = BookingParts { status, revision: booking.revision().next(), ..booking.parts().clone() };
        store.save(&Booking::from_parts(parts), booking.revision()).expect("it is saved");
    };
    for (hour, status) in (9..).zip(BookingStatus::ALL) {
        end(hour, status);
    }
    store.held(&doctor, given::stretch(given::monday(14, 0), 60));
    take_back_life(&mut database).expect("it can be taken back");
    assert_eq!(database.count("bookings WHERE status = 'booked'"), 3);
    assert_eq!(database.count("bookings WHERE status = 'cancelled'"), 2);
    assert_eq!((database.count("occupancy WHERE live"), database.count("occupancy")), (6, 10));
    drop(migrated(&database.path()));
    store.assert_consistent();
    let free = (9..15).map(|hour| store.is_free(&doctor, given::monday(hour, 0)));
    assert_eq!(free.collect::<Vec<_>>(), [false, false, false, true, true, true]);
}

#[test]
fn what_has_happened_before_there_were_audiences_is_told_to_them_in_both_directions() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    store.token_of(&given::token());
    store.audit.record(&[given::line()]).expect("the line is written");
    let booking = store.booked(&doctor, &patient, given::monday(9, 0));
    take_back(&mut database, SET_ASIDE).expect("it can be taken back");
    take_back(&mut database, ACCESS).expect("it can be taken back");
    drop(migrated(&database.path()));
    assert_eq!((database.count("tokens"), database.count("audit")), (0, 0));
    for audience in [Audience::Doctor(doctor.id()), Audience::Patient(patient.id())] {
        let told = store.events.after(0, audience, given::limit(9)).expect("the store answers");
        assert_eq!(told.iter().map(|event| event.entry.booking).collect::<Vec<_>>(), [Some(booking.id())]);
    }
    assert!(store.patients.is_seen_by(patient.id(), doctor.id()).expect("the store answers"));
    store.assert_consistent();
}

#[test]
fn where_a_patients_visits_overlap_the_step_cannot_be_taken_back_and_where_they_do_not_all_are_ordinary() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, other, patient) = (store.doctor(), store.doctor(), store.patient());
    let nine = store.booked(&doctor, &patient, given::monday(9, 0));
    let parts = given::booking(&other, &patient, given::stretch(given::monday(9, 30), 60));
    let beside = Booking::from_parts(BookingParts { beside_others: true, ..parts });
    store.put(&beside, other.revision()).expect("it may be beside others");
    let refused = take_back(&mut database, SET_ASIDE).expect_err("two overlap");
    assert_eq!(refused.to_string(), "occupancy_overlap");
    assert!([&nine, &beside].iter().all(|booking| store.found(booking).as_ref() == Some(booking)));
    store.cancel(&nine);
    take_back(&mut database, SET_ASIDE).expect("nothing overlaps");
    assert_eq!(database.count("occupancy WHERE seat > 0"), 0);
    drop(migrated(&database.path()));
    let ordinary = Booking::from_parts(BookingParts { beside_others: false, ..beside.parts().clone() });
    assert_eq!(store.found(&beside), Some(ordinary));
    store.assert_consistent();
    assert!(store.try_book(&doctor, &patient, beside.span()).is_err());
}
