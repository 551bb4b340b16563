//! Tuples of values and of indexes, and the columns that they are assigned to.

use diesel::dsl;
use diesel::expression::TypedExpressionType;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, SingleValue};

use super::bound::{IndexBound, ValueBound};
use crate::blind_index::IndexInput;
use crate::error::Error;
use crate::sql::types::BlindIndex;

/// A tuple of values, assigned to their encrypted columns.
#[doc(hidden)]
pub trait AssignTo<C> {
    type Assignment;

    fn assign(self) -> Self::Assignment;
}

/// The columns of a value's blind indexes: one column, or a tuple with one for each index.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not the index columns of this value",
    label = "the value has a different number of indexes",
    note = "name one `BlindIndex` column for each `index(…)` of the value's type, in the same order: \
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
        C::default().eq(ValueBound::new(self.0))
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
