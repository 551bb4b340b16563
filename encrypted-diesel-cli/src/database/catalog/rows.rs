//! The rows that the queries of each backend return, and the catalog that they make.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::{Catalog, CatalogColumn, CatalogTable, Holds};
use crate::database::marker::{Marker, UnknownWord};
use crate::error::Error;

/// A column. The columns of a table come in the table's order.
#[derive(QueryableByName)]
pub(super) struct ColumnRow {
    #[diesel(sql_type = Nullable<Text>)]
    schema_name: Option<String>,
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    /// The type that determines what is stored.
    #[diesel(sql_type = Text)]
    stored: String,
    /// The text that may contain a marker.
    #[diesel(sql_type = Text)]
    word: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

/// A column of a primary key or of another unique index. The columns of an index come in the index's order.
#[derive(QueryableByName)]
pub(super) struct KeyRow {
    #[diesel(sql_type = Nullable<Text>)]
    schema_name: Option<String>,
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    key_name: String,
    #[diesel(sql_type = Bool)]
    is_primary: bool,
    /// NULL for an expression.
    #[diesel(sql_type = Nullable<Text>)]
    column_name: Option<String>,
}

/// How to interpret a backend's words.
pub(super) struct Reading {
    pub(super) holds: fn(&str) -> Holds,
    pub(super) marker: fn(&str) -> Result<Option<&'static Marker>, UnknownWord>,
}

impl Catalog {
    pub(super) fn of(columns: Vec<ColumnRow>, keys: Vec<KeyRow>, reading: &Reading) -> Result<Self, Error> {
        let mut tables = BTreeMap::new();
        for row in columns {
            let marker = (reading.marker)(&row.word)
                .map_err(|unknown| unknown.of_column(&row.table_name, &row.column_name))?;
            let table =
                tables.entry((row.schema_name, row.table_name)).or_insert_with_key(|(schema, name)| {
                    CatalogTable {
                        schema: schema.clone(),
                        name: name.clone(),
                        columns: Vec::new(),
                        primary_key: Vec::new(),
                        unique: Vec::new(),
                    }
                });
            table.columns.push(CatalogColumn {
                name: row.column_name,
                declared: row.declared,
                holds: (reading.holds)(&row.stored),
                nullable: row.nullable,
                marker,
            });
        }

        let mut indexes = BTreeMap::<_, Vec<_>>::new();
        for row in keys {
            let index = ((row.schema_name, row.table_name), row.key_name, row.is_primary);
            indexes.entry(index).or_default().push(row.column_name);
        }
        for ((table, _, is_primary), columns) in indexes {
            let columns = columns.into_iter().collect::<Option<Vec<_>>>();
            let (Some(table), Some(columns)) = (tables.get_mut(&table), columns) else { continue };
            if is_primary {
                table.primary_key = columns;
            } else {
                table.unique.push(columns);
            }
        }
        Ok(Self { tables: tables.into_values().collect() })
    }
}
