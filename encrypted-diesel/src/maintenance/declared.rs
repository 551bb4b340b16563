//! Columns that are known by their names, as the command-line tool knows them: it reads them from a file, once,
//! and keeps their names.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use super::batch::Problem;
use super::bind::StoredColumn;
use super::column::EncryptedColumn;
use super::dialect::Dialect;
use super::indexes::{BlindIndexes, Inputs};
use super::row_key::{KeyColumn, KeyKind};
use super::table::Table;
use super::value_type::ValueType;
use crate::blind_index::IndexSpec;
use crate::envelope::Container;
use crate::plaintext::FromPlaintext;
use crate::sql::EncryptedSqlType;

/// A table, by its name and its primary key.
#[derive(Debug)]
pub struct DeclaredTable {
    pub schema: Option<&'static str>,
    pub name: &'static str,
    pub primary_key: Vec<(&'static str, KeyKind)>,
}

/// A blind index.
#[derive(Debug)]
pub struct DeclaredIndex {
    pub name: &'static str,
    pub spec: IndexSpec,
    /// For each column that it is made of, in their order: the same, with the normalizers of that column.
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
    /// A column of the type `ST`, of texts without a context.
    pub fn declared<ST: EncryptedSqlType>(table: &DeclaredTable, name: &'static str) -> Self {
        let key = table.primary_key.iter().map(|&(name, kind)| KeyColumn { name, kind });
        Self {
            table: Arc::new(Table {
                name: Box::new(TableName { schema: table.schema, name: table.name }),
                key: key.collect(),
            }),
            column: StoredColumn::new(name, ST::CONTAINER),
            mode: ST::MODE,
            value: ValueType::of::<String>(),
            from: None,
            indexes: Vec::new(),
        }
    }

    /// The same, of values of type `V`, but in these contexts.
    #[must_use]
    pub fn of_values<V: FromPlaintext>(
        self,
        context: &'static str,
        previous_contexts: &'static [&'static str],
    ) -> Self {
        let value = ValueType { context, previous_contexts, ..ValueType::of::<V>() };
        Self { value, ..self }
    }

    /// The same, encrypted from another column: one of bytes, or one that is read as text.
    #[must_use]
    pub fn encrypted_from(self, name: &'static str, is_bytes: bool) -> Self {
        Self { from: Some(StoredColumn::plaintext(name, is_bytes)), ..self }
    }

    /// The same, with a blind index of its own.
    #[must_use]
    pub fn with_index(mut self, name: &'static str, spec: IndexSpec) -> Self {
        self.indexes.push((StoredColumn::new(name, Container::Bytes), spec));
        self
    }
}

impl<DB: Dialect> BlindIndexes<DB> {
    /// Indexes that are made of these columns of one table, of each one.
    pub fn declared(columns: &[&EncryptedColumn<DB>], indexes: Vec<DeclaredIndex>) -> Option<Self> {
        let values: Vec<_> = columns.iter().map(|column| (column.column, column.value)).collect();
        Some(Self {
            table: Arc::clone(&columns.first()?.table),
            values: values.iter().map(|(column, _)| *column).collect(),
            indexes: indexes.iter().map(|index| StoredColumn::new(index.name, Container::Bytes)).collect(),
            inputs: Box::new(move |keyring, stored| {
                let opened = values.iter().zip(stored).map(|((column, value), stored)| {
                    let open = |stored: &Vec<u8>| {
                        (value.canonical)(value.open(keyring, column.container, stored)?)
                    };
                    stored.as_ref().map(open).transpose()
                });
                let opened = opened.collect::<Result<Vec<_>, _>>()?;
                let input = |index: &DeclaredIndex| {
                    let parts = index.parts.iter().zip(&opened).map(|(spec, form)| match form {
                        Some(form) => spec.input_of(form.clone()).ok_or(Problem::NotText).map(Some),
                        None => Ok(None),
                    });
                    let mut parts = parts.collect::<Result<Vec<_>, _>>()?;
                    Ok(if parts.len() == 1 { parts.swap_remove(0) } else { index.spec.compound_of(&parts) })
                };
                indexes.iter().map(input).collect::<Inputs>()
            }),
        })
    }
}
