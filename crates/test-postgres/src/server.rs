//! Servers that are gone with the process that started them.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::programs::{User, command, folder_with};

/// Starts a server in `$2` with the programs of `$1`, waits until its owner is gone, and clears up.
///
/// The database superuser is called `postgres`, whoever runs the server. `-m immediate`, since there is nothing to save.
const SUPERVISE: &str = r#"
trap '' PIPE HUP
bin=$1 folder=$2 options=$3
if "$bin/initdb" --no-sync -A trust -E UTF8 --locale=C.UTF-8 -U postgres -D "$folder/data" >"$folder/log" 2>&1 &&
    "$bin/pg_ctl" start -w -t 60 -D "$folder/data" -l "$folder/log" -o "$options" >>"$folder/log" 2>&1
then
    echo ready
    read -r the_end_of_input
    "$bin/pg_ctl" stop -w -m immediate -D "$folder/data" >/dev/null
else
    echo failed
    read -r the_end_of_input
fi
rm -rf "$folder"
"#;

/// How often a start is tried: someone else may take the port in between.
const ATTEMPTS: usize = 3;

/// A PostgreSQL server of one's own.
///
/// It is stopped and its data removed on drop, and also when the process ends in any other way.
#[derive(Debug)]
pub struct TestServer {
    supervisor: Child,
    /// Kept for its drop: the supervisor may not be allowed to remove the folder itself, only what is in it.
    folder: TempDir,
    programs: PathBuf,
    user: Option<User>,
    port: u16,
    options: String,
}

impl TestServer {
    /// A server for tests that are in a hurry: it never waits for the disk.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed, or does not start.
    pub fn start() -> Result<Self> {
        Self::start_with(None, "-c fsync=off -c full_page_writes=off")
    }

    /// A server for tests in which something crashes: what is committed is on the disk.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed, or does not start.
    pub fn start_durable() -> Result<Self> {
        Self::start_with(None, "-c fsync=on -c full_page_writes=on")
    }

    /// A server with its data in a folder of its own in `folder`, and these options of `postgres` (`-c name=value …`).
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start); or when the folder may not be entered by whom the server runs as.
    pub fn start_in(folder: &Path, options: &str) -> Result<Self> {
        Self::start_with(Some(folder), options)
    }

    /// The URL of its first database, `postgres`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends the server at once, as a crash would: without a checkpoint, and without a word to its clients.
    ///
    /// # Errors
    ///
    /// When it does not stop.
    pub fn crash(&self) -> Result<()> {
        self.pg_ctl(&["stop", "-w", "-m", "immediate"])
    }

    /// Starts the server again after a [`crash`](Self::crash), on the same port and with the same data.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn restart(&self) -> Result<()> {
        self.pg_ctl(&["start", "-w", "-t", "60", "-o", &self.options])
    }

    /// The folder of its programs.
    #[must_use]
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// By what the operating system knows its first process, of which all others are children.
    ///
    /// # Errors
    ///
    /// When it does not run, or we may not look.
    pub fn process(&self) -> Result<u32> {
        let file = self.folder.path().join("data/postmaster.pid");
        let told = std::fs::read_to_string(file).context("the server does not run")?;
        told.lines().next().and_then(|line| line.trim().parse().ok()).context("it does not tell which process it is")
    }

    /// The folder that is gone with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn start_with(parent: Option<&Path>, options: &str) -> Result<Self> {
        let programs = folder_with(&["initdb", "pg_ctl", "postgres", "psql"])?;
        let mut complaint = String::new();
        for _ in 0..ATTEMPTS {
            let mut server = Self::supervised(parent, programs.clone(), options)?;
            let Some(log) = server.failure() else { return Ok(server) };
            complaint = log;
            if !complaint.contains("could not bind") {
                break;
            }
        }
        bail!("PostgreSQL does not start:\n{complaint}")
    }

    fn supervised(parent: Option<&Path>, programs: PathBuf, options: &str) -> Result<Self> {
        let parent = parent.map_or_else(std::env::temp_dir, Path::to_owned);
        let folder = tempfile::Builder::new().prefix("doctor-booking-postgres-").tempdir_in(parent)?;
        // What we have just made belongs to whom we are.
        let we_are_root = folder.path().metadata()?.uid() == 0;
        let user = we_are_root.then(User::unprivileged).transpose()?;
        if let Some(User { uid, gid }) = user {
            std::os::unix::fs::chown(folder.path(), Some(uid), Some(gid))?;
        }
        let port = free_port()?;
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c max_connections=200 {options}"
        );
        let supervisor = command("sh", user)
            .args(["-c", SUPERVISE, "sh"])
            .args([programs.as_os_str(), folder.path().as_os_str(), options.as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A group of its own, so that Ctrl-C in a terminal does not end it before it has cleared up.
            .process_group(0)
            .spawn()
            .context("cannot run sh")?;
        Ok(Self { supervisor, folder, programs, user, port, options })
    }

    /// Waits until it has started, or else tells why it has not.
    fn failure(&mut self) -> Option<String> {
        let mut answer = String::new();
        let told = self.supervisor.stdout.take().map(|stdout| BufReader::new(stdout).read_line(&mut answer));
        if matches!(told, Some(Ok(_))) && answer.trim() == "ready" {
            return None;
        }
        Some(std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_else(|error| error.to_string()))
    }

    fn pg_ctl(&self, arguments: &[&str]) -> Result<()> {
        let mut pg_ctl = command(self.programs.join("pg_ctl"), self.user);
        pg_ctl.args(arguments).arg("-D").arg(self.folder.path().join("data"));
        pg_ctl.arg("-l").arg(self.folder.path().join("log"));
        // Nowhere: the server would inherit what we have, and keep it open.
        let status = pg_ctl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        ensure!(status.success(), "pg_ctl {}: {status}", arguments.join(" "));
        Ok(())
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        // It ends by itself now; nothing can be done if not.
        let _ = self.supervisor.wait();
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on the loopback interface")?;
    Ok(listener.local_addr()?.port())
}
