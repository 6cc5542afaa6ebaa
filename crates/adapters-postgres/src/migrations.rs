//! Bringing the database to the shape that this version needs.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sql_types::Integer;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use doctor_booking_ports::Unavailable;
use thiserror::Error;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Ours among the advisory locks of the database: the letters `docbook`.
const LOCK: i64 = 0x64_6f63_626f_6f6b;

/// The first version that has everything we need, as `server_version_num`.
const OLDEST: i32 = 15_00_00;

#[derive(Debug, Error)]
#[error("PostgreSQL 15 or newer is needed, this is {}.{}", .0 / 1_00_00, .0 % 1_00_00)]
struct TooOld(i32);

/// Applies what has not been applied yet.
pub(crate) fn run(connection: &mut PgConnection) -> Result<(), Unavailable> {
    let version = server_version(connection).map_err(Unavailable::unreachable)?;
    if version < OLDEST {
        return Err(Unavailable::unreachable(TooOld(version)));
    }
    // Several servers may start at once: all but one wait here, as long as that one takes. The lock is let go with the
    // connection. After that, whoever has to wait for a table makes all others wait: better fail and be started anew.
    let alone = format!(
        "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK}); SET lock_timeout = '10s'"
    );
    connection.batch_execute(&alone).map_err(Unavailable::unreachable)?;
    connection.run_pending_migrations(MIGRATIONS).map_err(Unavailable::unreachable)?;
    Ok(())
}

fn server_version(connection: &mut PgConnection) -> diesel::QueryResult<i32> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = Integer)]
        number: i32,
    }
    // SQL, since Diesel has no word for settings.
    let version: Version =
        sql_query("SELECT current_setting('server_version_num')::integer AS number").get_result(connection)?;
    Ok(version.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_is_told_which_it_is() {
        assert_eq!(TooOld(14_00_09).to_string(), "PostgreSQL 15 or newer is needed, this is 14.9");
    }

    #[test]
    fn every_migration_can_be_taken_back_and_applied_again() {
        let database = doctor_booking_test_postgres::TestDatabase::create().expect("a database");
        let mut connection = crate::pool::connect(database.url()).expect("it is there");
        run(&mut connection).expect("applied");
        connection.revert_all_migrations(MIGRATIONS).expect("taken back");
        run(&mut connection).expect("applied again");
        assert!(!connection.has_pending_migration(MIGRATIONS).expect("an answer"));
    }
}
