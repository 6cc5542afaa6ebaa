//! The release server, as its users start it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::client::Client;
use crate::process;
use crate::supervised::Supervised;

/// The token of the administrator as whom is asked.
pub(crate) const TOKEN: &str = "administrator-of-the-benchmark-0001";

/// What of the environment would change how the server runs.
const ENVIRONMENT: [&str; 24] = [
    "ADMIN_TOKEN",
    "ALLOW_PRIVATE_WEBHOOKS",
    "AUDIENCE",
    "CLIENT_TIMEOUT_SECONDS",
    "CORS_ORIGIN",
    "DATABASE_URL",
    "ISSUER",
    "JWKS",
    "LISTEN",
    "MAX_REQUESTS",
    "MAX_STREAMS",
    "POOL_SIZE",
    "PUBLIC_AVAILABILITY",
    "RATE_LIMIT_ADDRESS",
    "RATE_LIMIT_PATIENTS",
    "RATE_LIMIT_STAFF",
    "REMINDER_MINUTES",
    "ROLE_CLAIM",
    "RUST_LOG",
    "SUBJECT_CLAIM",
    "TIME_ZONE",
    "TRUSTED_PROXIES",
    "TZDB",
    "MIMALLOC_VERBOSE",
];

/// A running server, which ends with this.
#[derive(Debug)]
pub(crate) struct Server {
    process: Supervised,
    address: SocketAddr,
}

/// The program, and with which options it is started.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The release binary.
    pub(crate) binary: PathBuf,
    /// Options of `serve` beside the database and the address.
    pub(crate) options: Vec<String>,
    /// Where logs go.
    pub(crate) logs: PathBuf,
}

impl Program {
    /// Starts it over a database, on a free port, and waits until it listens. It logs as it does by default, to a file.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(crate) fn serve(&self, database_url: &str) -> Result<Server> {
        let log = tempfile::Builder::new().prefix("server-").suffix(".log").tempfile_in(&self.logs)?;
        // The supervisor's shell opens it again; it goes with its folder.
        let log = log.into_temp_path().keep()?;
        let mut arguments: Vec<String> =
            ["serve", "--listen", "127.0.0.1:0", "--database-url", database_url].map(str::to_owned).to_vec();
        arguments.extend(self.options.iter().cloned());
        let environment = [("ADMIN_TOKEN", TOKEN)];
        let mut process = Supervised::start(Path::new("env"), &self.command(&arguments), &environment, &log, None)?;
        let said = process.line().with_context(|| {
            let log = std::fs::read_to_string(&log).unwrap_or_default();
            format!("the server does not start:\n{log}")
        })?;
        let Some(address) = said.strip_prefix("listening on http://") else { bail!("the server says {said:?}") };
        Ok(Server { process, address: address.parse()? })
    }

    /// Runs a command of it to its end; what it says on stdout.
    ///
    /// # Errors
    ///
    /// When it fails.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String> {
        let arguments: Vec<_> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let output = std::process::Command::new("env").args(self.command(&arguments)).output()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            bail!("doctor-booking {arguments:?}: {}\n{said}{}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        Ok(said)
    }

    /// Looks whether everything that is stored fits together.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub(crate) fn verify(&self, database_url: &str) -> Result<()> {
        self.run(&["verify", "--database-url", database_url]).map(|_| ())
    }

    /// What `env` is told, so that nothing of our environment changes how it runs.
    fn command(&self, arguments: &[String]) -> Vec<String> {
        let unset = ENVIRONMENT.iter().filter(|name| **name != "ADMIN_TOKEN");
        let mut command: Vec<_> = unset.flat_map(|name| ["-u".to_owned(), (*name).to_owned()]).collect();
        command.push(self.binary.display().to_string());
        command.extend_from_slice(arguments);
        command
    }
}

impl Server {
    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client of its administrator's.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.address, TOKEN)
    }

    /// The time that it has spent on processors so far.
    pub(crate) fn cpu(&self) -> Duration {
        process::cpu(self.process.process())
    }

    /// How much memory it has, in bytes: now, and at most so far.
    pub(crate) fn memory(&self) -> (u64, u64) {
        process::memory(self.process.process())
    }

    /// How many files it has open.
    pub(crate) fn open_files(&self) -> usize {
        process::open_files(self.process.process())
    }
}

/// The release binary beside this program, as cargo puts them.
///
/// # Errors
///
/// When there is none.
pub(crate) fn beside_this() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let binary = here.parent().unwrap_or(Path::new(".")).join("doctor-booking");
    if !binary.is_file() {
        bail!("there is no {}: cargo build --release --package doctor-booking-server", binary.display());
    }
    Ok(binary)
}

/// A text of an answer.
///
/// # Errors
///
/// When there is none.
pub(crate) fn text(of: &Value, key: &str) -> Result<String> {
    of[key].as_str().map(str::to_owned).with_context(|| format!("there is no {key} in {of}"))
}
