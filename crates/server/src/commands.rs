//! What each command does.

use std::io::Write;
use std::sync::Arc;

use doctor_booking_adapters_system::{SystemClock, UuidIds};
use doctor_booking_application::UseCases;

use crate::config::{Command, Config};
use crate::{demo, serve, store};

/// Does what the command line says.
pub(crate) fn run(config: &Config) -> anyhow::Result<()> {
    let default_zone = config.default_zone()?;
    match config.command.unwrap_or(Command::Serve) {
        Command::Openapi => say(doctor_booking_api_actix::openapi_json().trim_end()),
        Command::Migrate => {
            store::open(config)?;
            say("the database is up to date")
        }
        Command::Demo => {
            say(&demo::fill(&store::open(config)?, Arc::new(SystemClock), &(Arc::new(UuidIds) as _))?.to_string())
        }
        Command::Serve => {
            let use_cases =
                UseCases::new(&store::open(config)?, &(Arc::new(SystemClock) as _), &(Arc::new(UuidIds) as _));
            serve::serve(config, use_cases, default_zone)
        }
    }
}

/// Says a line to whoever started the program. Scripts read these, so they go to stdout, past the log.
pub(crate) fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
