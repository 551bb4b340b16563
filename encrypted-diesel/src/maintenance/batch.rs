use std::fmt;

use super::escaped::Escaped;
use super::sql::row_key::RowKey;
use crate::error::Error;

/// The outcome of one batch.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Batch {
    /// Rows that were read.
    pub read: usize,
    /// Rows that were written, or would have been in a dry run.
    pub written: usize,
    /// Rows that somebody else changed between reading and writing. They were left as they are, and the next pass
    /// visits them again.
    pub missed: usize,
    /// Rows that were left as they are because they cannot be worked on.
    pub bad: Vec<BadRow>,
    /// The last row that was read, after which the next batch begins. `None` at the end of the table.
    pub last: Option<RowKey>,
    /// Which pass through the table it belongs to, from 0.
    pub pass: u32,
    /// Whether it was retried, and so may have ended before the row at which the next batch begins.
    pub(super) retried: bool,
}

/// A row that was left as it is, and why.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadRow {
    /// The primary key of the row.
    pub key: RowKey,
    /// Why it was left.
    pub problem: Problem,
}

/// Why a row was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Its value does not decrypt, is not encrypted, or is not of its type.
    #[error("{0}")]
    Value(#[from] Error),
    /// The index column at this position, counted from 0, does not hold the index of the value.
    #[error("index {0} does not match the value")]
    Index(usize),
    /// The plaintext to encrypt into another column is already encrypted.
    #[error("the value is already encrypted")]
    AlreadyEncrypted,
    /// It differs from the column that it was encrypted from.
    #[error("the value differs from the column that it was encrypted from")]
    Differs,
    /// It is not UTF-8, so it cannot be normalized, and cannot be plaintext in a text column.
    #[error("the value is not text")]
    NotText,
    /// Its plaintext begins like an envelope. In the column it would be taken for one, and decrypted again.
    #[error("the plaintext begins like an envelope, and would be taken for one")]
    LooksEncrypted,
    /// The database refuses the new value, for this reason. It may be too long for its column.
    #[error("the database refuses the new value: {0}")]
    Refused(String),
    /// The database stores something else than the new value, or nothing, or another value in a
    /// [guarded](super::EncryptedColumn::guarding) column of the row. A trigger, a rule, or the type of the column changes
    /// what is written.
    #[error(
        "the database does not store the new value as it is: a trigger, a rule or the column's type changes it, \
         or another encrypted column of the row"
    )]
    Altered,
    /// It is an array of a form that Diesel does not keep, so that a model could not read it, or would move its elements.
    #[error("the array has several dimensions, or does not begin at 1: Diesel does not keep such an array")]
    Array,
    /// This element of the array, counted from 1, cannot be worked on, so the whole array is left as it is.
    #[error("element {position}: {problem}")]
    Element {
        /// The element, counted from 1.
        position: usize,
        /// Why it cannot be worked on.
        problem: Box<Problem>,
    },
    /// A part of its primary key is NULL, as SQLite allows it, so it cannot be told from other rows.
    #[error("the row has no key, since a part of it is NULL: give it one")]
    NoKey,
    /// Another row has the same value, and the index is unique.
    #[error("another row has the same value")]
    NotUnique,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, Escaped(&self.problem.to_string()))
    }
}

impl fmt::Debug for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BadRow({self})")
    }
}
