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
#[path = "cli/faults.rs"]
mod faults;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/keygen.rs"]
mod keygen;
#[path = "cli/killed.rs"]
mod killed;
#[cfg(target_os = "linux")] // /proc
#[path = "cli/memory.rs"]
mod memory;
#[path = "cli/operate.rs"]
mod operate;
#[path = "cli/pace.rs"]
mod pace;
#[path = "cli/password.rs"]
mod password;
#[path = "cli/pipes.rs"]
mod pipes;
#[path = "cli/project.rs"]
mod project;
#[path = "cli/races.rs"]
mod races;
#[path = "cli/signals.rs"]
mod signals;

const TOOL: &str = env!("CARGO_BIN_EXE_encrypted-diesel");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cli");
