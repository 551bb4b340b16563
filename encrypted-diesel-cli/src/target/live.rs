//! The declared columns in a live database.

use std::collections::BTreeMap;

use encrypted_diesel::maintenance::declared::{DeclaredIndex, DeclaredTable};
use encrypted_diesel::maintenance::{BlindIndexes, Dialect, EncryptedColumn};
use encrypted_diesel::sql_types;

use super::found::Found;
use super::json_text::JsonText;
use super::rows::{Filter, kind};
use super::utc_text::UtcText;
use crate::config::declaration::{Column, Index, Selected, SqlType, Table, Value};
use crate::database::catalog::{Catalog, CatalogTable, Holds};
use crate::error::Error;

/// The columns and indexes that were selected.
pub(crate) struct Live<DB: Dialect> {
    pub(crate) columns: Vec<LiveColumn<DB>>,
    pub(crate) indexes: Vec<LiveIndexes<DB>>,
    /// Columns that the database marks as encrypted, but that are not declared. Empty unless everything is selected.
    pub(crate) undeclared: Vec<String>,
    /// What the database says about the tables.
    pub(crate) findings: Vec<Found>,
}

/// An encrypted column.
pub(crate) struct LiveColumn<DB: Dialect> {
    /// Its name in messages: `users.email`.
    pub(crate) name: String,
    pub(crate) sql_type: SqlType,
    /// Whether it is of arrays of such values.
    pub(crate) is_array: bool,
    /// Whether it has previous contexts.
    pub(crate) renamed: bool,
    pub(crate) column: EncryptedColumn<DB>,
}

/// Blind indexes of the same columns.
pub(crate) struct LiveIndexes<DB: Dialect> {
    /// The name of each in messages.
    pub(crate) names: Vec<String>,
    /// The column that tells how many rows there are.
    pub(crate) first: EncryptedColumn<DB>,
    /// Whether they have several columns. Encrypting one of these does not write them.
    pub(crate) compound: bool,
    pub(crate) indexes: BlindIndexes<DB>,
}

/// Finds what was selected. [`Declaration::check`](crate::config::declaration::Declaration::check) has made sure that
/// the database has it.
pub(crate) fn find<DB: Dialect>(
    selected: &[Selected<'_>],
    catalog: &Catalog,
    filter: Option<&Filter>,
) -> Result<Live<DB>, Error> {
    let (mut columns, mut indexes) = (Vec::new(), Vec::new());
    for Selected { table, columns: of_table, indexes: its_indexes } in selected {
        let Some(found) = catalog.table(table.schema, table.name.value) else { continue };
        let mut declared = declared_table(table, found);
        if let Some(filter) = filter {
            declared = filter.of(declared, found, table)?;
        }
        let encrypted = |column| encrypted_column::<DB>(&declared, table, column, found);
        let all: Vec<_> = table.columns.iter().map(encrypted).collect();
        let all_indexes: Vec<_> = live_indexes(table, &all, &table.indexes.iter().collect::<Vec<_>>())
            .map(|live| live.indexes)
            .collect();
        columns.extend(of_table.iter().map(|column| LiveColumn {
            name: table.qualified(column.name.value),
            sql_type: column.sql_type.value,
            is_array: is_array(found, column),
            renamed: !column.previous_contexts.is_empty(),
            column: encrypted(column).guarding(&all, &all_indexes),
        }));
        indexes.extend(
            live_indexes(table, &all, its_indexes)
                .map(|live| LiveIndexes { indexes: live.indexes.guarding(&all, &all_indexes), ..live }),
        );
    }
    Ok(Live { columns, indexes, undeclared: Vec::new(), findings: Vec::new() })
}

/// These indexes of a table, in groups with the same columns.
fn live_indexes<DB: Dialect>(
    table: &Table,
    columns: &[EncryptedColumn<DB>],
    indexes: &[&Index],
) -> impl Iterator<Item = LiveIndexes<DB>> {
    let mut by_columns = BTreeMap::<Vec<usize>, Vec<_>>::new();
    for index in indexes {
        by_columns.entry(index.parts.iter().map(|part| part.column).collect()).or_default().push(*index);
    }
    by_columns.into_iter().filter_map(|(positions, group)| {
        let values: Vec<_> = positions.iter().map(|&position| columns[position].clone()).collect();
        let declared = group.iter().map(|index| DeclaredIndex {
            name: index.name.value,
            spec: index.spec,
            parts: index.parts.iter().map(|part| index.spec.with_normalizers(part.normalizers)).collect(),
        });
        Some(LiveIndexes {
            names: group.iter().map(|index| table.qualified(index.name.value)).collect(),
            indexes: BlindIndexes::declared(&values, declared.collect())?,
            first: values.into_iter().next()?,
            compound: positions.len() > 1,
        })
    })
}

fn declared_table(table: &Table, found: &CatalogTable) -> DeclaredTable {
    let holds = |name| found.column(name).map(|column| column.holds);
    let key = table.primary_key.iter().map(|part| (part.value, kind(holds(part.value))));
    let declared = DeclaredTable::new(table.name.value, key);
    match table.schema {
        Some(schema) => declared.in_schema(schema),
        None => declared,
    }
}

fn encrypted_column<DB: Dialect>(
    declared: &DeclaredTable,
    table: &Table,
    column: &Column,
    found: &CatalogTable,
) -> EncryptedColumn<DB> {
    let name = column.name.value;
    let encrypted = match column.sql_type.value {
        SqlType::EncryptedText => EncryptedColumn::declared::<sql_types::EncryptedText>(declared, name),
        SqlType::EncryptedVarchar => EncryptedColumn::declared::<sql_types::EncryptedVarchar>(declared, name),
        SqlType::EncryptedBinary => EncryptedColumn::declared::<sql_types::EncryptedBinary>(declared, name),
        SqlType::DeterministicText => {
            EncryptedColumn::declared::<sql_types::DeterministicText>(declared, name)
        }
    };
    let encrypted = if is_array(found, column) { encrypted.in_arrays() } else { encrypted };
    let source = column.from.and_then(|from| found.column(from.value)).map(|source| source.holds);
    let encrypted = match (column.value, source) {
        (Value::Timestamptz, Some(Holds::Utc)) => {
            encrypted.with_values::<UtcText>(column.context, column.previous_contexts)
        }
        _ => with_values(encrypted, column),
    };
    let encrypted = match column.from {
        None => encrypted,
        Some(from) => encrypted.encrypted_from(from.value, source == Some(Holds::Bytes)),
    };
    let is_own =
        |index: &&Index| matches!(&index.parts[..], [part] if table.columns[part.column].name.value == name);
    let own = table.indexes.iter().filter(is_own);
    own.fold(encrypted, |encrypted, index| encrypted.with_index(index.name.value, index.spec))
}

fn is_array(found: &CatalogTable, column: &Column) -> bool {
    found.column(column.name.value).is_some_and(|column| column.holds.is_array())
}

fn with_values<DB: Dialect>(encrypted: EncryptedColumn<DB>, column: &Column) -> EncryptedColumn<DB> {
    let (context, previous) = (column.context, column.previous_contexts);
    match column.value {
        Value::Text => encrypted.with_values::<String>(context, previous),
        Value::Bytes => encrypted.with_values::<Vec<u8>>(context, previous),
        Value::Integer => encrypted.with_values::<i128>(context, previous),
        Value::Boolean => encrypted.with_values::<bool>(context, previous),
        Value::Float => encrypted.with_values::<f64>(context, previous),
        Value::Decimal => encrypted.with_values::<bigdecimal::BigDecimal>(context, previous),
        Value::Date => encrypted.with_values::<chrono::NaiveDate>(context, previous),
        Value::Time => encrypted.with_values::<chrono::NaiveTime>(context, previous),
        Value::Timestamp => encrypted.with_values::<chrono::NaiveDateTime>(context, previous),
        Value::Timestamptz => encrypted.with_values::<chrono::DateTime<chrono::Utc>>(context, previous),
        Value::Uuid => encrypted.with_values::<uuid::Uuid>(context, previous),
        Value::Json => encrypted.with_values::<JsonText>(context, previous),
    }
}
