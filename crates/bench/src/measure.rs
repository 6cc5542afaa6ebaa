//! One measurement: what was asked, how fast, and what it took.

use std::time::Duration;

use anyhow::Result;

use crate::generator::{self, Load, Outcome, Plan};
use crate::histogram::told;
use crate::postgres::{Postgres, Told};
use crate::process;
use crate::report::Line;
use crate::server::Server;

/// What was measured.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    /// How many a second succeeded.
    pub(crate) per_second: f64,
    /// How many in all.
    pub(crate) count: u64,
    /// How many did not.
    pub(crate) failed: u64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    pub(crate) max: Duration,
    /// Time on processors: of the server, of the database's processes, and of what makes the load.
    pub(crate) cpu: Cpu,
}

/// Time on processors.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cpu {
    pub(crate) server: Duration,
    pub(crate) database: Duration,
    pub(crate) generator: Duration,
}

impl Cpu {
    /// What servers, a database, if there is one, and this process have spent so far.
    pub(crate) fn now(servers: &[&Server], postgres: Option<&Postgres>) -> Result<Self> {
        Ok(Self {
            server: servers.iter().map(|server| server.cpu()).sum(),
            database: postgres.map(Postgres::cpu).transpose()?.unwrap_or_default(),
            generator: process::own_cpu(),
        })
    }

    /// What was spent since.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            server: self.server.saturating_sub(before.server),
            database: self.database.saturating_sub(before.database),
            generator: self.generator.saturating_sub(before.generator),
        }
    }
}

/// Asks as planned, where an answer with this status is a success.
///
/// # Errors
///
/// When it cannot be asked at all.
pub(crate) fn measure(
    servers: &[&Server],
    postgres: Option<&Postgres>,
    plan: &Plan,
    load: &mut impl Load,
    status: u16,
) -> Result<(Measured, Outcome)> {
    let before = Cpu::now(servers, postgres)?;
    let outcome = generator::run(plan, load)?;
    let cpu = Cpu::now(servers, postgres)?.since(before);
    let measured = Measured {
        per_second: outcome.rate_of(status),
        count: outcome.with(status),
        failed: outcome.other_than(status),
        p50: outcome.latencies.quantile(0.5),
        p99: outcome.latencies.quantile(0.99),
        max: outcome.latencies.max(),
        cpu,
    };
    Ok((measured, outcome))
}

impl Measured {
    /// What pgbench has measured, and the database's processes have spent.
    pub(crate) fn by_pgbench(told: Told, database: Duration) -> Self {
        Self {
            per_second: told.per_second,
            count: told.transactions,
            failed: 0,
            p50: told.average,
            p99: Duration::ZERO,
            max: Duration::ZERO,
            cpu: Cpu { server: Duration::ZERO, database, generator: told.cpu },
        }
    }

    /// As a line of a table.
    pub(crate) fn line(&self, what: &str) -> Line {
        let each = |spent: Duration| match spent.as_secs_f64() / self.count.max(1) as f64 * 1e6 {
            0.0 => "–".to_owned(),
            micros => format!("{micros:.0}"),
        };
        let latency = |latency: Duration| if latency.is_zero() { "–".to_owned() } else { told(latency) };
        Line(vec![
            what.to_owned(),
            format!("{:.0}", self.per_second),
            latency(self.p50),
            latency(self.p99),
            latency(self.max),
            each(self.cpu.server),
            each(self.cpu.database),
            each(self.cpu.generator),
            self.failed.to_string(),
        ])
    }

    /// What stands above such lines.
    pub(crate) const HEAD: [&str; 9] =
        ["what", "per second", "p50", "p99", "max", "server µs", "database µs", "generator µs", "other answers"];
}

/// The one in the middle, by rate.
pub(crate) fn median(mut rounds: Vec<Measured>) -> Option<Measured> {
    rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    (!rounds.is_empty()).then(|| rounds.swap_remove(rounds.len() / 2))
}

/// The number in the middle.
pub(crate) fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
