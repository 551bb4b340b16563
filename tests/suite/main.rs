//! One suite of behaviours, run once for each backend. A backend is one `mod` here, and a file with its
//! connection and its tables.
//!
//! By default the suite runs on SQLite. With the feature `all-backends` it runs on all of them, on the servers
//! of `TEST_POSTGRES_URL` and `TEST_MYSQL_URL`: `tests/all-backends` starts both and sets these variables.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::duplicate_mod)]

mod allocations;
mod environment;
#[cfg(feature = "all-backends")]
mod full_text_search;
mod logger;
mod multi_cfg;
#[cfg(unix)]
mod reload;
mod security_case;
mod slow;

mod sqlite;
mod sqlite_file;
mod sqlite_storage;

#[cfg(feature = "all-backends")]
mod async_mysql;
#[cfg(feature = "all-backends")]
mod async_postgres;
#[cfg(feature = "all-backends")]
mod async_sqlite;
#[cfg(feature = "all-backends")]
mod drivers;
#[cfg(feature = "all-backends")]
mod multi;
#[cfg(feature = "all-backends")]
mod mysql;
#[cfg(feature = "all-backends")]
mod postgres;
#[cfg(feature = "all-backends")]
mod server;
