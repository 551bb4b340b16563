//! What `encrypted-diesel.toml` says.

use encrypted_diesel::blind_index::{IndexSpec, Normalizer};

/// What the file says. It is read once and kept for as long as the program runs, as are its texts.
#[derive(Debug)]
pub(crate) struct Declaration {
    /// The file, as it is named in messages.
    pub(crate) file: String,
    /// In the order of the file, as are their columns and indexes.
    pub(crate) tables: Vec<Table>,
}

/// Something that stands in the file.
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
    /// One column to four.
    pub(crate) primary_key: Vec<Located<&'static str>>,
    /// One or more.
    pub(crate) columns: Vec<Column>,
    pub(crate) indexes: Vec<Index>,
}

/// An encrypted column.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: Located<&'static str>,
    pub(crate) sql_type: Located<SqlType>,
    pub(crate) value: Value,
    pub(crate) context: &'static str,
    pub(crate) previous_contexts: &'static [&'static str],
    /// The column of the same table whose plaintext is encrypted into this one.
    pub(crate) from: Option<Located<&'static str>>,
}

/// A type of encrypted columns, of `encrypted_diesel::sql_types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SqlType {
    EncryptedText,
    EncryptedVarchar,
    EncryptedBinary,
    DeterministicText,
}

/// What is encrypted: whose plaintext form it has.
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

/// A blind index: of one column, or of several together.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) name: Located<&'static str>,
    /// That of one column has its normalizers. Those of several are with the parts alone.
    pub(crate) spec: IndexSpec,
    /// One to six.
    pub(crate) parts: Vec<Part>,
}

/// What an index is made of.
#[derive(Debug)]
pub(crate) struct Part {
    /// The position of the value in [`Table::columns`].
    pub(crate) column: usize,
    pub(crate) normalizers: &'static [Normalizer],
}

impl<T> Located<T> {
    /// Something else at the same place.
    pub(super) fn with<U>(&self, value: U) -> Located<U> {
        Located { value, line: self.line, column: self.column }
    }
}
