//! A PostgreSQL of our own, which loses nothing, and what it can do by itself.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use doctor_booking_test_postgres::{TestServer, psql, with_database};

use crate::process;

/// How it is run: nothing is given up of durability, and memory and log are as one would have them on such a machine.
pub(crate) const OPTIONS: &str = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c shared_buffers=2GB \
    -c max_wal_size=8GB -c checkpoint_timeout=15min -c maintenance_work_mem=512MB -c random_page_cost=1.1 \
    -c effective_io_concurrency=64";

/// A cluster that is gone with this.
#[derive(Debug)]
pub(crate) struct Postgres {
    server: TestServer,
}

/// What pgbench has told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    /// How many transactions a second.
    pub(crate) per_second: f64,
    /// How many in all.
    pub(crate) transactions: u64,
    /// How long one took on average.
    pub(crate) average: Duration,
    /// The time that pgbench itself has spent on processors.
    pub(crate) cpu: Duration,
}

impl Postgres {
    /// Starts one with its data in a folder of its own in `folder`.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        Ok(Self { server: TestServer::start_in(folder, OPTIONS)? })
    }

    /// Its version.
    ///
    /// # Errors
    ///
    /// When it does not tell.
    pub(crate) fn version(&self) -> Result<String> {
        self.ask("postgres", "SHOW server_version")
    }

    /// The URL of a database of it.
    ///
    /// # Errors
    ///
    /// When there can be no such URL.
    pub(crate) fn url(&self, database: &str) -> Result<String> {
        with_database(&self.server.url(), database)
    }

    /// Makes a database, as a copy of another if one is named. Nobody may be connected to that.
    ///
    /// # Errors
    ///
    /// When it is not made.
    pub(crate) fn create(&self, database: &str, copy_of: Option<&str>) -> Result<()> {
        let template = copy_of.unwrap_or("template0");
        self.ask("postgres", &format!("CREATE DATABASE {database} TEMPLATE {template} STRATEGY file_copy")).map(|_| ())
    }

    /// Removes a database, for what takes up room.
    ///
    /// # Errors
    ///
    /// When it is not removed.
    pub(crate) fn drop(&self, database: &str) -> Result<()> {
        self.ask("postgres", &format!("DROP DATABASE {database} WITH (FORCE)")).map(|_| ())
    }

    /// Says something to a database; what it answers.
    ///
    /// # Errors
    ///
    /// What it says instead.
    pub(crate) fn ask(&self, database: &str, sql: &str) -> Result<String> {
        psql(self.server.programs(), &self.url(database)?, sql)
    }

    /// A number that a database answers.
    ///
    /// # Errors
    ///
    /// When it answers none.
    pub(crate) fn number(&self, database: &str, sql: &str) -> Result<u64> {
        let answer = self.ask(database, sql)?;
        answer.parse().with_context(|| format!("to `{sql}` it answers {answer:?}"))
    }

    /// The time that all its processes have spent on processors so far.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        Ok(process::cpu_with_children(self.server.process()?))
    }

    /// Runs a script with 32 clients for so long, each transaction prepared.
    ///
    /// # Errors
    ///
    /// When a transaction fails.
    pub(crate) fn pgbench(
        &self,
        database: &str,
        script: &str,
        variables: &[(&str, u64)],
        lasts: Duration,
    ) -> Result<Told> {
        let file = tempfile::Builder::new().prefix("doctor-booking-pgbench-").tempfile()?;
        std::fs::write(file.path(), script)?;
        let before = process::cpu_of_ended_children();
        let mut pgbench = Command::new(self.server.programs().join("pgbench"));
        pgbench.args(["-n", "-M", "prepared", "-c", "32", "-j", "2", "-T"]).arg(lasts.as_secs().max(1).to_string());
        for (name, value) in variables {
            pgbench.arg("-D").arg(format!("{name}={value}"));
        }
        let output = pgbench.arg("-f").arg(file.path()).arg(self.url(database)?).stdin(Stdio::null()).output();
        let output = output.context("cannot run pgbench")?;
        let (said, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "pgbench: {}\n{complaint}", output.status);
        let cpu = process::cpu_of_ended_children().saturating_sub(before);
        told(&said, cpu).with_context(|| format!("pgbench says:\n{said}{complaint}"))
    }

    /// How often a second 8 kB can be written so that they are on the disk, by the way that PostgreSQL does it.
    ///
    /// # Errors
    ///
    /// When it cannot be found out.
    pub(crate) fn fdatasyncs(&self) -> Result<f64> {
        let file = self.server.folder().join("pg_test_fsync.out");
        let mut test = Command::new(self.server.programs().join("pg_test_fsync"))
            .args(["-s", "1", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run pg_test_fsync")?;
        let stdout = test.stdout.take().context("it is piped")?;
        let rate = BufReader::new(stdout).lines().map_while(Result::ok).find_map(|line| fdatasync(&line));
        // What else it would test takes long.
        let _ = test.kill();
        let _ = test.wait();
        let _ = std::fs::remove_file(file);
        rate.context("pg_test_fsync tells no rate of fdatasync")
    }

    /// Waits until all that has happened is told as events.
    ///
    /// # Errors
    ///
    /// When that takes too long.
    pub(crate) fn wait_for_events(&self, database: &str, at_most: Duration) -> Result<Duration> {
        let since = Instant::now();
        while self.number(database, "SELECT count(*) FROM outbox")? > 0 {
            if since.elapsed() > at_most {
                bail!("after {at_most:?} there are still events that are not told");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(since.elapsed())
    }
}

fn told(said: &str, cpu: Duration) -> Option<Told> {
    let number = |line: &str| line.split_whitespace().find_map(|word| word.parse::<f64>().ok());
    let after = |beginning: &str| said.lines().find_map(|line| line.strip_prefix(beginning)).and_then(number);
    let transactions = after("number of transactions actually processed:")? as u64;
    let per_second = after("tps =")?;
    let average = Duration::from_secs_f64(after("latency average =")? / 1000.0);
    let failed = after("number of failed transactions:").unwrap_or_default();
    (failed == 0.0).then_some(Told { per_second, transactions, average, cpu })
}

fn fdatasync(line: &str) -> Option<f64> {
    let mut words = line.split_whitespace();
    (words.next() == Some("fdatasync")).then(|| words.next()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pgbench_says_is_understood() {
        let said = "transaction type: /tmp/x\nnumber of transactions actually processed: 1234\n\
            number of failed transactions: 0 (0.000%)\nlatency average = 3.250 ms\n\
            tps = 9846.153846 (without initial connection time)\n";
        let told = super::told(said, Duration::from_secs(1)).expect("it is understood");
        assert_eq!((told.transactions, told.average), (1234, Duration::from_micros(3250)));
        assert!((told.per_second - 9846.15).abs() < 0.1);
        assert!(super::told(&said.replace(": 0 (", ": 7 ("), Duration::ZERO).is_none());
    }

    #[test]
    fn what_pg_test_fsync_says_is_understood() {
        let line = "        fdatasync                          2861.394 ops/sec     349 usecs/op";
        assert_eq!(fdatasync(line), Some(2861.394));
        assert_eq!(fdatasync("        fsync       12.0 ops/sec"), None);
    }
}
