use std::any::type_name;
use std::error::Error as StdError;
use std::fmt;

use crate::key::{KeyError, KeyId};

/// Everything that can go wrong in this crate.
///
/// No variant, and no message, holds plaintext or key material. `Debug` shows the message, as a `main`
/// that returns an error prints it.
///
/// Inside a query Diesel wraps this error; [`Error::of`] takes it out again.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value was written or read before a keyring was installed.
    #[error("no keyring is installed: call `encrypted_diesel::init()` before the first query")]
    NotInitialized,

    /// A keyring with other keys or another policy is already installed in this process.
    #[error("another keyring is already installed: install one, once, at start-up")]
    AlreadyInitialized,

    /// The environment names no key.
    #[error(
        "{variable} is not set: set it to 64 hex digits (`openssl rand -hex 32` makes them), \
         or set {variable}_FILE to the path of a file that holds them"
    )]
    MissingKey {
        /// The environment variable.
        variable: &'static str,
    },

    /// A variable of the environment, or the file that it names, holds no usable key.
    #[error("{variable}: {problem}")]
    InvalidVariable {
        /// The environment variable, or the file `.env`.
        variable: &'static str,
        /// What is wrong with its value.
        problem: KeyError,
    },

    /// A blind index was written or searched, or [required](crate::init_with_index_key), and the keyring
    /// holds no index key.
    #[error(
        "there is no key for blind indexes: set FIELD_INDEX_KEY to 64 hex digits \
         (`openssl rand -hex 32` makes them), other ones than those of FIELD_ENCRYPTION_KEY"
    )]
    NoIndexKey,

    /// A keyring built in code holds no usable key.
    #[error(transparent)]
    Key(#[from] KeyError),

    /// The value was encrypted under a key that the keyring does not hold.
    #[error(
        "the value was encrypted under the key {key_id}, which this keyring does not hold: \
         add that key to the list, behind the first"
    )]
    UnknownKey {
        /// The id in the value's envelope.
        key_id: KeyId,
    },

    /// The value is an envelope of a version or mode that this release does not know.
    #[error("the value was written by a newer release of encrypted-diesel: update this application")]
    UnsupportedVersion,

    /// The column holds something that is not an envelope, such as plaintext.
    #[error(
        "the column holds a value that is not encrypted: encrypt it, \
         or read with `PlaintextPolicy::Allow` while the application adopts encryption"
    )]
    NotEncrypted,

    /// The value starts as an envelope does, but is not a well-formed one, or not one of this column's
    /// kind: text in a text column, bytes in a binary one.
    #[error(
        "the column holds a damaged envelope: it was cut, altered, or converted between text and bytes \
         after it was written"
    )]
    MalformedEnvelope,

    /// The envelope does not authenticate: it was altered, or belongs to another context.
    ///
    /// Nothing tells these apart, and nothing may.
    #[error("decryption failed: the value was altered, or was encrypted for another context")]
    DecryptionFailed,

    /// The text is longer than its type allows.
    #[error("the text has {length} characters, and at most {max} are allowed")]
    TooLong {
        /// The most characters that the type allows.
        max: usize,
        /// The characters of the text.
        length: usize,
    },

    /// The plaintext, decrypted or let through by [`PlaintextPolicy::Allow`](crate::PlaintextPolicy), is
    /// not a value of the type that was asked for.
    #[error("the plaintext is not the form of a `{type_name}`: was another type written into this column?")]
    InvalidPlaintext {
        /// The Rust type.
        type_name: &'static str,
    },

    /// A value has no plaintext form.
    #[error("this value of type `{type_name}` cannot be written as plaintext")]
    InvalidValue {
        /// The Rust type.
        type_name: &'static str,
    },

    /// The operating system gave no random bytes.
    #[error("the operating system's random number generator failed")]
    Random,
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error {
    /// Finds this crate's error inside an error of Diesel.
    ///
    /// Returns `None` if the error has another cause. Diesel's own message names the column.
    ///
    /// ```
    /// use diesel::result::Error as DieselError;
    /// use encrypted_diesel::Error;
    ///
    /// fn needs_operator(error: &DieselError) -> bool {
    ///     matches!(Error::of(error), Some(Error::UnknownKey { .. }))
    /// }
    /// # let wrapped = DieselError::DeserializationError(Box::new(Error::DecryptionFailed));
    /// # assert!(!needs_operator(&wrapped));
    /// # assert!(matches!(Error::of(&wrapped), Some(Error::DecryptionFailed)));
    /// # assert!(Error::of(&DieselError::NotFound).is_none());
    /// ```
    pub fn of(error: &diesel::result::Error) -> Option<&Self> {
        use diesel::result::Error as DieselError;

        // What Diesel boxes is the cause itself, and not among Diesel's sources.
        let mut cause: Option<&(dyn StdError + 'static)> = match error {
            DieselError::DeserializationError(boxed)
            | DieselError::SerializationError(boxed)
            | DieselError::QueryBuilderError(boxed) => Some(&**boxed),
            _ => None,
        };
        while let Some(current) = cause {
            if let Some(ours) = current.downcast_ref() {
                return Some(ours);
            }
            cause = current.source();
        }
        None
    }

    /// A plaintext that is not a `T`: what [`FromPlaintext::decode`](crate::FromPlaintext::decode)
    /// answers to bytes that it does not understand.
    pub fn invalid_plaintext<T: ?Sized>() -> Self {
        Self::InvalidPlaintext { type_name: type_name::<T>() }
    }

    /// A `T` that cannot be written: what [`Plaintext::encode`](crate::Plaintext::encode) answers
    /// to a value that has no plaintext form.
    pub fn invalid_value<T: ?Sized>() -> Self {
        Self::InvalidValue { type_name: type_name::<T>() }
    }
}
