//! `encrypted-diesel.toml`: which columns of a database are encrypted, and how.

mod check;
mod column;
mod contexts;
mod file;
mod index;
mod names;
mod normalizers;
mod problems;
mod reader;
mod select;
mod table;

use encrypted_diesel::{IndexSpec, Normalizer};

pub(super) use self::select::{Selected, Takes};
use super::Error;

/// What the file says. It is read once and kept for as long as the program runs, as are its texts.
#[derive(Debug)]
pub(super) struct Declaration {
    /// The file, as it is named in messages.
    pub(super) file: String,
    /// In the order of the file, as are their columns and indexes.
    pub(super) tables: Vec<Table>,
}

/// Something that stands in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Located<T> {
    pub(super) value: T,
    /// Counted from 1.
    pub(super) line: usize,
    /// In characters, counted from 1.
    pub(super) column: usize,
}

#[derive(Debug)]
pub(super) struct Table {
    /// The part before a dot, if there is one.
    pub(super) schema: Option<&'static str>,
    pub(super) name: Located<&'static str>,
    /// One column to four.
    pub(super) primary_key: Vec<Located<&'static str>>,
    /// One or more.
    pub(super) columns: Vec<Column>,
    pub(super) indexes: Vec<Index>,
}

/// An encrypted column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: Located<&'static str>,
    pub(super) sql_type: Located<SqlType>,
    pub(super) value: Value,
    pub(super) context: &'static str,
    pub(super) previous_contexts: &'static [&'static str],
    /// The column of the same table whose plaintext is encrypted into this one.
    pub(super) from: Option<Located<&'static str>>,
}

/// A type of encrypted columns, of `encrypted_diesel::sql_types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SqlType {
    EncryptedText,
    EncryptedVarchar,
    EncryptedBinary,
    DeterministicText,
}

/// What is encrypted: whose plaintext form it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text,
    Bytes,
    Integer,
    Boolean,
    Float,
    Decimal,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Uuid,
    Json,
}

/// A blind index: of one column, or of several together.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: Located<&'static str>,
    /// That of one column has its normalizers. Those of several are with the parts alone.
    pub(super) spec: IndexSpec,
    /// One to six.
    pub(super) parts: Vec<Part>,
}

/// What an index is made of.
#[derive(Debug)]
pub(super) struct Part {
    /// The position of the value in [`Table::columns`].
    pub(super) column: usize,
    pub(super) normalizers: &'static [Normalizer],
}

impl<T> Located<T> {
    /// Something else at the same place.
    fn with<U>(&self, value: U) -> Located<U> {
        Located { value, line: self.line, column: self.column }
    }
}

#[cfg(test)]
mod tests;
