//! What processes use, as Linux tells it, and how much they may.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Resource, getrlimit, setrlimit};

/// Lets this process, and those that it starts from now on, open as many files as they may; how many that is.
///
/// # Errors
///
/// When the system does not go along.
pub(crate) fn open_as_many_files_as_allowed() -> Result<u64> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).context("the limit of open files cannot be raised")?;
    Ok(limit.maximum.unwrap_or(u64::MAX))
}

/// The time that a process has spent on processors so far.
pub(crate) fn cpu(process: u32) -> Duration {
    stat(process).map_or(Duration::ZERO, |stat| stat.own)
}

/// The same of this process.
pub(crate) fn own_cpu() -> Duration {
    cpu(std::process::id())
}

/// The same of the children of this process that have ended and were waited for.
pub(crate) fn cpu_of_ended_children() -> Duration {
    stat(std::process::id()).map_or(Duration::ZERO, |stat| stat.ended_children)
}

/// The time that a process and its children, those that have ended among them, have spent so far.
pub(crate) fn cpu_with_children(process: u32) -> Duration {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let children = numbers.filter_map(stat).filter(|stat| stat.parent == process).map(|stat| stat.own);
    let own = stat(process).map_or(Duration::ZERO, |stat| stat.own + stat.ended_children);
    own + children.sum::<Duration>()
}

struct Stat {
    parent: u32,
    own: Duration,
    ended_children: Duration,
}

/// `/proc/PID/stat`, proc(5).
fn stat(process: u32) -> Option<Stat> {
    let told = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is a name in parentheses, which may have anything in it.
    let fields: Vec<&str> = told.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    let time = |one, other| {
        let ticks = ticks(one)? + ticks(other)?;
        Some(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
    };
    Some(Stat { parent: ticks(4)? as u32, own: time(14, 15)?, ended_children: time(16, 17)? })
}

/// How much memory a process has, in bytes: now, and at most so far.
pub(crate) fn memory(process: u32) -> (u64, u64) {
    let told = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let field = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()
    };
    let bytes = |name| field(name).unwrap_or_default() * 1024;
    (bytes("VmRSS:"), bytes("VmHWM:"))
}

/// How many files a process has open.
pub(crate) fn open_files(process: u32) -> usize {
    fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn time_and_memory_of_a_process_are_known() {
        let (before, since) = (own_cpu(), Instant::now());
        while since.elapsed() < Duration::from_millis(300) {
            std::hint::spin_loop();
        }
        let spent = own_cpu().saturating_sub(before);
        assert!(spent >= Duration::from_millis(30), "{spent:?}");
        let (now, most) = memory(std::process::id());
        assert!(now > 100_000 && most >= now, "{now} {most}");
        assert!(open_files(std::process::id()) >= 3);
        // Time goes on meanwhile.
        let own = own_cpu();
        assert!(cpu_with_children(std::process::id()) >= own);
    }
}
