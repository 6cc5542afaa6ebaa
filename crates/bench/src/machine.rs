//! On what it was measured.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What machine, system and commit this is.
pub(crate) fn described(folder: &Path, postgres: &str, files: u64) -> Vec<String> {
    let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name));
        value.map(|value| value.trim_start_matches([' ', '\t', ':']).trim().to_owned())
    };
    let cpu = field(&read("/proc/cpuinfo"), "model name").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = field(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
    let gibibytes = memory.trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1024.0 / 1024.0;
    let kernel = read("/proc/sys/kernel/osrelease");
    vec![
        format!("machine: {cores} × {cpu}, {gibibytes:.0} GiB, data on {}", file_system(folder)),
        format!("system: Linux {}; a process may open {files} files", kernel.trim()),
        format!("PostgreSQL {postgres} with `{}`", crate::postgres::OPTIONS),
        format!("commit: {}", commit()),
        format!("when: {}", jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC")),
    ]
}

/// What kind of file system a folder is on: in one that is in memory, nothing is durable.
pub(crate) fn file_system(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let on = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (point, kind) = (words.next()?, words.next()?);
        folder.starts_with(point).then(|| (point.len(), kind.to_owned()))
    });
    on.max().map_or_else(String::new, |(_, kind)| kind)
}

fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "not known".to_owned() };
    match git(&["status", "--porcelain", "--untracked-files=no"]) {
        Some(changed) if !changed.is_empty() => format!("{commit}, with changes"),
        _ => commit,
    }
}
