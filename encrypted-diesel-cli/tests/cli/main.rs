//! The command-line tool as its users run it. `tests/commands` has files of commands with their expected output; the
//! tests here cover what such files cannot express.
//!
//! Commands that need a database run on SQLite. They run on PostgreSQL and MySQL or MariaDB as well if the tests are
//! built with the features `postgres` and `mysql`, and `TEST_POSTGRES_URL` and `TEST_MYSQL_URL` name servers.
//! `tests/all-backends` starts servers and sets these variables. Each test creates its own database.

#![cfg(unix)] // modes, owners, symlinks, signals
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[macro_use]
mod database;
mod faults;
mod files;
mod hostile_names;
mod keygen;
mod killed;
#[cfg(target_os = "linux")] // /proc
mod memory;
mod operate;
mod pace;
mod password;
mod pipes;
#[cfg(feature = "postgres")]
mod pooler;
mod project;
mod races;
mod repeated;
mod settings;
mod signals;
mod terminal;

const TOOL: &str = env!("CARGO_BIN_EXE_encrypted-diesel");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/commands");
