//! The content of `encrypted-diesel.toml`.

use encrypted_diesel::blind_index::{IndexSpec, Normalizer};

/// The content of the file. It is read once, and its strings are kept until the program ends.
#[derive(Debug)]
pub(crate) struct Declaration {
    /// The file's name in messages.
    pub(crate) file: String,
    /// In the order of the file, like their columns and indexes.
    pub(crate) tables: Vec<Table>,
}

/// A value with its place in the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    /// Counted from 1.
    pub(crate) line: usize,
    /// In characters, counted from 1.
    pub(crate) column: usize,
}

#[derive(Debug)]
pub(crate) struct Table {
    /// The part before a dot, if there is one.
    pub(crate) schema: Option<&'static str>,
    pub(crate) name: Located<&'static str>,
    /// One to four columns.
    pub(crate) primary_key: Vec<Located<&'static str>>,
    /// At least one.
    pub(crate) columns: Vec<Column>,
    pub(crate) indexes: Vec<Index>,
    /// Places in which values may be that no walk reaches, and that the operator has seen to: `trigger:audit`.
    pub(crate) known: Vec<Located<&'static str>>,
}

/// An encrypted column.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: Located<&'static str>,
    pub(crate) sql_type: Located<SqlType>,
    pub(crate) value: Value,
    pub(crate) context: &'static str,
    pub(crate) previous_contexts: &'static [&'static str],
    /// The column of the same table that holds the plaintext for this one.
    pub(crate) from: Option<Located<&'static str>>,
}

/// A type of encrypted columns, from `encrypted_diesel::sql_types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SqlType {
    EncryptedText,
    EncryptedVarchar,
    EncryptedBinary,
    DeterministicText,
}

/// The type of the values, which decides their plaintext form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
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

/// A blind index, of one column or of several together.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) name: Located<&'static str>,
    /// Includes the normalizers of an index of one column. An index of several has them in its parts only.
    pub(crate) spec: IndexSpec,
    /// One to six parts.
    pub(crate) parts: Vec<Part>,
}

/// A column that an index is made of.
#[derive(Debug)]
pub(crate) struct Part {
    /// The position of the column in [`Table::columns`].
    pub(crate) column: usize,
    pub(crate) normalizers: &'static [Normalizer],
}

impl<T> Located<T> {
    /// Another value at the same place.
    pub(super) fn with<U>(&self, value: U) -> Located<U> {
        Located { value, line: self.line, column: self.column }
    }
}
