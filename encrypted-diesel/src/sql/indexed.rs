//! One value, several columns: `Indexed` in Diesel.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::Expression;
use diesel::prelude::*;
use diesel::query_builder::AsChangeset;
use diesel::row::NamedRow;
use diesel::sql_types::SingleValue;

use crate::blind_index::Indexable;
use crate::indexed::Indexed;

mod bound;
mod columns;

pub use bound::IndexBound;
use columns::AssignTo;
pub(crate) use columns::IndexColumns;

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

/// Selects the columns of the value, not of its indexes.
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
