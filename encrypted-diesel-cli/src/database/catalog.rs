//! What a live database says of its tables.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod rows;
mod sqlite;

use crate::database::marker::Marker;
use crate::error::Error;

/// The tables of a database that hold rows of their own: no views, no foreign tables, no partitions, which
/// are reached through the table that they are part of.
#[derive(Debug)]
pub(crate) struct Catalog {
    /// By schema and name.
    pub(crate) tables: Vec<CatalogTable>,
}

#[derive(Debug)]
pub(crate) struct CatalogTable {
    /// `None` for those that are found by their name alone.
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
    /// In the table's order, generated ones among them.
    pub(crate) columns: Vec<CatalogColumn>,
    /// In the key's order. Empty if there is no key.
    pub(crate) primary_key: Vec<String>,
    /// The columns of each other unique index or constraint, if none of them is an expression or partial.
    pub(crate) unique: Vec<Vec<String>>,
}

#[derive(Debug)]
pub(crate) struct CatalogColumn {
    pub(crate) name: String,
    /// Its type, as the database calls it.
    pub(crate) declared: String,
    pub(crate) holds: Holds,
    pub(crate) nullable: bool,
    /// What it says that it is: by its domain, its declared type or its comment.
    pub(crate) marker: Option<&'static Marker>,
}

/// What kind of values a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// All fit into 64 bits with a sign.
    Integer,
    Text,
    Bytes,
    /// Of PostgreSQL alone.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    Uuid,
    /// Times that the database keeps in UTC and writes without saying so. Of MySQL alone.
    #[cfg_attr(not(feature = "mysql"), allow(dead_code))]
    Utc,
    Other,
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

/// A connection that can say what tables there are.
pub(crate) trait Inspect {
    fn catalog(&mut self) -> Result<Catalog, Error>;
}
