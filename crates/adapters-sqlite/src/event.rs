//! What has happened, in the order in which everybody learns of it.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::query_dsl::positional_order_dsl::PositionalOrderDsl;
use doctor_booking_domain::{Audience, Entry, EntryId, What};
use doctor_booking_ports::{Event, Events, Limit, Unavailable};

use crate::SqliteStore;
use crate::history::EntryRow;
use crate::pools::Pools;
use crate::schema::history;
use crate::value::Id;

/// [`Events`] on SQLite: what is written is published with it, since there is one writer at a time.
#[derive(Clone, Debug)]
pub struct SqliteEvents(Pools);

impl SqliteEvents {
    /// What has happened in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Events for SqliteEvents {
    fn publish(&self) -> Result<usize, Unavailable> {
        Ok(0)
    }

    fn after(&self, position: i64, audience: Audience, limit: Limit) -> Result<Vec<Event>, Unavailable> {
        let later = || history::table.filter(history::position.gt(position)).into_boxed();
        // As `Audience::may_know`. What is the audience's own and what is for all are two questions, each of which goes
        // along an index of its own, and whose answers are merged.
        let for_all = || later().filter(history::doctor_id.is_null().and(history::patient_id.is_null()));
        let not_of_desk = || history::what.ne_all(of_desk());
        let (own, for_all) = match audience {
            Audience::Everybody => (later(), None),
            Audience::Doctor(id) => {
                let own = later().filter(history::doctor_id.eq(Id::from(id)));
                (own.filter(not_of_desk()), Some(for_all().filter(not_of_desk())))
            }
            Audience::Patient(id) => (later().filter(history::patient_id.eq(Id::from(id))), Some(for_all())),
        };
        let (columns, limit) = (|| (history::position, EntryRow::as_select()), i64::from(limit.get()));
        self.0.read(|connection| {
            let own = own.select(columns());
            let rows: Vec<(i64, EntryRow)> = match for_all {
                None => own.order(history::position).limit(limit).load(connection)?,
                Some(for_all) => {
                    let both = own.union_all(for_all.select(columns()));
                    // By the position, which comes first.
                    both.positional_order_by(1).limit(limit).load(connection)?
                }
            };
            Ok(rows.into_iter().map(|(position, row)| event(position, row)).collect::<Result<_, _>>()?)
        })
    }

    fn position_of(&self, entry: EntryId) -> Result<Option<i64>, Unavailable> {
        self.0.read(|connection| {
            let written = history::table.filter(history::id.eq(Id::from(entry))).select(history::position);
            Ok(written.first(connection).optional()?)
        })
    }

    fn last(&self) -> Result<i64, Unavailable> {
        self.0.read(|connection| Ok(last(connection)?))
    }
}

/// What no doctor is told of.
fn of_desk() -> impl Iterator<Item = &'static str> {
    What::ALL.iter().filter(|what| what.is_of_desk()).map(|what| what.as_str())
}

/// The event of this position.
pub(crate) fn event(position: i64, row: EntryRow) -> Result<Event, Unavailable> {
    Ok(Event { position, entry: Entry::try_from(row)? })
}

/// The position of the last event, 0 when there is none.
pub(crate) fn last(connection: &mut SqliteConnection) -> QueryResult<i64> {
    let last: Option<i64> = history::table.select(max(history::position)).get_result(connection)?;
    Ok(last.unwrap_or_default())
}
