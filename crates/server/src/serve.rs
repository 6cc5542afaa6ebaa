//! Serving the HTTP API until told to stop.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use actix_web::{App, HttpServer};
use anyhow::Context;
use doctor_booking_adapters_system::{SystemClock, UuidIds};
use doctor_booking_adapters_webhook::HttpMessenger;
use doctor_booking_api_actix::{ApiState, Metrics, Settings, configure};
use doctor_booking_application::UseCases;
use doctor_booking_domain::{Tzdb, Zone};
use doctor_booking_ports::Clock;

use crate::background::{Background, Parts};
use crate::commands::say;
use crate::config::Config;
use crate::store;

/// How long what is in flight may take to finish once the server is told to stop, in seconds.
const DRAIN_SECONDS: u64 = 30;

/// How long the other side of a connection may take nothing of what is sent.
const MOST_PATIENCE: Duration = Duration::from_secs(30);

/// Opens the store and serves until SIGTERM or SIGINT; then finishes what is in flight.
pub(crate) fn serve(config: &Config, default_zone: Zone) -> anyhow::Result<()> {
    let pool_size = config.pool_size as usize;
    // A worker needs one blocking thread at least, and a thread beyond the connections of the pool could only wait.
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(pool_size);
    let blocking_threads = pool_size / workers;
    actix_web::rt::System::new().block_on(async move {
        // Listened for before anybody can know that the server is there: a signal that comes early is not lost.
        let mut stop = Stop::listen()?;
        let stores = store::open(config)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let use_cases = UseCases::new(&stores, &clock, &(Arc::new(UuidIds) as _));
        let state = ApiState::new(use_cases.clone(), Settings { default_zone }, Metrics::install());
        let feed = state.feed().clone();
        let server = HttpServer::new(move || App::new().configure(configure(state.clone())))
            .workers(workers)
            .worker_max_blocking_threads(blocking_threads)
            .shutdown_timeout(DRAIN_SECONDS)
            .on_connect(|connection, _| let_go_of_who_does_not_read(connection))
            .disable_signals()
            .bind(&config.listen)
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        let addresses = server.addrs();
        let background = Arc::new(Background::start(Parts {
            stores: &stores,
            use_cases: &use_cases,
            feed: &feed,
            clock: &clock,
            messenger: Arc::new(HttpMessenger::new(config.reach())),
            reminders: config.reminders(),
        })?);
        let server = server.run();
        let handle = server.handle();
        let in_background = Arc::clone(&background);
        actix_web::rt::spawn(async move {
            stop.wanted().await;
            tracing::info!("finishing what is in flight");
            // Those who listen would never finish by themselves.
            feed.end();
            in_background.stop();
            handle.stop(true).await;
        });
        for address in addresses {
            say(&format!("listening on http://{address}"))?;
        }
        let database = config.database()?;
        tracing::info!(workers, blocking_threads, ?database, tzdb = Tzdb::version(), "serving");
        let ended = server.await.context("the server failed");
        background.stop();
        background.wait();
        ended
    })
}

/// Has the system end a connection whose other side takes nothing for long, as a stream of events that nobody reads:
/// what is still to be sent would be kept for ever.
fn let_go_of_who_does_not_read(connection: &dyn Any) {
    #[cfg(any(target_os = "android", target_os = "linux"))]
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>() {
        let set = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(MOST_PATIENCE));
        if let Err(error) = set {
            tracing::debug!(%error, "a connection has no limit of patience");
        }
    }
    #[cfg(not(any(target_os = "android", target_os = "linux")))]
    let _ = connection;
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
