//! Encrypted columns for [Diesel](diesel). The *type* of a column says that it is encrypted, and Diesel's own
//! serialization encrypts and decrypts it. Migrations, models, joins and pools stay as they are, and
//! [most filters that could never match](guide::queries) do not compile.
//!
//! ```
//! use diesel::prelude::*;
//! use encrypted_diesel::{EncryptedText, ExposeSecret};
//!
//! diesel::table! {
//!     patients (id) { id -> Integer, notes -> encrypted_diesel::sql_types::EncryptedText, }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # encrypted_diesel::Keyring::new(encrypted_diesel::Key::generate()?).install()?;
//! # let connection = &mut SqliteConnection::establish(":memory:")?;
//! # diesel::sql_query("CREATE TABLE patients (id INTEGER PRIMARY KEY, notes TEXT NOT NULL)").execute(connection)?;
//! // `encrypted_diesel::init()?` comes first in `main`: it reads FIELD_ENCRYPTION_KEY.
//! let notes = EncryptedText::from("allergic to penicillin");
//! diesel::insert_into(patients::table).values(patients::notes.eq(notes)).execute(connection)?;
//!
//! let notes: EncryptedText = patients::table.select(patients::notes).first(connection)?;
//! assert_eq!(notes.expose_secret(), "allergic to penicillin");
//! # Ok(())
//! # }
//! ```
//!
//! The column holds `ed1:f26f38f7:vU0pJxFR…`: a version, the id of the key, and base64. Next, read the [`guide`].
//!
//! # Features
//!
//! None is on by default.
//!
//! - `sqlite`, `postgres`, `mysql`: the backends. `sqlite` links the C library, as Diesel's does; the others link nothing.
//! - `chrono`, `time`, `uuid`, `serde_json`, `numeric`, `email`: [types of values](guide::values).
//! - `aws-lc-rs`: the same cipher from [AWS-LC](https://docs.rs/aws-lc-rs), which is faster and needs a C compiler.
//!   Stored values are the same to the byte, so you can turn it on and off.
//! - `aws-kms`, `vault`: services that [wrap keys](guide::keys). They bring tokio and a TLS library, and `aws-kms` needs
//!   Rust 1.88.
//! - `tenants`: [a keyring for each tenant](guide::tenants).
//!
//! # Security
//!
//! This crate protects against readers of the database who do not have the key. They still see NULL, and the length of
//! each value to the byte. A writer can swap the values of two rows in one context, or put back an older value:
//! [what is protected from whom](guide::security).

#![cfg_attr(docsrs, feature(doc_cfg))]
// Without a backend, nothing is written or read.
#![cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, unreachable_pub)
)]

mod aead;
pub mod blind_index;
mod cipher;
mod encrypted;
mod envelope;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
pub mod guide;
mod indexed;
pub mod key;
mod key_id;
pub mod key_service;
mod keyring;
pub mod maintenance;
pub mod plaintext;
#[doc(hidden)]
pub mod private;
pub mod sql;
pub mod sql_types;
mod stack;
#[cfg(feature = "tenants")]
pub mod tenants;
mod varchar;

pub use encrypted::{Encrypted, EncryptedBinary, EncryptedText};
#[doc = include_str!("../docs/derive.md")]
pub use encrypted_diesel_derive::Encrypted;
pub use error::Error;
pub use indexed::Indexed;
pub use key::Key;
pub use keyring::{Keyring, Reload, init, init_async, reload, reload_async};
pub use secrecy::ExposeSecret;
pub use sql::EncryptedExpressionMethods;
pub use varchar::EncryptedVarchar;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
