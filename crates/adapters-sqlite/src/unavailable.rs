//! Why a transaction is broken off.

use diesel::result::{DatabaseErrorKind, Error};
use doctor_booking_ports::Unavailable;

/// Why a transaction is broken off and rolled back. `E` is the error of the port.
#[derive(Debug)]
pub(crate) enum Abort<E> {
    /// By an answer of the port.
    Refused(E),
    /// The database failed.
    Database(Error),
}

impl<E> From<Error> for Abort<E> {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl<E: From<Unavailable>> From<Unavailable> for Abort<E> {
    fn from(unavailable: Unavailable) -> Self {
        Self::Refused(unavailable.into())
    }
}

impl<E: From<Unavailable>> Abort<E> {
    /// As the port says it.
    pub(crate) fn into_answer(self) -> E {
        match self {
            Self::Refused(answer) => answer,
            Self::Database(error) => Unavailable::unreachable(error).into(),
        }
    }
}

/// What it means that something new was not written to `table`: an id that is taken makes no sense, and trying again
/// does not help.
pub(crate) fn not_added<E: From<Unavailable>>(table: &'static str, id: &impl ToString, error: Error) -> Abort<E> {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Unavailable::inconsistent(table, id, error).into()
        }
        other => Abort::Database(other),
    }
}

/// What it means that a value cannot be written as JSON.
pub(crate) fn not_written(error: serde_json::Error) -> Error {
    Error::SerializationError(error.into())
}
