//! PostgreSQL keeps every promise of the ports.

mod common;

use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_ports_contract::Fixture;

fn fixture() -> Fixture {
    let database = common::database();
    // Fewer connections than there are threads in a race, as in real life.
    let stores = common::connect(&PgOptions { pool_size: 16, ..PgOptions::new(database.url()) }).stores();
    Fixture::new(stores, database)
}

doctor_booking_ports_contract::contract!(fixture);
