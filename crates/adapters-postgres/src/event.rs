//! What has happened, in the order in which everybody learns of it.
//!
//! An entry is put into `outbox` by the very statement that writes it, and gets its position later. A position given while
//! the change is made would be passed by others that come to an end sooner, or leave a gap where the change is undone.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use doctor_booking_ports::{Event, Events, Limit, Unavailable};

use crate::pool::Pool;
use crate::rows::{EntryRow, event};
use crate::schema::{events, history};
use crate::transaction::Abort;
use crate::turn;

/// How many entries get a position in one transaction: all others who publish wait for it.
const BATCH: i64 = 1_000;

/// [`Events`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgEvents(Pool);

impl PgEvents {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Events for PgEvents {
    fn publish(&self) -> Result<usize, Unavailable> {
        self.0.transaction(|connection| {
            turn::publish(connection)?;
            // SQL, since Diesel has no words for rows that move. A statement after the lock, so that it sees what the
            // one before has published. Whoever began after another had come to an end has a later place, and is seen
            // only with it: so these come in their order, even in different batches.
            let moved = diesel::sql_query(
                "WITH next AS (
                     DELETE FROM outbox WHERE place IN (SELECT place FROM outbox ORDER BY place LIMIT $1)
                     RETURNING place, entry_id
                 )
                 INSERT INTO events (position, entry_id)
                 SELECT (SELECT coalesce(max(position), 0) FROM events) + row_number() OVER (ORDER BY place), entry_id
                 FROM next",
            );
            Ok::<_, Abort<Unavailable>>(moved.bind::<BigInt, _>(BATCH).execute(connection)?)
        })
    }

    fn after(&self, position: i64, limit: Limit) -> Result<Vec<Event>, Unavailable> {
        let rows: Vec<(i64, EntryRow)> = events::table
            .inner_join(history::table.on(history::id.eq(events::entry_id)))
            .filter(events::position.gt(position))
            .order(events::position)
            .limit(i64::from(limit.get()))
            .select((events::position, EntryRow::as_select()))
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        rows.into_iter().map(event).collect()
    }

    fn last(&self) -> Result<i64, Unavailable> {
        last(&mut *self.0.get()?).map_err(Unavailable::unreachable)
    }
}

/// The position of the last event, 0 when there is none.
pub(crate) fn last(connection: &mut PgConnection) -> QueryResult<i64> {
    let last: Option<i64> = events::table.select(max(events::position)).first(connection)?;
    Ok(last.unwrap_or_default())
}
