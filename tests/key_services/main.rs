//! Keys in AWS KMS, and in Vault or OpenBao, with real servers: `tests/key-services` installs them.
//!
//! Programs of their own load the keys, since what they read is the environment, and there is one keyring to a process.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod application;
mod aws_kms;
mod bad_servers;
#[path = "../../examples/adoption/tests/console/mod.rs"]
mod console;
mod fake;
mod moto;
mod openbao;
mod program;
mod programs;
mod server;
mod tool;
mod vault;
mod walk_through;
