//! Runs the service against a real PostgreSQL, and speaks HTTP with it.
//!
//! `TEST_POSTGRES_URL` names the server, as a URL of a database in which the user may make schemas.
//! Each test has a schema of its own, and drops it. Without the variable the tests that need a server
//! do nothing, and a line says so; `tests/all-backends`, in the root of the repository, starts one.
#![cfg(unix)] // The service is stopped by a signal.
#![allow(clippy::unwrap_used)]

mod database;
mod endpoints;
mod keys;
mod plaintext;
mod process;
mod search;
mod service;
