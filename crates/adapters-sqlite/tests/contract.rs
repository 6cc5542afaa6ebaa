//! SQLite keeps what the ports promise, in a file and in memory.

use std::time::Duration;

use doctor_booking_adapters_sqlite::{SqliteLocation, SqliteOptions, SqliteStore};
use doctor_booking_ports_contract::Fixture;

fn migrated(location: SqliteLocation) -> SqliteStore {
    // The suite has 64 write at once, each commit waits for the disk, and tests run side by side: on a slow one the
    // last could wait for longer than the usual 2 s.
    let options = SqliteOptions { pool_wait: Duration::from_secs(20), ..SqliteOptions::new(location) };
    let store = SqliteStore::open(&options).expect("the database opens");
    store.migrate().expect("the tables are made");
    store
}

mod file {
    use super::*;

    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = migrated(SqliteLocation::File(folder.path().join("hospital.db")));
        Fixture::new(store.stores(), folder)
    }

    doctor_booking_ports_contract::contract!(fixture);
}

mod memory {
    use super::*;

    fn fixture() -> Fixture {
        Fixture::new(migrated(SqliteLocation::Memory).stores(), ())
    }

    doctor_booking_ports_contract::contract!(fixture);
}
