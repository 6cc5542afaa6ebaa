//! The real binary.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::{Client, Line, Store};

/// How long a server may take to start or to stop before a story gives up.
const PATIENCE: Duration = Duration::from_mins(1);

fn command(binary: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary);
    for inherited in [
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
    ] {
        command.env_remove(inherited);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs the binary to its end.
#[must_use]
pub fn run(binary: &str, arguments: &[&str]) -> Output {
    command(binary, arguments).output().expect("the binary runs")
}

/// Collects what is written, to the end.
fn listen(mut from: impl Read + Send + 'static, into: &Arc<Mutex<String>>) -> JoinHandle<()> {
    let into = Arc::clone(into);
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut piece) {
            into.lock().expect("not poisoned").push_str(&String::from_utf8_lossy(&piece[..read]));
        }
    })
}

/// A running server, stopped when it goes out of scope.
pub struct Server {
    child: Child,
    url: String,
    said: Arc<Mutex<String>>,
    log: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Server {
    /// Starts the binary over a database, on a free port, and waits until it listens.
    #[must_use]
    pub fn start(binary: &str, database_url: &str) -> Self {
        Self::start_with(binary, database_url, &[], &[])
    }

    /// The same with more arguments and environment. Its administrator has the token of [`Client::ADMINISTRATOR`].
    #[must_use]
    pub fn start_with(binary: &str, database_url: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let database = ["--database-url", database_url];
        let administrator = [("ADMIN_TOKEN", Client::ADMINISTRATOR)];
        Self::start_as(binary, &[&database, arguments].concat(), &[&administrator, environment].concat())
    }

    /// The same over a database, without an administrator whom the configuration knows.
    #[must_use]
    pub fn start_without_administrator(binary: &str, database_url: &str) -> Self {
        Self::start_as(binary, &["--database-url", database_url], &[])
    }

    /// The same with nothing but these arguments and this environment.
    #[must_use]
    pub fn start_as(binary: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = command(binary, &[&["serve", "--listen", "127.0.0.1:0"], arguments].concat())
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let stderr = child.stderr.take().expect("it is piped");
        let (said, log) = (Arc::default(), Arc::default());
        let mut readers = vec![listen(stderr, &log)];
        let mut first = String::new();
        stdout.read_line(&mut first).expect("a first line");
        readers.push(listen(stdout, &said));
        let url = first.trim().strip_prefix("listening on ").map(str::to_owned);
        let mut server = Self { child, url: String::new(), said, log, readers };
        server.url = url.unwrap_or_else(|| panic!("the first line was {first:?}; the log:\n{}", server.log()));
        server
    }

    /// A client of its own.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&self.url).with_token(Client::ADMINISTRATOR)
    }

    /// Where it is: `http://HOST:PORT`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection on which anything can be said to it.
    #[must_use]
    pub fn line(&self) -> Line {
        Line::open(&self.url)
    }

    /// By what the operating system knows it.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to stdout so far, after where it listens.
    #[must_use]
    pub fn said(&self) -> String {
        self.said.lock().expect("not poisoned").clone()
    }

    /// What it has written to stderr so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.lock().expect("not poisoned").clone()
    }

    /// Sends SIGTERM.
    pub fn ask_to_stop(&self) {
        // The shell's own `kill`: a small system may lack the program.
        let sent = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -TERM");
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        self.ask_to_stop();
        self.wait()
    }

    /// Stops the server and checks that everything that it has stored fits together.
    pub fn stop_and_verify(mut self, binary: &str, store: &Store) {
        assert_eq!(self.stop().code(), Some(0));
        let verified = run(binary, &["verify", "--database-url", store.url()]);
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    }

    /// Waits until it has ended.
    pub fn wait(&mut self) -> ExitStatus {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                for reader in self.readers.drain(..) {
                    let _ = reader.join();
                }
                return status;
            }
            assert!(since.elapsed() < PATIENCE, "it did not stop; the log:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it as a power cut would: SIGKILL.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("--- the server's log ---\n{}", self.log());
        }
    }
}
