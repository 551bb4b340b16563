//! One suite of behaviours, run once for each backend: a backend is one `mod` here, and a file that
//! says how to connect and what its tables look like.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::duplicate_mod)]

mod allocations;
mod environment;
mod logger;

mod sqlite;
