//! The encrypted columns of the database, and their types.

use std::collections::HashMap;

use crate::config::printed::Printed;
use crate::database::connection;
use crate::database::marker::Marker;
use crate::database::url::DatabaseUrl;
use crate::error::Error;

/// The encrypted columns of a database, by the names of table and column.
#[derive(Debug)]
pub(super) struct Columns(HashMap<(String, String), &'static Marker>);

/// A table and column, and the marker.
type Found = ((String, String), &'static Marker);

impl Columns {
    /// Finds the columns of a SQLite database by their declared types.
    pub(super) fn in_sqlite(url: &DatabaseUrl) -> Result<Self, Error> {
        let tables = connection::open(url)?.catalog()?.tables;
        let columns = tables.into_iter().flat_map(|table| {
            table.columns.into_iter().filter_map(move |column| {
                column.marker.map(|marker| ((table.name.clone(), column.name), marker))
            })
        });
        Ok(columns.collect())
    }

    /// Finds the columns of a schema that was printed with comments, by those comments.
    pub(super) fn in_comments(printed: &Printed<'_>) -> Result<Self, Error> {
        let columns = printed.tables.iter().flat_map(|table| {
            table.columns.iter().map(|column| ((table.name, column.name), &column.comment))
        });
        columns
            .filter_map(|((table, column), comment)| match Marker::by_comment(comment) {
                Ok(marker) => marker.map(|marker| Ok(((table.to_owned(), column.to_owned()), marker))),
                Err(unknown) => Some(Err(unknown.of_column(table, column))),
            })
            .collect()
    }

    pub(super) fn get(&self, table: &str, column: &str) -> Option<&'static Marker> {
        self.0.get(&(table.to_owned(), column.to_owned())).copied()
    }
}

impl FromIterator<Found> for Columns {
    fn from_iter<I: IntoIterator<Item = Found>>(columns: I) -> Self {
        Self(columns.into_iter().collect())
    }
}
