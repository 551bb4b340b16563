//! A value and its indexes, in an insert or an update.

use std::fmt;
use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, TypedExpressionType};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Binary, HasSqlType, IntoNotNullable, Nullable, SqlType, is_nullable};

use crate::blind_index::IndexInput;
use crate::cipher::Sealed;
use crate::error::Error;
use crate::keyring::with_current;
use crate::plaintext::Plaintext;
use crate::sql::backend::BindSealed;
use crate::sql::types::Written;

/// A value or NULL, in an insert or an update that also writes its index.
#[doc(hidden)]
pub struct ValueBound<ST, A> {
    value: A,
    sql_type: PhantomData<ST>,
}

impl<ST, A> ValueBound<ST, A> {
    pub(super) fn new(value: A) -> Self {
        Self { value, sql_type: PhantomData }
    }
}

/// A value that may be NULL.
#[doc(hidden)]
pub trait MaybeNull {
    type Value;

    fn value(&self) -> Option<&Self::Value>;
}

impl<V: Plaintext> MaybeNull for V {
    type Value = V;

    fn value(&self) -> Option<&V> {
        Some(self)
    }
}

impl<V> MaybeNull for Option<V> {
    type Value = V;

    fn value(&self) -> Option<&V> {
        self.as_ref()
    }
}

impl<V> MaybeNull for &Option<V> {
    type Value = V;

    fn value(&self) -> Option<&V> {
        self.as_ref()
    }
}

/// NULL of any type.
#[derive(Debug)]
struct Null;

impl<ST: SqlType, DB: Backend> ToSql<Nullable<ST>, DB> for Null {
    fn to_sql<'b>(&'b self, _: &mut Output<'b, '_, DB>) -> serialize::Result {
        Ok(IsNull::Yes)
    }
}

impl<ST, A, DB> QueryFragment<DB> for ValueBound<ST, A>
where
    ST: IntoNotNullable<NotNullable: SqlType<IsNull = is_nullable::NotNull>>,
    DB: Backend + HasSqlType<ST::NotNullable> + HasSqlType<Written<ST::NotNullable>>,
    A: MaybeNull<Value: ToSql<Written<ST::NotNullable>, DB>>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self.value.value() {
            Some(value) => pass.push_bind_param::<Written<ST::NotNullable>, _>(value),
            None => pass.push_bind_param::<Nullable<ST::NotNullable>, _>(&Null),
        }
    }
}

/// A value's blind index in an insert or an update.
#[doc(hidden)]
pub struct IndexBound<ST> {
    digest: Result<Option<Digest>, Error>,
    sql_type: PhantomData<ST>,
}

impl<ST> IndexBound<ST> {
    pub(super) fn new(input: Result<Option<IndexInput>, Error>) -> Self {
        Self { digest: input.map(|input| input.map(Digest)), sql_type: PhantomData }
    }
}

/// Digested when binds are collected, so each run of a statement uses the keyring that it runs with.
struct Digest(IndexInput);

impl<DB: BindSealed> ToSql<Binary, DB> for Digest {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        DB::bind(Sealed::Bytes(with_current(|keyring| self.0.digest(keyring))?), out)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl<ST, DB: BindSealed> QueryFragment<DB> for IndexBound<ST> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match &self.digest {
            Ok(Some(digest)) => pass.push_bind_param::<Binary, _>(digest),
            Ok(None) => pass.push_bind_param::<Nullable<Binary>, _>(&Null),
            Err(error) => Err(DieselError::SerializationError(Box::new(error.clone()))),
        }
    }
}

/// The traits of a bind that do not depend on its value. The value does not change the statement.
macro_rules! bind {
    ($name:ident [$($generics:ident),*], id: $id:ty) => {
        impl<ST: SqlType + TypedExpressionType, $($generics),*> Expression for $name<ST, $($generics),*> {
            type SqlType = ST;
        }

        impl<ST: QueryId, $($generics),*> QueryId for $name<ST, $($generics),*> {
            type QueryId = $id;

            const HAS_STATIC_QUERY_ID: bool = ST::HAS_STATIC_QUERY_ID;
        }

        impl<ST, QS, $($generics),*> AppearsOnTable<QS> for $name<ST, $($generics),*> where Self: Expression {}

        impl<ST, QS, $($generics),*> SelectableExpression<QS> for $name<ST, $($generics),*> where
            Self: AppearsOnTable<QS>
        {
        }

        impl<ST, $($generics),*> fmt::Debug for $name<ST, $($generics),*> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([REDACTED])"))
            }
        }
    };
}

bind! { ValueBound [A], id: ValueBound<ST::QueryId, ()> }
bind! { IndexBound [], id: IndexBound<ST::QueryId> }
