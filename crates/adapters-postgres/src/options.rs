//! How to reach the database, and how long to wait for it.

use std::fmt;
use std::time::Duration;

/// How to reach the database, and how long to wait for it.
///
/// ```
/// # use doctor_booking_adapters_postgres::PgOptions;
/// let options = PgOptions { pool_size: 20, ..PgOptions::new("postgres://booking@localhost/booking?sslmode=require") };
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PgOptions {
    /// Where it is, as `libpq` reads it: `postgres://user:password@host:port/database?sslmode=require`, or
    /// `host=… dbname=…`. Every parameter of `libpq` may be given. Unless it says otherwise, `connect_timeout` is 3
    /// seconds, and a host that has fallen silent is given up after 15.
    pub url: String,
    /// How many connections are open at most, 1 or more.
    pub pool_size: u32,
    /// How long a caller waits for one of them to be free, before it is told that the store is unreachable.
    pub pool_wait: Duration,
    /// How long one statement may take, and a transaction may sit idle.
    pub statement_timeout: Duration,
    /// How long a statement may wait for others to let go of a row.
    pub lock_timeout: Duration,
}

impl PgOptions {
    /// The database at `url`, with 10 connections; 2 seconds to wait for one, 10 for a statement, 5 for a lock.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            pool_size: 10,
            pool_wait: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(5),
        }
    }
}

/// Without the URL, which has a password in it.
impl fmt::Debug for PgOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PgOptions")
            .field("pool_size", &self.pool_size)
            .field("pool_wait", &self.pool_wait)
            .field("statement_timeout", &self.statement_timeout)
            .field("lock_timeout", &self.lock_timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_does_not_show_in_debug_output() {
        assert!(!format!("{:?}", PgOptions::new("postgres://booking:secret@localhost")).contains("secret"));
    }
}
