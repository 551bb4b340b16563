//! What a database needs when keys change and when an application adopts encryption: a batch of rows at a
//! time, from whatever runs such work. The command-line tool does the same: [the operator's guide](crate::operating).
//!
//! | | reads | writes |
//! |---|---|---|
//! | [`EncryptedColumn::encrypt`] | plaintext | envelopes, in its place |
//! | [`EncryptedColumn::rotate`] | what is not under the primary key and in the present context | the same values, under it |
//! | [`EncryptedColumn::verify`] | all | nothing |
//! | [`EncryptedColumn::decrypt`] | envelopes | plaintext, in their place |
//! | [`EncryptedColumn::status`] | all, in one query | nothing: says how many values are under which key |
//! | [`BlindIndexes::reindex`] | all | indexes that are not what would be written today |
//! | [`BlindIndexes::verify`] | all | nothing |
//!
//! All but `status` take a connection, the row that the batch before has reached, and how many rows to work on, and
//! return a [`Batch`]. They use the keyring at hand, as queries do.
//!
//! - **No update is lost.** A row is written if its value is still what was read, in the statement that writes it.
//!   A row that has changed meanwhile is left as it is, counted as missed, and seen by the next walk.
//! - **What is done is known from the rows.** Nothing else is kept, so a walk can stop anywhere, and go on or begin
//!   anew. A walk through a table that is done writes nothing.
//! - **What is written has been opened and compared** before it is sent.
//! - **A row that cannot be worked on is left as it is**, reported by its primary key, and the rest goes on.
//! - **Several may walk at once.** On PostgreSQL and MySQL each passes over the rows that another is at
//!   (`SKIP LOCKED`, so MySQL 8 or MariaDB 10.6), in a transaction of one batch. On SQLite a batch is one
//!   statement.
//! - **Memory** is that of one batch. The primary key may be an integer, a text, bytes, a UUID, or up to four
//!   of these.

#![allow(
    private_interfaces,
    reason = "traits here are implemented for Diesel's types, and called here alone"
)]

mod batch;
mod bind;
mod column;
mod connection;
mod cursor;
#[doc(hidden)]
#[allow(missing_docs, reason = "for the command-line tool alone")]
pub mod declared;
mod dialect;
mod indexes;
mod row_key;
mod select;
mod statement;
mod status;
mod table;
mod task;
mod update;
mod value_type;

pub use batch::{BadRow, Batch, Problem};
pub use column::EncryptedColumn;
pub use connection::WalkConnection;
#[doc(hidden)]
pub use cursor::{Cursor, Step};
pub use dialect::Dialect;
#[doc(hidden)]
pub use indexes::IndexTask;
pub use indexes::{BlindIndexes, IndexedColumns};
#[doc(hidden)]
pub use row_key::KeyKind;
pub use row_key::{KeyColumns, KeySqlType, RowKey};
pub use status::Status;
#[doc(hidden)]
pub use task::Task;
