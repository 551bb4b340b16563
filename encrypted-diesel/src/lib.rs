//! Encrypted columns for [Diesel](diesel).
//!
//! The *type* of a column says that it is encrypted, and Diesel's own serialization encrypts and decrypts it.
//! Migrations, models, joins and pools stay as they are. A filter that could never match does not compile.
//!
//! ```
//! use diesel::prelude::*;
//! use encrypted_diesel::{EncryptedText, ExposeSecret};
//!
//! diesel::table! {
//!     use diesel::sql_types::*;
//!     use encrypted_diesel::sql_types::*;
//!     patients (id) { id -> Integer, name -> Text, notes -> EncryptedText }
//! }
//!
//! #[derive(Queryable, Selectable, Insertable)]
//! #[diesel(table_name = patients)]
//! struct Patient { id: i32, name: String, notes: EncryptedText }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let connection = &mut SqliteConnection::establish(":memory:")?;
//! # diesel::sql_query("CREATE TABLE patients (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, notes TEXT NOT NULL)")
//! #     .execute(connection)?;
//! # encrypted_diesel::Keyring::new(encrypted_diesel::Key::generate()?).install()?;
//! # /*
//! encrypted_diesel::init()?; // first in `main`: reads FIELD_ENCRYPTION_KEY
//! # */
//! let ada = Patient { id: 1, name: "Ada".into(), notes: "allergic to penicillin".into() };
//! diesel::insert_into(patients::table).values(&ada).execute(connection)?;
//!
//! let ada = patients::table.find(1).select(Patient::as_select()).first(connection)?;
//! assert_eq!(ada.notes.expose_secret(), "allergic to penicillin");
//! # Ok(())
//! # }
//! ```
//!
//! The column holds `ed1:f26f38f7:vU0pJxFR…`: a version, the id of the key, and base64.
//!
//! # Where to go next
//!
//! - [`guide`]: columns and values, keys, queries, search, migrations, adoption, operation, security
//! - [`sql_types`] for `diesel::table!`, and [`#[derive(Encrypted)]`](derive@Encrypted) for types of your own
//! - [`maintenance`]: rotate keys and encrypt existing rows
//!
//! # Features
//!
//! - `sqlite`, `postgres`, `mysql`: the backends. `sqlite` links the C library, as Diesel's does; the others link nothing.
//! - `chrono`, `time`, `uuid`, `serde_json`, `numeric`, `email`: [types of values](guide::values).
//! - `aws-lc-rs`: the same cipher from [AWS-LC](https://docs.rs/aws-lc-rs), which is faster and needs a C compiler.
//!   Stored values are the same to the byte, so you can turn it on and off.
//!
//! None is on by default.
//!
//! # Security
//!
//! It protects against readers of the database who do not have the key. They still see the length of each value, to
//! the byte, and NULL. A writer can swap the values of two rows in one context, or put back an older value:
//! [what holds against whom](guide::security).

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
mod keyring;
pub mod maintenance;
pub mod plaintext;
#[doc(hidden)]
pub mod private;
pub mod sql;
pub mod sql_types;
mod stack;
mod varchar;

pub use encrypted::{Encrypted, EncryptedBinary, EncryptedText};
#[doc = include_str!("../docs/derive.md")]
pub use encrypted_diesel_derive::Encrypted;
pub use error::Error;
pub use indexed::Indexed;
pub use key::Key;
pub use keyring::{Keyring, PlaintextPolicy, init};
pub use secrecy::ExposeSecret;
pub use sql::EncryptedExpressionMethods;
pub use varchar::EncryptedVarchar;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
