/// What is done on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Encrypt,
    Rotate,
    Reindex,
    Verify,
    Decrypt,
}
