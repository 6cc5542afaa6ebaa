//! The doctor booking service: configuration, wiring, signals.
//!
//! The composition root: the only crate that knows every other. `doctor-booking serve` opens the store that
//! `--database-url` names, runs pending migrations, and serves the HTTP API over it.

mod access;
mod background;
mod commands;
mod config;
mod demo;
mod secrets;
mod serve;
mod store;
mod telemetry;

use std::process::ExitCode;

/// The program: reads the command line, does what it says, and tells on stderr why it could not.
#[must_use]
pub fn main() -> ExitCode {
    secrets::move_off_the_command_line();
    let config = <config::Config as clap::Parser>::parse();
    telemetry::start();
    match commands::run(&config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "stopped");
            ExitCode::FAILURE
        }
    }
}
