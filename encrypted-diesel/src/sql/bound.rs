use std::fmt;
use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Nullable, SqlType};

/// An encrypted value in a query.
///
/// It stands in for Diesel's own bind, and differs in one thing: it is valid in an insert, an update
/// or an upsert, but in a `filter` only if its column is [`Searchable`].
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

/// An encrypted column that can be compared with a value.
///
/// No randomised column is one: two encryptions of one value differ.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be searched or compared",
    label = "this column is encrypted with a nonce",
    note = "two encryptions of one value differ, so this filter would never match; \
            columns that can be searched (blind indexes, deterministic encryption) are not in this release"
)]
pub trait Searchable {}

impl<ST: Searchable + SqlType> Searchable for Nullable<ST> {}

impl<ST: Searchable, T> ValidGrouping<()> for EncryptedBound<ST, T> {
    type IsAggregate = is_aggregate::Never;
}

impl<ST, T> Expression for EncryptedBound<ST, T>
where
    ST: SqlType + TypedExpressionType,
{
    type SqlType = ST;
}

impl<ST, T, DB> QueryFragment<DB> for EncryptedBound<ST, T>
where
    DB: Backend + HasSqlType<ST>,
    T: ToSql<ST, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_bind_param(&self.value)
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
