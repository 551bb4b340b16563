//! Columns that a program knows only by name at run time, from a file or a catalog, as the command-line tool
//! does.
//!
//! ```
//! use diesel::prelude::*;
//! use encrypted_diesel::blind_index::IndexSpec;
//! use encrypted_diesel::maintenance::EncryptedColumn;
//! use encrypted_diesel::maintenance::declared::{DeclaredTable, KeyKind};
//! use encrypted_diesel::sql_types::EncryptedText;
//!
//! # fn encrypt(connection: &mut SqliteConnection) -> QueryResult<()> {
//! let users = DeclaredTable::new("users", [("id", KeyKind::Integer)]);
//! EncryptedColumn::declared::<EncryptedText>(&users, "email")
//!     .with_values::<String>("users.email", &[])
//!     .with_index("email_index", IndexSpec::new("users.email"))
//!     .encrypt()
//!     .run(connection, |batch| println!("{} encrypted", batch.written))?;
//! # Ok(())
//! # }
//! ```
//!
//! Names and contexts live as long as the program. [`String::leak`] makes such a string from one that was read
//! at run time: read them once.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use zeroize::Zeroizing;

use super::batch::Problem;
use super::codec::Codec;
use super::column::EncryptedColumn;
use super::index_set::{IndexSet, Inputs};
use super::indexes::BlindIndexes;
use super::own_indexes::OwnIndexes;
use super::sql::bind::StoredColumn;
use super::sql::dialect::Dialect;
use super::sql::filter::Filter;
use super::sql::row_key::KeyColumn;
use super::sql::table::Table;
use super::value_type::ValueType;
use crate::blind_index::IndexSpec;
use crate::envelope::Container;
use crate::plaintext::FromPlaintext;
use crate::sql::EncryptedSqlType;

pub use super::sql::row_key::KeyKind;

/// A table, by its name and primary key.
#[derive(Clone, Debug)]
pub struct DeclaredTable {
    schema: Option<&'static str>,
    name: &'static str,
    primary_key: Vec<KeyColumn>,
    filter: Option<Filter>,
}

impl DeclaredTable {
    /// A table found by its name alone. Its rows are told apart by these columns: the primary key, or others
    /// that are unique and not NULL.
    pub fn new(name: &'static str, primary_key: impl IntoIterator<Item = (&'static str, KeyKind)>) -> Self {
        let primary_key = primary_key.into_iter().map(|(name, kind)| KeyColumn::new(name, kind));
        Self { schema: None, name, primary_key: primary_key.collect(), filter: None }
    }

    /// The same table in a schema.
    #[must_use]
    pub fn in_schema(self, schema: &'static str) -> Self {
        Self { schema: Some(schema), ..self }
    }
}

impl DeclaredTable {
    /// Only the rows with this value in a column, in every walk and count. All others are neither read nor counted.
    ///
    /// The value is text as the database writes it; bytes are hex digits. It is compared as a value of the column's type.
    #[must_use]
    pub fn only_where(self, column: &'static str, kind: KeyKind, value: impl Into<String>) -> Self {
        Self { filter: Some(Filter::new(column, kind, value.into())), ..self }
    }
}

impl DeclaredTable {
    /// Says that rows which row level security hides are not meant: see
    /// [`EncryptedColumn::under_row_security`](super::EncryptedColumn::under_row_security).
    #[must_use]
    pub fn under_row_security(mut self) -> Self {
        if let Some(filter) = &mut self.filter {
            filter.under_row_security = true;
        }
        self
    }
}

/// A blind index.
#[derive(Clone, Debug)]
pub struct DeclaredIndex {
    /// The index column.
    pub name: &'static str,
    /// How the index is made.
    pub spec: IndexSpec,
    /// For each column that the index covers, in order: the same spec with the normalizers of that column.
    pub parts: Vec<IndexSpec>,
}

struct TableName {
    schema: Option<&'static str>,
    name: &'static str,
}

impl<DB: Backend> QueryFragment<DB> for TableName {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if let Some(schema) = self.schema {
            pass.push_identifier(schema)?;
            pass.push_sql(".");
        }
        pass.push_identifier(self.name)
    }
}

impl<DB: Dialect> EncryptedColumn<DB> {
    /// A column of the SQL type `ST`. Its values are text in the empty context, unless
    /// [`with_values`](Self::with_values) says otherwise.
    pub fn declared<ST: EncryptedSqlType>(table: &DeclaredTable, name: &'static str) -> Self {
        let DeclaredTable { schema, name: table, primary_key, filter } = table;
        let mut table = Table::new(TableName { schema: *schema, name: table }, primary_key.clone());
        table.filter.clone_from(filter);
        Self {
            table: Arc::new(table),
            codec: Codec {
                column: StoredColumn::new(name, ST::CONTAINER),
                mode: ST::MODE,
                value: ValueType::new::<String, DB>(),
            },
            from: None,
            indexes: OwnIndexes::default(),
            in_arrays: false,
        }
    }

    /// Says that the values are of type `V`, but in these contexts rather than its own.
    #[must_use]
    pub fn with_values<V: FromPlaintext>(
        mut self,
        context: &'static str,
        previous_contexts: &'static [&'static str],
    ) -> Self {
        self.codec.value = ValueType { context, previous_contexts, ..ValueType::new::<V, DB>() };
        self
    }

    /// Says that the plaintext is in another column: one of bytes, or one that is read as text.
    #[must_use]
    pub fn encrypted_from(self, name: &'static str, is_bytes: bool) -> Self {
        Self { from: Some(StoredColumn::plaintext(name, is_bytes)), ..self }
    }

    /// Says that the column is of arrays of such values, on PostgreSQL. See [`array`](Self::array).
    #[must_use]
    pub fn in_arrays(self) -> Self {
        Self { in_arrays: true, ..self }
    }

    /// Adds a blind index of this column alone. [`encrypt`](Self::encrypt) writes it with the value.
    #[must_use]
    pub fn with_index(mut self, name: &'static str, spec: IndexSpec) -> Self {
        self.indexes.push(name, spec);
        self
    }
}

impl<DB: Dialect> BlindIndexes<DB> {
    /// Indexes that each cover all of these columns of one table. `None` without a column, or if one is of arrays.
    pub fn declared(columns: &[EncryptedColumn<DB>], indexes: Vec<DeclaredIndex>) -> Option<Self> {
        if columns.iter().any(|column| column.in_arrays) {
            return None;
        }
        let codecs: Vec<_> = columns.iter().map(|column| column.codec).collect();
        let set = IndexSet {
            values: codecs.iter().map(|codec| codec.column).collect(),
            indexes: indexes.iter().map(|index| StoredColumn::new(index.name, Container::Bytes)).collect(),
            widths: indexes.iter().map(|index| Some(index.spec.bytes())).collect(),
            inputs: Box::new(move |keyring, stored| {
                let forms = codecs.iter().zip(stored).map(|(codec, stored)| {
                    let form = |stored: &Zeroizing<Vec<u8>>| codec.canonical(codec.open(keyring, stored)?);
                    stored.as_ref().map(form).transpose()
                });
                let forms = forms.collect::<Result<Vec<_>, _>>()?;
                let input = |index: &DeclaredIndex| {
                    let parts = index.parts.iter().zip(&forms).map(|(spec, form)| match form {
                        Some(form) => spec.input_of(form.clone()).ok_or(Problem::NotText).map(Some),
                        None => Ok(None),
                    });
                    let mut parts = parts.collect::<Result<Vec<_>, _>>()?;
                    Ok(if parts.len() == 1 { parts.swap_remove(0) } else { index.spec.compound_of(&parts) })
                };
                indexes.iter().map(input).collect::<Inputs>()
            }),
        };
        Some(Self { table: Arc::clone(&columns.first()?.table), set: Arc::new(set) })
    }
}
