//! Serving the HTTP API until told to stop.

use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use actix_web::{App, HttpServer};
use anyhow::Context;
use doctor_booking_adapters_system::{SystemClock, UuidIds};
use doctor_booking_adapters_webhook::HttpMessenger;
use doctor_booking_api_actix::{ApiState, Connection, Metrics, Settings, configure};
use doctor_booking_application::UseCases;
use doctor_booking_domain::{Tzdb, Zone};
use doctor_booking_ports::Clock;
use socket2::SockRef;

use crate::access;
use crate::background::{Background, Parts};
use crate::commands::say;
use crate::config::Config;
use crate::store;

/// How long what is in flight may take to finish once the server is told to stop, in seconds.
const DRAIN_SECONDS: u64 = 30;

/// How long a connection is kept for a client's next request.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// How long a client that is answered may go on sending before its connection is cut off.
const MOST_FAREWELL: Duration = Duration::from_secs(2);

/// How long the other side of a connection may take nothing of what is sent.
const MOST_PATIENCE: Duration = Duration::from_secs(30);

/// Opens the store and serves until SIGTERM or SIGINT; then finishes what is in flight.
pub(crate) fn serve(config: &Config, default_zone: Zone) -> anyhow::Result<()> {
    let pool_size = config.pool_size as usize;
    // A worker needs one blocking thread at least, and a thread beyond the connections of the pool could only wait.
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(pool_size);
    let blocking_threads = pool_size / workers;
    // A silent time, another head, and as long again for the answer to arrive.
    let most_idle = KEEP_ALIVE + 2 * config.client_timeout();
    actix_web::rt::System::new().block_on(async move {
        // Listened for before anybody can know that the server is there: a signal that comes early is not lost.
        let mut stop = Stop::listen()?;
        let stores = store::open(config)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let use_cases = UseCases::new(&stores, &clock, &(Arc::new(UuidIds) as _));
        let use_cases = access::recognising(use_cases, config)?;
        let public_availability = config.public_availability;
        let settings = Settings { public_availability, guard: config.guard(), ..Settings::new(default_zone) };
        let state = ApiState::new(use_cases.clone(), settings, Metrics::install());
        let feed = state.feed().clone();
        let server = HttpServer::new(move || App::new().configure(configure(state.clone())))
            .workers(workers)
            .worker_max_blocking_threads(blocking_threads)
            .shutdown_timeout(DRAIN_SECONDS)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(config.client_timeout())
            .client_disconnect_timeout(MOST_FAREWELL)
            .on_connect(move |connection, data| {
                if let Some(stream) = connection.downcast_ref::<TcpStream>() {
                    let_go_of_who_does_not_read(stream);
                    let_go_of_who_comes_to_no_end(stream, data, most_idle);
                }
            })
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
        let first = access::first_secret(&use_cases, config)?;
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
        for address in &addresses {
            say(&format!("listening on http://{address}"))?;
        }
        if let (Some(secret), Some(address)) = (first, addresses.first()) {
            say(&format!("sign in at {}", access::sign_in_link(&format!("http://{address}"), &secret)))?;
            say("(shown this once; `doctor-booking token create --role administrator` makes another)")?;
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
fn let_go_of_who_does_not_read(stream: &TcpStream) {
    #[cfg(any(target_os = "android", target_os = "linux"))]
    if let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(MOST_PATIENCE)) {
        tracing::debug!(%error, "a connection has no limit of patience");
    }
    #[cfg(not(any(target_os = "android", target_os = "linux")))]
    let _ = stream;
}

/// Ends a connection on which nothing is answered for long, because a request never comes to its end.
fn let_go_of_who_comes_to_no_end(stream: &TcpStream, data: &mut Extensions, most_idle: Duration) {
    // The server has the stream itself; a second handle on it can end it, too.
    match SockRef::from(stream).try_clone() {
        Ok(handle) => Connection::watch(data, most_idle, move || {
            tracing::debug!("a connection is cut off: its request does not come to an end");
            let _ = handle.shutdown(Shutdown::Both);
        }),
        Err(error) => tracing::warn!(%error, "a connection is not watched"),
    }
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
