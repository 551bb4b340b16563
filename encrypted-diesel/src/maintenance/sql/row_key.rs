//! Primary keys, by which a walk finds its rows.

use std::fmt;

use diesel::query_source::Column;
use diesel::sql_types::{self, BigInt, Binary, Integer, SmallInt, SqlType, Text};

use super::key_form::KeyForm;
use crate::maintenance::escaped::Escaped;

/// The primary key of a row.
///
/// Reports show it, so it should not be a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowKey(pub(super) Vec<String>);

impl RowKey {
    /// The value of each column of the primary key, as text; bytes in hex digits.
    ///
    /// In SQLite, a value may have another storage class than its column declares. It is written as `integer 5`,
    /// `real 1.5`, `text X'ff'` or `blob X'ff'` then, and so is a text that begins with such a word.
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
                KeyKind::Bytes => hex::encode(value),
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

/// Shows control characters escaped, so that a key cannot forge a line of a report.
impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Escaped(&self.0.join(", ")))
    }
}

/// What a column of a primary key is declared to hold.
///
/// SQLite holds any value in any column, so it depends on this how values are named. On PostgreSQL and MySQL the
/// catalog has the types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// Integers.
    Integer,
    /// Text, in the order of the column's collation.
    Text,
    /// Bytes.
    Bytes,
    /// UUIDs of PostgreSQL.
    Uuid,
    /// Values of any other type that has an order, such as dates, numbers, times and enums.
    Other,
}

/// A column of a primary key.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct KeyColumn {
    pub(in crate::maintenance) name: &'static str,
    pub(in crate::maintenance) kind: KeyKind,
    pub(super) form: KeyForm,
}

impl KeyColumn {
    pub(in crate::maintenance) fn new(name: &'static str, kind: KeyKind) -> Self {
        Self { name, kind, form: KeyForm::default() }
    }
}

/// The SQL type of a primary key column: any type that the database sorts.
///
/// Implement it for a type of your own, such as an enum of PostgreSQL:
///
/// ```
/// #[derive(diesel::sql_types::SqlType)]
/// #[diesel(postgres_type(name = "mood"))]
/// struct Mood;
///
/// impl encrypted_diesel::maintenance::KeySqlType for Mood {}
/// ```
#[diagnostic::on_unimplemented(
    message = "a table whose primary key is of type `{Self}` cannot be walked",
    note = "a primary key has up to eight columns, of types that the database sorts",
    note = "if `{Self}` is a type of your own that the database sorts, write `impl KeySqlType for {Self} {{}}`"
)]
pub trait KeySqlType: SqlType {
    #[doc(hidden)]
    const KIND: KeyKind = KeyKind::Other;
}

macro_rules! key_sql_types {
    ($($kind:ident: $($sql_type:ty),+;)*) => {$($(
        impl KeySqlType for $sql_type {
            const KIND: KeyKind = KeyKind::$kind;
        }
    )+)*};
}

key_sql_types! {
    Integer: SmallInt, Integer, BigInt;
    Text: Text, crate::sql::types::DeterministicText;
    Bytes: Binary;
    Other: sql_types::Bool, sql_types::Float, sql_types::Double, sql_types::Numeric, sql_types::Date,
        sql_types::Time, sql_types::Timestamp, sql_types::Interval;
}
#[cfg(feature = "sqlite")]
key_sql_types! { Other: sql_types::TimestamptzSqlite; }
#[cfg(feature = "postgres")]
key_sql_types! {
    Uuid: sql_types::Uuid;
    Other: sql_types::Timestamptz, sql_types::Citext, sql_types::Inet, sql_types::Cidr, sql_types::MacAddr,
        sql_types::MacAddr8, sql_types::Oid, sql_types::CChar;
}
#[cfg(feature = "mysql")]
key_sql_types! {
    Integer: sql_types::TinyInt, sql_types::Unsigned<sql_types::TinyInt>, sql_types::Unsigned<SmallInt>,
        sql_types::Unsigned<Integer>, sql_types::Unsigned<BigInt>;
    Other: sql_types::Datetime;
}

/// The primary key of a table: a column, or several. `ST` is its SQL type.
#[doc(hidden)]
pub trait KeyColumns<ST> {
    fn key_columns() -> Vec<KeyColumn>;
}

impl<ST: KeySqlType, C: Column<SqlType = ST>> KeyColumns<ST> for C {
    fn key_columns() -> Vec<KeyColumn> {
        vec![KeyColumn::new(C::NAME, ST::KIND)]
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
composite!(A SA, B SB, C SC, D SD, E SE);
composite!(A SA, B SB, C SC, D SD, E SE, F SF);
composite!(A SA, B SB, C SC, D SD, E SE, F SF, G SG);
composite!(A SA, B SB, C SC, D SD, E SE, F SF, G SG, H SH);
