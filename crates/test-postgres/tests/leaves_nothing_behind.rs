//! Servers and databases are there when asked for, and gone with whoever asked.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use doctor_booking_test_postgres::{TestDatabase, TestServer};

fn psql(url: &str, statement: &str) -> Option<String> {
    let output = Command::new("psql").args(["-XqAtd", url, "-c", statement]).output().expect("psql runs");
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn port(url: &str) -> u16 {
    let (_, behind_host) = url.rsplit_once(':').expect("a port");
    behind_host.split('/').next().expect("a port").parse().expect("a number")
}

fn data_folder(url: &str) -> String {
    psql(url, "SHOW data_directory").expect("the server answers")
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_database_is_fresh_and_dropped_at_the_end() {
    let database = TestDatabase::create().expect("a database");
    let other = TestDatabase::create().expect("another one");
    assert_eq!(psql(database.url(), "SELECT 1").as_deref(), Some("1"));
    assert!(psql(database.url(), "CREATE TABLE t ()").is_some());
    assert!(psql(other.url(), "TABLE t").is_none());

    let url = database.url().to_owned();
    drop(database);
    assert!(psql(&url, "SELECT 1").is_none());
}

#[test]
fn a_copy_has_what_the_original_has() {
    let original = TestDatabase::create().expect("a database");
    assert!(psql(original.url(), "CREATE TABLE t AS SELECT 42 AS answer").is_some());
    let copy = original.copy().expect("a copy");
    assert_eq!(psql(copy.url(), "TABLE t").as_deref(), Some("42"));
}

#[test]
fn a_program_gets_a_copy_for_as_long_as_it_wants() {
    let original = TestDatabase::create().expect("a database");
    assert!(psql(original.url(), "CREATE TABLE t AS SELECT 42 AS answer").is_some());
    let (server, name) = original.url().rsplit_once('/').expect("a name");
    let mut program = Command::new(env!("CARGO_BIN_EXE_doctor-booking-test-database"))
        .arg(name)
        .env("TEST_DATABASE_URL", format!("{server}/postgres"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut url = String::new();
    BufReader::new(program.stdout.take().expect("piped")).read_line(&mut url).expect("a line");
    let url = url.trim();
    assert_ne!(url, original.url());
    assert_eq!(psql(url, "TABLE t").as_deref(), Some("42"));

    drop(program.stdin.take());
    assert!(program.wait().expect("it ends").success());
    assert!(psql(url, "SELECT 1").is_none());
}

#[test]
fn a_server_of_ones_own_survives_a_crash_and_is_gone_at_the_end() {
    let server = TestServer::start_durable().expect("a server");
    let (url, data) = (server.url(), data_folder(&server.url()));
    assert_eq!(psql(&url, "SHOW fsync").as_deref(), Some("on"));
    assert!(psql(&url, "CREATE TABLE t AS SELECT 42 AS answer").is_some());

    server.crash().expect("it stops");
    assert!(psql(&url, "SELECT 1").is_none());
    server.restart().expect("it starts again");
    assert_eq!(psql(&url, "TABLE t").as_deref(), Some("42"));

    drop(server);
    assert!(TcpStream::connect(("127.0.0.1", port(&url))).is_err());
    assert!(!Path::new(&data).parent().expect("a folder").exists());
}

/// Not a test of its own: the process that [`nothing_stays_behind_a_process_that_is_killed`] kills.
#[test]
#[ignore = "run by another test"]
fn the_victim() {
    let database = TestDatabase::create().expect("a database");
    eprintln!("victim {}", database.url());
    std::thread::sleep(Duration::from_mins(1));
}

#[test]
fn nothing_stays_behind_a_process_that_is_killed() {
    let mut victim = Command::new(std::env::current_exe().expect("a path"))
        .args(["--ignored", "--exact", "the_victim", "--nocapture"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(victim.stderr.take().expect("piped")).lines();
    let url = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("victim ").map(str::to_owned))
        .expect("it says where its database is");
    assert!(psql(&url, "SELECT 1").is_some());
    let external = std::env::var_os("TEST_DATABASE_URL").is_some();
    let folder = (!external).then(|| Path::new(&data_folder(&url)).parent().expect("a folder").to_owned());

    victim.kill().expect("kill -9");
    victim.wait().expect("it is gone");
    eventually("the database is gone", || psql(&url, "SELECT 1").is_none());
    if let Some(folder) = folder {
        eventually("the server is gone", || TcpStream::connect(("127.0.0.1", port(&url))).is_err());
        eventually("its folder is gone", || !folder.exists());
    }
}
