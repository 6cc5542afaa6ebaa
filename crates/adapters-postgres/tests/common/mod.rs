//! What the tests of this crate share.

use std::sync::OnceLock;

use doctor_booking_adapters_postgres::{PgOptions, PgStore};
use doctor_booking_test_postgres::TestDatabase;

/// A database of one's own with all tables, and nothing in them. A copy: that takes less time than migrating each.
pub(crate) fn database() -> TestDatabase {
    static TEMPLATE: OnceLock<TestDatabase> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let database = TestDatabase::create().expect("a database");
        connect(&PgOptions::new(database.url())).migrate().expect("every migration is applied");
        database
    });
    template.copy().expect("a copy")
}

/// The store there.
pub(crate) fn connect(options: &PgOptions) -> PgStore {
    PgStore::connect(options).expect("the database is there")
}
