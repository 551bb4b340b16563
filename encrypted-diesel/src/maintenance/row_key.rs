//! Primary keys, as the walk through a table needs them.

use std::fmt;

use diesel::query_source::Column;
use diesel::sql_types::{BigInt, Binary, Integer, SmallInt, SqlType, Text};

/// Which row: the values of its primary key, as text; bytes in hex digits.
///
/// A primary key is shown where a row is reported, so it should be no secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowKey(pub(super) Vec<String>);

impl RowKey {
    /// The value of each column of the primary key, as text; bytes in hex digits.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(super) fn part(&self, part: usize) -> &str {
        self.0.get(part).map_or("", String::as_str)
    }
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

/// What a column of a primary key is compared as.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Integer,
    Text,
    Bytes,
    Uuid,
}

/// A column of a primary key.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct KeyColumn {
    pub(super) name: &'static str,
    pub(super) kind: KeyKind,
}

/// The SQL type of a column that rows can be found by.
#[diagnostic::on_unimplemented(
    message = "a table whose primary key is of type `{Self}` cannot be walked through",
    note = "integers, text, bytes and UUIDs can"
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
