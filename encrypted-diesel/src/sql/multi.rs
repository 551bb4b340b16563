/// Lets the backend of a `#[derive(MultiConnection)]` hold encrypted columns.
///
/// Write one line next to the derive, with the backend that the derive made and those of its variants. A variant may
/// have a `#[cfg]`, as in the enum:
///
/// ```
/// # #![allow(unexpected_cfgs)]
/// use diesel::prelude::*;
/// use diesel::sqlite::Sqlite;
///
/// #[derive(diesel::MultiConnection)]
/// enum AnyConnection {
///     Sqlite(SqliteConnection),
///     #[cfg(feature = "postgresql")]
///     Postgresql(PgConnection),
/// }
///
/// encrypted_diesel::multi_backend!(MultiBackend: Sqlite, #[cfg(feature = "postgresql")] diesel::pg::Pg);
/// # fn main() {}
/// ```
///
/// Diesel keeps a value until it knows the database, so a value that is written through a `MultiBackend` must be owned
/// (`'static`), `Send` and `Sync`: an `EncryptedText`, not an `Encrypted<&str>`.
///
/// [Maintenance](crate::maintenance) works on the variants: match on them, and walk the connection of each.
#[macro_export]
macro_rules! multi_backend {
    // One variant after the other: first those that are kept, then the rest.
    (@variants $multi:ty: [$($kept:ty),*] #[cfg($($condition:tt)+)] $backend:ty $(, $($rest:tt)*)?) => {
        #[cfg($($condition)+)]
        $crate::multi_backend! { @variants $multi: [$($kept,)* $backend] $($($rest)*)? }
        #[cfg(not($($condition)+))]
        $crate::multi_backend! { @variants $multi: [$($kept),*] $($($rest)*)? }
    };

    (@variants $multi:ty: [$($kept:ty),*] $backend:ty $(, $($rest:tt)*)?) => {
        $crate::multi_backend! { @variants $multi: [$($kept,)* $backend] $($($rest)*)? }
    };

    (@variants $multi:ty: [$($backend:ty),*]) => {
        $crate::multi_backend! {
            @columns $multi:
            $crate::sql_types::EncryptedText, $crate::sql_types::EncryptedVarchar,
            $crate::sql_types::EncryptedBinary, $crate::sql_types::DeterministicText,
            $crate::sql_types::BlindIndex
        }

        $crate::multi_backend! { @fragment $multi: [$($backend),*] [C, T] $crate::private::Matches<C, T> }
        $crate::multi_backend! { @fragment $multi: [$($backend),*] [ST] $crate::private::IndexBound<ST> }

        $crate::__bare_values! { $multi }
        $crate::__written_as_itself! { $multi }

        impl<ST, V> $crate::private::WriteEncrypted<ST, V> for $multi
        where
            ST: $crate::private::EncryptedSqlType,
            V: ::std::marker::Send + ::std::marker::Sync + 'static,
            $(
                $backend: $crate::private::diesel::sql_types::HasSqlType<$crate::private::Written<ST>>,
                V: $crate::private::diesel::serialize::ToSql<$crate::private::Written<ST>, $backend>,
            )*
        {
            fn write<'b>(
                value: &'b V,
                out: &mut $crate::private::diesel::serialize::Output<'b, '_, Self>,
            ) -> $crate::private::diesel::serialize::Result {
                out.set_value(($crate::private::Written::<ST>::default(), value));
                ::std::result::Result::Ok($crate::private::diesel::serialize::IsNull::No)
            }
        }

        impl<ST, V> $crate::private::ReadEncrypted<ST, V> for $multi
        where
            $(V: $crate::private::diesel::deserialize::FromSql<ST, $backend>,)*
        {
            fn read(
                stored: <Self as $crate::private::diesel::backend::Backend>::RawValue<'_>,
            ) -> $crate::private::diesel::deserialize::Result<V> {
                stored.from_sql::<V, ST>()
            }
        }
    };

    // A part of a statement that differs from backend to backend.
    (@fragment $multi:ty: [$($backend:ty),*] [$($generics:ident),*] $fragment:ty) => {
        impl<$($generics),*> $crate::private::diesel::query_builder::QueryFragment<$multi> for $fragment
        where
            $(Self: $crate::private::diesel::query_builder::QueryFragment<$backend>,)*
        {
            fn walk_ast<'b>(
                &'b self,
                pass: $crate::private::diesel::query_builder::AstPass<'_, 'b, $multi>,
            ) -> $crate::private::diesel::QueryResult<()> {
                <$multi>::walk_variant_ast(self, pass)
            }
        }
    };

    (@columns $multi:ty: $($sql_type:ty),+) => {$(
        impl $crate::private::diesel::sql_types::HasSqlType<$sql_type> for $multi {
            fn metadata(
                lookup: &mut <Self as $crate::private::diesel::sql_types::TypeMetadata>::MetadataLookup,
            ) -> <Self as $crate::private::diesel::sql_types::TypeMetadata>::TypeMetadata {
                Self::lookup_sql_type::<$sql_type>(lookup)
            }
        }
    )+};

    // Last, since it takes anything.
    ($multi:ty: $($variants:tt)+) => {
        $crate::multi_backend! { @variants $multi: [] $($variants)+ }
    };
}
