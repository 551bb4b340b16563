//! The files that the tool reads and writes.

pub(crate) mod declaration;
pub(crate) mod diesel_toml;
pub(crate) mod env_file;
pub(crate) mod toml_text;
