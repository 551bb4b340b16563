//! Reading into bare `String` and `Vec<u8>`.
//!
//! One impl for each backend, because a generic one would overlap with Diesel's own. Bare values cannot be written, which
//! keeps plaintext out of encrypted columns.

/// Lets bare values be read on a backend, with the empty context.
#[doc(hidden)]
#[macro_export]
macro_rules! __bare_values {
    ($backend:ty) => {
        $crate::__bare_values! {
            $backend:
            $crate::sql_types::EncryptedText => ::std::string::String,
            $crate::sql_types::EncryptedVarchar => ::std::string::String,
            $crate::sql_types::EncryptedBinary => ::std::vec::Vec<u8>,
            $crate::sql_types::DeterministicText => ::std::string::String
        }

        // An index is read as plain bytes.
        impl $crate::private::diesel::deserialize::FromSql<$crate::sql_types::BlindIndex, $backend>
            for ::std::vec::Vec<u8>
        {
            fn from_sql(
                stored: <$backend as $crate::private::diesel::backend::Backend>::RawValue<'_>,
            ) -> $crate::private::diesel::deserialize::Result<Self> {
                $crate::private::diesel::deserialize::FromSql::<
                    $crate::private::diesel::sql_types::Binary,
                    $backend,
                >::from_sql(stored)
            }
        }
    };

    ($backend:ty: $($sql_type:ty => $bare:ty),+) => {$(
        impl $crate::private::diesel::deserialize::FromSql<$sql_type, $backend> for $bare {
            fn from_sql(
                stored: <$backend as $crate::private::diesel::backend::Backend>::RawValue<'_>,
            ) -> $crate::private::diesel::deserialize::Result<Self> {
                <$backend as $crate::private::ReadEncrypted<$sql_type, Self>>::read(stored)
            }
        }
    )+};
}

#[cfg(feature = "sqlite")]
__bare_values! { diesel::sqlite::Sqlite }
#[cfg(feature = "postgres")]
__bare_values! { diesel::pg::Pg }
#[cfg(feature = "mysql")]
__bare_values! { diesel::mysql::Mysql }
