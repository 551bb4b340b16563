//! Encrypted columns for [Diesel](diesel).
//!
//! A column's *type* says that it is encrypted, and Diesel's own serialization does the work. Nothing
//! else in an application changes: migrations, `Insertable`, `Queryable`, `AsChangeset`, joins and
//! pools stay as they are.
//!
//! ```
//! use diesel::prelude::*;
//! use encrypted_diesel::{Encrypted, EncryptedText, EncryptedVarchar, ExposeSecret};
//!
//! diesel::table! {
//!     use diesel::sql_types::*;
//!     use encrypted_diesel::sql_types::*;
//!
//!     patients (id) {
//!         id -> Integer,
//!         name -> EncryptedVarchar,
//!         notes -> Nullable<EncryptedText>,
//!     }
//! }
//!
//! #[derive(Queryable, Selectable, Insertable)]
//! #[diesel(table_name = patients)]
//! struct Patient {
//!     id: i32,
//!     name: EncryptedVarchar<120>,
//!     notes: Option<EncryptedText>,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let connection = &mut SqliteConnection::establish(":memory:")?;
//! # diesel::sql_query("CREATE TABLE patients (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, notes TEXT)")
//! #     .execute(connection)?;
//! # encrypted_diesel::Keyring::new(encrypted_diesel::Key::generate()?).install()?;
//! # /*
//! encrypted_diesel::init()?; // first in `main`
//! # */
//!
//! let ada = Patient { id: 1, name: "Ada Lovelace".try_into()?, notes: None };
//! diesel::insert_into(patients::table).values(&ada).execute(connection)?;
//!
//! let ada = patients::table.find(1).select(Patient::as_select()).first(connection)?;
//! assert_eq!(ada.name.expose_secret(), "Ada Lovelace");
//! # Ok(())
//! # }
//! ```
//!
//! # Columns and values
//!
//! As in Diesel, a column has an SQL type, which stands in `schema.rs`, and values have Rust types,
//! which stand in models. The SQL types are in [`sql_types`], the values here.
//!
//! | SQL type | stored as | value types |
//! |---|---|---|
//! | [`EncryptedText`](sql_types::EncryptedText) | `TEXT` | [`EncryptedText`], [`Encrypted<T>`](struct@Encrypted), types with [`#[derive(Encrypted)]`](derive@Encrypted) |
//! | [`EncryptedVarchar`](sql_types::EncryptedVarchar) | `VARCHAR(n)`, `VARCHAR` | [`EncryptedVarchar<N>`](EncryptedVarchar), and the above |
//! | [`EncryptedBinary`](sql_types::EncryptedBinary) | `BYTEA`, `BLOB` | [`EncryptedBinary`], and the above |
//! | [`DeterministicText`](sql_types::DeterministicText) | `TEXT`, `VARCHAR(n)` | as `EncryptedText`, if they are [`Canonical`]; for [search] |
//! | [`BlindIndex`](sql_types::BlindIndex) | `BYTEA`, `BLOB`, `VARBINARY(16)` | none: written by [`Indexed`]; for [search] |
//!
//! Nullable columns have `Nullable<…>` around the one and `Option<…>` around the other. NULL stays
//! NULL; everything else is encrypted, the empty string, zero and `false` included.
//!
//! `T` is any type that is [`Plaintext`]:
//!
//! | types | plaintext form | feature |
//! |---|---|---|
//! | `String`, `&str`, `Cow<str>`, [`SecretString`](secrecy::SecretString) | itself, in UTF-8 | |
//! | `Vec<u8>`, `&[u8]`, `Cow<[u8]>` | itself | |
//! | `bool` | `1` or `0` | |
//! | `i8` to `i128`, `u8` to `u128` | decimal digits | |
//! | `f32`, `f64` | the shortest decimal that reads back as the same number | |
//! | chrono's `NaiveDate`, `NaiveTime`, `NaiveDateTime`, `DateTime<Utc>` | ISO 8601 | `chrono` |
//! | time's `Date`, `Time`, `PrimitiveDateTime`, `OffsetDateTime` (in UTC) | ISO 8601 | `time` |
//! | `Uuid` | 36 characters | `uuid` |
//! | `serde_json::Value`, and `Json<T>` for any type of serde's | JSON | `serde_json` |
//! | `BigDecimal` | decimal digits | `numeric` |
//! | `EmailAddress` of the crate `email_address` | itself | `email` |
//! | your own, by [`#[derive(Encrypted)]`](derive@Encrypted) or [by hand](Plaintext) | as you say | |
//!
//! Borrowed values can be written, not read. Models with plain fields:
//!
//! - **reading**: a bare `String` or `Vec<u8>` reads a column of the empty context;
//! - **writing**: `#[diesel(serialize_as = EncryptedText)] name: String`. Writing a bare `String` does
//!   not compile, so plaintext does not get into an encrypted column by mistake.
//! - **either**, for all built-in values that are not nullable: `serialize_as` and `deserialize_as` with
//!   `Encrypted<…>`. A nullable field has `Option<Encrypted<…>>` as its own type, and a text of bounded
//!   length an `EncryptedVarchar`, which not every `String` can be.
//!
//! # Coming from Django
//!
//! Every field of [django-encrypted-model-fields] has its counterpart. Where Django validates when a
//! form is cleaned, here a value that is not valid cannot be made.
//!
//! | Django | here | validated by |
//! |---|---|---|
//! | `EncryptedCharField(max_length=N)` | [`EncryptedVarchar<N>`](EncryptedVarchar) | its `try_from` |
//! | `EncryptedTextField` | [`EncryptedText`] | |
//! | `EncryptedDateField` | `Encrypted<NaiveDate>` or `Encrypted<time::Date>` | `from_ymd_opt`, `from_calendar_date` |
//! | `EncryptedDateTimeField` | `Encrypted<DateTime<Utc>>` or `Encrypted<OffsetDateTime>` | as above |
//! | `EncryptedEmailField` | `Encrypted<EmailAddress>` | its `from_str` |
//! | `EncryptedBooleanField` | `Encrypted<bool>` | the type |
//! | `EncryptedIntegerField` | `Encrypted<i32>` | the type |
//! | `EncryptedPositiveIntegerField` | `Encrypted<u32>` | the type |
//! | `EncryptedSmallIntegerField` | `Encrypted<i16>` | the type |
//! | `EncryptedPositiveSmallIntegerField` | `Encrypted<u16>` | the type |
//! | `EncryptedBigIntegerField` | `Encrypted<i64>` | the type |
//!
//! `FIELD_ENCRYPTION_KEY` is a key or a list here, too, but of 64 hex digits each. Data does not carry
//! over: Fernet tokens are another format.
//!
//! [django-encrypted-model-fields]: https://pypi.org/project/django-encrypted-model-fields/
//!
//! # Keys
//!
//! [`init`] reads `FIELD_ENCRYPTION_KEY` from the environment or from `.env`, and fails if it is missing or
//! malformed, so that no query will. A key is 64 hex digits: `openssl rand -hex 32` makes one. [`Keyring`] is
//! for keys that come from elsewhere.
//!
//! A key that is well-formed but not yours is not noticed before something is read. Where keys are
//! deployed by hand, pin the id, which is no secret:
//!
//! ```no_run
//! # use encrypted_diesel::Keyring;
//! let keyring = Keyring::from_env()?;
//! if keyring.primary_id().to_string() != "f26f38f7" {
//!     return Err(format!("deployed with the key {}", keyring.primary_id()).into());
//! }
//! keyring.install()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With [blind indexes](search), pin [`Keyring::index_key_ids`] as well: under a wrong index key nothing fails,
//! and nobody is found.
//!
//! ## Rotation
//!
//! `FIELD_ENCRYPTION_KEY` is a list: the first key encrypts, all decrypt, and each value names its key. What is written
//! is under the first key from the moment at which it is in front; the rest is moved by a walk through the table.
//! The steps, and the command-line tool that does this, are in [the operator's guide](operating#another-encryption-key).
//! In the application's own process, one column after the other, it is done with [`maintenance`]:
//!
//! ```
//! # use diesel::prelude::*;
//! # use encrypted_diesel::EncryptedText;
//! # diesel::table! {
//! #     use diesel::sql_types::*;
//! #     use encrypted_diesel::sql_types::*;
//! #     patients (id) { id -> Integer, notes -> Nullable<EncryptedText> }
//! # }
//! use encrypted_diesel::maintenance::EncryptedColumn;
//!
//! # fn rotate(connection: &mut SqliteConnection) -> QueryResult<()> {
//! let notes = EncryptedColumn::of::<patients::notes, EncryptedText>();
//! let mut last = None;
//! loop {
//!     let batch = notes.rotate(connection, last.as_ref(), 1_000)?;
//!     for row in &batch.bad {
//!         eprintln!("patients {row}"); // its primary key, and why it was left as it is
//!     }
//!     last = batch.last;
//!     if last.is_none() {
//!         break;
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The application may run meanwhile, and several of these may. Repeat it until a walk reads nothing but rows that
//! it reports.
//!
//! A deterministic column is in two forms until its last row is written, which its joins, `UNIQUE` and foreign
//! keys see: [what to do about it](search#rotating-a-deterministic-column).
//!
//! The old key can go when no value names it any more, which [`status`](maintenance::EncryptedColumn::status) counts,
//! and so does plain SQL ([`Keyring::key_ids`] tells which is which):
//!
//! ```sql
//! -- text columns
//! SELECT substr(notes, 5, 8) AS key_id, count(*) FROM patients WHERE notes LIKE 'ed1:%' GROUP BY 1;
//! -- binary columns, on SQLite and MySQL; encode(substr(photo, 5, 4), 'hex') on PostgreSQL
//! SELECT lower(hex(substr(photo, 5, 4))) AS key_id, count(*) FROM patients WHERE photo IS NOT NULL GROUP BY 1;
//! ```
//!
//! # Contexts
//!
//! A value of a type with `#[encrypted(context = "patients.ssn")]` opens as that type only: moved to
//! another column, it is [`Error::DecryptionFailed`]. Give each sensitive column a type and a context
//! of its own. Built-in values share the empty context, so among themselves they can be moved unnoticed.
//!
//! The context is the Rust type's and not the column's. Write a column with the type that reads it: an
//! `EncryptedText` in the column of `Ssn`s can be written, but does not open as an `Ssn`.
//!
//! # What does not compile
//!
//! Two encryptions of one value differ, so a comparison with an encrypted column would miss rows.
//! It does not compile, and rustc says why:
//!
//! ```compile_fail
//! # use diesel::prelude::*;
//! # use encrypted_diesel::EncryptedText;
//! # diesel::table! {
//! #     use diesel::sql_types::*;
//! #     use encrypted_diesel::sql_types::*;
//! #     patients (id) { id -> Integer, notes -> Nullable<EncryptedText> }
//! # }
//! let notes = EncryptedText::from("allergic to penicillin");
//! patients::table.filter(patients::notes.eq(notes)); // error: cannot be compared with a value
//! ```
//!
//! So it is with `ne`, `eq_any`, `between` and the rest, in `filter`, `delete(table.filter(…))` and
//! `select`. `is_null` and `is_not_null` work. Plaintext does not compile either, there or in an insert:
//! where rustc says that `&str: AsExpression<EncryptedText>` is not satisfied, or that `like` does not
//! exist, it is because the column is encrypted.
//! Where it says so of a type of yours, that type has a [blind index](search), and is written with it.
//!
//! **Some that cannot work slip through**, since Diesel's traits do not tell them from what can:
//!
//! - `delete(table).filter(notes.eq(value))` and `update(table).filter(…)`: match no row. Write
//!   `delete(table.filter(…))`, which is refused.
//! - `filter(notes.eq(Some(value)))`: matches no row. Without `Some`, it is refused.
//! - `filter(notes.eq(remarks))`, between two encrypted columns: matches no row.
//! - `having(…)`, and `bind` in `sql_query`: match nothing.
//! - `on_conflict(notes)`, and `UNIQUE` in SQL: never fire, since no two ciphertexts are equal.
//! - `order(notes)`, `group_by(notes)`, `distinct()`: order and group ciphertexts.
//!
//! On deterministic columns the last three work, and those that compare find what is under the first key only.
//! An upsert with `excluded(…)`, `set(email.eq(None::<EncryptedText>))` and raw SQL set a value without its blind
//! index: set both, or set the [`Indexed`].
//!
//! # Search
//!
//! What has to be found by its value has a [`BlindIndex`](sql_types::BlindIndex) column beside it, or is in a
//! [`DeterministicText`](sql_types::DeterministicText) one. How, and what that gives away: [`search`].
//!
//! ```
//! # use diesel::prelude::*;
//! # diesel::table! {
//! #     use diesel::sql_types::*;
//! #     use encrypted_diesel::sql_types::*;
//! #     users (id) { id -> Integer, email -> EncryptedText, email_index -> BlindIndex }
//! # }
//! use encrypted_diesel::{Encrypted, EncryptedExpressionMethods};
//!
//! #[derive(Encrypted)]
//! #[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
//! struct Email(String);
//!
//! # let email = Email("Ada@Example.org".into());
//! let query = users::table.filter(users::email_index.matches(email));
//! # let _ = query;
//! ```
//!
//! # Adopting encryption
//!
//! Reading is strict: plaintext in an encrypted column is [`Error::NotEncrypted`]. For the time in which
//! both are there, [`PlaintextPolicy::Allow`] lets plaintext through, counted and logged:
//!
//! ```no_run
//! use encrypted_diesel::{Keyring, PlaintextPolicy};
//!
//! Keyring::from_env()?.with_plaintext_policy(PlaintextPolicy::Allow).install()?; // in place of `init()`
//! # Ok::<(), encrypted_diesel::Error>(())
//! ```
//!
//! The column is made wide enough, of a text or binary type, and says that it is encrypted: [below](#migrations-and-schemars).
//! Old values are read if they stand there in the plaintext form of the table above; dates and times may have a space for
//! the `T`, and Booleans be words. What is still plain is encrypted by the tool, or as for a rotation with
//! [`encrypt`](maintenance::EncryptedColumn::encrypt) in place of `rotate`, and then `init()` is back, which refuses
//! plaintext.
//!
//! In which order all this goes, so that an application of several instances never stops, and how it finds values
//! meanwhile: [the walk-through](operating#the-walk-through).
//!
//! # With diesel-async
//!
//! Nothing changes: the same models work with `AsyncPgConnection`, `AsyncMysqlConnection` and
//! `SyncConnectionWrapper<SqliteConnection>`. For keys of a tenant there is [`Keyring::scope_async`].
//!
//! # Migrations and `schema.rs`
//!
//! Migrations are Diesel's. So that `diesel print-schema` writes the types of encrypted columns, the
//! columns say what they are, in the idiom of each database:
//!
//! | | PostgreSQL | SQLite | MySQL, MariaDB |
//! |---|---|---|---|
//! | a column says it by | its domain | its declared type | the first word of its comment |
//! | `EncryptedText` | `encrypted_text` | `ENCRYPTED_TEXT` | `TEXT … COMMENT 'encrypted_text'` |
//! | `EncryptedVarchar` | `encrypted_varchar`, without a width | `ENCRYPTED_VARCHAR(n)` | `VARCHAR(n) … COMMENT 'encrypted_varchar'` |
//! | `EncryptedBinary` | `encrypted_binary` | `ENCRYPTED_BLOB` | `LONGBLOB COMMENT 'encrypted_binary'` |
//! | `DeterministicText` | `deterministic_text` | `DETERMINISTIC_TEXT` | `VARCHAR(n) … COMMENT 'deterministic_text'` |
//! | `BlindIndex` | `blind_index` | `BLIND_INDEX_BLOB` | `VARBINARY(16) COMMENT 'blind_index'` |
//! | Diesel's tool knows it by | `pg_domains_as_custom_types` | a generated patch | a generated patch |
//!
//! The width `n` is [`EncryptedVarchar::COLUMN_WIDTH`]: 691 for an `EncryptedVarchar<120>`, and room for 120
//! characters of `DeterministicText`. On MySQL, what is searched is no `TEXT` or `BLOB`, of which it can only
//! index a prefix, and text columns also have `CHARACTER SET ascii COLLATE ascii_bin`. The types work on plain
//! columns as well; only Diesel's tool does not know these. An application that writes `schema.rs` by hand
//! needs none of this.
//!
//! ## PostgreSQL
//!
//! A migration makes the domains, without `NOT NULL`, and the configuration names them:
//!
//! ```sql
//! CREATE DOMAIN encrypted_text AS text;
//! CREATE DOMAIN encrypted_varchar AS varchar;
//! CREATE DOMAIN encrypted_binary AS bytea;
//! CREATE DOMAIN deterministic_text AS text;
//! CREATE DOMAIN blind_index AS bytea;
//! ```
//! ```toml
//! [print_schema]
//! file = "src/schema.rs"
//! import_types = ["diesel::sql_types::*", "encrypted_diesel::sql_types::*"]
//! pg_domains_as_custom_types = ["^encrypted_", "^deterministic_text$", "^blind_index$"]
//! except_custom_type_definitions = ["^Encrypted", "^DeterministicText$", "^BlindIndex$"]
//! ```
//!
//! A plain column is made an encrypted one by `ALTER TABLE patients ALTER notes TYPE encrypted_text`.
//!
//! ## SQLite and MySQL
//!
//! They have no types of their users', so Diesel's tool applies a patch, and this crate's tool writes it
//! from the database:
//!
//! ```toml
//! [print_schema]
//! file = "src/schema.rs"
//! import_types = ["diesel::sql_types::*", "encrypted_diesel::sql_types::*"]
//! patch_file = "schema.patch"
//! ```
//! ```sh
//! cargo install encrypted-diesel --features cli
//! touch schema.patch                    # once: Diesel's tool wants the file to be there
//! diesel migration run
//! encrypted-diesel schema-patch         # after each migration
//! diesel migration run                  # now writes src/schema.rs with the types
//! encrypted-diesel schema-patch --check # in CI, beside `diesel migration run --locked-schema`
//! ```
//!
//! The check is not to be left out: with a patch that lacks a new column, Diesel's tool writes
//! `Nullable<Text>` for it and says nothing, and a `String` is then stored as plaintext. Where Diesel's
//! tool says `Failed to apply patch`, the migration did run; write the patch anew.
//!
//! Do not use `diesel migration generate --diff-schema` on these columns: it proposes to drop them.
//! SQLite's `STRICT` tables take no such types; there, write `schema.rs` by hand.
//!
//! # Errors
//!
//! Diesel wraps what goes wrong in a query, and its own message only names the column. [`Error::of`]
//! takes our error out again; log both. No error, no `Debug` and no log line shows plaintext or key
//! material, nor does [`diesel::debug_query`] or an instrumentation.
//!
//! # Features
//!
//! - `sqlite`, `postgres`, `mysql`: the backends. `sqlite` links the C library, as Diesel's does; the
//!   others link none.
//! - `chrono`, `time`, `uuid`, `serde_json`, `numeric`, `email`: the values of the table above.
//! - `aws-lc-rs`: the same cipher by [AWS-LC], in less time. It needs a C compiler, as Diesel's bundled SQLite does,
//!   and nothing else. Stored values are the same to the byte, so it can be turned on and off.
//! - `cli`, `cli-postgres`, `cli-mysql`: [the command-line tool](operating), for `cargo install`.
//!
//! None is on by default.
//!
//! [AWS-LC]: https://docs.rs/aws-lc-rs
//!
//! # Security
//!
//! What it protects is what someone learns who has the database and not the key. Visible stay the length of each
//! value, to the byte, and NULL; who can write to the database can swap the values of two rows within one context,
//! or put back an older value. Against whom what holds, with its limits: [`security`]. The format, byte by byte,
//! for programs in other languages: [`mod@format`].

#![cfg_attr(docsrs, feature(doc_cfg))]
// Without a backend nothing is written or read.
#![cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, unreachable_pub)
)]

mod aead;
mod blind_index;
mod cipher;
mod encrypted;
mod envelope;
mod error;
mod indexed;
mod key;
mod keyring;
pub mod maintenance;
mod plaintext;
mod sql;
mod stack;
mod varchar;

#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
#[doc(hidden)]
pub mod private;

pub use blind_index::{
    FromValues, IndexInput, IndexOf, IndexSpec, IndexState, IndexTerm, Indexable, Normalizer,
};
pub use encrypted::{Encrypted, EncryptedBinary, EncryptedText};
#[doc = include_str!("../docs/derive.md")]
pub use encrypted_diesel_derive::Encrypted;
pub use error::Error;
pub use indexed::Indexed;
pub use key::{Key, KeyError, KeyId};
pub use keyring::{Keyring, PlaintextPolicy, init, init_with_index_key};
#[cfg(feature = "serde_json")]
pub use plaintext::Json;
pub use plaintext::{Canonical, FromPlaintext, Plaintext, PlaintextWriter};
#[cfg(feature = "postgres")]
pub use sql::ForCopy;
pub use sql::{
    Comparable, EncryptedBound, EncryptedExpressionMethods, EncryptedSqlType, Matches, ReadEncrypted,
    Searchable, WriteEncrypted, WrittenAlone,
};
pub use varchar::EncryptedVarchar;

#[doc = include_str!("../docs/format.md")]
pub mod format {}

#[doc = include_str!("../docs/operating.md")]
pub mod operating {}

#[doc = include_str!("../docs/search.md")]
pub mod search {}

#[doc = include_str!("../docs/security.md")]
pub mod security {}

/// The SQL types of encrypted columns, for `diesel::table!`.
pub mod sql_types {
    pub use crate::sql::types::{
        BlindIndex, DeterministicText, EncryptedBinary, EncryptedText, EncryptedVarchar,
    };
}

// These stand in signatures here.
pub use secrecy::ExposeSecret;
pub use zeroize::Zeroizing;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
