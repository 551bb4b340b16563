use crate::key_id::KeyId;

/// An unusable key, list of keys, or source of keys.
///
/// Positions count from 1. No message shows any part of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The list is empty.
    #[error("the list is empty: it needs a key of 64 hex digits")]
    Empty,

    /// Nothing stands between two commas, or after the last one.
    #[error("key {position} of the list is empty: remove the comma, or put a key there")]
    EmptyEntry {
        /// Which key of the list.
        position: usize,
    },

    /// A key is not 64 characters long.
    #[error("key {position} has {length} characters: a key is 64 hex digits (32 bytes)")]
    Length {
        /// Which key of the list.
        position: usize,
        /// The characters found.
        length: usize,
    },

    /// A key contains a character other than a hex digit.
    #[error("key {position} contains a character that is not a hex digit (0 to 9, a to f)")]
    NotHex {
        /// Which key of the list.
        position: usize,
    },

    /// The list contains the same key twice.
    #[error("the list contains the key {id} twice: remove one")]
    Repeated {
        /// The key's id.
        id: KeyId,
    },

    /// Two different keys share an id, so a value's key would be ambiguous.
    #[error("two different keys share the id {id}: generate another key to replace the newer one")]
    SameId {
        /// The id of both.
        id: KeyId,
    },

    /// One key is used both for encryption and for indexing.
    #[error("the key {id} is both an encryption key and an index key: generate a separate key for each")]
    Shared {
        /// The key's id.
        id: KeyId,
    },

    /// A variable and its `_FILE` form are both set.
    #[error("both this variable and its `_FILE` form are set: keep only one")]
    Ambiguous,

    /// The value is not UTF-8.
    #[error("the value is not UTF-8: it needs a key of 64 hex digits")]
    NotUnicode,

    /// The file cannot be read. The message leaves its path out, since somebody may have put a key there by mistake.
    #[error("the file cannot be read: {reason}")]
    UnreadableFile {
        /// The operating system's reason.
        reason: std::io::ErrorKind,
    },

    /// A line of `.env` is not of the form `NAME=value`.
    #[error("a line of the file cannot be parsed: write `NAME=value`, and quote values that contain spaces")]
    UnreadableLine,
}
