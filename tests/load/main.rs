//! Eight threads on one pool and eight tasks on another read and write the same rows, while the keys of
//! encryption and of the blind index are rotated, round after round. Nothing may fail, every value must be read
//! as it was written, and the memory of the process must not grow.
//!
//! It runs for `LOAD_SECONDS` seconds, 5 by default, and prints what it has done:
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
