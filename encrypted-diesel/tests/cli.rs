//! The command-line tool, as its users run it: files of commands with what they print, in `tests/cli` of the
//! workspace, and what such files cannot say.
//!
//! Commands that work on a database run on SQLite, and on PostgreSQL and MySQL or MariaDB if this is built with
//! the features `cli-postgres` and `cli-mysql` and the servers are named by `TEST_POSTGRES_URL` and
//! `TEST_MYSQL_URL`: `tests/all-backends` starts some and sets these. Each test makes a database of its own.

#![cfg(unix)] // modes, owners, symlinks, signals
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "cli/database.rs"]
#[macro_use]
mod database;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/keygen.rs"]
mod keygen;
#[path = "cli/operate.rs"]
mod operate;

const TOOL: &str = env!("CARGO_BIN_EXE_encrypted-diesel");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cli");
