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
/// It replaces Diesel's own bind, and differs in one respect: it is valid in an insert, an update or an upsert, but not
/// in a `filter`.
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

/// An encrypted column that can be compared with a value by `eq`, `eq_any` and the like. No type implements it.
///
/// Two encryptions of the same value differ: always in a randomized column, and in a deterministic one during a key
/// rotation. A comparison with one ciphertext would silently miss rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with a value",
    label = "this column is encrypted",
    note = "two encryptions of the same value differ, so this filter would miss rows: search a `BlindIndex` or \
            `DeterministicText` column with `matches`; if this column is neither, add a `BlindIndex` column or make \
            it `DeterministicText`; see `encrypted_diesel::guide::search` in the documentation"
)]
pub trait Comparable {}

impl<ST: Comparable + SqlType> Comparable for Nullable<ST> {}

/// A value that can be written on its own. A value with a blind index cannot, because its index would become stale, and
/// neither can the index without the value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and its blind index are written together",
    label = "this would write one without the other",
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

/// The value is never NULL, so it is bound as not nullable.
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

/// The value is a bind, so it does not change the statement.
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
