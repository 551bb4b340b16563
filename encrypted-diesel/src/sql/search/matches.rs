use std::fmt;
use std::sync::OnceLock;

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::serialize::ToSql;
use diesel::sql_types::is_nullable::{IsSqlTypeNullable, MaybeNullable};
use diesel::sql_types::{Binary, Bool, MaybeNullableType, SqlType, Text};

use super::term::Term;
use crate::cipher::Sealed;
use crate::error::Error;
use crate::keyring::with_current;
use crate::sql::hidden::Hidden;

/// The expression that [`EncryptedExpressionMethods`](crate::EncryptedExpressionMethods) make: `column IN (…)`, with the
/// stored form of the value under each key.
pub struct Matches<C, T> {
    column: C,
    terms: Result<Vec<T>, Error>,
    /// Whether the number of terms may change from one query to the next.
    any: bool,
    /// Made when the query runs, from the keyring that it runs with.
    binds: OnceLock<Vec<Bind>>,
}

enum Bind {
    Text(Hidden<String>),
    Bytes(Hidden<Vec<u8>>),
}

impl<C, T> Matches<C, T> {
    pub(super) fn new(column: C, terms: Result<Vec<T>, Error>, any: bool) -> Self {
        Self { column, terms, any, binds: OnceLock::new() }
    }
}

impl<C, T: Term> Matches<C, T> {
    fn binds(&self) -> Result<&[Bind], Error> {
        if let Some(binds) = self.binds.get() {
            return Ok(binds);
        }
        let terms = self.terms.as_ref().map_err(Clone::clone)?;
        let binds = with_current(|keyring| {
            let mut binds = Vec::new();
            for term in terms {
                binds.extend(term.stored(keyring)?.into_iter().map(|stored| match stored {
                    Sealed::Text(envelope) => Bind::Text(Hidden(envelope)),
                    Sealed::Bytes(bytes) => Bind::Bytes(Hidden(bytes)),
                }));
            }
            Ok(binds)
        })?;
        Ok(self.binds.get_or_init(|| binds))
    }
}

/// The clone has not run yet, and looks up the keyring when it does.
impl<C: Clone, T: Clone> Clone for Matches<C, T> {
    fn clone(&self) -> Self {
        Self::new(self.column.clone(), self.terms.clone(), self.any)
    }
}

impl<C, T, DB> QueryFragment<DB> for Matches<C, T>
where
    DB: Backend,
    C: QueryFragment<DB>,
    T: Term,
    String: ToSql<Text, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // The statement of `matches` depends on nothing but the number of keys.
        if self.any {
            pass.unsafe_to_cache_prepared();
        }
        let binds = self.binds().map_err(|error| DieselError::QueryBuilderError(Box::new(error)))?;
        if binds.is_empty() {
            pass.push_sql("1=0");
            return Ok(());
        }
        pass.push_sql("(");
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" IN (");
        for (position, bind) in binds.iter().enumerate() {
            if position > 0 {
                pass.push_sql(", ");
            }
            match bind {
                Bind::Text(text) => pass.push_bind_param::<Text, _>(text)?,
                Bind::Bytes(bytes) => pass.push_bind_param::<Binary, _>(bytes)?,
            }
        }
        pass.push_sql("))");
        Ok(())
    }
}

impl<C, T> Expression for Matches<C, T>
where
    C: Expression<SqlType: SqlType>,
    IsSqlTypeNullable<C::SqlType>: MaybeNullableType<Bool>,
{
    type SqlType = MaybeNullable<IsSqlTypeNullable<C::SqlType>, Bool>;
}

/// The statement depends on the number of keys, which may change.
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
