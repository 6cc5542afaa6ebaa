//! Whether the database is there.

use diesel::dsl::exists;
use diesel::prelude::*;
use doctor_booking_ports::{Health, Unavailable};

use crate::SqliteStore;
use crate::pools::Pools;
use crate::schema::doctors;

/// [`Health`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteHealth(Pools);

impl SqliteHealth {
    /// The health of `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Health for SqliteHealth {
    fn check(&self) -> Result<(), Unavailable> {
        self.0.read(|connection| {
            // Not just `SELECT 1`, which does not even open the file.
            diesel::select(exists(doctors::table.select(doctors::id))).get_result::<bool>(connection)?;
            Ok(())
        })
    }
}
