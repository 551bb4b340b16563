//! The command-line tool, as its users run it: files of commands with what they print, in `tests/commands`,
//! and what such files cannot say.
//!
//! Commands that work on a database run on SQLite, and on PostgreSQL and MySQL or MariaDB if this is built with
//! the features `postgres` and `mysql` and the servers are named by `TEST_POSTGRES_URL` and
//! `TEST_MYSQL_URL`: `tests/all-backends` starts some and sets these. Each test makes a database of its own.

#![cfg(unix)] // modes, owners, symlinks, signals
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[macro_use]
mod database;
mod faults;
mod files;
mod keygen;
mod killed;
#[cfg(target_os = "linux")] // /proc
mod memory;
mod operate;
mod pace;
mod password;
mod pipes;
mod project;
mod races;
mod signals;
mod terminal;

const TOOL: &str = env!("CARGO_BIN_EXE_encrypted-diesel");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/commands");
