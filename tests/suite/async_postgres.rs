//! PostgreSQL, through diesel-async.

use diesel::Connection as _;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;

use crate::postgres;

#[path = "dialect/array.rs"]
mod array;
#[path = "dialect/array_walks.rs"]
mod array_walks;
#[path = "behaviour/mod.rs"]
mod behaviour;
#[path = "dialect/on_conflict.rs"]
mod on_conflict;
#[path = "dialect/returning.rs"]
mod returning;
#[path = "dialect/survey_postgres.rs"]
mod survey;
#[path = "dialect/widths.rs"]
mod widths;

pub(crate) type Backend = diesel::pg::Pg;
/// Blocks on each query, so that the same suite runs on it.
pub(crate) type Database = AsyncConnectionWrapper<AsyncPgConnection>;

/// How a column is declared as ASCII. PostgreSQL does not need it.
pub(crate) const ASCII: &str = "";

pub(crate) fn connect() -> Database {
    Database::establish(&postgres::url_of(&postgres::new_schema())).unwrap()
}
