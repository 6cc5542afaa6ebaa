//! Processes that are gone with this one, however it ends.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Runs what follows `$3` with its log in `$2`, which process that is being the first line, waits until its owner is gone, ends it, and removes the folder `$1`, if
/// there is one.
const SUPERVISE: &str = r#"
trap '' PIPE HUP
folder=$1 log=$2
shift 2
sh -c 'echo "process $$"; exec "$@"' sh "$@" </dev/null 2>"$log" &
it=$!
exec >/dev/null
read -r the_end_of_input
kill -TERM "$it" 2>/dev/null
(sleep 20; kill -KILL "$it") >/dev/null 2>&1 &
watch=$!
wait "$it"
kill "$watch" 2>/dev/null
if [ -n "$folder" ]; then rm -rf "$folder"; fi
"#;

/// A process that is asked to end (SIGTERM, then SIGKILL) when this is dropped, or when we are gone.
#[derive(Debug)]
pub(crate) struct Supervised {
    supervisor: Child,
    stdin: Option<ChildStdin>,
    process: u32,
    stdout: BufReader<ChildStdout>,
}

impl Supervised {
    /// Starts `program`, which writes its log to a file; and which folder to remove in the end.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(crate) fn start(
        program: &Path,
        arguments: &[String],
        environment: &[(&str, &str)],
        log: &Path,
        removed: Option<&Path>,
    ) -> Result<Self> {
        let mut supervisor = Command::new("sh")
            .args(["-c", SUPERVISE, "sh"])
            .arg(removed.unwrap_or(Path::new("")))
            .arg(log)
            .arg(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A group of its own, so that Ctrl-C in a terminal does not end it before it has cleared up.
            .process_group(0)
            .spawn()
            .context("cannot run sh")?;
        let stdin = supervisor.stdin.take();
        let stdout = BufReader::new(supervisor.stdout.take().context("it is piped")?);
        let mut started = Self { supervisor, stdin, process: 0, stdout };
        let said = started.line()?;
        let process = said.strip_prefix("process ").and_then(|number| number.parse().ok());
        started.process = process.with_context(|| format!("sh says {said:?}"))?;
        Ok(started)
    }

    /// The next line that it says on stdout.
    ///
    /// # Errors
    ///
    /// When it says nothing more.
    pub(crate) fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.stdout.read_line(&mut line)? > 0, "the process has ended");
        Ok(line.trim_end().to_owned())
    }

    /// By what the operating system knows it.
    pub(crate) fn process(&self) -> u32 {
        self.process
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It ends by itself now; nothing can be done if not.
        let _ = self.supervisor.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_with_us_and_its_folder_is_gone() {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let arguments = ["-c".to_owned(), "echo hello $NAME; exec sleep 60".to_owned()];
        let log = folder.join("log");
        let mut it =
            Supervised::start(Path::new("sh"), &arguments, &[("NAME", "you")], &log, Some(&folder)).expect("it starts");
        assert_eq!(it.line().expect("a line"), "hello you");
        let process = it.process();
        assert!(Path::new(&format!("/proc/{process}")).exists());
        drop(it);
        assert!(!Path::new(&format!("/proc/{process}")).exists());
        assert!(!folder.exists());
    }
}
