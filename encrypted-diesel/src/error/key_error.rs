use crate::error::UnwrapError;
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

    /// The keyring does not have the key.
    #[error("the keyring has no key {id}")]
    NotFound {
        /// The id that was asked for.
        id: KeyId,
    },

    /// One key is used both for encryption and for indexing.
    #[error("the key {id} is both an encryption key and an index key: generate a separate key for each")]
    Shared {
        /// The key's id.
        id: KeyId,
    },

    /// The keyring does not have the key, or encrypts with it.
    #[error("the key {id} cannot be removed: it encrypts, or the keyring does not have it")]
    NotRemovable {
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

    /// An entry that a service unwraps is not a URI.
    #[error("key {position} is not a usable URI: {reason}")]
    Uri {
        /// Which key of the list.
        position: usize,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// The entries beside `|` are of different keys.
    #[error(
        "the entries of key {position} are of different keys: beside `|` stands the same key, wrapped twice"
    )]
    OtherCheck {
        /// Which key of the list.
        position: usize,
    },

    /// A key in hex stands beside `|`.
    #[error(
        "a key in hex stands beside `|` in key {position}: it needs no service, so keep only one of the two"
    )]
    HexAlternative {
        /// Which key of the list.
        position: usize,
    },

    /// A key could not be had from its service.
    #[error("key {position} ({scheme}): {problem}")]
    Unwrap {
        /// Which key of the list.
        position: usize,
        /// The service's scheme.
        scheme: String,
        /// The problem.
        problem: UnwrapError,
    },

    /// Two of a variable, its `_FILE` form and its `_COMMAND` form are set.
    #[error("this variable is set in two forms (itself, `_FILE`, `_COMMAND`): keep only one")]
    Ambiguous,

    /// The program that `_COMMAND` names could not give a list.
    #[error("the program {reason}: run it by hand to see what it prints")]
    Command {
        /// What happened.
        reason: CommandProblem,
    },

    /// `.env` sets a `_COMMAND`, and whoever can write `.env` could run programs.
    #[error("a program is not run because `.env` says so: set this variable in the environment")]
    CommandInFile,

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

/// Why a program did not give a list of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandProblem {
    /// It is not a command line: a quote is not closed, or it is empty.
    #[error("is not given as a command line: it is empty, or a quote is not closed")]
    Malformed,
    /// It cannot be started.
    #[error("cannot be started ({0})")]
    NotStarted(std::io::ErrorKind),
    /// It ended with an error.
    #[error("ended with status {0}")]
    Failed(i32),
    /// A signal ended it.
    #[error("was ended by a signal")]
    Killed,
    /// It took too long.
    #[error("did not end within {0} seconds")]
    TooSlow(u64),
    /// It printed too much.
    #[error("printed more than {0} bytes")]
    TooLong(u64),
    /// What it printed is not UTF-8.
    #[error("printed something that is not UTF-8")]
    NotUnicode,
    /// Its output cannot be read.
    #[error("prints to a pipe that cannot be read ({0})")]
    Unreadable(std::io::ErrorKind),
}
