//! The subcommands, each in a module of its own.

pub(crate) mod decrypt;
pub(crate) mod draft;
pub(crate) mod keygen;
pub(crate) mod schema_patch;
pub(crate) mod status;
