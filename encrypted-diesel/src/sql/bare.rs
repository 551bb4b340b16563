//! Reading into bare `String` and `Vec<u8>`.
//!
//! Written once for each backend: a generic implementation would overlap with Diesel's own. There
//! is no counterpart for writing, which keeps plaintext out of encrypted columns.

/// Lets `$type` be read from `$sql_type` on `$backend`, with the empty context.
macro_rules! read_bare {
    ($backend:ty: $($sql_type:ident => $type:ty),*) => {$(
        impl diesel::deserialize::FromSql<$crate::sql_types::$sql_type, $backend> for $type {
            fn from_sql(
                stored: <$backend as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                <$backend as $crate::sql::ReadEncrypted<$crate::sql_types::$sql_type, Self>>::read(stored)
            }
        }
    )*};
}

macro_rules! read_all_bare {
    ($($feature:literal => $backend:ty;)*) => {$(
        #[cfg(feature = $feature)]
        read_bare! { $backend: EncryptedText => String, EncryptedVarchar => String, EncryptedBinary => Vec<u8> }
    )*};
}

read_all_bare! {
    "sqlite" => diesel::sqlite::Sqlite;
    "postgres" => diesel::pg::Pg;
    "mysql" => diesel::mysql::Mysql;
}
