//! The longest statement that a server takes.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::BigInt;

use super::dialect::Dialect;
use super::statement::statement;

/// Asks for its length in bytes.
pub(in crate::maintenance) struct Longest<DB>(pub(super) PhantomData<DB>);

impl<DB: Dialect> QueryFragment<DB> for Longest<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(DB::LONGEST.unwrap_or("SELECT 0"));
        Ok(())
    }
}

impl<DB> Query for Longest<DB> {
    type SqlType = BigInt;
}

statement!(Longest);
