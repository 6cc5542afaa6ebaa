//! Notes of the statements that a call takes, and of what SQLite looks at for them.

use std::cell::RefCell;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use crate::database::Database;

thread_local! {
    /// The statements of this thread; a store works on the thread of its caller.
    static STATEMENTS: RefCell<Vec<String>> = const { RefCell::new(vec![]) };
}

/// Notes every statement but those about transactions and the connection itself.
fn notes() -> Option<Box<dyn Instrumentation>> {
    let note = |event: InstrumentationEvent<'_>| {
        let InstrumentationEvent::StartQuery { query, .. } = event else { return };
        let statement = query.to_string();
        if !["BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"].iter().any(|other| statement.starts_with(other)) {
            STATEMENTS.with_borrow_mut(|statements| statements.push(statement));
        }
    };
    let instrumentation: Box<dyn Instrumentation> = Box::new(note);
    instrumentation.into()
}

/// A database that takes notes.
pub(crate) fn database() -> Database {
    set_default_instrumentation(notes).expect("nobody else does");
    Database::new()
}

/// The statements of one call.
pub(crate) fn statements_of(call: impl FnOnce()) -> Vec<String> {
    STATEMENTS.take();
    call();
    STATEMENTS.take()
}

/// What SQLite looks at for the statement.
pub(crate) fn plan(database: &mut Database, statement: &str) -> Vec<String> {
    let explained = format!("EXPLAIN QUERY PLAN {statement}");
    let rows = sql::<(Integer, Integer, Integer, Text)>(&explained);
    let rows: Vec<(i32, i32, i32, String)> = rows.load(database.raw()).expect("a plan");
    rows.into_iter().map(|(.., detail)| detail).collect()
}

/// Whether nothing goes through a whole table, or sorts, for the statement.
pub(crate) fn assert_goes_by_an_index(database: &mut Database, statement: &str) {
    let plan: Vec<String> = plan(database, statement);
    // Walking along an index is what a page of a list does; values and constants are what a statement brings itself.
    let fine = ["USING", "CONSTANT ROW", "VALUES CLAUSE", "json_each", "SCAN moved", "SCAN (subquery"];
    let whole = |step: &String| step.starts_with("SCAN") && !fine.iter().any(|fine| step.contains(fine));
    assert!(!plan.iter().any(whole), "{statement}: {plan:?}");
    assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{statement}: {plan:?}");
}
