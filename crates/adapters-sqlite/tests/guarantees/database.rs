//! A database in a file, with a second connection of our own that knows nothing of the store's rules.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use doctor_booking_adapters_sqlite::{SqliteLocation, SqliteOptions, SqliteStore};
use doctor_booking_ports_contract::Fixture;
use tempfile::TempDir;

/// A migrated database in a folder of its own.
pub(crate) struct Database {
    store: SqliteStore,
    raw: SqliteConnection,
    /// Dropped last.
    folder: TempDir,
}

impl Database {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = file_in(folder.path());
        let store = migrated(&path);
        let raw = SqliteConnection::establish(path.to_str().expect("Unicode")).expect("the file is there");
        Self { store, raw, folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        file_in(self.folder.path())
    }

    pub(crate) fn raw(&mut self) -> &mut SqliteConnection {
        &mut self.raw
    }

    /// Executes raw SQL, as anybody could who has the file.
    pub(crate) fn execute(&mut self, statements: &str) -> QueryResult<()> {
        self.raw.batch_execute(statements)
    }

    /// How many rows a table has; what comes after its name may narrow it down.
    pub(crate) fn count(&mut self, table: &str) -> i64 {
        sql::<BigInt>(&format!("SELECT count(*) FROM {table}")).get_result(&mut self.raw).expect("a number")
    }

    /// The store, with what puts things into it.
    pub(crate) fn fixture(&self) -> Fixture {
        Fixture::new(self.store.stores(), ())
    }
}

/// The database's file in a folder.
pub(crate) fn file_in(folder: &Path) -> PathBuf {
    folder.join("hospital.db")
}

/// The options for a database in a file.
pub(crate) fn options(path: &Path) -> SqliteOptions {
    SqliteOptions::new(SqliteLocation::File(path.to_owned()))
}

/// A store in this file, with its tables.
pub(crate) fn migrated(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(&options(path)).expect("the database opens");
    store.migrate().expect("the tables are made");
    store
}

/// An id in SQL.
pub(crate) fn blob(bits: u128) -> String {
    format!("x'{bits:032x}'")
}

/// Whom raw SQL occupies.
pub(crate) const SUBJECT: u128 = 7;

/// Whether the statement is refused because it would have two at the same place at the same time.
pub(crate) fn is_overlap(database: &mut Database, statement: &str) -> bool {
    match database.execute(statement) {
        Ok(()) => false,
        Err(error) => {
            assert_eq!(error.to_string(), "occupancy_overlap", "{statement}");
            true
        }
    }
}
