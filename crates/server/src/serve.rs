//! Serving the HTTP API until told to stop.

use std::sync::Arc;

use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use actix_web::{App, HttpServer};
use anyhow::Context;
use doctor_booking_adapters_system::{SystemClock, UuidIds};
use doctor_booking_api_actix::{ApiState, Metrics, Settings, configure};
use doctor_booking_application::UseCases;
use doctor_booking_domain::{Tzdb, Zone};

use crate::commands::say;
use crate::config::Config;
use crate::store;

/// How long what is in flight may take to finish once the server is told to stop, in seconds.
const DRAIN_SECONDS: u64 = 30;

/// Opens the store and serves until SIGTERM or SIGINT; then finishes what is in flight.
pub(crate) fn serve(config: &Config, default_zone: Zone) -> anyhow::Result<()> {
    let pool_size = config.pool_size as usize;
    // A worker needs one blocking thread at least, and a thread beyond the connections of the pool could only wait.
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(pool_size);
    let blocking_threads = pool_size / workers;
    actix_web::rt::System::new().block_on(async move {
        // Listened for before anybody can know that the server is there: a signal that comes early is not lost.
        let mut stop = Stop::listen()?;
        let use_cases = UseCases::new(&store::open(config)?, &(Arc::new(SystemClock) as _), &(Arc::new(UuidIds) as _));
        let state = ApiState::new(use_cases, Settings { default_zone }, Metrics::install());
        let server = HttpServer::new(move || App::new().configure(configure(state.clone())))
            .workers(workers)
            .worker_max_blocking_threads(blocking_threads)
            .shutdown_timeout(DRAIN_SECONDS)
            .disable_signals()
            .bind(&config.listen)
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        let addresses = server.addrs();
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(async move {
            stop.wanted().await;
            tracing::info!("finishing what is in flight");
            handle.stop(true).await;
        });
        for address in addresses {
            say(&format!("listening on http://{address}"))?;
        }
        let database = config.database()?;
        tracing::info!(workers, blocking_threads, ?database, tzdb = Tzdb::version(), "serving");
        server.await.context("the server failed")
    })
}

/// The signals that end the service.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the first of them.
    async fn wanted(&mut self) {
        std::future::poll_fn(|context| {
            let (terminate, interrupt) = (self.terminate.poll_recv(context), self.interrupt.poll_recv(context));
            if terminate.is_ready() || interrupt.is_ready() {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
}
