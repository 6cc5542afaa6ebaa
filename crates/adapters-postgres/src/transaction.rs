//! Transactions that can also be refused.

use diesel::pg::PgConnection;
use diesel::result::{DatabaseErrorKind, Error};
use doctor_booking_ports::Unavailable;

use crate::pool::Pool;

/// How often a transaction is begun that the database breaks off in favour of another.
const ATTEMPTS: usize = 5;

/// Why a transaction is rolled back.
pub(crate) enum Abort<R> {
    /// Something was not as it should be.
    Refused(R),
    /// The database did not go along.
    Database(Error),
}

impl<R> From<Error> for Abort<R> {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl Pool {
    /// Does all of `work`, or nothing. It may be begun several times.
    ///
    /// Where the connection breaks while it commits, nobody can tell whether it has: that is an error too.
    pub(crate) fn transaction<T, R: From<Unavailable>>(
        &self,
        work: impl Fn(&mut PgConnection) -> Result<T, Abort<R>>,
    ) -> Result<T, R> {
        let mut connection = self.get()?;
        let mut attempts = 1;
        loop {
            // READ COMMITTED, whatever the server's default: each statement has to see what others have committed by
            // the time that a lock was granted.
            match connection.build_transaction().read_committed().run(|connection| work(connection)) {
                Ok(done) => return Ok(done),
                Err(Abort::Refused(refused)) => return Err(refused),
                Err(Abort::Database(error)) if attempts < ATTEMPTS && gave_way(&error) => attempts += 1,
                Err(Abort::Database(error)) => return Err(Unavailable::unreachable(error).into()),
            }
        }
    }
}

/// Whether the transaction was broken off so that another could go on; it has changed nothing, and may succeed now.
fn gave_way(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        // Diesel does not tell SQLSTATE 40P01. Where the server speaks another language a deadlock is just an error.
        Error::DatabaseError(DatabaseErrorKind::Unknown, told) => told.message().contains("deadlock detected"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: DatabaseErrorKind, message: &str) -> Error {
        Error::DatabaseError(kind, Box::new(message.to_owned()))
    }

    #[test]
    fn only_what_gave_way_to_others_is_tried_again() {
        assert!(gave_way(&told(DatabaseErrorKind::Unknown, "deadlock detected")));
        assert!(gave_way(&told(DatabaseErrorKind::SerializationFailure, "could not serialize access")));
        assert!(!gave_way(&told(DatabaseErrorKind::Unknown, "canceling statement due to lock timeout")));
        assert!(!gave_way(&told(DatabaseErrorKind::ClosedConnection, "server closed the connection")));
        assert!(!gave_way(&Error::NotFound));
    }
}
