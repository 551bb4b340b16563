//! SQLite, in a file with a write-ahead log.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tempfile::TempDir;

#[cfg(feature = "all-backends")]
#[path = "tasks.rs"]
mod tasks;
#[path = "threads.rs"]
mod threads;
#[path = "under_load.rs"]
mod under_load;

type SyncConnection = SqliteConnection;
#[cfg(feature = "all-backends")]
type AsyncConnection = diesel_async::sync_connection_wrapper::SyncConnectionWrapper<SqliteConnection>;

const NAME: &str = "SQLite";
/// There is one writer at a time, and the others wait.
const SETTINGS: Option<&str> = Some("PRAGMA busy_timeout = 600000; PRAGMA synchronous = NORMAL");

struct Database(TempDir);

impl Database {
    fn new() -> Self {
        let database = Self(TempDir::new().unwrap());
        let tables = "PRAGMA journal_mode = WAL;
            CREATE TABLE people (
                id INTEGER PRIMARY KEY NOT NULL,
                note TEXT NOT NULL,
                email TEXT NOT NULL,
                email_index BLOB NOT NULL UNIQUE
            )";
        SqliteConnection::establish(&database.url()).unwrap().batch_execute(tables).unwrap();
        database
    }

    fn url(&self) -> String {
        self.0.path().join("load.db").to_str().unwrap().to_owned()
    }
}
