//! Opening, closing, and what stands in the way.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use doctor_booking_adapters_sqlite::{SqliteLocation, SqliteOptions, SqliteStore};
use doctor_booking_ports::Unavailable;
use doctor_booking_ports_contract::{Fixture, given};

use crate::database::{Database, file_in, migrated, options};

/// Everything an error says, from the outside in.
fn chain(error: &dyn Error) -> String {
    let source = error.source().map(chain);
    source.map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

fn is_refused_at_once(path: &Path, why: &str) {
    let asked = Instant::now();
    let error = SqliteStore::open(&options(path)).expect_err(why);
    // A pool would try for 30 s; in between lies what a busy machine may need.
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
    assert!(matches!(error, Unavailable::Unreachable(_)), "{error:?}");
    let said = chain(&error);
    assert!(said.contains(path.to_str().expect("Unicode")) && said.contains(why), "{said}");
}

#[test]
fn what_cannot_be_opened_is_told_at_once_and_clearly() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let missing = folder.path().join("missing");
    is_refused_at_once(&file_in(&missing), "there is no folder");
    assert!(!missing.exists());

    is_refused_at_once(folder.path(), "nable to open");

    let letter = folder.path().join("letter.txt");
    fs::write(&letter, "Dear doctor, ".repeat(100)).expect("a letter");
    is_refused_at_once(&letter, "not a database");
    is_refused_at_once(&letter.join("hospital.db"), "there is no folder");
}

#[cfg(unix)]
#[test]
fn a_new_database_can_be_read_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = migrated(&file_in(folder.path()));
    let files: Vec<_> = fs::read_dir(folder.path()).expect("a folder").map(|file| file.expect("a file")).collect();
    assert!(files.len() >= 2, "the database and its log");
    for file in files {
        let mode = file.metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", file.path().display());
    }
    drop(store);
}

#[test]
fn a_database_that_was_not_migrated_is_not_healthy() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = SqliteStore::open(&options(&file_in(folder.path()))).expect("the database opens");
    let health = store.stores().health;
    assert!(matches!(health.check(), Err(Unavailable::Unreachable(_))));
    store.migrate().expect("the tables are made");
    health.check().expect("it is there");
}

#[test]
fn migrating_twice_changes_nothing() {
    let mut database = Database::new();
    let doctor = database.fixture().doctor();
    let again = migrated(&database.path());
    assert_eq!(again.stores().doctors.find(doctor.id()).expect("the store answers"), Some(doctor));
    assert_eq!(database.count("__diesel_schema_migrations"), 8);
}

#[test]
fn a_name_that_sqlite_could_take_for_something_else_is_a_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in [":memory:", "file:hospital.db?mode=memory", "h%20.db"] {
        let path = folder.path().join(name);
        drop(migrated(&path));
        assert!(path.is_file(), "{name}");
    }
}

#[test]
fn everything_is_there_again_after_closing_and_opening() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = file_in(folder.path());
    let store = Fixture::new(migrated(&path).stores(), ());
    let (doctor, patient) = (store.doctor(), store.patient());
    let kept = store.booked(&doctor, &patient, given::monday(9, 0));
    let booked = store.booked(&doctor, &patient, given::monday(10, 0));
    let cancelled = given::cancelled(&booked);
    store.save(&cancelled, booked.revision()).expect("the cancelled booking is saved");
    drop(store);

    let store = Fixture::new(migrated(&path).stores(), ());
    assert_eq!(store.doctors.find(doctor.id()).expect("the store answers").as_ref(), Some(&doctor));
    assert_eq!(store.patients.find(patient.id()).expect("the store answers"), Some(patient));
    assert_eq!((store.found(&kept), store.found(&cancelled)), (Some(kept), Some(cancelled)));
    assert!(!store.is_free(&doctor, given::monday(9, 0)));
    assert!(store.is_free(&doctor, given::monday(10, 0)));
}

#[test]
fn in_memory_everything_lives_as_long_as_one_of_its_stores() {
    let store = SqliteStore::open(&SqliteOptions::new(SqliteLocation::Memory)).expect("the database opens");
    store.migrate().expect("the tables are made");
    let stores = store.stores();
    drop(store);
    let fixture = Fixture::new(stores, ());
    let doctor = fixture.doctor();
    assert_eq!(fixture.doctors.find(doctor.id()).expect("the store answers"), Some(doctor));
}

#[test]
fn every_step_of_the_migrations_can_be_taken_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let steps = fs::read_dir(folder).expect("the migrations").map(|entry| entry.expect("a step").path());
    let mut steps: Vec<_> = steps.collect();
    steps.sort();
    let connection = &mut SqliteConnection::establish(":memory:").expect("a database in memory");
    let mut run = |step: &Path, file: &str| {
        let statements = fs::read_to_string(step.join(file)).expect("a file of the step");
        connection.batch_execute(&statements).expect("the step can be taken");
    };
    for _ in 0..2 {
        for step in &steps {
            run(step, "up.sql");
        }
        for step in steps.iter().rev() {
            run(step, "down.sql");
        }
    }
}
