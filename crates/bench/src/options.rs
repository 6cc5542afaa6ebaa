//! What the command line says.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

/// Measures the release server beside what this machine can do at all.
#[derive(Clone, Debug, Parser)]
#[command(name = "doctor-booking-bench", version, about)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) size: Size,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Everything, and writes the document, its pictures and the ratios.
    All,
    /// Look-ups and bookings in less than a minute; fails where a ratio is below 0.8 of what is recorded.
    Quick {
        /// Record the ratios instead.
        #[arg(long)]
        record: bool,
    },
    /// What is free with one doctor on one day, beside a constant answer.
    LookUps,
    /// Bookings over HTTP, beside the same rows written by pgbench.
    Bookings,
    /// Everyone comes at once.
    Morning,
    /// Look-ups, bookings and searches beside more and more old bookings.
    Growth,
    /// How old answers are, also where three servers share a database.
    SeveralServers,
    /// Look-ups, bookings and the morning on SQLite.
    Sqlite,
    /// Looks whether the rows that are filled in, and those of pgbench, are as the service writes them.
    Rows,
    /// A part of the clients of the morning: started by it.
    #[command(hide = true)]
    Crowd,
}

/// How much is measured. The defaults are the real thing.
#[derive(Clone, Debug, Args)]
pub(crate) struct Size {
    /// How many doctors there are.
    #[arg(long, default_value_t = 1_000, global = true, value_parser = clap::value_parser!(u64).range(2..))]
    pub(crate) doctors: u64,
    /// How many patients there are; no fewer than doctors.
    #[arg(long, default_value_t = 100_000, global = true)]
    pub(crate) patients: u64,
    /// How many bookings are there before it begins.
    #[arg(long, default_value_t = 1_000_000, global = true)]
    pub(crate) bookings: u64,
    /// Beside how many old bookings growth is measured, from few to many.
    #[arg(long, default_value = "10000,1000000,10000000", value_delimiter = ',', global = true)]
    pub(crate) growth: Vec<u64>,
    /// How many minutes filling one database for growth may take: where more would, it is filled with less.
    #[arg(long, default_value_t = 12, global = true)]
    pub(crate) growth_minutes: u64,
    /// How many connections ask at once, but in the morning.
    #[arg(long, default_value_t = 64, global = true, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) connections: u16,
    /// How many seconds each measurement lasts.
    #[arg(long, default_value_t = 6, global = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) seconds: u64,
    /// How often each is repeated.
    #[arg(long, default_value_t = 3, global = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) rounds: u64,
    /// How many clients come in the morning.
    #[arg(long, default_value_t = 30_000, global = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) clients: u32,
    /// How many of them come where the store is SQLite.
    #[arg(long, default_value_t = 3_000, global = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) sqlite_clients: u32,
    /// How many slots there are for them, with 20 doctors.
    #[arg(long, default_value_t = 4_000, global = true, value_parser = clap::value_parser!(u32).range(20..=5_600))]
    pub(crate) slots: u32,
    /// How many minutes the morning lasts at most.
    #[arg(long, default_value_t = 3, global = true)]
    pub(crate) morning_minutes: u64,
    /// In which folder databases are, each in one of its own that is gone afterwards; whoever PostgreSQL runs as must be
    /// allowed to enter it. Default: that for temporary files.
    #[arg(long, global = true)]
    pub(crate) folder: Option<PathBuf>,
    /// The server's release binary; default: `doctor-booking` beside this program.
    #[arg(long, global = true)]
    pub(crate) server: Option<PathBuf>,
    /// More options for the server.
    #[arg(long, global = true, allow_hyphen_values = true, value_delimiter = ' ')]
    pub(crate) server_options: Vec<String>,
    /// Where the document is written.
    #[arg(long, default_value = "docs", global = true)]
    pub(crate) docs: PathBuf,
    /// Where ratios are recorded.
    #[arg(long, default_value = "crates/bench/recorded.json", global = true)]
    pub(crate) recorded: PathBuf,
}

impl Size {
    pub(crate) fn lasts(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        <Options as clap::CommandFactory>::command().debug_assert();
        let options = Options::try_parse_from(["x", "quick", "--growth", "1,2"]).expect("it is understood");
        assert_eq!(options.size.growth, [1, 2]);
    }
}
