//! Compares the file with a live database.

use super::model::{Declaration, Located, SqlType, Table};
use super::names;
use super::problems::Problems;
use crate::database::catalog::{Catalog, CatalogColumn, CatalogTable, Holds};
use crate::database::marker::{Marker, Stored};
use crate::error::Error;

impl Declaration {
    /// Compares the file with the database, and fails with every difference.
    pub(crate) fn check(&self, catalog: &Catalog) -> Result<(), Error> {
        let mut problems = Problems::default();
        for table in &self.tables {
            match catalog.table(table.schema, table.name.value) {
                Some(found) => {
                    Check { table: table.full_name(), found, problems: &mut problems }.run(table);
                }
                None => {
                    let tables: Vec<_> = catalog.tables.iter().map(full_name).collect();
                    let wanted = table.full_name();
                    let hint = names::hint(&wanted, tables.iter().map(String::as_str), "it has");
                    problems.add(&table.name, format!("the database has no table `{wanted}`: {hint}"));
                }
            }
        }
        problems.none(&self.file)
    }

    /// Columns that the database marks as encrypted, but the file does not declare.
    pub(crate) fn undeclared(&self, catalog: &Catalog) -> Vec<String> {
        let is_declared = |found: &CatalogTable, column: &CatalogColumn| {
            let mut tables = self.tables.iter().filter(|table| {
                (table.schema, table.name.value) == (found.schema.as_deref(), found.name.as_str())
            });
            tables.any(|table| table.columns.iter().any(|declared| declared.name.value == column.name))
        };
        let columns =
            catalog.tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        columns
            .filter(|(_, column)| column.marker.is_some_and(Marker::is_encrypted))
            .filter(|(table, column)| !is_declared(table, column))
            .map(|(table, column)| format!("{}.{}", full_name(table), column.name))
            .collect()
    }
}

fn full_name(table: &CatalogTable) -> String {
    match &table.schema {
        Some(schema) => format!("{schema}.{}", table.name),
        None => table.name.clone(),
    }
}

/// A table of the file, and the same table in the database.
struct Check<'a> {
    table: String,
    found: &'a CatalogTable,
    problems: &'a mut Problems,
}

impl<'a> Check<'a> {
    fn run(&mut self, table: &Table) {
        self.primary_key(&table.primary_key);
        for column in &table.columns {
            let sql_type = column.sql_type.value;
            let place = column.sql_type.with(());
            self.stored(&column.name, &place, sql_type.word(), sql_type.stored());
            if let Some(from) = &column.from {
                self.column(from);
                self.no_array(column.name.value, from, "an array cannot be encrypted from another column");
            }
        }
        for index in &table.indexes {
            self.stored(&index.name, &index.name.with(()), "BlindIndex", Stored::Binary);
            for part in &index.parts {
                let of = table.columns[part.column].name.value;
                self.no_array(of, &index.name, "an array cannot have a blind index");
            }
        }
    }

    fn column(&mut self, name: &Located<&'static str>) -> Option<&'a CatalogColumn> {
        let found = self.found.column(name.value);
        if found.is_none() {
            let columns = self.found.columns.iter().map(|column| column.name.as_str());
            let hint = names::hint(name.value, columns, "its columns are");
            self.problems
                .add(name, format!("the table `{}` has no column `{}`: {hint}", self.table, name.value));
        }
        found
    }

    /// Checks the marker of a column, and that its type can hold the values.
    fn stored(
        &mut self,
        name: &Located<&'static str>,
        place: &Located<()>,
        sql_type: &'static str,
        stored: Stored,
    ) {
        let Some(column) = self.column(name) else { return };
        let is = match column.marker {
            Some(marker) if marker.sql_type != sql_type => {
                format!("is marked as {} in the database, not as {sql_type}", marker.sql_type)
            }
            _ if column.holds != holds(stored)
                && (sql_type == "BlindIndex" || column.holds.elements() != holds(stored)) =>
            {
                format!("is {} in the database, but {sql_type} is stored as {stored}", declared(column))
            }
            _ => return,
        };
        self.problems.add(place, format!("`{}.{}` {is}", self.table, name.value));
    }

    /// Refuses what arrays cannot do.
    fn no_array(&mut self, column: &str, place: &Located<&'static str>, why: &str) {
        if self.found.column(column).is_some_and(|column| column.holds.is_array()) {
            self.problems.add(place, format!("`{}.{column}` is an array: {why}", self.table));
        }
    }

    fn primary_key(&mut self, key: &[Located<&'static str>]) {
        let mut all_there = true;
        for name in key {
            let Some(column) = self.column(name) else {
                all_there = false;
                continue;
            };
            // SQLite lets parts of a primary key be NULL unless the table forbids it, and few tables do.
            if column.nullable && !self.found.primary_key.contains(&column.name) {
                let message = format!(
                    "`{}.{}` can be NULL, and rows with NULL would not be found: make the column NOT NULL",
                    self.table, name.value
                );
                self.problems.add(name, message);
            }
        }
        let is_key = |columns: &Vec<String>| {
            columns.len() == key.len()
                && key.iter().all(|name| columns.iter().any(|column| column == name.value))
        };
        let CatalogTable { primary_key, unique, .. } = self.found;
        if !all_there || is_key(primary_key) || unique.iter().any(is_key) {
            return;
        }
        let Some(first) = key.first() else { return };
        let names: Vec<_> = key.iter().map(|name| name.value).collect();
        let message = format!(
            "({}) does not identify the rows of `{}`; primary key: {}; unique indexes: {}",
            names.join(", "),
            self.table,
            lists(Some(primary_key)),
            lists(unique)
        );
        self.problems.add(first, message);
    }
}

impl SqlType {
    fn stored(self) -> Stored {
        match self {
            Self::EncryptedText | Self::EncryptedVarchar | Self::DeterministicText => Stored::Text,
            Self::EncryptedBinary => Stored::Binary,
        }
    }
}

fn holds(stored: Stored) -> Holds {
    match stored {
        Stored::Text => Holds::Text,
        Stored::Binary => Holds::Bytes,
    }
}

/// The type of the column. In SQLite, a column may have none.
fn declared(column: &CatalogColumn) -> String {
    match column.declared.as_str() {
        "" => "without a type".to_owned(),
        declared => format!("`{declared}`"),
    }
}

/// Lists of columns, such as `(id), (tenant, number)`.
fn lists<'a>(lists: impl IntoIterator<Item = &'a Vec<String>>) -> String {
    let lists = lists.into_iter().filter(|list| !list.is_empty());
    let lists: Vec<_> = lists.map(|list| format!("({})", list.join(", "))).collect();
    if lists.is_empty() { "none".to_owned() } else { lists.join(", ") }
}
