//! A row, as the database returns it.

use std::string::FromUtf8Error;

use diesel::backend::Backend;
use diesel::deserialize;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use diesel::deserialize::FromSql;
use diesel::result::{Error as DieselError, QueryResult};
use diesel::row::Field as _;
#[cfg(feature = "sqlite")]
use diesel::sqlite::SqliteType;

use zeroize::Zeroizing;

use super::bind::Bytes;
use super::class::Classed;
use super::key_form::Bound;
use super::raw::Raw;
use super::row_key::{KeyColumn, RowKey};

/// A row: its primary key, and the columns that were selected.
pub(in crate::maintenance) struct Row {
    pub(in crate::maintenance) key: RowKey,
    pub(in crate::maintenance) stored: Vec<Bytes>,
}

/// A backend whose values can be read as they are.
trait ReadRaw: Backend {
    fn raw(value: Self::RawValue<'_>) -> deserialize::Result<Raw>;
}

/// All selected values: the primary key, then the columns.
pub(super) struct RawRow(pub(super) Vec<Raw>);

impl RawRow {
    #[cfg_attr(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")), allow(dead_code))]
    fn from_row<'a, DB: ReadRaw>(row: &impl diesel::row::Row<'a, DB>) -> deserialize::Result<Self> {
        let value = |column| match row.get(column) {
            Some(field) => field.value().map_or(Ok(Raw::Null), DB::raw),
            None => Ok(Raw::Null),
        };
        (0..row.field_count()).map(value).collect::<Result<_, _>>().map(Self)
    }
}

impl RawRow {
    /// The values as text, for messages: what is not UTF-8 is replaced.
    pub(super) fn into_answer(self) -> Vec<Option<String>> {
        let text = |value: Vec<u8>| String::from_utf8_lossy(&value).into_owned();
        self.0.into_iter().map(|raw| raw.into_bytes().map(text)).collect()
    }

    /// The columns of a row in which all are text.
    pub(super) fn into_texts(self) -> QueryResult<Vec<String>> {
        let text = |raw: Raw| String::from_utf8(raw.into_bytes().unwrap_or_default());
        let texts = self.0.into_iter().map(text).collect::<Result<_, _>>();
        texts.map_err(|error| DieselError::DeserializationError(error.into()))
    }
}

impl Row {
    pub(super) fn new(RawRow(mut columns): RawRow, key: &[KeyColumn]) -> QueryResult<Self> {
        let stored = columns.split_off(key.len().min(columns.len()));
        let parts = key.iter().zip(columns).map(|(column, raw)| part(column, raw));
        let parts = parts.collect::<Result<_, _>>();
        let parts = parts.map_err(|error| DieselError::DeserializationError(error.into()))?;
        Ok(Self {
            key: RowKey(parts),
            stored: stored.into_iter().map(|raw| raw.into_bytes().map(Zeroizing::new)).collect(),
        })
    }
}

impl Row {
    /// How many bytes its columns have.
    pub(in crate::maintenance) fn bytes(&self) -> usize {
        self.stored.iter().flatten().map(|stored| stored.len()).sum()
    }
}

/// The text of a part of the primary key.
fn part(column: &KeyColumn, raw: Raw) -> Result<String, FromUtf8Error> {
    match column.form.bound {
        Bound::Class => Ok(Classed::name(column.kind, raw)),
        _ => String::from_utf8(raw.into_bytes().unwrap_or_default()),
    }
}

// One impl for each backend: a blanket impl would overlap with impls that other backends may have.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
macro_rules! raw_row_of {
    ($backend:ty, |$value:ident| $raw:expr) => {
        impl ReadRaw for $backend {
            fn raw($value: Self::RawValue<'_>) -> deserialize::Result<Raw> {
                $raw
            }
        }

        impl deserialize::FromSqlRow<diesel::sql_types::Untyped, $backend> for RawRow {
            fn build_from_row<'a>(row: &impl diesel::row::Row<'a, $backend>) -> deserialize::Result<Self> {
                Self::from_row(row)
            }
        }
    };
}

#[cfg(feature = "sqlite")]
raw_row_of! { diesel::sqlite::Sqlite, |value| {
    let mut value = value;
    Ok(match value.value_type() {
        None => Raw::Null,
        Some(SqliteType::Integer | SqliteType::SmallInt | SqliteType::Long) => Raw::Integer(value.read_long()),
        Some(SqliteType::Float | SqliteType::Double) => Raw::Real(value.read_double()),
        Some(SqliteType::Text) => Raw::Text(value.read_blob().to_vec()),
        Some(SqliteType::Binary) => Raw::Bytes(value.read_blob().to_vec()),
    })
} }
#[cfg(feature = "postgres")]
raw_row_of! { diesel::pg::Pg, |value| FromSql::<diesel::sql_types::Binary, Self>::from_sql(value).map(Raw::Bytes) }
#[cfg(feature = "mysql")]
raw_row_of! { diesel::mysql::Mysql, |value| FromSql::<diesel::sql_types::Binary, Self>::from_sql(value).map(Raw::Bytes) }
