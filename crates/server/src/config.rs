//! What the command line and the environment say.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, Subcommand, ValueEnum};
use doctor_booking_domain::{Tzdb, Zone};
use thiserror::Error;

/// Doctors, their working hours, their free time, and bookings that cannot collide.
#[derive(Clone, Debug, Parser)]
#[command(name = "doctor-booking", version, about)]
pub(crate) struct Config {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Where everything is kept: `sqlite://PATH` (created when absent), `sqlite::memory:`, or `postgres://…`.
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://doctor-booking.db",
        global = true,
        hide_env_values = true
    )]
    pub(crate) database_url: Hidden,

    /// Where to listen, `HOST:PORT`; port 0 picks a free one.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub(crate) listen: String,

    /// The zone of doctors who are registered without one, by its IANA name.
    #[arg(long, env = "TIME_ZONE", default_value = "UTC", global = true)]
    pub(crate) time_zone: String,

    /// Which tz database to use: the one built in, or the operating system's.
    #[arg(long, env = "TZDB", default_value = "bundled", global = true)]
    pub(crate) tzdb: TzdbChoice,

    /// How many connections to the database are open at most, and how many requests work at once.
    #[arg(long, env = "POOL_SIZE", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000), global = true)]
    pub(crate) pool_size: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Command {
    /// Runs pending migrations, then serves the HTTP API (what is done when no command is given).
    Serve,
    /// Runs pending migrations, and ends.
    Migrate,
    /// Fills an empty database with a small clinic: doctors, patients, a few weeks of bookings.
    Demo,
    /// Prints the OpenAPI document of the HTTP API.
    Openapi,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TzdbChoice {
    Bundled,
    System,
}

impl From<TzdbChoice> for Tzdb {
    fn from(choice: TzdbChoice) -> Self {
        match choice {
            TzdbChoice::Bundled => Self::Bundled,
            TzdbChoice::System => Self::System,
        }
    }
}

/// Text that may hold a password. Taken as it comes, since a command line that is refused is shown again.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hidden(String);

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Config {
    /// The store that the database URL names.
    pub(crate) fn database(&self) -> Result<DatabaseUrl, InvalidDatabaseUrl> {
        self.database_url.0.parse()
    }

    /// Chooses the tz database, and looks up the zone of doctors who are registered without one.
    pub(crate) fn default_zone(&self) -> anyhow::Result<Zone> {
        Tzdb::choose(self.tzdb.into())?;
        self.time_zone.parse().map_err(|error| anyhow::anyhow!("--time-zone {}: {error}", self.time_zone))
    }
}

/// Which store, and where it is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum DatabaseUrl {
    SqliteFile(PathBuf),
    SqliteMemory,
    Postgres(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a database URL is sqlite://PATH, sqlite::memory: or postgres://…")]
pub(crate) struct InvalidDatabaseUrl;

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(url: &str) -> Result<Self, InvalidDatabaseUrl> {
        if url == "sqlite::memory:" {
            return Ok(Self::SqliteMemory);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() => Ok(Self::SqliteFile(path.into())),
            _ => Err(InvalidDatabaseUrl),
        }
    }
}

/// Without what a PostgreSQL URL tells: it may hold a password.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SqliteFile(path) => write!(f, "sqlite://{}", path.display()),
            Self::SqliteMemory => f.write_str("sqlite::memory:"),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Config, clap::Error> {
        Config::try_parse_from([&["doctor-booking"], arguments].concat())
    }

    #[test]
    fn the_command_line_is_consistent() {
        <Config as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn options_may_stand_before_and_after_the_command() {
        for arguments in [&["--listen", "127.0.0.1:0", "migrate"][..], &["migrate", "--listen", "127.0.0.1:0"]] {
            let config = parsed(arguments).expect("valid");
            assert_eq!((config.command, config.listen.as_str()), (Some(Command::Migrate), "127.0.0.1:0"));
        }
    }

    #[test]
    fn a_database_url_names_its_kind() {
        assert_eq!("sqlite://a/b.db".parse(), Ok(DatabaseUrl::SqliteFile("a/b.db".into())));
        assert_eq!("sqlite:///a/b.db".parse(), Ok(DatabaseUrl::SqliteFile("/a/b.db".into())));
        assert_eq!("sqlite::memory:".parse(), Ok(DatabaseUrl::SqliteMemory));
        assert!("postgresql://host/db".parse::<DatabaseUrl>().is_ok());
        for wrong in ["", "sqlite://", "mysql://host", "doctor-booking.db"] {
            assert_eq!(wrong.parse::<DatabaseUrl>(), Err(InvalidDatabaseUrl), "{wrong}");
        }
    }

    #[test]
    fn a_password_in_the_database_url_is_not_shown() {
        for url in ["postgres://me:secret@host/db", "postgress://me:secret@host/db"] {
            let config = parsed(&["--database-url", url]).expect("it is parsed later");
            assert!(!format!("{config:?} {:?}", config.database()).contains("secret"));
        }
    }
}
