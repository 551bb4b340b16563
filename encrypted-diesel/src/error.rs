use std::any::type_name;
use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::key_id::KeyId;

mod key_error;
mod register_error;
mod service_error;
mod unwrap_error;

pub use key_error::{CommandProblem, KeyError};
pub use register_error::RegisterError;
pub use service_error::ServiceError;
pub use unwrap_error::UnwrapError;

/// An error of this crate.
///
/// No variant and no message contains plaintext or key material. `Debug` shows the message, since that is
/// what a `main` that returns an error prints.
///
/// Diesel wraps errors that happen inside a query: [`Error::from_diesel`] unwraps them.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value was written or read before a keyring was installed.
    #[error(
        "no keyring is installed: call `encrypted_diesel::init()` before the first query, or, where each tenant has a \
         keyring, work in its `scope`, also in tasks that are spawned"
    )]
    NotInitialized,

    /// A keyring with other keys, or that reads other plaintext, is already installed in this process.
    #[error("another keyring is already installed: install one, once, at start-up")]
    AlreadyInitialized,

    /// The new keyring lacks keys of the installed one, under which values or blind indexes may be stored.
    #[error(
        "the new keyring lacks the {} of the installed one, which stays: add {} to the list again, or drop {} \
         explicitly once nothing is stored under {}",
        keys(ids),
        them(ids),
        them(ids),
        them(ids)
    )]
    KeyDropped {
        /// The keys that it lacks.
        ids: Vec<KeyId>,
    },

    /// [`reload`](crate::reload) was called, and the installed keyring was built in code.
    #[error(
        "the installed keyring was built in code, so it cannot be read again: build the new one in code as well, and \
         call `Keyring::replace`"
    )]
    NotReloadable,

    /// The environment does not name a key.
    #[error(
        "{variable} is not set: set it to 64 hex digits (`openssl rand -hex 32` makes them), \
         or set {variable}_FILE to the path of a file that contains them{}",
        not_read(.ignored.as_deref())
    )]
    MissingKey {
        /// The environment variable.
        variable: &'static str,
        /// A `.env` in a folder above, which is not read.
        ignored: Option<PathBuf>,
    },

    /// An environment variable, or the file that it names, does not contain a usable key.
    #[error("{variable}{}: {problem}", place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default())]
    InvalidVariable {
        /// The environment variable.
        variable: &'static str,
        /// The file that has the problem, and the line; `None` for a variable of the environment itself.
        place: Option<String>,
        /// The problem with its value.
        problem: KeyError,
    },

    /// A blind index was written, searched or [required](crate::Keyring::require_index_key), and the keyring
    /// has no index key.
    #[error(
        "blind indexes need a key of their own: set FIELD_INDEX_KEY to 64 hex digits \
         (`openssl rand -hex 32` makes them), different from those of FIELD_ENCRYPTION_KEY"
    )]
    NoIndexKey,

    /// A keyring that was built in code has no usable key.
    #[error(transparent)]
    Key(#[from] KeyError),

    /// The value was encrypted under a key that is not in the keyring.
    #[error(
        "the value was encrypted under the key {key_id}, which is not in this keyring: \
         add that key to the list, after the first, unless it is another tenant's"
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
         or let it through with `Keyring::with_plaintext_in` while you adopt encryption"
    )]
    NotEncrypted,

    /// The value begins like an envelope, but is not well formed, or is of the wrong kind for the column: text
    /// in a binary column, or bytes in a text column.
    #[error(
        "the column holds a damaged envelope: it was truncated, altered, or converted between text and bytes \
         after it was written"
    )]
    MalformedEnvelope,

    /// The envelope does not authenticate: it was altered, or belongs to another context.
    ///
    /// The two cannot be told apart, by design.
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

    /// The plaintext, decrypted or let through by
    /// [`Keyring::with_plaintext_in`](crate::Keyring::with_plaintext_in), is not a valid value of the requested type.
    #[error("the plaintext is not a valid `{type_name}`: was another type written into this column?")]
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

    /// A search would bind more values than a statement of the database takes, or than it has placeholders for.
    #[error(
        "the search looks for {forms} stored forms, one for each value, key and context, and this database takes \
         {most} of them in one query: search for fewer values at a time, or drop retired keys that no row needs"
    )]
    SearchTooLarge {
        /// The stored forms: one for each value, key and context.
        forms: usize,
        /// The most that such a search takes.
        most: usize,
    },

    /// A walk was refused before it wrote anything: the database would hide rows from it, or could change what it
    /// writes.
    #[error("{reason}")]
    UnsafeTable {
        /// The table or column, what is wrong with it, and what mends it.
        reason: String,
    },

    /// The operating system returned no random bytes.
    #[error("the operating system's random number generator failed")]
    Random,
}

fn keys(ids: &[KeyId]) -> String {
    let noun = if ids.len() == 1 { "key" } else { "keys" };
    let ids: Vec<_> = ids.iter().map(KeyId::to_string).collect();
    format!("{noun} {}", ids.join(", "))
}

fn them(ids: &[KeyId]) -> &'static str {
    if ids.len() == 1 { "it" } else { "them" }
}

/// Names a file that the reader of a message may have expected to be read.
fn not_read(ignored: Option<&Path>) -> String {
    ignored.map_or_else(String::new, |file| {
        format!("; {} is not read, since it is not in the current folder", file.display())
    })
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error {
    /// Finds this crate's error inside one of Diesel's.
    ///
    /// Returns `None` if the error has another cause. Diesel's own message names the column.
    ///
    /// ```
    /// use diesel::result::Error as DieselError;
    /// use encrypted_diesel::Error;
    ///
    /// fn needs_operator(error: &DieselError) -> bool {
    ///     matches!(Error::from_diesel(error), Some(Error::UnknownKey { .. }))
    /// }
    /// # let wrapped = DieselError::DeserializationError(Box::new(Error::DecryptionFailed));
    /// # assert!(!needs_operator(&wrapped));
    /// # assert!(matches!(Error::from_diesel(&wrapped), Some(Error::DecryptionFailed)));
    /// # assert!(Error::from_diesel(&DieselError::NotFound).is_none());
    /// ```
    pub fn from_diesel(error: &diesel::result::Error) -> Option<&Self> {
        use diesel::result::Error as DieselError;

        // The boxed error is the cause itself; Diesel's `source` skips it.
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

    /// A plaintext that is not a valid `T`, for [`FromPlaintext::decode`](crate::plaintext::FromPlaintext::decode).
    pub fn invalid_plaintext<T: ?Sized>() -> Self {
        Self::InvalidPlaintext { type_name: type_name::<T>() }
    }

    /// A `T` without a plaintext form, for [`Plaintext::encode`](crate::plaintext::Plaintext::encode).
    pub fn invalid_value<T: ?Sized>() -> Self {
        Self::InvalidValue { type_name: type_name::<T>() }
    }
}
