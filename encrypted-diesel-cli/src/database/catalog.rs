//! The tables of a live database, as its catalog describes them.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod rows;
mod sqlite;

use crate::database::marker::Marker;
use crate::error::Error;

/// The tables of a database that hold rows of their own. Views and foreign tables are left out, and so are partitions:
/// their rows are reached through the table that they belong to.
#[derive(Debug)]
pub(crate) struct Catalog {
    /// Ordered by schema and name.
    pub(crate) tables: Vec<CatalogTable>,
}

#[derive(Debug)]
pub(crate) struct CatalogTable {
    /// `None` if the name alone finds the table.
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
    /// In the table's order, including generated columns.
    pub(crate) columns: Vec<CatalogColumn>,
    /// In the key's order. Empty if the table has no primary key.
    pub(crate) primary_key: Vec<String>,
    /// The columns of every other unique index or constraint, except partial indexes and those with expressions.
    pub(crate) unique: Vec<Vec<String>>,
}

#[derive(Debug)]
pub(crate) struct CatalogColumn {
    pub(crate) name: String,
    /// The type, in the words of the database.
    pub(crate) declared: String,
    pub(crate) holds: Holds,
    pub(crate) nullable: bool,
    /// The marker in its domain, its declared type or its comment.
    pub(crate) marker: Option<&'static Marker>,
}

/// The kind of values that a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Every value fits into a signed 64-bit integer.
    Integer,
    Text,
    Bytes,
    /// Only in PostgreSQL.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    Uuid,
    /// Arrays of text. Only in PostgreSQL.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    TextArray,
    /// Arrays of bytes. Only in PostgreSQL.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    BytesArray,
    /// Times in UTC that the database writes without an offset. Only in MySQL.
    #[cfg_attr(not(feature = "mysql"), allow(dead_code))]
    Utc,
    Other,
}

impl Holds {
    /// What is in the arrays, or in the column itself.
    pub(crate) fn elements(self) -> Self {
        match self {
            Self::TextArray => Self::Text,
            Self::BytesArray => Self::Bytes,
            other => other,
        }
    }

    pub(crate) fn is_array(self) -> bool {
        self.elements() != self
    }
}

impl Catalog {
    pub(crate) fn table(&self, schema: Option<&str>, name: &str) -> Option<&CatalogTable> {
        self.tables.iter().find(|table| table.schema.as_deref() == schema && table.name == name)
    }
}

impl CatalogTable {
    pub(crate) fn column(&self, name: &str) -> Option<&CatalogColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A connection that can read the catalog.
pub(crate) trait Inspect {
    fn catalog(&mut self) -> Result<Catalog, Error>;

    /// The number of the server's process, where each connection has one of its own.
    fn process(&mut self) -> Result<Option<i32>, Error> {
        Ok(None)
    }
}
