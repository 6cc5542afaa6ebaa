//! The log: one JSON object a line, on stderr.

use tracing_subscriber::EnvFilter;

/// Starts logging at level `info`, or as `RUST_LOG` says.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().json().flatten_event(true).with_writer(std::io::stderr).with_env_filter(filter);
    // Where a log is set already (a test that runs the program twice in one process), that one stays.
    let _ = log.try_init();
}
