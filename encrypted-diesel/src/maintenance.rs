//! Key rotation and the adoption of encryption, for tables that are in use.
//!
//! A *batch* is a number of rows that are read and written together; a *walk* is all batches of a table. The
//! command-line tool is built on this module: [the operator's guide](crate::guide::operating).
//!
//! | walk | reads | writes |
//! |---|---|---|
//! | [`EncryptedColumn::encrypt`] | plaintext | envelopes in its place, with their blind indexes |
//! | [`EncryptedColumn::rotate`] | values under a retired key or in a previous context | the same values, re-encrypted |
//! | [`EncryptedColumn::verify`] | all values | nothing |
//! | [`EncryptedColumn::decrypt`] | envelopes | plaintext in their place |
//! | [`BlindIndexes::reindex`] | all values | outdated indexes |
//! | [`BlindIndexes::verify`] | all values | nothing |
//!
//! [`EncryptedColumn::status`] counts values by key, in one query. [`declared`] is for columns that a program knows
//! only by name at run time.
//!
//! [`survey`] says what the catalog and the server's settings have to do with encrypted columns, and
//! [`check`] whether they are encrypted under keys of the keyring, for an application's start-up.
//!
//! Each [`Walk`] is a builder. [`run`](Walk::run) walks the whole table, [`run_on`](Walk::run_on) does so with
//! several connections, and [`batch`](Walk::batch) runs a single batch for a job queue. Each batch uses the keyring that
//! is current when it starts.
//!
//! - **No update is lost.** The statement that writes a row compares the value that it replaces. If somebody else
//!   changed the row meanwhile, it is left as it is, counted as missed, and visited again in the next pass.
//! - **The rows show what is done.** Nothing else is kept, so a walk can stop anywhere and start again. A walk
//!   through a finished table writes nothing.
//! - **Values are checked before they are sent**: each new envelope is opened and compared with its plaintext.
//! - **A write is believed only when it was read back.** Before the commit, and after all triggers, the stored bytes are
//!   compared with what was meant. If they differ, or the database reports an error, the batch is rolled back and halved,
//!   down to the rows that cannot be written.
//! - **A trigger that changes another encrypted column** of the row is noticed, if the walk was told of that column:
//!   [`guarding`](EncryptedColumn::guarding). The row is left as it was.
//! - **A row that cannot be worked on is left as it is** and reported by its primary key. The rest goes on.
//! - **Several walks may run at once**, even in several processes; [`share`](Walk::share) divides the rows among them.
//!   A batch that writes is one transaction. Inside a transaction of the caller's, it is a savepoint; deferred constraint
//!   triggers then run at the caller's commit, and nobody looks at what they change.
//! - **Memory** is needed for one batch at a time.
//! - **A primary key** may be of any types that the database sorts, and of up to eight columns.
//! - **Some rows only**, such as those of a tenant, are walked and counted after [`only_where`](EncryptedColumn::only_where).
//! - **Arrays of encrypted values**, which PostgreSQL has, are walked element by element: `EncryptedColumn::array`.
//!
//! A `#[derive(MultiConnection)]` cannot be walked directly: match on its variants, and walk the connection of each.

#![allow(
    private_interfaces,
    reason = "these traits are implemented for Diesel's types, and only called here"
)]

mod agreement;
#[cfg(feature = "postgres")]
mod array;
mod batch;
mod bystanders;
mod check;
mod codec;
mod column;
mod column_value;
mod cursor;
pub mod declared;
mod elements;
mod escaped;
mod failure;
mod filtered;
mod guard;
mod index_set;
mod indexes;
mod keyless;
mod looks;
mod own_indexes;
mod pace;
mod pass;
mod read_from;
mod retries;
mod run_batch;
mod sql;
mod status;
mod survey;
mod task;
mod tasks;
mod value_type;
mod walk;
mod walked;
mod write;

#[cfg(feature = "postgres")]
pub use array::EncryptedArray;
pub use batch::{BadRow, Batch, Problem};
pub use check::{check, survey};
pub use column::EncryptedColumn;
pub use column_value::ColumnValue;
pub use indexes::{BlindIndexes, IndexedColumns};
pub use sql::connection::WalkConnection;
pub use sql::dialect::Dialect;
pub use sql::row_key::{KeyColumns, KeySqlType, RowKey};
pub use status::Status;
pub use survey::{Finding, FindingKind, Severity};
pub use walk::Walk;
pub use walked::Walked;
