//! How long it takes to search the free time of many doctors: at most 100 ms for 31 days of 50 doctors with 10,000
//! bookings in them, and at most 1.2 times that with 1,000,000 old bookings in the tables.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use divan::Bencher;
use doctor_booking_adapters_sqlite::{SqliteLocation, SqliteOptions, SqliteStore};
use doctor_booking_adapters_system::UuidIds;
use doctor_booking_application::{FreeSlot, Gate, SearchAvailability};
use doctor_booking_domain::{Actor, Calendar, CallerId, DateRange, Day, Doctor, DoctorParts, PatientParts, Rules};
use doctor_booking_ports::{CalendarFilter, Clock, Limit};
use doctor_booking_ports_contract::{Fixture, given};

fn main() {
    divan::main();
}

const DOCTORS: usize = 50;
const BOOKINGS_OF_A_DOCTOR: usize = 200;
const ZONES: [&str; 4] = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"];

/// 31 days of 20 slots.
fn days() -> DateRange {
    let first = NaiveDate::from_ymd_opt(2030, 3, 15).expect("a date");
    DateRange::new(first, first + Days::new(30)).expect("forwards")
}

/// It is a week before.
#[derive(Clone, Copy)]
struct Standing;

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2030, 3, 8, 8, 0, 0).single().expect("a moment")
    }
}

#[divan::bench(args = [0, 1_000_000])]
fn with_old_bookings(bencher: Bencher, old: usize) {
    let hospital = hospital(old);
    assert_eq!(search(&hospital).len(), usize::from(Limit::MOST));
    bencher.bench_local(|| search(&hospital));
}

/// The earliest free slots of everybody.
fn search(hospital: &Fixture) -> Vec<FreeSlot> {
    let (calendars, visit_types) = (hospital.calendars.clone(), hospital.visit_types.clone());
    let gate = Gate::new(hospital.audit.clone(), Arc::new(Standing), Arc::new(UuidIds));
    let search = SearchAvailability::new(gate, calendars, visit_types, Arc::new(Standing));
    let (filter, most) = (CalendarFilter::default(), given::limit(Limit::MOST));
    search
        .execute(&Actor::administrator(CallerId::from_u128(1)), &filter, days(), None, most)
        .expect("the store answers")
}

/// Doctors in a file, each with every third slot booked, and so many bookings a year before and earlier.
fn hospital(old: usize) -> Fixture {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("hospital.db");
    let store = SqliteStore::open(&SqliteOptions::new(SqliteLocation::File(path.clone()))).expect("the database opens");
    store.migrate().expect("the tables are made");
    let hospital = Fixture::new(store.stores(), folder);
    let doctors: Vec<Doctor> = (0..DOCTORS).map(|number| doctor(&hospital, ZONES[number % ZONES.len()])).collect();
    fill(&path, &doctors, old);
    hospital
}

/// Every day from 8 to 18 o'clock in half hours. The only patient has the same id.
fn doctor(hospital: &Fixture, zone: &str) -> Doctor {
    let hours = given::every_day("08:00", "18:00");
    let rules = Rules::new(given::zone(zone)).with_hours(hours).with_slot(given::slot(30));
    let doctor = hospital.doctor_of(DoctorParts { rules, ..given::doctor() });
    hospital.patient_of(PatientParts { id: doctor.id().uuid().into(), ..given::patient() });
    doctor
}

/// Bookings to come and `old` ones, written by SQL: a million one by one would take an hour.
fn fill(path: &Path, doctors: &[Doctor], old: usize) {
    let connection = &mut SqliteConnection::establish(path.to_str().expect("Unicode")).expect("the file is there");
    connection
        .batch_execute(
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY; BEGIN;
            CREATE TEMP TABLE stretches (doctor BLOB, number INTEGER, starts_at INTEGER, ends_at INTEGER);",
        )
        .expect("a table");
    let to_come: Vec<_> = doctors.iter().flat_map(booked).collect();
    diesel::sql_query(
        "INSERT INTO stretches SELECT unhex(value ->> 0), 10000000 + key, value ->> 1, value ->> 2 FROM json_each(?)",
    )
    .bind::<Text, _>(format!("[{}]", to_come.join(",")))
    .execute(connection)
    .expect("rows");
    // Half hours without a break that end a year before.
    let each = old / doctors.len();
    let last = (Standing.now() - TimeDelta::days(365)).timestamp_micros();
    connection
        .batch_execute(&format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {each})
            INSERT INTO stretches
            SELECT id, {each} - n, {last} - (n + 1) * 1800000000, {last} - n * 1800000000
            FROM doctors, numbers WHERE {each} > 0;
            INSERT INTO bookings
            SELECT doctor, unhex(printf('%016x', number) || substr(hex(doctor), 17)), doctor, starts_at, ends_at, 'UTC',
                strftime('%Y-%m-%dT%H:%M:%S', starts_at / 1000000, 'unixepoch'), 'booked', NULL, NULL, 0, 1, 0, 0,
                NULL, 0, 0, 1, NULL
            FROM stretches;
            INSERT INTO occupancy
            SELECT kind, doctor, starts_at, ends_at, id, 1, 1, 0, NULL
            FROM (SELECT 1 AS kind UNION SELECT 2),
                (SELECT doctor_id AS doctor, starts_at, ends_at, id FROM bookings)
            ORDER BY kind, doctor, id;
            COMMIT;
            PRAGMA wal_checkpoint(TRUNCATE);"
        ))
        .expect("rows");
    let written: i64 = sql::<BigInt>("SELECT count(*) FROM bookings").get_result(connection).expect("a number");
    assert_eq!(usize::try_from(written), Ok(doctors.len() * BOOKINGS_OF_A_DOCTOR + old));
}

/// Every third slot of the days, as rows of JSON.
fn booked(doctor: &Doctor) -> Vec<String> {
    let calendar = Calendar::new(doctor.id(), doctor.rules().clone(), vec![]);
    let days = calendar.days(days(), Standing.now());
    let free = days.iter().flat_map(Day::free).step_by(3).take(BOOKINGS_OF_A_DOCTOR).map(|slot| slot.span);
    let id = doctor.id().uuid().simple();
    let micros = |instant: DateTime<Utc>| instant.timestamp_micros();
    free.map(|span| format!("[\"{id}\",{},{}]", micros(span.start()), micros(span.end()))).collect()
}
