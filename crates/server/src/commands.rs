//! What each command does.

use std::io::{ErrorKind, Write};
use std::sync::Arc;

use doctor_booking_adapters_system::{SystemClock, UuidIds};
use doctor_booking_application::VerifyStore;
use doctor_booking_ports::{Inconsistency, MOST_INCONSISTENCIES};

use crate::config::{Command, Config};
use crate::{access, demo, serve, store};

/// Does what the command line says.
pub(crate) fn run(config: &Config) -> anyhow::Result<()> {
    let default_zone = config.default_zone()?;
    match config.command.as_ref().unwrap_or(&Command::Serve) {
        Command::Openapi => say(doctor_booking_api_actix::openapi_json().trim_end()),
        Command::Migrate => {
            store::open(config)?;
            say("the database is up to date")
        }
        Command::Demo => {
            say(&demo::fill(&store::open(config)?, Arc::new(SystemClock), &(Arc::new(UuidIds) as _))?.to_string())
        }
        Command::Verify => verify(config),
        Command::Token { command } => access::token(config, command),
        Command::Serve => serve::serve(config, default_zone),
    }
}

/// Prints a line for whatever does not fit together, and fails if there is any.
fn verify(config: &Config) -> anyhow::Result<()> {
    let found = VerifyStore::new(store::open(config)?.verification, Arc::new(SystemClock)).execute()?;
    for Inconsistency { table, key, what } in &found {
        say(&format!("{table} {key}: {what}"))?;
    }
    match found.len() {
        0 => say("everything fits together"),
        MOST_INCONSISTENCIES.. => anyhow::bail!("at least {MOST_INCONSISTENCIES} things do not fit together"),
        some => anyhow::bail!("{some} of what is stored does not fit together"),
    }
}

/// Says a line to whoever started the program. Scripts read these, so they go to stdout, past the log.
pub(crate) fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        // Whoever listened has heard enough, as in `doctor-booking openapi | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        said => Ok(said?),
    }
}
