//! A database for one story.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use doctor_booking_test_postgres::TestDatabase;
use tempfile::TempDir;

/// A database for one story, gone afterwards.
pub struct Store {
    url: String,
    _keep: Keep,
}

enum Keep {
    Folder { _folder: TempDir },
    Database { _database: TestDatabase },
}

impl Store {
    /// A file for SQLite.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("clinic.db").display());
        Self { url, _keep: Keep::Folder { _folder: folder } }
    }

    /// An empty database of PostgreSQL.
    #[must_use]
    pub fn postgres() -> Self {
        let database = TestDatabase::create().expect("a database of PostgreSQL");
        Self { url: database.url().to_owned(), _keep: Keep::Database { _database: database } }
    }

    /// What `--database-url` calls it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Says something to the database itself, past the program.
    pub fn execute(&self, sql: &str) {
        self.try_execute(sql).expect("the database takes it");
    }

    /// The same, where the database may refuse it.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn try_execute(&self, sql: &str) -> diesel::QueryResult<()> {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => SqliteConnection::establish(path).expect("the file opens").batch_execute(sql),
            None => PgConnection::establish(&self.url).expect("PostgreSQL answers").batch_execute(sql),
        }
    }
}
