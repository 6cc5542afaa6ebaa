//! Serving the HTTP API until told to stop.

use actix_web::{App, HttpServer};
use anyhow::Context;
use doctor_booking_api_actix::{ApiState, Metrics, Settings, configure};
use doctor_booking_application::UseCases;
use doctor_booking_domain::{Tzdb, Zone};

use crate::commands::say;
use crate::config::Config;

/// How long what is in flight may take to finish once the server is told to stop, in seconds.
const DRAIN_SECONDS: u64 = 30;

/// Serves until SIGTERM or SIGINT, and finishes what is in flight.
pub(crate) fn serve(config: &Config, use_cases: UseCases, default_zone: Zone) -> anyhow::Result<()> {
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let blocking_threads = (config.pool_size as usize).div_ceil(workers);
    let state = ApiState::new(use_cases, Settings { default_zone }, Metrics::install());
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || App::new().configure(configure(state.clone())))
            .workers(workers)
            // A thread beyond the connections of the pool could only wait for one of them.
            .worker_max_blocking_threads(blocking_threads)
            .shutdown_timeout(DRAIN_SECONDS)
            .bind(&config.listen)
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        for address in server.addrs() {
            say(&format!("listening on http://{address}"))?;
        }
        tracing::info!(workers, blocking_threads, database = ?config.database_url, tzdb = Tzdb::version(), "serving");
        server.run().await.context("the server failed")
    })
}
