//! The SQL types: markers for `diesel::table!`.
//!
//! On PostgreSQL each has the OID of its base type. So it works on plain columns and on domains, without a lookup in the
//! catalog.

use std::marker::PhantomData;

use diesel::query_builder::QueryId;
use diesel::sql_types::{SingleValue, SqlType, is_nullable};

use crate::envelope::{Container, Mode};
use crate::plaintext::{Canonical, HasContext};

/// The SQL type of an encrypted column.
///
/// Sealed: these are the types of [`sql_types`](crate::sql_types).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the SQL type of an encrypted column",
    note = "name a type of `encrypted_diesel::sql_types`, such as `encrypted_diesel::sql_types::EncryptedText`"
)]
pub trait EncryptedSqlType:
    SqlType<IsNull = is_nullable::NotNull> + SingleValue + Default + Send + sealed::Form + 'static
{
}

pub(crate) mod sealed {
    use super::{Container, Mode};

    /// How values are written into a column of this type.
    pub trait Form {
        #[expect(private_interfaces, reason = "a sealed trait's own constants")]
        const CONTAINER: Container;
        #[expect(private_interfaces, reason = "a sealed trait's own constants")]
        const MODE: Mode;
    }
}

/// A column type that can hold a `V`.
///
/// A deterministic column compares ciphertexts, so equal values must have equal ciphertexts, and be of one type.
#[doc(hidden)]
pub trait CanHold<V> {}

impl<V> CanHold<V> for EncryptedText {}
impl<V> CanHold<V> for EncryptedVarchar {}
impl<V> CanHold<V> for EncryptedBinary {}
impl<V: Canonical + HasContext> CanHold<V> for DeterministicText {}

macro_rules! encrypted_sql_type {
    ($name:ident: $container:ident, $mode:ident) => {
        impl EncryptedSqlType for $name {}

        impl sealed::Form for $name {
            #[expect(private_interfaces, reason = "a sealed trait's own constants")]
            const CONTAINER: Container = Container::$container;
            #[expect(private_interfaces, reason = "a sealed trait's own constants")]
            const MODE: Mode = Mode::$mode;
        }
    };
}

/// `ST`, bound where this crate knows that the value may be written.
///
/// Diesel binds any `Option` through `ToSql<ST, _>`, which is refused for values with a blind index. So
/// [`Indexed`](crate::Indexed) binds them through this type.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Written<ST>(PhantomData<ST>);

impl<ST: SqlType> SqlType for Written<ST> {
    type IsNull = is_nullable::NotNull;
}

impl<ST: SqlType> SingleValue for Written<ST> {}

/// Encrypted text of any length, in a `TEXT` column.
///
/// Value types: [`EncryptedText`](crate::EncryptedText), [`Encrypted<T>`](struct@crate::Encrypted), and
/// types with `#[derive(Encrypted)]`. A bare `String` can be read.
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 25, array_oid = 1009), sqlite_type(name = "Text"), mysql_type(name = "String"))]
pub struct EncryptedText;

encrypted_sql_type!(EncryptedText: Text, Randomized);

/// Encrypted text of a bounded length, in a `VARCHAR(n)` column.
///
/// Value types: [`EncryptedVarchar<N>`](crate::EncryptedVarchar), whose
/// [`COLUMN_WIDTH`](crate::EncryptedVarchar::COLUMN_WIDTH) is the `n` of the column, and those of
/// [`EncryptedText`].
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(
    postgres_type(oid = 1043, array_oid = 1015),
    sqlite_type(name = "Text"),
    mysql_type(name = "String")
)]
pub struct EncryptedVarchar;

encrypted_sql_type!(EncryptedVarchar: Text, Randomized);

/// Encrypted bytes, in a `BYTEA` or `BLOB` column. The most compact form for any value.
///
/// Value types: [`EncryptedBinary`](crate::EncryptedBinary), and those of [`EncryptedText`]. A bare
/// `Vec<u8>` can be read.
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 17, array_oid = 1001), sqlite_type(name = "Binary"), mysql_type(name = "Blob"))]
pub struct EncryptedBinary;

encrypted_sql_type!(EncryptedBinary: Bytes, Randomized);

/// Encrypted text in which equal values have equal ciphertexts, in a `TEXT` or `VARCHAR(n)` column.
///
/// It can be [searched](crate::EncryptedExpressionMethods), unique, grouped and joined. Value types: types with
/// `#[derive(Encrypted)]` and a context ([`HasContext`]) that are [`Canonical`]. A bare `String` can be read if it was
/// written without a context.
///
/// # Security
///
/// A reader of the database sees which rows have the same value, and how often each value occurs.
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 25, array_oid = 1009), sqlite_type(name = "Text"), mysql_type(name = "String"))]
pub struct DeterministicText;

encrypted_sql_type!(DeterministicText: Text, Deterministic);

/// A keyed digest that finds the encrypted value in the neighboring column. It is 16 bytes long, or as many bits as the
/// type of the value says, in a `BYTEA`, `BLOB` or `VARBINARY(n)` column.
///
/// It is only written through [`Indexed`](crate::Indexed), searched with
/// [`matches`](crate::EncryptedExpressionMethods::matches), and never decrypted. It can be read as a `Vec<u8>`.
///
/// # Security
///
/// A reader of the database sees which rows have the same value, and how often each value occurs. Someone who also has
/// the index key, though not the encryption key, can guess values.
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 17, array_oid = 1001), sqlite_type(name = "Binary"), mysql_type(name = "Blob"))]
pub struct BlindIndex;
