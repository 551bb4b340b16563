/// A key service could not wrap or unwrap a key.
///
/// The kind decides what happens next. [`Unreachable`](Self::Unreachable) and [`Busy`](Self::Busy) are tried three
/// times; everything else is final at once. Only after [`Unreachable`](Self::Unreachable) is the entry after `|` asked.
///
/// # Security
///
/// A reason is shown to operators and logged. It must not contain a key, a token, or text that the service chose, which
/// could repeat what it was sent: give a status or an error code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// No answer arrived: the name does not resolve, no connection could be made, or it was lost.
    #[error("the service cannot be reached ({reason}): check its address and the network")]
    Unreachable {
        /// How far it came.
        reason: String,
    },

    /// The service answered that it is overloaded or broken: throttling, or an HTTP status of 500 and above.
    #[error("the service is not available ({reason}): try again later")]
    Busy {
        /// The status or error code.
        reason: String,
    },

    /// The service does not let these credentials use the key.
    #[error(
        "the service denies access ({reason}): check the credentials, and what they may do with this key"
    )]
    Denied {
        /// The status or error code.
        reason: String,
    },

    /// The service knows no such key, or the wrapped key is not one of its own: altered, wrapped under another key, or
    /// for another purpose.
    #[error(
        "the service refuses the entry ({reason}): it was altered, wrapped under another key, or wrapped for the other \
         list"
    )]
    Rejected {
        /// The status or error code.
        reason: String,
    },

    /// A setting or a part of the entry is missing or wrong, so the service was not asked.
    #[error("{reason}")]
    Settings {
        /// What is wrong, and what mends it.
        reason: String,
    },
}

impl ServiceError {
    /// Whether the same call may succeed in a moment.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Busy { .. })
    }
}
