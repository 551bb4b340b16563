//! MySQL or MariaDB, through diesel-async.

use diesel::Connection as _;
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;

use crate::mysql;

#[path = "behaviour/mod.rs"]
mod behaviour;
#[path = "dialect/on_duplicate_key.rs"]
mod on_duplicate_key;
#[path = "dialect/survey_mysql.rs"]
mod survey;
#[path = "dialect/widths.rs"]
mod widths;

pub(crate) type Backend = diesel::mysql::Mysql;
/// Blocks on each query, so that the same suite runs on it.
pub(crate) type Database = AsyncConnectionWrapper<AsyncMysqlConnection>;

/// How a column is declared as ASCII.
pub(crate) const ASCII: &str = " CHARACTER SET ascii COLLATE ascii_bin";

pub(crate) fn connect() -> Database {
    Database::establish(&mysql::url_of(&mysql::new_database())).unwrap()
}
