//! Rows as the service writes them, to be written again with other keys and times.
//!
//! The service itself makes one of each kind. What is not said to be different is the same in all of them, so that a
//! column that is added later is there, too.

use anyhow::{Result, ensure};

use crate::postgres::Postgres;

/// A row of a table of PostgreSQL's.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    table: String,
    /// Names and values, as SQL writes them.
    columns: Vec<(String, String)>,
}

/// What separates values that are read.
const SEPARATOR: char = '\u{1f}';

impl Template {
    /// The one row of `table` for which `condition` holds.
    ///
    /// # Errors
    ///
    /// When there is none, or there are several.
    pub(crate) fn read(postgres: &Postgres, database: &str, table: &str, condition: &str) -> Result<Self> {
        let columns = postgres.ask(
            database,
            &format!(
                "SELECT quote_ident(attname) || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute \
                 WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' \
                 AND attgenerated = '' ORDER BY attnum"
            ),
        )?;
        let columns: Vec<_> = columns.lines().filter_map(|line| line.split_once(' ')).collect();
        let values: Vec<_> = columns.iter().map(|(name, _)| format!("quote_nullable({name}::text)")).collect();
        let row = postgres.ask(
            database,
            &format!("SELECT concat_ws(chr(31), {}) FROM {table} WHERE {condition}", values.join(", ")),
        )?;
        let values: Vec<_> = row.split(SEPARATOR).collect();
        ensure!(values.len() == columns.len(), "{table} has not one row where {condition}");
        let columns = columns.iter().zip(values).map(|((name, kind), value)| {
            let value = if value == "NULL" { format!("NULL::{kind}") } else { format!("{value}::{kind}") };
            ((*name).to_owned(), value)
        });
        Ok(Self { table: table.to_owned(), columns: columns.collect() })
    }

    /// The statement that writes such rows, in which these columns are other expressions: one for each row of `from`, a
    /// `FROM` clause; or one, if that is empty.
    ///
    /// # Errors
    ///
    /// When there is no such column.
    pub(crate) fn insert(&self, different: &[(&str, String)], from: &str) -> Result<String> {
        for (name, _) in different {
            ensure!(
                self.columns.iter().any(|(known, _)| known.trim_matches('"') == *name),
                "{} has no column {name}",
                self.table
            );
        }
        let (names, values): (Vec<_>, Vec<_>) = self
            .columns
            .iter()
            .map(|(name, value)| {
                let other =
                    different.iter().find(|(known, _)| *known == name.trim_matches('"')).map(|(_, other)| other);
                (name.as_str(), other.unwrap_or(value).as_str())
            })
            .unzip();
        Ok(format!("INSERT INTO {} ({}) SELECT {} {from}", self.table, names.join(", "), values.join(", ")))
    }
}
