use std::fmt;

use super::row_key::RowKey;
use crate::error::Error;

/// What one batch has come to.
#[derive(Debug, Default)]
pub struct Batch {
    /// Rows that were read.
    pub read: usize,
    /// Rows that were written.
    pub written: usize,
    /// Rows that someone else has changed between reading and writing, and that were left as they are.
    /// They are seen again when the walk starts anew.
    pub missed: usize,
    /// Rows that cannot be worked on, and were left as they are.
    pub bad: Vec<BadRow>,
    /// The last row that was read: where the next batch goes on. `None` at the end of the table.
    pub last: Option<RowKey>,
}

/// A row that was left as it is, and why.
#[derive(Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Which row.
    pub key: RowKey,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Its value does not open, is not encrypted, or is not of its type.
    #[error("{0}")]
    Value(#[from] Error),
    /// The index column of this position, counted from 0, holds what is not its value's index.
    #[error("index {0} is not that of the value")]
    Index(usize),
    /// What is to be encrypted into another column is encrypted already.
    #[error("the value is encrypted already")]
    AlreadyEncrypted,
    /// It is not the value of the column that it was encrypted from.
    #[error("the value is not that of the column that it was encrypted from")]
    Differs,
    /// It is not UTF-8, so it has no normal form, and cannot be plaintext in a text column.
    #[error("the value is not text")]
    NotText,
    /// Its plaintext begins as an envelope does, so in the column it would be taken for one, and decrypted again.
    #[error("the plaintext begins as an envelope does, and would be taken for one")]
    LooksEncrypted,
    /// The database does not take what would be written, for this reason: it may be longer than the column is
    /// wide.
    #[error("the database does not take the new value: {0}")]
    Refused(String),
    /// Another row has the same value, and the index is unique.
    #[error("another row has the same value")]
    NotUnique,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)
    }
}

impl fmt::Debug for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BadRow({self})")
    }
}
