use diesel::backend::Backend;
use diesel::{deserialize, serialize};

use crate::cipher::{self, Sealed};
use crate::keyring::with_current;
use crate::plaintext::{FromPlaintext, Plaintext};
use crate::sql::EncryptedSqlType;

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

/// A backend on which a `V` can be written into an encrypted column of type `ST`.
///
/// The features `sqlite`, `postgres` and `mysql` implement it for Diesel's backends, and
/// [`multi_backend!`](crate::multi_backend) for that of a `#[derive(MultiConnection)]`.
#[diagnostic::on_unimplemented(
    message = "encrypted columns do not support the backend `{Self}`",
    label = "cannot write `{V}` into a column of type `{ST}` here",
    note = "enable the feature of encrypted-diesel for it: `sqlite`, `postgres` or `mysql`; \
            for a `#[derive(MultiConnection)]`, see `encrypted_diesel::multi_backend!`"
)]
pub trait WriteEncrypted<ST, V>: Backend {
    /// Encrypts the value and binds it.
    ///
    /// # Errors
    ///
    /// An [`Error`](crate::Error), or an error of the backend.
    fn write<'b>(value: &'b V, out: &mut serialize::Output<'b, '_, Self>) -> serialize::Result;
}

/// A backend on which a `V` can be read from an encrypted column of type `ST`.
///
/// Implemented wherever [`WriteEncrypted`] is, for every [`FromPlaintext`] type.
#[diagnostic::on_unimplemented(
    message = "encrypted columns do not support the backend `{Self}`",
    label = "cannot read `{V}` from a column of type `{ST}` here",
    note = "enable the feature of encrypted-diesel for it: `sqlite`, `postgres` or `mysql`; \
            for a `#[derive(MultiConnection)]`, see `encrypted_diesel::multi_backend!`"
)]
pub trait ReadEncrypted<ST, V>: Backend {
    /// Decrypts a value from the database.
    ///
    /// # Errors
    ///
    /// An [`Error`](crate::Error).
    fn read(stored: Self::RawValue<'_>) -> deserialize::Result<V>;
}

/// One of Diesel's own backends. How it binds what is made while binds are collected.
pub(crate) trait BindSealed: Backend {
    fn bind(sealed: Sealed, out: &mut serialize::Output<'_, '_, Self>) -> serialize::Result;
}

/// Seals a value for a column of type `ST`.
fn seal<ST: EncryptedSqlType, V: Plaintext>(value: &V) -> Result<Sealed, crate::Error> {
    with_current(|keyring| cipher::seal(keyring, ST::CONTAINER, ST::MODE, value))
}

/// Opens a value from a column of type `ST`.
fn open<ST: EncryptedSqlType, V: FromPlaintext>(stored: &[u8]) -> deserialize::Result<V> {
    let plaintext = with_current(|keyring| cipher::open::<V>(keyring, ST::CONTAINER, stored))?;
    Ok(V::decode(plaintext)?)
}

/// Binds [`Written`](crate::sql::types::Written) as the type itself on a backend.
#[doc(hidden)]
#[macro_export]
macro_rules! __written_as_itself {
    ($backend:ty) => {
        impl<ST> $crate::private::diesel::sql_types::HasSqlType<$crate::private::Written<ST>> for $backend
        where
            ST: $crate::private::EncryptedSqlType,
            Self: $crate::private::diesel::sql_types::HasSqlType<ST>,
        {
            fn metadata(
                lookup: &mut <Self as $crate::private::diesel::sql_types::TypeMetadata>::MetadataLookup,
            ) -> <Self as $crate::private::diesel::sql_types::TypeMetadata>::TypeMetadata {
                <Self as $crate::private::diesel::sql_types::HasSqlType<ST>>::metadata(lookup)
            }
        }
    };
}

#[cfg(feature = "sqlite")]
__written_as_itself! { diesel::sqlite::Sqlite }
#[cfg(feature = "postgres")]
__written_as_itself! { diesel::pg::Pg }
#[cfg(feature = "mysql")]
__written_as_itself! { diesel::mysql::Mysql }

/// Writes values on a backend that implements [`BindSealed`].
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
macro_rules! write_encrypted {
    ($backend:ty) => {
        impl<ST, V> $crate::sql::WriteEncrypted<ST, V> for $backend
        where
            ST: $crate::sql::EncryptedSqlType + $crate::sql::types::CanHold<V>,
            V: $crate::plaintext::Plaintext,
        {
            fn write<'b>(
                value: &'b V,
                out: &mut diesel::serialize::Output<'b, '_, Self>,
            ) -> diesel::serialize::Result {
                $crate::sql::backend::BindSealed::bind($crate::sql::backend::seal::<ST, V>(value)?, out)
            }
        }
    };
}
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use write_encrypted;

/// A backend whose binds and rows are bytes.
#[cfg(any(feature = "postgres", feature = "mysql"))]
macro_rules! bytes_backend {
    ($backend:ty, $raw_value:ty) => {
        $crate::sql::backend::write_encrypted! { $backend }

        impl $crate::sql::backend::BindSealed for $backend {
            fn bind(
                sealed: $crate::cipher::Sealed,
                out: &mut diesel::serialize::Output<'_, '_, Self>,
            ) -> diesel::serialize::Result {
                std::io::Write::write_all(out, sealed.as_bytes())?;
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl<ST, V> $crate::sql::ReadEncrypted<ST, V> for $backend
        where
            ST: $crate::sql::EncryptedSqlType,
            V: $crate::plaintext::FromPlaintext,
        {
            fn read(stored: $raw_value) -> diesel::deserialize::Result<V> {
                $crate::sql::backend::open::<ST, V>(stored.as_bytes())
            }
        }
    };
}
#[cfg(any(feature = "postgres", feature = "mysql"))]
use bytes_backend;
