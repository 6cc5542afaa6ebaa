//! What has happened, in the order in which everybody learns of it.

use diesel::dsl::max;
use diesel::prelude::*;
use doctor_booking_domain::Entry;
use doctor_booking_ports::{Event, Events, Limit, Unavailable};

use crate::SqliteStore;
use crate::history::EntryRow;
use crate::pools::Pools;
use crate::schema::history;

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

    fn after(&self, position: i64, limit: Limit) -> Result<Vec<Event>, Unavailable> {
        self.0.read(|connection| {
            let query = history::table.filter(history::position.gt(position)).order(history::position);
            let rows: Vec<(i64, EntryRow)> =
                query.limit(limit.get().into()).select((history::position, EntryRow::as_select())).load(connection)?;
            Ok(rows.into_iter().map(|(position, row)| event(position, row)).collect::<Result<_, _>>()?)
        })
    }

    fn last(&self) -> Result<i64, Unavailable> {
        self.0.read(|connection| Ok(last(connection)?))
    }
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
