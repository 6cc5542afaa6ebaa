//! A condition on many ids at once.

use diesel::expression::{AppearsOnTable, Expression, ValidGrouping};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Binary, Bool, Text};
use diesel::sqlite::Sqlite;

use crate::value::Id;

/// That a column has one of some ids.
///
/// As `eq_any`, but with one value however many ids there are: SQLite takes only so many values in a statement, and
/// prepares each number of them anew.
#[derive(Clone, Debug, QueryId, ValidGrouping)]
pub(crate) struct OneOf<C> {
    column: C,
    ids: String,
}

/// That `column` has one of these ids.
pub(crate) fn one_of<C: Expression<SqlType = Binary>>(column: C, ids: &[Id]) -> OneOf<C> {
    OneOf { column, ids: json(ids) }
}

/// The ids as a JSON array of texts, for `json_each` and `unhex`.
pub(crate) fn json(ids: &[Id]) -> String {
    let texts: Vec<_> = ids.iter().map(|id| format!("\"{}\"", id.hex())).collect();
    format!("[{}]", texts.join(","))
}

impl<C: Expression<SqlType = Binary>> Expression for OneOf<C> {
    type SqlType = Bool;
}

impl<C: AppearsOnTable<T>, T> AppearsOnTable<T> for OneOf<C> where Self: Expression {}

impl<C: QueryFragment<Sqlite>> QueryFragment<Sqlite> for OneOf<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT unhex(value) FROM json_each(");
        out.push_bind_param::<Text, _>(&self.ids)?;
        out.push_sql("))");
        Ok(())
    }
}
