use std::fmt;
use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, IntoNotNullable, Nullable, SqlType};

/// An encrypted value in a query.
///
/// It stands in for Diesel's own bind, and differs in one thing: it is valid in an insert, an update
/// or an upsert, but not in a `filter`, since no encrypted column is [`Comparable`].
pub struct EncryptedBound<ST, T> {
    value: T,
    sql_type: PhantomData<ST>,
}

impl<ST, T> EncryptedBound<ST, T> {
    /// Puts `value` into a query.
    pub fn new(value: T) -> Self {
        Self { value, sql_type: PhantomData }
    }
}

/// An encrypted column that can be compared with a value by `eq`, `eq_any` and their kin. None can.
///
/// Two encryptions of one value differ: on a randomised column always, on a deterministic one while a key
/// is rotated. What is compared with one ciphertext would miss rows, and say nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with a value",
    label = "this column is encrypted",
    note = "two encryptions of one value differ, so this filter would miss rows; search with `matches`, on a \
            `BlindIndex` column or a `DeterministicText` one: if it is neither, add a `BlindIndex` column, or make \
            the column `DeterministicText`: see the page `encrypted_diesel::search` of the documentation"
)]
pub trait Comparable {}

impl<ST: Comparable + SqlType> Comparable for Nullable<ST> {}

/// A value that can be written by itself. One whose type has a blind index cannot: its index would stay as
/// it was. Nor can the index without the value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and its blind index are written together",
    label = "one would be written without the other",
    note = "write it as `Indexed<{Self}, table::column, table::index_column>`: a field of a model with \
            `#[diesel(embed)]`, or the argument of `values` or `set`"
)]
pub trait WrittenAlone {}

impl<ST: Comparable, T> ValidGrouping<()> for EncryptedBound<ST, T> {
    type IsAggregate = is_aggregate::Never;
}

impl<ST, T> Expression for EncryptedBound<ST, T>
where
    ST: SqlType + TypedExpressionType,
{
    type SqlType = ST;
}

/// A value is there, so it is bound as not nullable.
impl<ST, T, DB> QueryFragment<DB> for EncryptedBound<ST, T>
where
    ST: IntoNotNullable,
    DB: Backend + HasSqlType<ST::NotNullable>,
    T: ToSql<ST::NotNullable, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_bind_param::<ST::NotNullable, T>(&self.value)
    }
}

/// The value is a bind, so it makes no other statement.
impl<ST: QueryId, T> QueryId for EncryptedBound<ST, T> {
    type QueryId = EncryptedBound<ST::QueryId, ()>;

    const HAS_STATIC_QUERY_ID: bool = ST::HAS_STATIC_QUERY_ID;
}

impl<ST, T, QS> AppearsOnTable<QS> for EncryptedBound<ST, T> where Self: Expression {}

impl<ST, T, QS> SelectableExpression<QS> for EncryptedBound<ST, T> where Self: AppearsOnTable<QS> {}

impl<ST, T> fmt::Debug for EncryptedBound<ST, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptedBound([REDACTED])")
    }
}
