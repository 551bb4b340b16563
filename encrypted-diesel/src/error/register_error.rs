/// A [`KeyService`](crate::key_service::KeyService) that cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The scheme cannot stand before `://`.
    #[error("a scheme is a lower-case letter, followed by lower-case letters, digits, `+`, `-` and `.`")]
    Malformed,

    /// The scheme is one of this crate's own.
    #[error("the scheme belongs to a service of encrypted-diesel itself: choose another")]
    BuiltIn,

    /// Another service has the scheme.
    #[error("a service is already registered for this scheme: register each once, at start-up")]
    Taken,
}
