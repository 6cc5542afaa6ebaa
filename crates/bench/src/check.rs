//! Whether the rows that are filled in, and those that are written for comparison, are as the service writes them.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::bookings;
use crate::fill::{self, EVENTS, kind};
use crate::postgres::Postgres;
use crate::server::Program;
use crate::slots::Clinic;
use crate::sqlite::Sqlite;

/// How many old bookings are filled in.
const OLD: u64 = 700;

/// Fills small databases, has pgbench and one process write into them, and lets the service of this binary look.
///
/// # Errors
///
/// When it finds anything that does not fit together, or not what should be there.
pub fn rows_are_those_of_the_service(binary: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let program = Program { binary: binary.to_owned(), options: vec![], logs: folder.path().to_owned() };
    let clinic = Clinic::new(7, 50, 10)?;
    on_postgres(&program, folder.path(), &clinic)?;
    on_sqlite(&program, folder.path(), &clinic)
}

fn on_postgres(program: &Program, folder: &Path, clinic: &Clinic) -> Result<()> {
    let postgres = Postgres::start(folder)?;
    let filled = fill::with_doctors(program, &postgres, "filled", clinic)?;
    let guarded = "SELECT count(*) FROM pg_constraint WHERE contype IN ('f', 'x')";
    let indexed = "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'";
    let before = (postgres.number("filled", guarded)?, postgres.number("filled", indexed)?);
    let there = filled.add_old_bookings(&postgres, OLD)?;
    ensure!(there == OLD, "{there} bookings were filled in");
    let after = (postgres.number("filled", guarded)?, postgres.number("filled", indexed)?);
    ensure!(before == after, "of {before:?} constraints and indexes {after:?} are left");
    look(program, &filled.url)?;
    // 1,120 slots are not too few for 700 and what one second writes: clients stop where there are none left.
    let script = bookings::script(&filled)?;
    let told = postgres.pgbench("filled", &(script + STOP), &[("n", 0), ("first", 0)], Duration::from_secs(1))?;
    let booked = postgres.number("filled", "SELECT count(*) FROM bookings WHERE starts_at > now()")?;
    ensure!(told.transactions > 0 && booked > 1, "pgbench has booked nothing");
    look(program, &filled.url)?;
    let server = program.serve(&filled.url)?;
    postgres.wait_for_events("filled", EVENTS)?;
    drop(server);
    program.verify(&filled.url)
}

/// One is enough of each client.
const STOP: &str = "\\sleep 2 s\n";

fn on_sqlite(program: &Program, folder: &Path, clinic: &Clinic) -> Result<()> {
    let sqlite = Sqlite::fill(program, &folder.join("clinic.db"), clinic, OLD)?;
    look(program, &sqlite.url)?;
    let (measured, _) = sqlite.book_raw(0, Duration::from_millis(200))?;
    let there = sqlite.number("SELECT count(*) FROM bookings")?;
    ensure!(there == OLD + 1 + measured.count, "{there} bookings are there");
    look(program, &sqlite.url)
}

/// Has the service verify everything, and show an old booking.
fn look(program: &Program, url: &str) -> Result<()> {
    program.verify(url)?;
    let server = program.serve(url)?;
    let booking = format!("00000000-{:04x}-7000-8000-{:012x}", kind::OLD_BOOKING, OLD - 1);
    let (shown, _) = server.client().get(&format!("/api/v1/bookings/{booking}"))?;
    let (history, _) = server.client().get(&format!("/api/v1/bookings/{booking}/history"))?;
    let told = &history["items"][0]["after"];
    let is_same = ["doctorId", "patientId", "start", "end", "timeZone", "status"]
        .iter()
        .all(|name| !shown[*name].is_null() && shown[*name] == told[*name]);
    ensure!(is_same, "the booking {shown} is told of as {history}");
    Ok(())
}
