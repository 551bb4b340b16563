//! What a live database says of its tables.

#[cfg(feature = "cli-mysql")]
mod mysql;
#[cfg(feature = "cli-postgres")]
mod postgres;
mod rows;
mod sqlite;

use super::Error;
use super::schema_patch::Marker;

/// The tables of a database that hold rows of their own: no views, no foreign tables, no partitions, which
/// are reached through the table that they are part of.
#[derive(Debug)]
pub(super) struct Catalog {
    /// By schema and name.
    pub(super) tables: Vec<CatalogTable>,
}

#[derive(Debug)]
pub(super) struct CatalogTable {
    /// `None` for those that are found by their name alone.
    pub(super) schema: Option<String>,
    pub(super) name: String,
    /// In the table's order, generated ones among them.
    pub(super) columns: Vec<CatalogColumn>,
    /// In the key's order. Empty if there is no key.
    pub(super) primary_key: Vec<String>,
    /// The columns of each other unique index or constraint, if none of them is an expression or partial.
    pub(super) unique: Vec<Vec<String>>,
}

#[derive(Debug)]
pub(super) struct CatalogColumn {
    pub(super) name: String,
    /// Its type, as the database calls it.
    pub(super) declared: String,
    pub(super) holds: Holds,
    pub(super) nullable: bool,
    /// What it says that it is: by its domain, its declared type or its comment.
    pub(super) marker: Option<&'static Marker>,
}

/// What kind of values a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// All fit into 64 bits with a sign.
    Integer,
    Text,
    Bytes,
    /// Of PostgreSQL alone.
    #[cfg_attr(not(feature = "cli-postgres"), allow(dead_code))]
    Uuid,
    /// Times that the database keeps in UTC and writes without saying so. Of MySQL alone.
    #[cfg_attr(not(feature = "cli-mysql"), allow(dead_code))]
    Utc,
    Other,
}

impl Catalog {
    pub(super) fn table(&self, schema: Option<&str>, name: &str) -> Option<&CatalogTable> {
        self.tables.iter().find(|table| table.schema.as_deref() == schema && table.name == name)
    }
}

impl CatalogTable {
    pub(super) fn column(&self, name: &str) -> Option<&CatalogColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A connection that can say what tables there are.
pub(super) trait Inspect {
    fn catalog(&mut self) -> Result<Catalog, Error>;
}
