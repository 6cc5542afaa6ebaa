//! The program's commands, and what it says when it cannot do what it is told.

use doctor_booking_tests::{Server, Store, on_both_stores, run};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");

on_both_stores!(
    demo_fills_an_empty_database_and_leaves_a_full_one_alone,
    migrate_can_be_repeated,
    verify_tells_what_does_not_fit_together
);

fn demo_fills_an_empty_database_and_leaves_a_full_one_alone(store: &Store) {
    let demo = || run(BINARY, &["demo", "--database-url", store.url()]);
    let first = demo();
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    assert!(String::from_utf8_lossy(&first.stdout).starts_with("a demo clinic of "));
    let server = Server::start(BINARY, store.url());
    let count = |path: &str| server.client().get(path).expect(200)["items"].as_array().map_or(0, Vec::len);
    let doctors = count("/api/v1/doctors?limit=200");
    assert!(doctors >= 10 && count("/api/v1/patients?limit=200") >= 40 && count("/api/v1/bookings?limit=200") == 200);
    assert!(count("/api/v1/visit-types?retired=false") >= 4);
    let second = demo();
    assert!(second.status.success());
    assert!(String::from_utf8_lossy(&second.stdout).contains("not empty"));
    assert_eq!(count("/api/v1/doctors?limit=200"), doctors);
}

fn migrate_can_be_repeated(store: &Store) {
    for _ in 0..2 {
        let migrated = run(BINARY, &["--database-url", store.url(), "migrate"]);
        assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    }
}

fn verify_tells_what_does_not_fit_together(store: &Store) {
    let verify = || run(BINARY, &["verify", "--database-url", store.url()]);
    let filled = run(BINARY, &["demo", "--database-url", store.url()]);
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
    let sound = verify();
    assert!(sound.status.success(), "{}", String::from_utf8_lossy(&sound.stdout));
    assert_eq!(String::from_utf8_lossy(&sound.stdout), "everything fits together\n");
    store.execute("DELETE FROM occupancy WHERE kind = 1");
    let unsound = verify();
    assert!(!unsound.status.success());
    let told = String::from_utf8_lossy(&unsound.stdout);
    assert!(told.lines().count() > 100 && told.lines().all(|line| line.starts_with("occupancy ")), "{told}");
    assert!(String::from_utf8_lossy(&unsound.stderr).contains("not fit together"));
}

#[test]
fn openapi_prints_what_is_served() {
    let store = Store::sqlite();
    let printed = run(BINARY, &["openapi"]);
    assert!(printed.status.success());
    let printed: serde_json::Value = serde_json::from_slice(&printed.stdout).expect("JSON");
    let server = Server::start(BINARY, store.url());
    assert_eq!(printed, server.client().get("/openapi.json").expect(200));
    assert!(printed["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
}

#[test]
fn what_cannot_work_is_told_at_once_and_without_secrets() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let not_a_database = folder.path().join("text.db");
    std::fs::write(&not_a_database, "this is no database, but long enough to look like one ".repeat(100))
        .expect("written");
    let wrong = [
        vec!["--database-url".to_owned(), format!("sqlite://{}", folder.path().join("no/such/folder/a.db").display())],
        vec!["--database-url".to_owned(), format!("sqlite://{}", not_a_database.display())],
        vec!["--database-url".to_owned(), "postgres://someone:geheim@127.0.0.1:1/nothing".to_owned()],
        vec!["--database-url".to_owned(), "postgress://someone:geheim@127.0.0.1/nothing".to_owned()],
        vec![
            "--database-url".to_owned(),
            "sqlite::memory:".to_owned(),
            "--time-zone".to_owned(),
            "Mars/Base".to_owned(),
        ],
        vec!["--database-url".to_owned(), "sqlite::memory:".to_owned(), "--listen".to_owned(), "nowhere".to_owned()],
        vec!["--no-such-option".to_owned()],
    ];
    for arguments in wrong {
        let since = std::time::Instant::now();
        let ended = run(BINARY, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && !said.is_empty(), "{arguments:?}");
        assert!(!said.contains("geheim") && !said.contains("panicked"), "{said}");
        assert!(since.elapsed().as_secs() < 20, "{arguments:?} took {:?}", since.elapsed());
    }
}

#[test]
fn the_default_zone_is_the_configured_one() {
    let server = Server::start_with(BINARY, "sqlite::memory:", &["--time-zone", "Europe/Berlin"], &[]);
    let doctor = serde_json::json!({"firstName": "Jon", "lastName": "Snow", "specialty": "cardiology"});
    let doctor = server.client().post("/api/v1/doctors", &doctor).expect(201);
    assert_eq!((&doctor["timeZone"], &doctor["slotMinutes"]), (&"Europe/Berlin".into(), &60.into()));
}
