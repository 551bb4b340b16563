//! One value, several columns: `Indexed` in Diesel.

use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::dsl;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, TypedExpressionType};
use diesel::prelude::*;
use diesel::query_builder::{AsChangeset, AstPass, QueryFragment, QueryId};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::row::NamedRow;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Binary, HasSqlType, IntoNotNullable, Nullable, SingleValue, SqlType, is_nullable};

use crate::blind_index::{IndexInput, Indexable};
use crate::error::Error;
use crate::indexed::Indexed;
use crate::keyring::with_current;
use crate::plaintext::Plaintext;
use crate::sql::hidden::Hidden;
use crate::sql::types::{BlindIndex, Written};

/// Values, as a tuple, in their encrypted columns.
#[doc(hidden)]
pub trait AssignTo<C> {
    type Assignment;

    fn assign(self) -> Self::Assignment;
}

/// The columns of a value's blind indexes: one, or a tuple of as many as its type has.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not the index columns of this value",
    label = "not as many `BlindIndex` columns as the value has indexes",
    note = "name a `BlindIndex` column for each `index(…)` of the value's type, in their order: \
            one alone, several as a tuple"
)]
#[doc(hidden)]
pub trait IndexColumns<Inputs> {
    type Assignment;

    fn assign(inputs: Result<Inputs, Error>) -> Self::Assignment;

    fn names() -> Vec<&'static str>;
}

/// The SQL type of an index column, nullable or not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the SQL type of a blind index",
    note = "give the column the type `BlindIndex` or `Nullable<BlindIndex>`"
)]
#[doc(hidden)]
pub trait BlindIndexSqlType: SingleValue + TypedExpressionType {}

impl BlindIndexSqlType for BlindIndex {}
impl BlindIndexSqlType for Nullable<BlindIndex> {}

impl<C, A> AssignTo<C> for (A,)
where
    C: Column<SqlType: SingleValue + TypedExpressionType> + Default,
{
    type Assignment = dsl::Eq<C, ValueBound<C::SqlType, A>>;

    fn assign(self) -> Self::Assignment {
        C::default().eq(ValueBound { value: self.0, sql_type: PhantomData })
    }
}

impl<C> IndexColumns<[Option<IndexInput>; 1]> for C
where
    C: Column<SqlType: BlindIndexSqlType> + Default,
{
    type Assignment = dsl::Eq<C, IndexBound<C::SqlType>>;

    fn assign(inputs: Result<[Option<IndexInput>; 1], Error>) -> Self::Assignment {
        C::default().eq(IndexBound::new(inputs.map(|[input]| input)))
    }

    fn names() -> Vec<&'static str> {
        vec![C::NAME]
    }
}

macro_rules! several {
    ($len:literal: $($column:ident $value:ident),+) => {
        impl<$($column, $value),+> AssignTo<($($column,)+)> for ($($value,)+)
        where
            $(($value,): AssignTo<$column>,)+
        {
            type Assignment = ($(<($value,) as AssignTo<$column>>::Assignment,)+);

            #[allow(non_snake_case, reason = "each value is named as its type")]
            fn assign(self) -> Self::Assignment {
                let ($($value,)+) = self;
                ($(AssignTo::<$column>::assign(($value,)),)+)
            }
        }

        impl<$($column),+> IndexColumns<[Option<IndexInput>; $len]> for ($($column,)+)
        where
            $($column: IndexColumns<[Option<IndexInput>; 1]>,)+
        {
            type Assignment = ($($column::Assignment,)+);

            #[allow(non_snake_case, reason = "each input is named as its column")]
            fn assign(inputs: Result<[Option<IndexInput>; $len], Error>) -> Self::Assignment {
                match inputs {
                    Ok([$($column),+]) => ($($column::assign(Ok([$column])),)+),
                    Err(error) => ($($column::assign(Err(error.clone())),)+),
                }
            }

            fn names() -> Vec<&'static str> {
                [$($column::names()),+].concat()
            }
        }
    };
}

several!(2: C1 V1, C2 V2);
several!(3: C1 V1, C2 V2, C3 V3);
several!(4: C1 V1, C2 V2, C3 V3, C4 V4);
several!(5: C1 V1, C2 V2, C3 V3, C4 V4, C5 V5);
several!(6: C1 V1, C2 V2, C3 V3, C4 V4, C5 V5, C6 V6);

impl<V, C, I, Tab> Insertable<Tab> for Indexed<V, C, I>
where
    V: Indexable<Values: AssignTo<C>>,
    I: IndexColumns<V::Inputs>,
    (<V::Values as AssignTo<C>>::Assignment, I::Assignment): Insertable<Tab>,
{
    type Values = <(<V::Values as AssignTo<C>>::Assignment, I::Assignment) as Insertable<Tab>>::Values;

    fn values(self) -> Self::Values {
        let index = I::assign(self.inputs());
        (self.into_inner().into_values().assign(), index).values()
    }
}

impl<'a, V, C, I, Tab> Insertable<Tab> for &'a Indexed<V, C, I>
where
    V: Indexable<ValueRefs<'a>: AssignTo<C>>,
    I: IndexColumns<V::Inputs>,
    (<V::ValueRefs<'a> as AssignTo<C>>::Assignment, I::Assignment): Insertable<Tab>,
{
    type Values = <(<V::ValueRefs<'a> as AssignTo<C>>::Assignment, I::Assignment) as Insertable<Tab>>::Values;

    fn values(self) -> Self::Values {
        (self.value_refs().assign(), I::assign(self.inputs())).values()
    }
}

impl<V, C, I> AsChangeset for Indexed<V, C, I>
where
    V: Indexable<Values: AssignTo<C>>,
    I: IndexColumns<V::Inputs>,
    (<V::Values as AssignTo<C>>::Assignment, I::Assignment): AsChangeset,
{
    type Target = <(<V::Values as AssignTo<C>>::Assignment, I::Assignment) as AsChangeset>::Target;
    type Changeset = <(<V::Values as AssignTo<C>>::Assignment, I::Assignment) as AsChangeset>::Changeset;

    fn as_changeset(self) -> Self::Changeset {
        let index = I::assign(self.inputs());
        (self.into_inner().into_values().assign(), index).as_changeset()
    }
}

impl<'a, V, C, I> AsChangeset for &'a Indexed<V, C, I>
where
    V: Indexable<ValueRefs<'a>: AssignTo<C>>,
    I: IndexColumns<V::Inputs>,
    (<V::ValueRefs<'a> as AssignTo<C>>::Assignment, I::Assignment): AsChangeset,
{
    type Target = <(<V::ValueRefs<'a> as AssignTo<C>>::Assignment, I::Assignment) as AsChangeset>::Target;
    type Changeset =
        <(<V::ValueRefs<'a> as AssignTo<C>>::Assignment, I::Assignment) as AsChangeset>::Changeset;

    fn as_changeset(self) -> Self::Changeset {
        (self.value_refs().assign(), I::assign(self.inputs())).as_changeset()
    }
}

/// Reads the value's own columns.
impl<V, C, I, DB> Selectable<DB> for Indexed<V, C, I>
where
    DB: Backend,
    C: Expression + Default,
{
    type SelectExpression = C;

    fn construct_selection() -> C {
        C::default()
    }
}

impl<V, C, I, ST, DB> Queryable<ST, DB> for Indexed<V, C, I>
where
    DB: Backend,
    V: Queryable<ST, DB>,
{
    type Row = V::Row;

    fn build(row: Self::Row) -> deserialize::Result<Self> {
        V::build(row).map(Self::new)
    }
}

/// Reads a value of one column, by the column's name.
impl<V, C, I, DB> QueryableByName<DB> for Indexed<V, C, I>
where
    DB: Backend,
    C: Column<SqlType: SingleValue>,
    V: FromSql<C::SqlType, DB>,
{
    fn build<'r>(row: &impl NamedRow<'r, DB>) -> deserialize::Result<Self> {
        NamedRow::get::<C::SqlType, V>(row, C::NAME).map(Self::new)
    }
}

/// A value, or none, in an insert or an update that writes its index as well.
#[doc(hidden)]
pub struct ValueBound<ST, A> {
    value: A,
    sql_type: PhantomData<ST>,
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
    input: Result<Option<IndexInput>, Error>,
    /// Made when the statement runs, with the keyring that it runs with.
    digest: OnceLock<Option<Hidden<Vec<u8>>>>,
    sql_type: PhantomData<ST>,
}

impl<ST> IndexBound<ST> {
    fn new(input: Result<Option<IndexInput>, Error>) -> Self {
        Self { input, digest: OnceLock::new(), sql_type: PhantomData }
    }

    fn digest(&self) -> Result<&Option<Hidden<Vec<u8>>>, Error> {
        if let Some(digest) = self.digest.get() {
            return Ok(digest);
        }
        let digest = match &self.input {
            Ok(None) => None,
            Ok(Some(input)) => Some(Hidden(with_current(|keyring| input.digest(keyring))?)),
            Err(error) => return Err(error.clone()),
        };
        Ok(self.digest.get_or_init(|| digest))
    }
}

impl<ST, DB> QueryFragment<DB> for IndexBound<ST>
where
    DB: Backend,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let digest = self.digest().map_err(|error| DieselError::SerializationError(Box::new(error)))?;
        pass.push_bind_param::<Nullable<Binary>, _>(digest)
    }
}

/// What a bind is beside what it binds. The value makes no other statement.
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
