//! The impls that make a Rust type the value of an encrypted column.

use crate::encrypted::Encrypted;
use crate::plaintext::Plaintext;
use crate::varchar::EncryptedVarchar;

/// Makes a type the value of columns with the given SQL types:
/// `[generics,] type, [bounds], [bounds for writing it on its own]: [SQL types]`.
///
/// These are all the Diesel impls that a value needs. `#[derive(Encrypted)]` ends in a call of this macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __encrypted_value {
    ($generics:tt $type:ty, $bounds:tt, $alone:tt: all) => {
        $crate::__encrypted_value! {
            $generics $type, $bounds, $alone: [
                $crate::sql_types::EncryptedText,
                $crate::sql_types::EncryptedVarchar,
                $crate::sql_types::EncryptedBinary,
                $crate::sql_types::DeterministicText,
            ]
        }
    };

    ($generics:tt $type:ty, $bounds:tt, $alone:tt: [$($sql_type:ty),* $(,)?]) => {
        $crate::__encrypted_value! { @queryable $generics $type, $bounds }
        $(
            $crate::__encrypted_value! { @column $generics $type, $bounds, $alone: $sql_type }
        )*
        $crate::__encrypted_value! { @index $generics $type, $bounds, $alone }
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

    (@column [$($generics:tt)*] $type:ty, [$($bounds:tt)*], [$($alone:tt)*]: $sql_type:ty) => {
        const _: fn() = || {
            fn is_encrypted<ST: $crate::private::EncryptedSqlType>() {}
            is_encrypted::<$sql_type>();
        };

        impl<$($generics)* __DB> $crate::private::diesel::deserialize::FromSql<$sql_type, __DB> for $type
        where
            __DB: $crate::private::ReadEncrypted<$sql_type, Self>,
            $($bounds)*
        {
            fn from_sql(
                stored: <__DB as $crate::private::diesel::backend::Backend>::RawValue<'_>,
            ) -> $crate::private::diesel::deserialize::Result<Self> {
                <__DB as $crate::private::ReadEncrypted<$sql_type, Self>>::read(stored)
            }
        }

        impl<$($generics)* __DB> $crate::private::diesel::serialize::ToSql<$sql_type, __DB> for $type
        where
            __DB: $crate::private::WriteEncrypted<$sql_type, Self>,
            $($bounds)*
            $($alone)*
        {
            fn to_sql<'__b>(
                &'__b self,
                out: &mut $crate::private::diesel::serialize::Output<'__b, '_, __DB>,
            ) -> $crate::private::diesel::serialize::Result {
                const {
                    assert!(
                        !<Self as $crate::private::Plaintext>::INDEXED,
                        "a value with a blind index is written as `Indexed`, not by itself"
                    )
                }
                <__DB as $crate::private::WriteEncrypted<$sql_type, Self>>::write(self, out)
            }
        }

        impl<$($generics)* __DB>
            $crate::private::diesel::serialize::ToSql<$crate::private::Written<$sql_type>, __DB> for $type
        where
            __DB: $crate::private::WriteEncrypted<$sql_type, Self>,
            $($bounds)*
        {
            fn to_sql<'__b>(
                &'__b self,
                out: &mut $crate::private::diesel::serialize::Output<'__b, '_, __DB>,
            ) -> $crate::private::diesel::serialize::Result {
                <__DB as $crate::private::WriteEncrypted<$sql_type, Self>>::write(self, out)
            }
        }

        $crate::__encrypted_value! { @bind [$($generics)*] $type, [$($bounds)* $($alone)*]: $sql_type }
    };

    // A value without an index cannot be compared with an index column. A value with one can, but not by `eq`: these impls
    // are how rustc says so.
    (@index $generics:tt $type:ty, $bounds:tt, []) => {};
    (@index [$($generics:tt)*] $type:ty, [$($bounds:tt)*], [$($alone:tt)+]) => {
        impl<$($generics)* __DB> $crate::private::diesel::serialize::ToSql<$crate::sql_types::BlindIndex, __DB>
            for $type
        where
            __DB: $crate::private::diesel::backend::Backend,
            $($bounds)*
            $($alone)+
        {
            fn to_sql<'__b>(
                &'__b self,
                _: &mut $crate::private::diesel::serialize::Output<'__b, '_, __DB>,
            ) -> $crate::private::diesel::serialize::Result {
                ::std::unreachable!("nothing fulfils the bound")
            }
        }

        $crate::__encrypted_value! {
            @bind [$($generics)*] $type, [$($bounds)*]: $crate::sql_types::BlindIndex
        }
    };

    // A value or a reference to it, in a column and in its nullable counterpart.
    (@bind [$($generics:tt)*] $type:ty, $bounds:tt: $sql_type:ty) => {
        $crate::__encrypted_value! { @expressions [$($generics)*] $type, $bounds: $sql_type }
        $crate::__encrypted_value! { @expressions ['__a, $($generics)*] &'__a $type, $bounds: $sql_type }
        $crate::__encrypted_value! {
            @expressions ['__a, '__b, $($generics)*] &'__b &'__a $type, $bounds: $sql_type
        }
    };

    (@expressions $generics:tt $type:ty, $bounds:tt: $sql_type:ty) => {
        $crate::__encrypted_value! { @expression $generics $type, $bounds: $sql_type }
        $crate::__encrypted_value! {
            @expression $generics $type, $bounds: $crate::private::diesel::sql_types::Nullable<$sql_type>
        }
    };

    (@expression [$($generics:tt)*] $type:ty, [$($bounds:tt)*]: $sql_type:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $crate::private::diesel::expression::AsExpression<$sql_type> for $type
        where
            $($bounds)*
        {
            type Expression = $crate::private::EncryptedBound<$sql_type, Self>;

            fn as_expression(self) -> Self::Expression {
                $crate::private::EncryptedBound::new(self)
            }
        }
    };
}

__encrypted_value! { [T,] Encrypted<T>, [T: Plaintext,], []: all }
__encrypted_value! { [const N: usize,] EncryptedVarchar<N>, [], []: all }
