//! What a database needs when keys change and when an application adopts encryption: a batch of rows at a
//! time, from whatever runs such work.

#![allow(
    private_interfaces,
    reason = "traits here are implemented for Diesel's types, and called here alone"
)]

mod batch;
mod bind;
mod column;
mod dialect;
mod indexes;
mod row_key;
mod table;
mod walk;

pub use batch::{BadRow, Batch, Problem};
pub use column::EncryptedColumn;
pub use dialect::Dialect;
pub use indexes::{BlindIndexes, IndexedColumns};
pub use row_key::{KeyColumns, KeySqlType, RowKey};
pub use walk::WalkConnection;
