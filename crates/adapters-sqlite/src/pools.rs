//! Connections: one that writes, several that read.

use std::error::Error;
use std::fmt;
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::{self, ConnectionManager, CustomizeConnection};
use diesel::result::Error as DieselError;
use diesel::sql_types::Text;
use doctor_booking_ports::Unavailable;
use thiserror::Error;
use uuid::Uuid;

use crate::search;
use crate::store::{SqliteLocation, SqliteOptions};
use crate::unavailable::Abort;

/// How long a connection waits for another process to finish writing, in milliseconds.
const BUSY_MILLISECONDS: u64 = 2_000;

type Pool = r2d2::Pool<ConnectionManager<SqliteConnection>>;

/// The connections to one database. Clones share them.
#[derive(Clone)]
pub(crate) struct Pools {
    /// One connection only: writers of this process wait for it here, instead of asking SQLite over and over whether
    /// the other has finished.
    writer: Pool,
    /// The same as `writer` for a database in memory.
    readers: Pool,
    /// Keeps a database in memory alive, also when the pool has to replace its connection.
    _anchor: Option<Arc<Mutex<SqliteConnection>>>,
}

#[derive(Debug, Error)]
#[error("cannot open the database {name}")]
struct CannotOpen {
    name: String,
    source: Box<dyn Error + Send + Sync>,
}

#[derive(Debug, Error)]
enum Unfit {
    #[error("its name is not Unicode")]
    NotUnicode,
    #[error("there is no folder {0}")]
    NoFolder(String),
    #[error("its file system allows no write-ahead log, only journal mode {0}")]
    NoWriteAheadLog(String),
}

impl Pools {
    /// Opens the database, and tells at once when that is impossible.
    pub(crate) fn open(options: &SqliteOptions) -> Result<Self, Unavailable> {
        let (name, opened) = match &options.location {
            SqliteLocation::File(path) => (path.display().to_string(), Self::open_file(path, options)),
            SqliteLocation::Memory => ("in memory".to_owned(), Self::open_memory(options)),
        };
        opened.map_err(|source| Unavailable::unreachable(CannotOpen { name, source }))
    }

    fn open_file(path: &Path, options: &SqliteOptions) -> Result<Self, Box<dyn Error + Send + Sync>> {
        // Absolute, so that SQLite takes no name for a URI, or for a database in memory.
        let path = std::path::absolute(path)?;
        if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
            return Err(Unfit::NoFolder(folder.display().to_string()).into());
        }
        let url = path.to_str().ok_or(Unfit::NotUnicode)?;
        create_private(&path)?;
        // A pool would try again and again, and then say only that it took too long.
        let mut first = SqliteConnection::establish(url)?;
        let mode = switch_to_write_ahead_log(&mut first)?;
        if mode != "wal" {
            return Err(Unfit::NoWriteAheadLog(mode).into());
        }
        let writer = pool(url, 1, Setup::Writer, options.pool_wait);
        let readers = pool(url, options.readers.max(1), Setup::Reader, options.pool_wait);
        Ok(Self { writer, readers, _anchor: None })
    }

    fn open_memory(options: &SqliteOptions) -> Result<Self, Box<dyn Error + Send + Sync>> {
        // Connections of one process that name the same `memdb` share it; it is gone with the last of them.
        let url = format!("file:/doctor-booking-{}?vfs=memdb", Uuid::now_v7());
        let anchor = SqliteConnection::establish(&url)?;
        let writer = pool(&url, 1, Setup::Memory, options.pool_wait);
        Ok(Self { readers: writer.clone(), writer, _anchor: Some(Arc::new(Mutex::new(anchor))) })
    }

    /// Does `work` in a transaction that sees one snapshot.
    pub(crate) fn read<T, E: From<Unavailable>>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Abort<E>>,
    ) -> Result<T, E> {
        let mut connection = self.readers.get().map_err(Unavailable::unreachable)?;
        SqliteConnection::transaction(&mut connection, work).map_err(Abort::into_answer)
    }

    /// Does `work` in a transaction that holds the write lock from its beginning: what it reads cannot change before
    /// it commits.
    pub(crate) fn write<T, E: From<Unavailable>>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Abort<E>>,
    ) -> Result<T, E> {
        let mut connection = self.writer.get().map_err(Unavailable::unreachable)?;
        connection.immediate_transaction(work).map_err(Abort::into_answer)
    }
}

impl fmt::Debug for Pools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pools").finish_non_exhaustive()
    }
}

/// Makes the file, if there is none, such that only its owner can read it: it will hold patients' data. What SQLite puts
/// beside it gets the same permissions.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// A pool that is filled in the background.
fn pool(url: &str, size: u32, setup: Setup, wait: Duration) -> Pool {
    Pool::builder()
        .max_size(size)
        // Opened when they are needed: one that is opened ahead could outlive the folder that the database is in.
        .min_idle(Some(0))
        .connection_timeout(wait)
        .max_lifetime(None)
        .idle_timeout(None)
        // There is no network between us and the database. A connection whose transaction went wrong is replaced.
        .test_on_check_out(false)
        .connection_customizer(Box::new(setup))
        .build_unchecked(ConnectionManager::new(url))
}

/// The file remembers it, so every later connection finds it switched on.
fn switch_to_write_ahead_log(connection: &mut SqliteConnection) -> QueryResult<String> {
    connection.batch_execute(&format!("PRAGMA busy_timeout = {BUSY_MILLISECONDS}"))?;
    let until = Instant::now() + Duration::from_millis(BUSY_MILLISECONDS);
    loop {
        match sql::<Text>("PRAGMA journal_mode = WAL").get_result(connection) {
            // Of two that switch at once SQLite lets neither wait for the other.
            Err(DieselError::DatabaseError(_, info)) if is_locked(info.message()) && Instant::now() < until => {
                sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

fn is_locked(message: &str) -> bool {
    message.contains("is locked")
}

/// What a connection is for.
#[derive(Clone, Copy, Debug)]
enum Setup {
    Writer,
    Reader,
    Memory,
}

impl CustomizeConnection<SqliteConnection, r2d2::Error> for Setup {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), r2d2::Error> {
        connection
            .batch_execute(&self.pragmas())
            .and_then(|()| search::register(connection))
            .map_err(r2d2::Error::QueryError)
    }
}

impl Setup {
    fn pragmas(self) -> String {
        // The first of them, so that the others can wait. What is in the schema may call only harmless functions.
        let all = format!(
            "PRAGMA busy_timeout = {BUSY_MILLISECONDS}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
        );
        // FULL flushes the log to the disk at every commit; WAL's usual NORMAL may lose the last ones in a power cut.
        let file = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        match self {
            Self::Writer => all + file,
            Self::Reader => all + file + "PRAGMA query_only = ON;",
            Self::Memory => all,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use diesel::sql_types::BigInt;
    use tempfile::TempDir;

    use super::*;

    type Answer = Result<(), Unavailable>;

    fn in_file(options: impl FnOnce(SqliteOptions) -> SqliteOptions) -> (Pools, TempDir) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = SqliteLocation::File(folder.path().join("hospital.db"));
        (Pools::open(&options(SqliteOptions::new(location))).expect("the database opens"), folder)
    }

    fn in_memory() -> Pools {
        Pools::open(&SqliteOptions::new(SqliteLocation::Memory)).expect("the database opens")
    }

    fn number(connection: &mut SqliteConnection, pragma: &str) -> i64 {
        sql::<BigInt>(&format!("SELECT * FROM pragma_{pragma}")).get_result(connection).expect("a number")
    }

    fn execute(pools: &Pools, statements: &str) -> Answer {
        pools.write(|connection| Ok(connection.batch_execute(statements)?))
    }

    fn count(pools: &Pools, table: &str) -> i64 {
        let counted: Result<i64, Unavailable> = pools
            .read(|connection| Ok(sql::<BigInt>(&format!("SELECT count(*) FROM {table}")).get_result(connection)?));
        counted.expect("a number")
    }

    fn is_unreachable_within(seconds: RangeInclusive<f64>, ask: impl FnOnce() -> Answer) {
        let asked = Instant::now();
        let answer = ask();
        let waited = asked.elapsed().as_secs_f64();
        assert!(matches!(answer, Err(Unavailable::Unreachable(_))), "{answer:?}");
        assert!(seconds.contains(&waited), "{waited} s");
    }

    #[test]
    fn every_connection_is_set_up_to_be_safe() {
        let (pools, _folder) = in_file(|options| options);
        for (pool, query_only) in [(&pools.writer, 0), (&pools.readers, 1)] {
            let connection = &mut pool.get().expect("a connection");
            let mode: String = sql::<Text>("PRAGMA journal_mode").get_result(connection).expect("a mode");
            assert_eq!(mode, "wal");
            for (pragma, expected) in [
                ("synchronous", 2), // FULL
                ("foreign_keys", 1),
                ("busy_timeout", 2_000),
                ("trusted_schema", 0),
                ("query_only", query_only),
            ] {
                assert_eq!(number(connection, pragma), expected, "{pragma}");
            }
        }
    }

    #[test]
    fn in_memory_foreign_keys_are_kept_too() {
        let pools = in_memory();
        assert_eq!(number(&mut pools.writer.get().expect("a connection"), "foreign_keys"), 1);
    }

    #[test]
    fn who_waits_two_seconds_for_a_connection_in_vain_is_told_so() {
        let (pools, _folder) = in_file(|options| SqliteOptions { readers: 1, ..options });
        let _held = (pools.writer.get().expect("a connection"), pools.readers.get().expect("a connection"));
        is_unreachable_within(1.9..=20.0, || pools.write(|_| Ok(())));
        is_unreachable_within(1.9..=20.0, || pools.read(|_| Ok(())));
    }

    #[test]
    fn how_long_one_waits_can_be_chosen() {
        let (pools, _folder) = in_file(|options| SqliteOptions { pool_wait: Duration::from_millis(100), ..options });
        let _held = pools.writer.get().expect("a connection");
        is_unreachable_within(0.09..=20.0, || pools.write(|_| Ok(())));
    }

    #[test]
    fn no_readers_at_all_are_one() {
        let (pools, _folder) = in_file(|options| SqliteOptions { readers: 0, ..options });
        assert_eq!(pools.readers.max_size(), 1);
    }

    #[test]
    fn an_error_rolls_everything_back_and_leaves_the_connection_usable() {
        for (pools, _folder) in [in_file(|options| options), (in_memory(), tempfile::tempdir().expect("a folder"))] {
            execute(&pools, "CREATE TABLE t (n INTEGER NOT NULL) STRICT").expect("a table");
            for fault in [
                // It breaks off the statement only, and the transaction stays open unless someone ends it.
                "INSERT INTO t VALUES (1); INSERT INTO t VALUES (NULL)",
                // SQLite ends the transaction by itself, as when the disk is full: there is nothing left to roll back.
                "INSERT INTO t VALUES (1); INSERT OR ROLLBACK INTO t VALUES (NULL)",
                // Someone else ends it, and what comes then would be outside of any transaction.
                "INSERT INTO t VALUES (1); ROLLBACK; INSERT INTO t VALUES ('one')",
            ] {
                for _ in 0..3 {
                    assert!(matches!(execute(&pools, fault), Err(Unavailable::Unreachable(_))), "{fault}");
                    assert_eq!(count(&pools, "t"), 0, "{fault}");
                }
            }
            execute(&pools, "INSERT INTO t VALUES (1)").expect("a row");
            assert_eq!(count(&pools, "t"), 1);
        }
    }

    #[test]
    fn a_panic_loses_its_transaction_and_nothing_else() {
        for (pools, _folder) in [in_file(|options| options), (in_memory(), tempfile::tempdir().expect("a folder"))] {
            execute(&pools, "CREATE TABLE t (n INTEGER NOT NULL) STRICT; INSERT INTO t VALUES (1)").expect("a table");
            // Often: a database in memory that nothing but the pool keeps alive is lost now and then only.
            for rows in 1..20 {
                let shared = &pools;
                let work = move || -> Answer {
                    shared.write(|connection| {
                        connection.batch_execute("INSERT INTO t VALUES (0)")?;
                        std::panic::resume_unwind(Box::new("in the middle of a transaction"))
                    })
                };
                assert!(std::thread::scope(|scope| scope.spawn(work).join().is_err()));
                assert_eq!(count(&pools, "t"), rows);
                execute(&pools, "INSERT INTO t VALUES (1)").expect("a row");
            }
        }
    }

    #[test]
    fn readers_cannot_write() {
        let (pools, _folder) = in_file(|options| options);
        let written: Answer = pools.read(|connection| Ok(connection.batch_execute("CREATE TABLE t (n INTEGER)")?));
        assert!(written.is_err());
    }

    #[test]
    fn who_reads_sees_one_snapshot_and_neither_waits_for_the_other() {
        let (pools, _folder) = in_file(|options| options);
        execute(&pools, "CREATE TABLE t (n INTEGER NOT NULL) STRICT").expect("a table");
        let before_and_after: Result<(i64, i64), Unavailable> = pools.read(|connection| {
            let mut rows = || sql::<BigInt>("SELECT count(*) FROM t").get_result(connection);
            let before = rows()?;
            execute(&pools, "INSERT INTO t VALUES (1)")?;
            Ok((before, rows()?))
        });
        assert_eq!(before_and_after.expect("two numbers"), (0, 0));
        assert_eq!(count(&pools, "t"), 1);
    }

    #[test]
    fn databases_in_memory_have_nothing_in_common() {
        let (one, other) = (in_memory(), in_memory());
        for pools in [&one, &other] {
            execute(pools, "CREATE TABLE t (n INTEGER)").expect("a table");
        }
    }
}
