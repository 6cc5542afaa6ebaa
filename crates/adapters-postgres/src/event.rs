//! What has happened, in the order in which everybody learns of it.
//!
//! An entry is put into `outbox` by the very statement that writes it, and gets its position later. A position given while
//! the change is made would be passed by others that come to an end sooner, or leave a gap where the change is undone.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::query_dsl::positional_order_dsl::PositionalOrderDsl;
use diesel::sql_types::BigInt;
use doctor_booking_domain::{Audience, EntryId, What};
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
                 INSERT INTO events (position, entry_id, doctor_id, patient_id)
                 SELECT (SELECT coalesce(max(position), 0) FROM events) + row_number() OVER (ORDER BY place), entry_id,
                     doctor_id, patient_id
                 FROM next LEFT JOIN history ON history.id = entry_id",
            );
            Ok::<_, Abort<Unavailable>>(moved.bind::<BigInt, _>(BATCH).execute(connection)?)
        })
    }

    fn after(&self, position: i64, audience: Audience, limit: Limit) -> Result<Vec<Event>, Unavailable> {
        let limit = i64::from(limit.get());
        let first = || {
            events::table
                .inner_join(history::table.on(history::id.eq(events::entry_id)))
                .filter(events::position.gt(position))
                .order(events::position)
                .limit(limit)
                .select((events::position, EntryRow::as_select()))
                .into_boxed()
        };
        // As `Audience::may_know`. What is the audience's own and what is for all are two questions, each of which goes
        // along an index of its own; in one statement, so that neither has events that come after what the other has
        // seen. That something is for all, its entry has to say too: see the migration.
        let for_all = || {
            let of_nobody = events::doctor_id.is_null().and(events::patient_id.is_null());
            first().filter(of_nobody).filter(history::doctor_id.is_null().and(history::patient_id.is_null()))
        };
        let not_of_desk = || history::what.ne_all(of_desk());
        let (own, for_all) = match audience {
            Audience::Everybody => (first(), None),
            Audience::Doctor(id) => {
                let own = first().filter(events::doctor_id.eq(id.uuid()));
                (own.filter(not_of_desk()), Some(for_all().filter(not_of_desk())))
            }
            Audience::Patient(id) => (first().filter(events::patient_id.eq(id.uuid())), Some(for_all())),
        };
        let mut connection = self.0.get()?;
        let rows: Vec<(i64, EntryRow)> = match for_all {
            None => own.load(&mut connection),
            // By the position, which comes first.
            Some(for_all) => own.union_all(for_all).positional_order_by(1).limit(limit).load(&mut connection),
        }
        .map_err(Unavailable::unreachable)?;
        rows.into_iter().map(event).collect()
    }

    fn position_of(&self, entry: EntryId) -> Result<Option<i64>, Unavailable> {
        events::table
            .filter(events::entry_id.eq(entry.uuid()))
            .select(events::position)
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)
    }

    fn last(&self) -> Result<i64, Unavailable> {
        last(&mut *self.0.get()?).map_err(Unavailable::unreachable)
    }
}

/// What no doctor is told of.
fn of_desk() -> Vec<&'static str> {
    What::ALL.iter().filter(|what| what.is_of_desk()).map(|what| what.as_str()).collect()
}

/// The position of the last event, 0 when there is none.
pub(crate) fn last(connection: &mut PgConnection) -> QueryResult<i64> {
    let last: Option<i64> = events::table.select(max(events::position)).first(connection)?;
    Ok(last.unwrap_or_default())
}
