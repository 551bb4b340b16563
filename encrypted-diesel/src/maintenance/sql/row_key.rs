//! Primary keys, by which a walk finds its rows.

use std::fmt;

use diesel::query_source::Column;
use diesel::sql_types::{BigInt, Binary, Integer, SmallInt, SqlType, Text};

/// The primary key of a row.
///
/// Reports show it, so it should not be a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowKey(pub(super) Vec<String>);

impl RowKey {
    /// The value of each column of the primary key, as text; bytes in hex digits.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(in crate::maintenance) fn part(&self, part: usize) -> &str {
        self.0.get(part).map_or("", String::as_str)
    }
}

impl RowKey {
    /// Replaces a part with a value that is written into its column.
    pub(in crate::maintenance) fn set_part(&mut self, part: usize, kind: KeyKind, value: &[u8]) {
        if let Some(part) = self.0.get_mut(part) {
            *part = match kind {
                KeyKind::Bytes => hex::encode_upper(value),
                _ => String::from_utf8_lossy(value).into_owned(),
            };
        }
    }
}

/// From the [`values`](RowKey::values) of another row key, such as one that a job queue has kept.
impl FromIterator<String> for RowKey {
    fn from_iter<I: IntoIterator<Item = String>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

/// How a column of a primary key is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// As an integer of at most 64 bits with a sign.
    Integer,
    /// As text, in the order of the column's collation.
    Text,
    /// As bytes.
    Bytes,
    /// As a UUID of PostgreSQL.
    Uuid,
}

/// A column of a primary key.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct KeyColumn {
    pub(in crate::maintenance) name: &'static str,
    pub(in crate::maintenance) kind: KeyKind,
}

/// The SQL type of a primary key column.
#[diagnostic::on_unimplemented(
    message = "a table whose primary key is of type `{Self}` cannot be walked",
    note = "a primary key may be an integer, text, bytes, a UUID of PostgreSQL, or up to four of these"
)]
pub trait KeySqlType: SqlType {
    #[doc(hidden)]
    const KIND: KeyKind;
}

macro_rules! key_sql_types {
    ($($sql_type:ty => $kind:ident),* $(,)?) => {$(
        impl KeySqlType for $sql_type {
            const KIND: KeyKind = KeyKind::$kind;
        }
    )*};
}

key_sql_types! { SmallInt => Integer, Integer => Integer, BigInt => Integer, Text => Text, Binary => Bytes }
#[cfg(feature = "postgres")]
key_sql_types! { diesel::sql_types::Uuid => Uuid }

/// The primary key of a table: a column, or several. `ST` is its SQL type.
#[doc(hidden)]
pub trait KeyColumns<ST> {
    fn key_columns() -> Vec<KeyColumn>;
}

impl<ST: KeySqlType, C: Column<SqlType = ST>> KeyColumns<ST> for C {
    fn key_columns() -> Vec<KeyColumn> {
        vec![KeyColumn { name: C::NAME, kind: ST::KIND }]
    }
}

macro_rules! composite {
    ($($column:ident $sql_type:ident),+) => {
        impl<$($column, $sql_type),+> KeyColumns<($($sql_type,)+)> for ($($column,)+)
        where
            $($column: KeyColumns<$sql_type>,)+
        {
            fn key_columns() -> Vec<KeyColumn> {
                [$($column::key_columns()),+].concat()
            }
        }
    };
}

composite!(A SA, B SB);
composite!(A SA, B SB, C SC);
composite!(A SA, B SB, C SC, D SD);
