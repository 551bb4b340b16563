use std::fmt;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::QueryId;
use diesel::result::{Error as DieselError, QueryResult};
use diesel::sql_types::is_nullable::{IsSqlTypeNullable, MaybeNullable};
use diesel::sql_types::{Bool, MaybeNullableType, SqlType};

use super::terms::Terms;
use crate::error::Error;

/// The expression that [`EncryptedExpressionMethods`](crate::EncryptedExpressionMethods) make: whether the column holds a
/// stored form of one of the values, under any key.
///
/// It is `column = ANY ($1)` on PostgreSQL and `column IN (?, …)` elsewhere, one file for each.
#[derive(Clone)]
pub struct Matches<C, T> {
    pub(super) column: C,
    terms: Result<Terms<T>, Error>,
    /// Whether the number of terms may change from one query to the next.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "mysql")),
        allow(dead_code, reason = "of no matter to an array")
    )]
    pub(super) any: bool,
}

impl<C, T> Matches<C, T> {
    pub(super) fn new(column: C, terms: Result<Vec<T>, Error>, any: bool) -> Self {
        Self { column, terms: terms.map(Terms), any }
    }

    pub(super) fn terms(&self) -> QueryResult<&Terms<T>> {
        self.terms.as_ref().map_err(|error| DieselError::QueryBuilderError(Box::new(error.clone())))
    }
}

impl<C, T> Expression for Matches<C, T>
where
    C: Expression<SqlType: SqlType>,
    IsSqlTypeNullable<C::SqlType>: MaybeNullableType<Bool>,
{
    type SqlType = MaybeNullable<IsSqlTypeNullable<C::SqlType>, Bool>;
}

/// On most backends the statement depends on the number of values.
impl<C, T> QueryId for Matches<C, T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: ValidGrouping<G>, T, G> ValidGrouping<G> for Matches<C, T> {
    type IsAggregate = C::IsAggregate;
}

impl<C: AppearsOnTable<QS>, T, QS> AppearsOnTable<QS> for Matches<C, T> where Self: Expression {}

impl<C: SelectableExpression<QS>, T, QS> SelectableExpression<QS> for Matches<C, T> where
    Self: AppearsOnTable<QS>
{
}

impl<C: fmt::Debug, T> fmt::Debug for Matches<C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Matches({:?}, [REDACTED])", self.column)
    }
}
