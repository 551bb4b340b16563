//! The values of a row, from their encrypted columns.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::sql_types::IntoNotNullable;

use super::sql::bind::{Bytes, StoredColumn};
use super::sql::table::{Table, TableOf};
use crate::cipher;
use crate::envelope::Container;
use crate::error::Error;
use crate::keyring::Keyring;
use crate::plaintext::FromPlaintext;
use crate::sql::EncryptedSqlType;
use crate::sql::types::sealed::Form as _;

/// A tuple of values, read from their columns `C`.
#[doc(hidden)]
pub trait ReadFrom<C, DB: Backend>: Sized {
    fn table() -> Table<DB>;
    fn columns() -> Vec<StoredColumn>;
    fn open(keyring: &Keyring, stored: &[Bytes]) -> Result<Self, Error>;
}

/// A value that may be NULL, as its column is.
#[doc(hidden)]
pub trait OpenStored: Sized {
    fn open(keyring: &Keyring, container: Container, stored: Option<&[u8]>) -> Result<Self, Error>;
}

impl<V: FromPlaintext> OpenStored for V {
    fn open(keyring: &Keyring, container: Container, stored: Option<&[u8]>) -> Result<Self, Error> {
        let stored = stored.ok_or_else(Error::invalid_plaintext::<V>)?;
        V::decode(cipher::open::<V>(keyring, container, stored)?)
    }
}

impl<V: FromPlaintext> OpenStored for Option<V> {
    fn open(keyring: &Keyring, container: Container, stored: Option<&[u8]>) -> Result<Self, Error> {
        stored.map(|stored| <V as OpenStored>::open(keyring, container, Some(stored))).transpose()
    }
}

impl<A, C, DB> ReadFrom<C, DB> for (A,)
where
    A: OpenStored,
    C: Column<SqlType: IntoNotNullable<NotNullable: EncryptedSqlType>> + TableOf<DB>,
    DB: Backend,
{
    fn table() -> Table<DB> {
        C::table()
    }

    fn columns() -> Vec<StoredColumn> {
        let container = <C::SqlType as IntoNotNullable>::NotNullable::CONTAINER;
        vec![StoredColumn::new(C::NAME, container)]
    }

    fn open(keyring: &Keyring, stored: &[Bytes]) -> Result<Self, Error> {
        let container = <C::SqlType as IntoNotNullable>::NotNullable::CONTAINER;
        let stored = stored.first().and_then(Option::as_deref).map(Vec::as_slice);
        A::open(keyring, container, stored).map(|value| (value,))
    }
}

macro_rules! several {
    ($($column:ident $value:ident $position:literal),+) => {
        impl<$($column, $value),+, DB: Backend> ReadFrom<($($column,)+), DB> for ($($value,)+)
        where
            $(($value,): ReadFrom<$column, DB>,)+
        {
            fn table() -> Table<DB> {
                <(V1,) as ReadFrom<C1, DB>>::table()
            }

            fn columns() -> Vec<StoredColumn> {
                [$(<($value,) as ReadFrom<$column, DB>>::columns()),+].concat()
            }

            fn open(keyring: &Keyring, stored: &[Bytes]) -> Result<Self, Error> {
                Ok(($(
                    <($value,) as ReadFrom<$column, DB>>::open(keyring, stored.get($position..).unwrap_or_default())?.0,
                )+))
            }
        }
    };
}

several!(C1 V1 0, C2 V2 1);
several!(C1 V1 0, C2 V2 1, C3 V3 2);
several!(C1 V1 0, C2 V2 1, C3 V3 2, C4 V4 3);
several!(C1 V1 0, C2 V2 1, C3 V3 2, C4 V4 3, C5 V5 4);
several!(C1 V1 0, C2 V2 1, C3 V3 2, C4 V4 3, C5 V5 4, C6 V6 5);
