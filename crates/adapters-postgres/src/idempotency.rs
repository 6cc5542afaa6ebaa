//! Requests that come again.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use doctor_booking_domain::CallerId;
use doctor_booking_ports::{Idempotency, IdempotencyKey, KeptAnswer, Unavailable};

use crate::pool::Pool;
use crate::rows::AnswerRow;
use crate::schema::idempotency;
use crate::transaction::Abort;
use crate::{instant, turn};

/// [`Idempotency`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgIdempotency(Pool);

impl PgIdempotency {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Idempotency for PgIdempotency {
    fn find(&self, caller: CallerId, key: &IdempotencyKey) -> Result<Option<KeptAnswer>, Unavailable> {
        let row = idempotency::table
            .find((caller.uuid(), key.as_str()))
            .select(AnswerRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(KeptAnswer::try_from).transpose()
    }

    fn keep(&self, answer: &KeptAnswer) -> Result<bool, Unavailable> {
        keep(&mut *self.0.get()?, answer).map_err(Unavailable::unreachable)
    }

    fn sweep(&self, before: DateTime<Utc>) -> Result<usize, Unavailable> {
        let old = idempotency::table.filter(idempotency::at.lt(instant::ceil(before)));
        self.0.transaction(|connection| {
            turn::sweep(connection)?;
            Ok::<_, Abort<Unavailable>>(diesel::delete(old).execute(connection)?)
        })
    }
}

/// Keeps an answer, unless there is one already; whether it was kept. Where that is still being decided, it waits.
pub(crate) fn keep(connection: &mut PgConnection, answer: &KeptAnswer) -> QueryResult<bool> {
    let row = AnswerRow::from(answer);
    let kept = diesel::insert_into(idempotency::table).values(row).on_conflict_do_nothing().execute(connection)?;
    Ok(kept == 1)
}
