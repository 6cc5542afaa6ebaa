//! The log: one JSON object a line, on stderr.

use tracing_subscriber::EnvFilter;

/// What is logged unless `RUST_LOG` says otherwise. What actix's parser cannot read is the client's fault, told to the
/// client, and no error of ours.
const DEFAULT: &str = "info,actix_http::h1::dispatcher=off";

/// Starts logging as `RUST_LOG` says, or at level `info`.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let log = tracing_subscriber::fmt().json().flatten_event(true).with_writer(std::io::stderr).with_env_filter(filter);
    // Where a log is set already (a test that runs the program twice in one process), that one stays.
    let _ = log.try_init();
}
