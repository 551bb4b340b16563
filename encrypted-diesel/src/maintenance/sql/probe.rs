//! A write that changes nothing.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use super::statement::{of_t, statement};
use super::table::Table;

/// Writes no row of a table: fails only if none can be written.
pub(in crate::maintenance) struct Probe<DB: Backend> {
    pub(in crate::maintenance) table: Arc<Table<DB>>,
    pub(in crate::maintenance) column: &'static str,
}

impl<DB: Backend> QueryFragment<DB> for Probe<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("UPDATE ");
        self.table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(" AS t SET ");
        pass.push_identifier(self.column)?;
        pass.push_sql(" = ");
        of_t(&mut pass, self.column)?;
        pass.push_sql(" WHERE false");
        Ok(())
    }
}

statement!(Probe);
