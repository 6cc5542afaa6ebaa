//! A database for tests that are not written in Rust: `doctor-booking-test-database [NAME]`.
//!
//! It prints the URL of a fresh database, which is empty, or has everything that is in the one of that name. The database
//! is gone when the standard input ends, and so when whoever started this is gone.

use std::io::Write;

use anyhow::{Result, ensure};
use doctor_booking_test_postgres::TestDatabase;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let template = arguments.next();
    ensure!(arguments.next().is_none(), "usage: doctor-booking-test-database [NAME]");
    let database = match template {
        None => TestDatabase::create()?,
        Some(name) => TestDatabase::copy_of(&name)?,
    };
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{}", database.url())?;
    stdout.flush()?;
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}
