use super::ServiceError;

/// A key could not be had from its service, or wrapped by it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnwrapError {
    /// The service says why.
    #[error(transparent)]
    Service(#[from] ServiceError),

    /// The service returned another key.
    #[error(
        "the service returned another key than that of `check`, which is not used: the entry was altered or mixed up \
         with another, or the service is not the one that it says"
    )]
    OtherKey,

    /// The service did not answer in time.
    #[error(
        "the service did not answer in time: check its address and the network, and whether the service is up"
    )]
    NoAnswer,

    /// This program was compiled without the service.
    #[error("this program was compiled without the feature `{0}` of encrypted-diesel: compile it with that")]
    NoFeature(&'static str),

    /// No service of this scheme is known.
    #[error(
        "this is not `aws-kms`, `vault-transit` or `vault-kv`, and no service was registered for it with \
         `key_service::register`"
    )]
    NoService,

    /// The entry does not say which key it is.
    #[error(
        "the entry has no `check=` of 32 hex digits, so the service could return any key: make it with \
         `encrypted-diesel keygen --wrap`, or add the fingerprint that `encrypted-diesel key check --json` shows"
    )]
    NoCheck,
}

impl UnwrapError {
    /// Whether no answer arrived.
    pub(crate) fn is_unreachable(&self) -> bool {
        matches!(self, Self::NoAnswer | Self::Service(ServiceError::Unreachable { .. }))
    }
}
