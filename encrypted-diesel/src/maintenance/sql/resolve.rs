//! What the catalog says about a table, looked up once for a run.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::sql_types::Untyped;

use super::dialect::Dialect;
use super::row::RawRow;
use super::statement::statement;
use super::table::Table;

/// A backend whose catalog can be asked.
pub(in crate::maintenance) trait Resolve: Dialect {
    /// Whether there is anything to ask.
    const ASKS: bool;

    fn question<'b>(pass: &mut AstPass<'_, 'b, Self>, table: &'b Table<Self>) -> QueryResult<()>;

    /// The table, as statements should name it and its columns.
    ///
    /// # Errors
    ///
    /// If a column is missing, or has a type that has no order or cannot be read exactly.
    fn answer(table: &Table<Self>, rows: Vec<RawRow>) -> QueryResult<Table<Self>>;
}

/// The query that asks the catalog.
pub(in crate::maintenance) struct Question<DB: Backend>(pub(super) Arc<Table<DB>>);

impl<DB: Resolve> QueryFragment<DB> for Question<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        DB::question(&mut pass, &self.0)
    }
}

impl<DB: Backend> Query for Question<DB> {
    type SqlType = Untyped;
}

statement!(Question);

/// Why a table cannot be walked.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn cannot(column: &str, why: &str) -> DieselError {
    DieselError::QueryBuilderError(format!("the column {column} {why}").into())
}
