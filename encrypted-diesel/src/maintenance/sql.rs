//! The statements of a walk, and the connections that run them. Only these files write SQL by hand.

mod array;
pub(super) mod ask;
pub(super) mod bind;
pub(super) mod changers;
mod class;
pub(super) mod connection;
pub(super) mod count;
pub(super) mod dialect;
pub(super) mod filter;
mod key_form;
mod list;
mod longest;
pub(super) mod probe;
mod raw;
pub(super) mod read_back;
mod resolve;
pub(super) mod row;
pub(super) mod row_key;
pub(super) mod select;
pub(super) mod server;
mod settings;
mod statement;
pub(super) mod table;
mod template;
mod text_form;
pub(super) mod transaction;
pub(super) mod update;
