//! The database: its URL, a connection to it, and what its catalog says.

pub(crate) mod catalog;
pub(crate) mod connection;
pub(crate) mod marker;
pub(crate) mod url;
