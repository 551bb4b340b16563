//! The SQL types: markers that stand in `diesel::table!`.
//!
//! On PostgreSQL each has the OID of its base type, so it works on plain columns and on domains
//! alike, and needs no look-up in the catalogue.

use diesel::query_builder::QueryId;
use diesel::sql_types::{SingleValue, SqlType, is_nullable};

use crate::envelope::{Container, Mode};

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

    /// What is written into a column of this type.
    pub trait Form {
        #[expect(private_interfaces, reason = "a sealed trait's own constants")]
        const CONTAINER: Container;
        #[expect(private_interfaces, reason = "a sealed trait's own constants")]
        const MODE: Mode;
    }
}

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
