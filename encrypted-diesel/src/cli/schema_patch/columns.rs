//! Which columns of the database are encrypted, and as what.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::super::database_url::DatabaseUrl;
use super::Error;
use super::marker::{Marker, UnknownWord};
use super::printed::Printed;

/// The encrypted columns of a database, by the names of table and column.
#[derive(Debug)]
pub(super) struct Columns(HashMap<(String, String), &'static Marker>);

/// A column, and what it is.
type Found = ((String, String), &'static Marker);

impl Columns {
    /// Those of a SQLite database, by their declared types.
    pub(super) fn in_sqlite(url: &DatabaseUrl) -> Result<Self, Error> {
        let mut connection = SqliteConnection::establish(url.expose())?;
        let declared = diesel::sql_query(
            "SELECT t.name AS \"table\", c.name AS \"column\", c.type AS declared_type \
             FROM sqlite_master AS t, pragma_table_xinfo(t.name) AS c WHERE t.type = 'table'",
        );
        declared.load::<Declared>(&mut connection)?.into_iter().filter_map(Declared::found).collect()
    }

    /// Those of a schema that was printed with comments, by these.
    pub(super) fn in_comments(printed: &Printed<'_>) -> Result<Self, Error> {
        let columns = printed.tables.iter().flat_map(|table| {
            table.columns.iter().map(|column| ((table.name, column.name), &column.comment))
        });
        columns
            .filter_map(|((table, column), comment)| {
                found(table.to_owned(), column.to_owned(), Marker::by_comment(comment))
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

/// What SQLite says of a column.
#[derive(QueryableByName)]
struct Declared {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    column: String,
    #[diesel(sql_type = Text)]
    declared_type: String,
}

impl Declared {
    fn found(self) -> Option<Result<Found, Error>> {
        let marker = Marker::by_declared_type(&self.declared_type);
        found(self.table, self.column, marker)
    }
}

fn found(
    table: String,
    column: String,
    marker: Result<Option<&'static Marker>, UnknownWord>,
) -> Option<Result<Found, Error>> {
    match marker {
        Ok(None) => None,
        Ok(Some(marker)) => Some(Ok(((table, column), marker))),
        Err(UnknownWord { word, known }) => {
            Some(Err(Error::UnknownWord { column: format!("{table}.{column}"), word, known }))
        }
    }
}
