//! What makes a Rust type the value of an encrypted column.

use crate::encrypted::Encrypted;
use crate::plaintext::Plaintext;
use crate::varchar::EncryptedVarchar;

/// Makes a type the value of columns of the given SQL types: `[generics,] type, [bounds]: [SQL types]`.
///
/// This is all of Diesel that a value needs. `#[derive(Encrypted)]` ends in a call of it.
#[doc(hidden)]
#[macro_export]
macro_rules! __encrypted_value {
    ($generics:tt $type:ty, $bounds:tt: all) => {
        $crate::__encrypted_value! {
            $generics $type, $bounds: [
                $crate::sql_types::EncryptedText,
                $crate::sql_types::EncryptedVarchar,
                $crate::sql_types::EncryptedBinary,
            ]
        }
    };

    ($generics:tt $type:ty, $bounds:tt: [$($sql_type:ty),* $(,)?]) => {
        $crate::__encrypted_value! { @queryable $generics $type, $bounds }
        $(
            $crate::__encrypted_value! { @column $generics $type, $bounds: $sql_type }
        )*
    };

    (@queryable [$($generics:tt)*] $type:ty, [$($bounds:tt)*]) => {
        impl<$($generics)* __ST, __DB> $crate::private::diesel::deserialize::Queryable<__ST, __DB> for $type
        where
            __DB: $crate::private::diesel::backend::Backend,
            __ST: $crate::private::diesel::sql_types::SingleValue,
            Self: $crate::private::diesel::deserialize::FromSql<__ST, __DB>,
            $($bounds)*
        {
            type Row = Self;

            fn build(row: Self) -> $crate::private::diesel::deserialize::Result<Self> {
                Ok(row)
            }
        }
    };

    (@column [$($generics:tt)*] $type:ty, [$($bounds:tt)*]: $sql_type:ty) => {
        const _: fn() = || {
            fn is_encrypted<ST: $crate::EncryptedSqlType>() {}
            is_encrypted::<$sql_type>();
        };

        impl<$($generics)* __DB> $crate::private::diesel::deserialize::FromSql<$sql_type, __DB> for $type
        where
            __DB: $crate::ReadEncrypted<$sql_type, Self>,
            $($bounds)*
        {
            fn from_sql(
                stored: <__DB as $crate::private::diesel::backend::Backend>::RawValue<'_>,
            ) -> $crate::private::diesel::deserialize::Result<Self> {
                <__DB as $crate::ReadEncrypted<$sql_type, Self>>::read(stored)
            }
        }

        $crate::__encrypted_value! { @write [$($generics)*] $type, [$($bounds)*]: $sql_type, $sql_type }
        $crate::__encrypted_value! {
            @write [$($generics)*] $type, [$($bounds)*]:
            $sql_type, $crate::private::diesel::sql_types::Nullable<$sql_type>
        }
        $crate::__encrypted_value! { @bind [$($generics)*] $type, [$($bounds)*]: $sql_type }
        $crate::__encrypted_value! { @bind ['__a, $($generics)*] &'__a $type, [$($bounds)*]: $sql_type }
        $crate::__encrypted_value! {
            @bind ['__a, '__b, $($generics)*] &'__b &'__a $type, [$($bounds)*]: $sql_type
        }
    };

    // What is written is the same, whether or not the column could be NULL.
    (@write [$($generics:tt)*] $type:ty, [$($bounds:tt)*]: $sql_type:ty, $column:ty) => {
        impl<$($generics)* __DB> $crate::private::diesel::serialize::ToSql<$column, __DB> for $type
        where
            __DB: $crate::WriteEncrypted<$sql_type, Self>,
            $($bounds)*
        {
            fn to_sql<'__b>(
                &'__b self,
                out: &mut $crate::private::diesel::serialize::Output<'__b, '_, __DB>,
            ) -> $crate::private::diesel::serialize::Result {
                <__DB as $crate::WriteEncrypted<$sql_type, Self>>::write(self, out)
            }
        }
    };

    // A value or a reference to it, in a column and in its nullable twin.
    (@bind $generics:tt $type:ty, $bounds:tt: $sql_type:ty) => {
        $crate::__encrypted_value! { @expression $generics $type, $bounds: $sql_type }
        $crate::__encrypted_value! {
            @expression $generics $type, $bounds: $crate::private::diesel::sql_types::Nullable<$sql_type>
        }
    };

    (@expression [$($generics:tt)*] $type:ty, [$($bounds:tt)*]: $sql_type:ty) => {
        impl<$($generics)*> $crate::private::diesel::expression::AsExpression<$sql_type> for $type
        where
            $($bounds)*
        {
            type Expression = $crate::EncryptedBound<$sql_type, Self>;

            fn as_expression(self) -> Self::Expression {
                $crate::EncryptedBound::new(self)
            }
        }
    };
}

__encrypted_value! { [T,] Encrypted<T>, [T: Plaintext,]: all }
__encrypted_value! { [const N: usize,] EncryptedVarchar<N>, []: all }
