//! The subcommands, each in a module of its own: its options for `--help`, and `run`.

pub(crate) mod completions;
pub(crate) mod decrypt;
pub(crate) mod doctor;
pub(crate) mod draft;
pub(crate) mod encrypt;
pub(crate) mod key;
pub(crate) mod keygen;
pub(crate) mod man;
pub(crate) mod reindex;
pub(crate) mod rotate;
pub(crate) mod schema_patch;
pub(crate) mod status;
pub(crate) mod verify;
