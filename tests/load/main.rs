//! Eight threads on one pool and eight tasks on another read and write the same rows, while the keys of
//! encryption and of the blind index are rotated, round after round. Nothing may fail, every value that is read
//! is the one that was written, and the process does not grow.
//!
//! It takes as many seconds as `LOAD_SECONDS` says, 5 without it, and says what it has done:
//!
//! ```sh
//! LOAD_SECONDS=600 cargo test -p encrypted-diesel-tests --test load -- --show-output     # SQLite, threads
//! LOAD_SECONDS=600 tests/all-backends under_load                                         # all, and tasks
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::duplicate_mod)]

mod keys;
mod load;
mod memory;
mod people;
mod worker;

mod sqlite;

#[cfg(feature = "all-backends")]
mod mysql;
#[cfg(feature = "all-backends")]
mod postgres;
#[cfg(feature = "all-backends")]
#[path = "../suite/server.rs"]
mod server;
