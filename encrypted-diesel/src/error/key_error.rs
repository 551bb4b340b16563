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

    /// Keys stand on several lines, or between them is something other than a comma.
    #[error(
        "key {position} is followed by another without a comma: write all keys in one list, separated by commas"
    )]
    Separator {
        /// Which key of the list.
        position: usize,
    },

    /// The key stands after `NAME=`.
    #[error("key {position} stands after `NAME=`: write the key alone, without a name")]
    Assignment {
        /// Which key of the list.
        position: usize,
    },

    /// There is other text around the key, such as a comment.
    #[error("there is other text around key {position}: write the key alone, without comments")]
    Surrounded {
        /// Which key of the list.
        position: usize,
    },

    /// The key stands in quotes.
    #[error("key {position} is in quotes: write the key alone")]
    Quoted {
        /// Which key of the list.
        position: usize,
    },

    /// The digits are one repeated, or count up or down, as somebody types them in place of a key.
    #[error("key {position} is a placeholder: make a random one with `openssl rand -hex 32`")]
    Placeholder {
        /// Which key of the list.
        position: usize,
    },

    /// A variable and its `_FILE` form are both set.
    #[error("both this variable and its `_FILE` form are set: keep only one")]
    Ambiguous,

    /// The value is not UTF-8.
    #[error("this is not UTF-8: save it as UTF-8")]
    NotUnicode,

    /// The file is UTF-16, as PowerShell writes it.
    #[error("the file is UTF-16: save it as UTF-8")]
    Utf16,

    /// The file cannot be read.
    #[error("the file cannot be read: {reason}")]
    UnreadableFile {
        /// The operating system's reason.
        reason: std::io::ErrorKind,
    },

    /// Every user of the machine may write the file.
    #[error(
        "everyone may write this file, and so replace the keys: run `chmod o-w` on it, and check its content"
    )]
    WritableFile,

    /// The file belongs to neither this user nor root.
    #[error(
        "the file belongs to another user ({user}), who can replace the keys: make it your own with `chown`, or set the \
         variable in the environment"
    )]
    ForeignFile {
        /// The number of that user.
        user: u32,
    },

    /// The line of `.env` is not of the form `NAME=value`, or is inside the quotes of another line.
    #[error(
        "the line cannot be parsed: write `NAME=value`, quote values that contain spaces, and close every quote before it"
    )]
    UnreadableLine,

    /// The file sets the variable in two lines.
    #[error(
        "it is set twice, first in line {first}: keep one of the two, with all keys in one list, separated by commas"
    )]
    SetTwice {
        /// The line that sets it first.
        first: usize,
    },

    /// The value contains a `$`, which would be replaced by the value of another variable, or by nothing.
    #[error(
        "`$` begins the name of a variable, which would be replaced by its value: put the value in single quotes, or write `\\$`"
    )]
    Substitution,
}
