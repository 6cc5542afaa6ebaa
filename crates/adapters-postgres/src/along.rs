//! What is written together with a change.

use diesel::pg::PgConnection;
use doctor_booking_ports::{Along, Unavailable};

use crate::pool::Pool;
use crate::transaction::Abort;
use crate::{history, idempotency};

/// The request has been answered already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answered;

impl Pool {
    /// Makes a change and writes what goes along, or nothing. It may be begun several times.
    ///
    /// The answer comes before all else: of two with one key the second waits there for the first, and holds nothing
    /// that anybody else could wait for.
    pub(crate) fn change<T, R: From<Unavailable> + From<Answered>>(
        &self,
        along: &Along,
        work: impl Fn(&mut PgConnection) -> Result<T, Abort<R>>,
    ) -> Result<T, R> {
        self.transaction(|connection| {
            if let Some(answer) = &along.answer
                && !idempotency::keep(connection, answer)?
            {
                return Err(Abort::Refused(Answered.into()));
            }
            let done = work(connection)?;
            history::write(connection, &along.history)?;
            Ok(done)
        })
    }

    /// Makes a change and writes what goes along, or nothing where there is nothing to change; whether there was.
    pub(crate) fn change_if_there(
        &self,
        along: &Along,
        work: impl Fn(&mut PgConnection) -> Result<bool, Abort<Unavailable>>,
    ) -> Result<bool, Unavailable> {
        let changed = self.change(along, |connection| match work(connection) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Abort::Refused(Unchanged::NothingThere)),
            Err(Abort::Refused(error)) => Err(Abort::Refused(Unchanged::Unavailable(error))),
            Err(Abort::Database(error)) => Err(Abort::Database(error)),
        });
        match changed {
            Ok(()) => Ok(true),
            Err(Unchanged::NothingThere) => Ok(false),
            Err(Unchanged::Unavailable(error)) => Err(error),
        }
    }
}

/// Why nothing was changed.
enum Unchanged {
    /// There is nothing to change, or it was answered already that there is not.
    NothingThere,
    Unavailable(Unavailable),
}

impl From<Unavailable> for Unchanged {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}

impl From<Answered> for Unchanged {
    fn from(_: Answered) -> Self {
        Self::NothingThere
    }
}

macro_rules! answered {
    ($($error:ident)+) => {
        $(
            impl From<Answered> for doctor_booking_ports::$error {
                fn from(_: Answered) -> Self {
                    Self::Answered
                }
            }
        )+
    };
}

answered! { AddError SaveError StoreBookingError StoreHoldError StoreSeriesError }
