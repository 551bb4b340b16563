//! The files that configure the tool: encrypted-diesel.toml, diesel.toml and `.env`.

pub(crate) mod declaration;
pub(crate) mod diesel_toml;
pub(crate) mod env_file;
pub(crate) mod printed;
pub(crate) mod toml_text;
