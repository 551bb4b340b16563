//! The statements of a walk, and the connections that run them. Only these files write SQL by hand.

pub(super) mod ask;
pub(super) mod bind;
pub(super) mod connection;
pub(super) mod count;
pub(super) mod dialect;
pub(super) mod row;
pub(super) mod row_key;
pub(super) mod select;
pub(super) mod server;
mod statement;
pub(super) mod table;
pub(super) mod update;
