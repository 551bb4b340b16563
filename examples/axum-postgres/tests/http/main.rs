//! Runs the service on a real PostgreSQL, and talks to it over HTTP.
//!
//! `TEST_POSTGRES_URL` is the URL of a database in which the user may create schemas. Each test creates its own
//! schema, and drops it. Without the variable, the tests that need a server do nothing, and a line says so;
//! `tests/all-backends`, in the root of the repository, starts a server.
#![cfg(unix)] // The service is stopped by a signal.
#![allow(clippy::unwrap_used)]

mod database;
mod endpoints;
mod keys;
mod plaintext;
mod process;
mod search;
mod service;
