//! The HTTP API of doctor booking on actix-web: routes, problems, the OpenAPI document, and what is measured.
//!
//! Everything is in [`configure`]: routes, middleware, limits. A server is `App::new().configure(…)`, bound somewhere.
//!
//! ```no_run
//! use actix_web::{App, HttpServer};
//! use doctor_booking_api_actix::{ApiState, GuardSettings, Metrics, Settings, configure};
//! use doctor_booking_application::UseCases;
//! use doctor_booking_domain::Zone;
//!
//! # async fn serve(use_cases: UseCases) -> std::io::Result<()> {
//! let state = ApiState::new(use_cases, Settings::new(Zone::utc()), Metrics::install());
//! HttpServer::new(move || App::new().configure(configure(state.clone()))).bind("127.0.0.1:8080")?.run().await
//! # }
//! ```
//!
//! # From a request to an answer
//!
//! Who asks for something under `/api/` is found out before anything else, by the token, session or JWT that comes along;
//! handlers hand that on, and use cases decide who may do what. Handlers parse, call, present, and move to the blocking pool
//! once, for the call. What a client sent becomes a command or a problem with every violation; what a use case answers
//! becomes a view. Status codes live in one table ([`Code`]); every refusal leaves as `application/problem+json` (RFC
//! 9457), from whatever layer it comes.

mod audit;
mod authenticate;
mod availability;
mod blocking;
mod board;
mod body;
mod booking;
mod booking_change;
mod booking_filter;
mod caller;
mod closure;
mod code;
mod credential;
mod docs;
mod doctor;
mod endpoint;
mod etag;
mod event;
mod explain;
mod feed;
mod fingerprint;
mod guard;
mod health;
mod history;
mod hold;
mod metrics;
mod offered_types;
mod once;
mod openapi;
mod overrides;
mod page;
mod path;
mod patient;
mod problem;
mod problem_page;
mod query;
mod refused;
mod respond;
mod routes;
mod rules_change;
mod rules_override;
mod schema;
mod search;
mod series;
mod session;
mod state;
mod structure;
mod telemetry;
mod time_off;
mod token;
mod values;
mod violations;
mod visit_type;
mod waitlist;
mod web_page;
mod webhook;
mod weekly;
mod working_hours;

pub use code::Code;
pub use event::event_json;
pub use feed::Feed;
pub use guard::{Connection, GuardSettings, Network, NoNetwork, NoOrigin, Origin};
pub use metrics::Metrics;
pub use openapi::{openapi, openapi_json};
pub use routes::configure;
pub use state::{ApiState, Settings};
