//! What is written together with a change.

use diesel::prelude::*;
use doctor_booking_ports::{AddError, Along, SaveError, StoreBookingError, StoreHoldError, StoreSeriesError};

use crate::unavailable::Abort;
use crate::{history, idempotency};

/// The request has been answered already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered;

macro_rules! answered {
    ($($error:ty),+) => {$(
        impl From<Answered> for $error {
            fn from(_: Answered) -> Self {
                Self::Answered
            }
        }
    )+};
}

answered!(AddError, SaveError, StoreBookingError, StoreHoldError, StoreSeriesError);

/// Writes what goes along with a change, in its transaction and before anything else: where the request has been answered
/// already, nobody looks any further.
pub(crate) fn write<E: From<Answered>>(connection: &mut SqliteConnection, along: &Along) -> Result<(), Abort<E>> {
    let Along { history, answer } = along;
    if let Some(answer) = answer
        && !idempotency::keep(connection, answer)?
    {
        return Err(Abort::Refused(Answered.into()));
    }
    Ok(history::tell(connection, history)?)
}

/// The same for a port that has no word for a request that was answered already: the first answer stays.
pub(crate) fn write_anyway(connection: &mut SqliteConnection, along: &Along) -> QueryResult<()> {
    let Along { history, answer } = along;
    if let Some(answer) = answer {
        idempotency::keep(connection, answer)?;
    }
    history::tell(connection, history)
}
