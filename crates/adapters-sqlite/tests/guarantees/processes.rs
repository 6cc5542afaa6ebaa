//! Other processes that use the same file, or die while they do.
//!
//! A test starts this program again, with [`PART`] and [`FILE`] telling what to do there.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use doctor_booking_domain::{Booking, BookingId, BookingParts, Entry, EntryId, What};
use doctor_booking_ports::{
    Along, DoctorFilter, KeptAnswer, NewBooking, PatientFilter, StoreBookingError, Unavailable,
};
use doctor_booking_ports_contract::{Fixture, given};

use crate::database::{Database, blob, file_in, migrated};

const PART: &str = "DOCTOR_BOOKING_TEST_PART";
const FILE: &str = "DOCTOR_BOOKING_TEST_FILE";

/// Where another process says what it has done.
fn diary_of(file: &Path) -> PathBuf {
    file.with_extension("diary")
}

/// Another process, killed at the end of the test at the latest.
struct Process(Child);

impl Process {
    fn start(part: &str, file: &Path) -> Self {
        let mut command = Command::new(env::current_exe().expect("this program"));
        command.args(["--ignored", "--exact", "processes::another_process"]).env(PART, part).env(FILE, file);
        Self(command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("this program starts again"))
    }

    fn succeeds(&mut self) -> bool {
        self.0.wait().expect("it ends").success()
    }

    /// As by a power cut, as far as the process is concerned: it can do nothing about it.
    fn kill(mut self) {
        self.0.kill().expect("it runs");
        self.0.wait().expect("it ends");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _ended_already = self.0.wait();
    }
}

#[test]
#[ignore = "what other tests of this file do in another process"]
fn another_process() {
    let (Ok(part), Some(file)) = (env::var(PART), env::var_os(FILE)) else { return };
    let file = Path::new(&file);
    match part.as_str() {
        "migrate" => drop(migrated(file)),
        "hold" => hold_the_write_lock(file),
        "book" => book_without_end(file),
        other => panic!("{other}?"),
    }
}

fn wait_for_lines(file: &Path, lines: usize) -> Vec<String> {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let text = fs::read_to_string(diary_of(file)).unwrap_or_default();
        // What is after the last line break was not written to its end.
        let written: Vec<_> = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).collect();
        if written.len() >= lines {
            return written.into_iter().map(str::to_owned).collect();
        }
        assert!(Instant::now() < until, "the other process does nothing");
        sleep(Duration::from_millis(5));
    }
}

fn write_line(file: &Path, line: &str) {
    let mut diary = fs::OpenOptions::new().create(true).append(true).open(diary_of(file)).expect("a diary");
    diary.write_all(format!("{line}\n").as_bytes()).expect("a line");
}

#[test]
fn of_processes_that_migrate_at_once_one_does_it_and_the_others_wait() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = file_in(folder.path());
        let mut all: Vec<_> = (0..4).map(|_| Process::start("migrate", &file)).collect();
        assert!(all.iter_mut().all(Process::succeeds));
        migrated(&file).stores().health.check().expect("the tables are there");
    }
}

#[test]
fn of_threads_that_open_and_migrate_at_once_all_succeed() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = &file_in(folder.path());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| migrated(file).stores().health.check().expect("the tables are there"));
            }
        });
    }
}

fn hold_the_write_lock(file: &Path) {
    let connection = &mut SqliteConnection::establish(file.to_str().expect("Unicode")).expect("the file is there");
    let patient = format!(
        "INSERT INTO patients VALUES ({}, 'c', 'd', 'd c', NULL, NULL, NULL, NULL, 1, 0, 0)",
        blob(given::patient_id().uuid().as_u128())
    );
    connection.batch_execute("BEGIN IMMEDIATE").expect("the write lock");
    connection.batch_execute(&patient).expect("a patient");
    write_line(file, "held");
    sleep(Duration::from_mins(1));
}

#[test]
fn while_another_process_writes_too_long_nothing_is_written_and_everything_can_be_read() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let (booking, rules) = store.offered(&doctor, &patient, given::monday(9, 0));
    let other = Process::start("hold", &database.path());
    wait_for_lines(&database.path(), 1);

    let asked = Instant::now();
    let answer = store.put(&booking, rules);
    let waited = asked.elapsed().as_secs_f64();
    assert!(matches!(answer, Err(StoreBookingError::Unavailable(Unavailable::Unreachable(_)))), "{answer:?}");
    assert!((1.5..20.0).contains(&waited), "{waited} s");
    assert_eq!((database.count("bookings"), database.count("occupancy")), (0, 0));
    assert!(store.is_free(&doctor, given::monday(9, 0)));

    // Of those who wait meanwhile none waits longer than for its turn and the other process.
    let asked = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(store.put(&booking, rules).is_err()));
        }
    });
    assert!(asked.elapsed().as_secs_f64() < 25.0, "{:?}", asked.elapsed());

    other.kill();
    store.put(&booking, rules).expect("nobody is in the way any more");
    assert_eq!((database.count("patients"), database.count("bookings"), database.count("occupancy")), (1, 1, 2));
}

/// Asks for one slot after the other, by the same keys in every process, and says so each time it was told that a booking
/// is stored.
fn book_without_end(file: &Path) {
    let store = Fixture::new(migrated(file).stores(), ());
    let doctors = store.doctors.list(&DoctorFilter::default(), &given::whole()).expect("the store answers").items;
    let patients = store.patients.list(&PatientFilter::default(), &given::whole()).expect("the store answers").items;
    for number in 0_i32.. {
        let start = given::monday(9, 0) + TimeDelta::hours(number.into());
        // Not `given`'s ids, which start anew in every process.
        let bits = (u128::from(std::process::id()) << 64) + u128::from(number.unsigned_abs());
        let booking = Booking::from_parts(BookingParts {
            id: BookingId::from_u128(bits),
            ..given::booking(&doctors[0], &patients[0], given::stretch(start, 60))
        });
        let told = given::told(What::BookingCreated, None, &booking);
        let history = vec![Entry { id: EntryId::from_u128(bits), ..told }];
        let body = booking.id().to_string().into_bytes();
        let answer = Some(KeptAnswer { body, ..given::answer(&format!("request-{number}")) });
        let along = Along { history, answer };
        let new = NewBooking { booking, decided_on: doctors[0].revision(), hold: None, along };
        match store.bookings.store(&new) {
            Ok(()) => write_line(file, &new.booking.id().to_string()),
            // By a process before this one, whether it has come to say so or not.
            Err(StoreBookingError::Answered) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[test]
fn what_was_answered_stays_and_nothing_is_half_written_when_a_process_is_killed() {
    let mut database = Database::new();
    let store = database.fixture();
    store.doctor();
    store.patient();
    for round in 1..=5 {
        let process = Process::start("book", &database.path());
        wait_for_lines(&database.path(), round * 20);
        process.kill();

        let told = wait_for_lines(&database.path(), 0);
        for id in &told {
            let id: BookingId = id.parse().expect("an id");
            assert!(store.bookings.find(id).expect("the store answers").is_some());
        }
        let bookings = database.count("bookings");
        // The last one may have been stored without anybody having been told.
        let untold = usize::try_from(bookings).expect("a number") - told.len();
        assert!(untold <= round, "{untold}");
        assert_eq!(database.count("occupancy WHERE live"), 2 * bookings);
        // Each booking has its key, and each key its booking.
        let own = "idempotency JOIN bookings ON lower(hex(bookings.id)) = replace(CAST(body AS TEXT), '-', '')";
        assert_eq!((database.count("idempotency"), database.count(own)), (bookings, bookings));
        let told = "history JOIN bookings ON bookings.id = booking_id";
        assert_eq!((database.count("history"), database.count(told)), (bookings, bookings));
        store.assert_consistent();
    }
}
