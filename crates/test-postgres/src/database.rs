//! Databases that are gone with whoever asked for them.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, anyhow};

use crate::TestServer;
use crate::programs::{command, folder_with, psql, with_database};

/// Drops the databases whose names begin with `$3` once its owner is gone.
const CLEAR_UP: &str = r#"
trap '' PIPE HUP
read -r the_end_of_input
echo "SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', datname) FROM pg_database
    WHERE starts_with(datname, '$3') \gexec" | "$1/psql" --no-psqlrc --quiet --no-password --dbname "$2"
"#;

/// A database for one test. Dropped with it, whoever is still connected.
#[derive(Debug)]
pub struct TestDatabase {
    host: &'static Host,
    name: String,
    url: String,
}

impl TestDatabase {
    /// A fresh, empty database.
    ///
    /// # Errors
    ///
    /// When there is no server, or it cannot create one.
    pub fn create() -> Result<Self> {
        Self::create_as("TEMPLATE template0")
    }

    /// A fresh database with everything that is in this one, for the price of copying files. Nobody may be connected to
    /// this one meanwhile.
    ///
    /// # Errors
    ///
    /// When the server cannot create one.
    pub fn copy(&self) -> Result<Self> {
        Self::copy_of(&self.name)
    }

    /// A fresh database with everything that is in the one of this name, which another process may have made on the server
    /// that `TEST_DATABASE_URL` names.
    ///
    /// # Errors
    ///
    /// When the server cannot create one: there is no such database, say, or somebody is connected to it.
    pub fn copy_of(name: &str) -> Result<Self> {
        Self::create_as(&format!("TEMPLATE \"{}\"", name.replace('"', "\"\"")))
    }

    /// Its URL, `postgres://…`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    fn create_as(template: &str) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let host = host()?;
        let name = format!("{}{}", host.prefix, NUMBER.fetch_add(1, Ordering::Relaxed));
        // Copying files is three times as fast here as writing all of it to the log.
        psql(&host.programs, &host.url, &format!("CREATE DATABASE {name} {template} STRATEGY file_copy"))?;
        Ok(Self { host, url: with_database(&host.url, &name)?, name })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let dropped = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // Whoever clears up behind the process gets what is left here.
        let _ = psql(&self.host.programs, &self.host.url, &dropped);
    }
}

/// The server on which databases are created, and who clears up behind us.
#[derive(Debug)]
struct Host {
    programs: PathBuf,
    url: String,
    /// What the names of this process's databases begin with.
    prefix: String,
    _keep: Keep,
}

/// Kept until the process ends.
#[derive(Debug)]
enum Keep {
    Server { _server: TestServer },
    Janitor { _child: Child, _stdin: Option<ChildStdin> },
}

/// One per process.
fn host() -> Result<&'static Host> {
    static HOST: OnceLock<Result<Host, String>> = OnceLock::new();
    let host = HOST.get_or_init(|| {
        let host = match std::env::var("TEST_DATABASE_URL") {
            Ok(url) if !url.is_empty() => existing(url),
            _ => started(),
        };
        host.map_err(|error| format!("{error:#}"))
    });
    host.as_ref().map_err(|error| anyhow!("{error}"))
}

fn started() -> Result<Host> {
    let server = TestServer::start()?;
    let (programs, url) = (server.programs().to_owned(), server.url());
    Ok(Host { programs, url, prefix: "test_".to_owned(), _keep: Keep::Server { _server: server } })
}

fn existing(url: String) -> Result<Host> {
    let programs = folder_with(&["psql"])?;
    // Other processes, on other machines too, may use the server for the same.
    let random = psql(&programs, &url, "SELECT replace(gen_random_uuid()::text, '-', '')")
        .context("the server that TEST_DATABASE_URL names cannot be used")?;
    let prefix = format!("doctor_booking_test_{random}_");
    let mut janitor = command("sh", None)
        .args(["-c", CLEAR_UP, "sh"])
        .args([programs.as_os_str(), url.as_ref(), prefix.as_ref()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .context("cannot run sh")?;
    let stdin = janitor.stdin.take();
    Ok(Host { programs, url, prefix, _keep: Keep::Janitor { _child: janitor, _stdin: stdin } })
}
