//! The measuring harness: it starts the release server and a PostgreSQL of its own, asks as many as come at once, and
//! tells how that compares with what this machine can do at all.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "counts and times of a measurement are far from where that matters"
)]

mod bench;
mod bookings;
mod check;
mod client;
mod crowd;
mod fill;
mod freshness;
mod generator;
mod growth;
mod histogram;
mod look_ups;
mod machine;
mod measure;
mod morning;
mod options;
mod plot;
mod postgres;
mod process;
mod record;
mod report;
mod server;
mod several_servers;
mod slots;
mod sqlite;
mod supervised;
mod template;

use std::process::ExitCode;

pub use check::rows_are_those_of_the_service;

/// The program: does what the command line says, and fails where something happened that should not.
#[must_use]
pub fn main() -> ExitCode {
    match bench::run(&<options::Options as clap::Parser>::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            report::say(&format!("stopped: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
