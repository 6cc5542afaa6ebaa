//! What is counted and measured, for Prometheus.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::ApiState;
use crate::problem::Problem;
use crate::query::NoQuery;

/// Upper bounds of the classes into which durations are counted, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
/// After how many requests what was measured is folded together, so that it does not pile up where nobody looks.
const REQUESTS_BETWEEN_UPKEEP: u32 = 4096;

static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();
static SINCE_UPKEEP: AtomicU32 = AtomicU32::new(0);

/// What the process counts and measures.
///
/// | metric | labels |
/// | --- | --- |
/// | `http_requests_total` | `method`, `route` (the pattern, never the path), `status` |
/// | `http_request_duration_seconds` | `method`, `route` |
/// | `requests_turned_away_total` | `reason`: `address`, `caller`, `requests`, `streams`, `url`, `headers`, `slow-body` |
/// | `bookings_total` | `outcome`: `booked`, `moved`, `cancelled`, `reinstated`, `arrived`, `fulfilled`, `no-show`, or the code of the refusal |
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The process's metrics. The first call makes this crate's recorder the process's; every later one answers the
    /// same metrics.
    ///
    /// Where the process has another recorder already, measurements go there, and `/metrics` stays empty.
    #[must_use]
    pub fn install() -> Self {
        Self(
            INSTALLED
                .get_or_init(|| {
                    let builder = PrometheusBuilder::new();
                    let builder = builder
                        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
                        .unwrap_or_else(|_| PrometheusBuilder::new());
                    let recorder = builder.build_recorder();
                    let handle = recorder.handle();
                    if metrics::set_global_recorder(recorder).is_err() {
                        tracing::warn!("the process has another metrics recorder: /metrics stays empty");
                    }
                    metrics::describe_counter!("http_requests_total", "Requests answered.");
                    metrics::describe_histogram!(
                        "http_request_duration_seconds",
                        metrics::Unit::Seconds,
                        "From a request's head to its answer's head."
                    );
                    metrics::describe_counter!(
                        "requests_turned_away_total",
                        "Requests refused because there were too many, or as too large or too slow."
                    );
                    metrics::describe_counter!(
                        "bookings_total",
                        "Wishes to book, or to change a booking, by what came of them."
                    );
                    handle
                })
                .clone(),
        )
    }

    /// In Prometheus' text format.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Counts a request that was answered.
    pub(crate) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        metrics::counter!("http_requests_total",
            "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
        metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => route).record(took);
        if SINCE_UPKEEP.fetch_add(1, Ordering::Relaxed) >= REQUESTS_BETWEEN_UPKEEP {
            SINCE_UPKEEP.store(0, Ordering::Relaxed);
            self.0.run_upkeep();
        }
    }
}

/// Counts what came of a wish that should have ended in `outcome`. What was answered before is not counted again.
pub(crate) fn count_booking(outcome: &'static str, refused: Option<&Problem>) {
    if refused.is_some_and(Problem::is_answered) {
        return;
    }
    let outcome = refused.map_or(outcome, |problem| problem.code().as_str());
    metrics::counter!("bookings_total", "outcome" => outcome).increment(1);
}

/// Why a request is turned away before it is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Its address has sent too many.
    Address,
    /// Its caller has sent too many.
    Caller,
    /// Too many are being worked on.
    Requests,
    /// Too many streams are open.
    Streams,
    /// Its URL is too long.
    Url,
    /// Its headers are too large.
    Headers,
    /// Its body came too slowly.
    SlowBody,
}

/// Counts a request that is turned away.
pub(crate) fn count_turned_away(reason: Reason) {
    let reason = match reason {
        Reason::Address => "address",
        Reason::Caller => "caller",
        Reason::Requests => "requests",
        Reason::Streams => "streams",
        Reason::Url => "url",
        Reason::Headers => "headers",
        Reason::SlowBody => "slow-body",
    };
    metrics::counter!("requests_turned_away_total", "reason" => reason).increment(1);
}

/// What is counted and measured
///
/// In the text format of Prometheus.
#[utoipa::path(
    get, path = "/metrics", operation_id = "getMetrics", tag = "Operations",
    responses(
        (status = 200, description = "All metrics.", body = String, content_type = "text/plain",
         example = json!("# TYPE http_requests_total counter\nhttp_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1\n")),
        crate::openapi::Reading,
    ),
)]
pub(crate) async fn show(state: web::Data<ApiState>, _: NoQuery) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .body(state.metrics().render()))
}
