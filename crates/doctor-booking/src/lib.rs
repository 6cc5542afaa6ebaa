#![doc = include_str!("../README.md")]

/// The rules of time, availability and booking: values and decisions, no I/O.
pub use doctor_booking_domain as domain;

/// What the use cases need from the outside.
#[cfg(feature = "application")]
pub use doctor_booking_ports as ports;

/// The use cases.
#[cfg(feature = "application")]
pub use doctor_booking_application as application;

/// The clock and the ids of the operating system.
#[cfg(feature = "application")]
pub use doctor_booking_adapters_system as system;

/// The ports in memory.
#[cfg(feature = "memory")]
pub use doctor_booking_adapters_memory as memory;

/// The ports on SQLite.
#[cfg(feature = "sqlite")]
pub use doctor_booking_adapters_sqlite as sqlite;

/// The ports on PostgreSQL.
#[cfg(feature = "postgres")]
pub use doctor_booking_adapters_postgres as postgres;

/// Messages to webhooks over HTTP.
#[cfg(feature = "webhook")]
pub use doctor_booking_adapters_webhook as webhook;

/// Who an identity provider's JWTs say that a caller is.
#[cfg(feature = "jwt")]
pub use doctor_booking_adapters_jwt as jwt;

/// The HTTP API, to mount in an actix-web application.
#[cfg(feature = "http")]
pub use doctor_booking_api_actix as http;
