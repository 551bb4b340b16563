//! A row, as the database returns it.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::row::Field as _;
use diesel::sql_types::Binary;

use super::bind::Bytes;
use super::row_key::RowKey;

/// A row: its primary key, and the columns that were selected.
pub(in crate::maintenance) struct Row {
    pub(in crate::maintenance) key: RowKey,
    pub(in crate::maintenance) stored: Vec<Bytes>,
}

/// All selected values: the primary key as text, then the columns.
pub(super) struct RawRow(Vec<Bytes>);

impl RawRow {
    #[cfg_attr(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")), allow(dead_code))]
    fn from_row<'a, DB: Backend>(row: &impl diesel::row::Row<'a, DB>) -> deserialize::Result<Self>
    where
        Vec<u8>: FromSql<Binary, DB>,
    {
        let value = |column| match row.get(column) {
            Some(field) => field.value().map(Vec::<u8>::from_sql).transpose(),
            None => Ok(None),
        };
        (0..row.field_count()).map(value).collect::<Result<_, _>>().map(Self)
    }
}

impl RawRow {
    /// The values as text, for messages: what is not UTF-8 is replaced.
    pub(super) fn into_texts(self) -> Vec<Option<String>> {
        let text = |value: Vec<u8>| String::from_utf8_lossy(&value).into_owned();
        self.0.into_iter().map(|value| value.map(text)).collect()
    }
}

impl Row {
    pub(super) fn new(RawRow(mut columns): RawRow, keys: usize) -> QueryResult<Self> {
        let stored = columns.split_off(keys.min(columns.len()));
        // A part of a primary key is never NULL.
        let text = |part: Bytes| String::from_utf8(part.unwrap_or_default());
        let key = columns.into_iter().map(text).collect::<Result<_, _>>();
        let key = key.map_err(|error| DieselError::DeserializationError(error.into()))?;
        Ok(Self { key: RowKey(key), stored })
    }
}

// One impl for each backend: a blanket impl would overlap with impls that other backends may have.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
macro_rules! raw_row_of {
    ($backend:ty) => {
        impl deserialize::FromSqlRow<diesel::sql_types::Untyped, $backend> for RawRow {
            fn build_from_row<'a>(row: &impl diesel::row::Row<'a, $backend>) -> deserialize::Result<Self> {
                Self::from_row(row)
            }
        }
    };
}

#[cfg(feature = "sqlite")]
raw_row_of! { diesel::sqlite::Sqlite }
#[cfg(feature = "postgres")]
raw_row_of! { diesel::pg::Pg }
#[cfg(feature = "mysql")]
raw_row_of! { diesel::mysql::Mysql }
