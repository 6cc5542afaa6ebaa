//! Whether the database is there.

use diesel::sql_types::Integer;
use diesel::{IntoSql, RunQueryDsl, select};
use doctor_booking_ports::{Health, Unavailable};

use crate::pool::Pool;

/// [`Health`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgHealth(Pool);

impl PgHealth {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Health for PgHealth {
    fn check(&self) -> Result<(), Unavailable> {
        select(1.into_sql::<Integer>()).execute(&mut self.0.get()?).map_err(Unavailable::unreachable)?;
        Ok(())
    }
}
