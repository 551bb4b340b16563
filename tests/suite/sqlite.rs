//! SQLite, in memory: each connection has its own database.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

#[path = "behaviour/mod.rs"]
mod behaviour;
mod conflicts;
mod faults;
#[path = "dialect/faulty/mod.rs"]
mod faulty;
#[path = "dialect/guarded.rs"]
mod guarded;
#[path = "dialect/keyed.rs"]
mod keyed;
#[path = "dialect/killed.rs"]
mod killed;
#[path = "dialect/meanwhile.rs"]
mod meanwhile;
#[path = "dialect/on_conflict.rs"]
mod on_conflict;
#[path = "dialect/races.rs"]
mod races;
#[path = "dialect/returning.rs"]
mod returning;
#[path = "dialect/scale.rs"]
mod scale;
#[path = "dialect/sqlite_from.rs"]
mod sqlite_from;
#[path = "dialect/sqlite_keys.rs"]
mod sqlite_keys;
#[path = "dialect/survey_sqlite.rs"]
mod survey;

pub(crate) type Backend = diesel::sqlite::Sqlite;
pub(crate) type Database = SqliteConnection;

const ANALYZE: &str = "ANALYZE";
const EXPLAIN: &str = "EXPLAIN QUERY PLAN ";
/// Whether rows can be locked one by one.
const LOCKS_ROWS: bool = false;
/// After this, a connection waits for no other writer.
const IMPATIENT: &str = "PRAGMA busy_timeout = 0";
/// The name that the database gives to the index of `code UNIQUE`.
const CODE_INDEX: &str = "sqlite_autoindex_accounts_1";
type PlanSqlType = (Integer, Integer, Integer, Text);
type PlanRow = (i32, i32, i32, String);

fn uses(plan: &str, index: &str) -> bool {
    plan.contains(&format!("SEARCH accounts USING INDEX {index} ("))
}

pub(crate) fn connect() -> Database {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(TABLES).unwrap();
    connection
}

/// A database of several connections.
struct Shared(tempfile::TempDir);

impl Shared {
    fn new() -> Self {
        Self(new_file())
    }

    fn url(&self) -> String {
        url_of(&self.0)
    }

    fn connect(&self) -> Database {
        let mut connection = Database::establish(&self.url()).unwrap();
        connection.batch_execute("PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF").unwrap();
        connection
    }
}

/// A folder with a database file. Dropping it deletes both.
pub(crate) fn new_file() -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().unwrap();
    let mut connection = SqliteConnection::establish(&url_of(&folder)).unwrap();
    connection.batch_execute("PRAGMA journal_mode = WAL").unwrap();
    connection.batch_execute(TABLES).unwrap();
    folder
}

/// The address of the file in such a folder.
pub(crate) fn url_of(folder: &tempfile::TempDir) -> String {
    folder.path().join("test.db").to_str().unwrap().to_owned()
}

pub(crate) const TABLES: &str = "
    CREATE TABLE patients (
        id INTEGER PRIMARY KEY NOT NULL,
        name VARCHAR(1000) NOT NULL,
        notes TEXT,
        ssn TEXT NOT NULL,
        photo BLOB
    );
    CREATE TABLE visits (
        id INTEGER PRIMARY KEY NOT NULL,
        patient_id INTEGER NOT NULL REFERENCES patients (id),
        diagnosis TEXT NOT NULL
    );
    CREATE TABLE samples (
        id INTEGER PRIMARY KEY NOT NULL,
        text TEXT,
        bounded VARCHAR(20000),
        bytes BLOB
    );
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY NOT NULL,
        email TEXT NOT NULL,
        email_index BLOB NOT NULL,
        phone TEXT,
        phone_index BLOB,
        phone_last_four BLOB,
        code TEXT NOT NULL UNIQUE
    );
    CREATE UNIQUE INDEX accounts_email_index ON accounts (email_index);
    CREATE TABLE invitations (
        id INTEGER PRIMARY KEY NOT NULL,
        email TEXT NOT NULL,
        email_index BLOB NOT NULL,
        code TEXT
    );
    CREATE TABLE people (
        id INTEGER PRIMARY KEY NOT NULL,
        name VARCHAR(1000) NOT NULL,
        born TEXT,
        name_and_born BLOB,
        name_index BLOB NOT NULL
    );
    CREATE TABLE by_text (id TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
    CREATE TABLE by_bytes (id BLOB PRIMARY KEY NOT NULL, value TEXT NOT NULL);
    CREATE TABLE by_two (a INTEGER NOT NULL, b TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (a, b));
";
