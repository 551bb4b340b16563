//! SQLite, through diesel-async, in memory.

use diesel::SqliteConnection;
use diesel::connection::{Connection as _, SimpleConnection};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;

use crate::sqlite;

#[path = "behaviour/mod.rs"]
mod behaviour;
#[path = "dialect/on_conflict.rs"]
mod on_conflict;
#[path = "dialect/returning.rs"]
mod returning;
#[path = "dialect/survey_sqlite.rs"]
mod survey;

pub(crate) type Backend = diesel::sqlite::Sqlite;
/// Blocks on each query, so that the same suite runs on it.
pub(crate) type Database = AsyncConnectionWrapper<SyncConnectionWrapper<SqliteConnection>>;

pub(crate) fn connect() -> Database {
    let mut connection = Database::establish(":memory:").unwrap();
    connection.batch_execute(sqlite::TABLES).unwrap();
    connection
}
