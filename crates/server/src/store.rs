//! The store that the database URL names.

use std::time::Duration;

use anyhow::Context;
use doctor_booking_adapters_postgres::{PgOptions, PgStore};
use doctor_booking_adapters_sqlite::{SqliteLocation, SqliteOptions, SqliteStore};
use doctor_booking_ports::Stores;

use crate::config::{Config, DatabaseUrl};

/// How long a request waits for a connection before it is answered 503.
const POOL_WAIT: Duration = Duration::from_secs(2);

/// Opens the store and brings its tables up to date.
pub(crate) fn open(config: &Config) -> anyhow::Result<Stores> {
    let database = config.database()?;
    let sqlite = |location| -> anyhow::Result<Stores> {
        let options = SqliteOptions { readers: config.pool_size, pool_wait: POOL_WAIT, ..SqliteOptions::new(location) };
        let store = SqliteStore::open(&options).with_context(|| format!("cannot open {database:?}"))?;
        store.migrate().context("cannot migrate the database")?;
        Ok(store.stores())
    };
    match &database {
        DatabaseUrl::SqliteFile(path) => sqlite(SqliteLocation::File(path.clone())),
        DatabaseUrl::SqliteMemory => sqlite(SqliteLocation::Memory),
        DatabaseUrl::Postgres(url) => {
            let options = PgOptions { pool_size: config.pool_size, pool_wait: POOL_WAIT, ..PgOptions::new(url) };
            let store = PgStore::connect(&options).context("cannot connect to PostgreSQL")?;
            store.migrate().context("cannot migrate the database")?;
            Ok(store.stores())
        }
    }
}
