//! Connections: how they are made, set up and shared.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::r2d2::{self, ConnectionManager, CustomizeConnection, NopErrorHandler};
use diesel::{Connection, ConnectionError};
use doctor_booking_ports::Unavailable;

use crate::PgOptions;

pub(crate) type PooledConnection = r2d2::PooledConnection<ConnectionManager<PgConnection>>;

/// The connections that all ports share.
#[derive(Clone, Debug)]
pub(crate) struct Pool(r2d2::Pool<ConnectionManager<PgConnection>>);

impl Pool {
    /// A pool that opens connections as they are needed.
    pub(crate) fn new(options: &PgOptions) -> Self {
        let at_least_a_millisecond = |wait: Duration| wait.max(Duration::from_millis(1));
        let pool = r2d2::Pool::builder()
            .max_size(options.pool_size.max(1))
            .min_idle(Some(0))
            .connection_timeout(at_least_a_millisecond(options.pool_wait))
            // A connection may have died since it was last used: better one question too many than a failed booking.
            .test_on_check_out(true)
            // What went wrong is in the error that the caller gets.
            .error_handler(Box::new(NopErrorHandler))
            .connection_customizer(Box::new(Setup(settings(options))))
            // `build` would wait until connections are there.
            .build_unchecked(ConnectionManager::new(with_defaults(&options.url)));
        Self(pool)
    }

    /// A connection, as soon as one is free.
    pub(crate) fn get(&self) -> Result<PooledConnection, Unavailable> {
        self.0.get().map_err(|error| Unavailable::unreachable(format!("no connection to the database: {error}")))
    }
}

/// A connection of one's own, not set up in any way. Tells at once when there is none to be had.
pub(crate) fn connect(url: &str) -> Result<PgConnection, Unavailable> {
    PgConnection::establish(&with_defaults(url)).map_err(|error| {
        let cause = match error {
            ConnectionError::BadConnection(cause) => without_secrets(&cause, url),
            // A URL with a NUL in it, or the server's answer to the very first statements.
            other => without_secrets(&other.to_string(), url),
        };
        Unavailable::unreachable(format!("cannot connect to the database: {cause}"))
    })
}

/// Sets up each new connection.
#[derive(Debug)]
struct Setup(String);

impl CustomizeConnection<PgConnection, r2d2::Error> for Setup {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), r2d2::Error> {
        Ok(connection.batch_execute(&self.0)?)
    }
}

fn settings(options: &PgOptions) -> String {
    // Zero would mean "for ever".
    let milliseconds = |wait: Duration| wait.as_millis().clamp(1, 2_000_000_000);
    let (statement, lock) = (milliseconds(options.statement_timeout), milliseconds(options.lock_timeout));
    // What is answered as stored survives a crash, whatever the server, the database or the role have as default.
    format!(
        "SET synchronous_commit = on; SET TIME ZONE 'UTC'; SET statement_timeout = {statement}; \
         SET lock_timeout = {lock}; SET idle_in_transaction_session_timeout = {statement}"
    )
}

/// What `libpq` is told unless the URL says otherwise. A connection attempt may take 3 seconds, not minutes; and a host
/// that no longer says anything, not even that it got our packets, is given up after 15 seconds, not hours.
const DEFAULTS: [(&str, &str); 5] = [
    ("connect_timeout", "3"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "2"),
    ("tcp_user_timeout", "15000"),
];

/// `url` with the [`DEFAULTS`] for whatever it does not say itself.
fn with_defaults(url: &str) -> String {
    let missing =
        DEFAULTS.iter().filter(|(name, _)| !url.contains(name)).map(|(name, value)| format!("{name}={value}"));
    let missing: Vec<_> = missing.collect();
    let Some((_, rest)) = url.split_once("://") else { return format!("{url} {}", missing.join(" ")) };
    // As `libpq` reads it: what comes before an `@` that no `/` precedes is user and password, `?` or not.
    let user = rest.find(['@', '/']).filter(|&end| rest[end..].starts_with('@')).unwrap_or(0);
    let separator = if rest[user..].contains('?') { '&' } else { '?' };
    format!("{url}{separator}{}", missing.join("&"))
}

/// `libpq`'s message, without what it quotes from a URL that it could not read, for that may be the password.
fn without_secrets(message: &str, url: &str) -> String {
    // Once it knows where to go, it quotes the host, the user and the database. It may have got them wrong, though, if
    // there is an `@` in the password.
    let understood =
        message.starts_with("connection to server") || message.starts_with("could not translate host name");
    if understood && url.matches('@').count() < 2 {
        return message.trim().to_owned();
    }
    let quoted = message.split('"').enumerate();
    quoted.map(|(index, part)| if index % 2 == 1 { "\"…\"" } else { part }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use diesel::RunQueryDsl;

    use super::*;

    #[test]
    fn what_the_url_does_not_say_is_added_where_libpq_reads_it() {
        const REST: &str = "keepalives_idle=5&keepalives_interval=5&keepalives_count=2&tcp_user_timeout=15000";
        for (url, begins) in [
            ("postgres://localhost", "postgres://localhost?connect_timeout=3"),
            ("postgres://u:p@h/d?sslmode=require", "postgres://u:p@h/d?sslmode=require&connect_timeout=3"),
            ("postgres://u:p?p@h/d", "postgres://u:p?p@h/d?connect_timeout=3"),
            ("postgres:///d?user=a@b", "postgres:///d?user=a@b&connect_timeout=3"),
            ("postgres://h?connect_timeout=9", "postgres://h?connect_timeout=9"),
        ] {
            assert_eq!(with_defaults(url), format!("{begins}&{REST}"));
        }
        let words = format!("host=h dbname=d connect_timeout=3 {}", REST.replace('&', " "));
        assert_eq!(with_defaults("host=h dbname=d"), words);
    }

    #[test]
    fn no_password_is_in_any_message() {
        for url in [
            "postgres://booking:secret%zz@localhost/d",
            "postgres://booking:secret@localhost:port/d",
            "postgres://booking:secret@localhost/d?nonsense=1",
            "postgres://booking:1/secret@localhost/d",
            "postgres://booking:x@secret@localhost/d",
            "postgres://booking:x/secret@localhost/d",
            "postgres://[booking:secret@localhost/d",
            "postgres://booking:secret@localhost:1/d",
            "postgres://booking:secret\0@localhost:1/d",
            "host=localhost port=1 user=booking password='secret",
            "host=localhost port=1 user=booking password secret",
        ] {
            let Err(Unavailable::Unreachable(cause)) = connect(url) else { panic!("there is nobody there") };
            assert!(!cause.to_string().contains("secret"), "{cause}");
        }
    }

    #[test]
    fn a_host_that_is_not_there_is_named() {
        let Err(Unavailable::Unreachable(cause)) = connect("postgres://u:p@127.0.0.1:1/d") else { panic!("not there") };
        assert!(cause.to_string().contains("\"127.0.0.1\", port 1 failed: Connection refused"), "{cause}");
    }

    #[test]
    fn what_is_committed_is_on_the_disk_whatever_the_server_has_as_default() {
        let database = doctor_booking_test_postgres::TestDatabase::create().expect("a database");
        let careless =
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
            EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Tokyo'); END $$";
        connect(database.url())
            .and_then(|mut c| c.batch_execute(careless).map_err(Unavailable::unreachable))
            .expect("set");
        let pool = Pool::new(&PgOptions { lock_timeout: Duration::ZERO, ..PgOptions::new(database.url()) });
        let setting = |name: &str| {
            diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(&format!("current_setting('{name}')")))
                .get_result::<String>(&mut pool.get().expect("a connection"))
                .expect("a setting")
        };
        assert_eq!(setting("synchronous_commit"), "on");
        assert_eq!(setting("timezone"), "UTC");
        assert_eq!(setting("statement_timeout"), "10s");
        assert_eq!(setting("lock_timeout"), "1ms", "zero would be for ever");
        assert_eq!(setting("idle_in_transaction_session_timeout"), "10s");
    }
}
