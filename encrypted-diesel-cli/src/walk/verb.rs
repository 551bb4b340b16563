//! The commands that walk.

/// The command that a walk is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Encrypt,
    Rotate,
    Reindex,
    Verify,
    Decrypt,
}
