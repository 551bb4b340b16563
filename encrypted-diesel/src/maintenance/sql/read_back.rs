//! Reading rows that have just been written.

use std::ops::Range;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::Untyped;

use super::bind::{Keys, StoredColumn};
use super::list::{List, Listed, Lists};
use super::statement::{key_of_t, of_t, read, statement};
use super::table::Table;
use super::template::{compare, fill};
use super::update::Changes;

/// Reads columns of the changed rows.
pub(in crate::maintenance) struct ReadBack<DB: Backend> {
    pub(in crate::maintenance) table: Arc<Table<DB>>,
    pub(in crate::maintenance) columns: Vec<StoredColumn>,
    pub(in crate::maintenance) changes: Arc<Changes>,
    /// Whether they are found by the primary key that they were given, not by the one that they had.
    pub(in crate::maintenance) moved: bool,
    /// How rows are locked as they are read.
    pub(in crate::maintenance) lock: &'static str,
    /// Which of the changes.
    pub(in crate::maintenance) range: Range<usize>,
    /// Whether it reads as many rows as most statements do, so that the database should cache it.
    pub(in crate::maintenance) full: bool,
}

impl<DB: Backend> ReadBack<DB> {
    /// Whether what it reads depends on settings of the session: the text of keys does, and no text of other columns is
    /// read.
    pub(super) fn depends_on_settings(&self) -> bool {
        self.table.key.iter().any(|column| column.form.by_settings)
    }

    fn keys(&self) -> &[Keys] {
        match &self.changes.moved {
            Some(moved) if self.moved => &moved.keys,
            _ => &self.changes.keys,
        }
    }
}

impl<DB: Lists> QueryFragment<DB> for ReadBack<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(DB::SELECT);
        for (position, key) in self.table.key.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            fill(&mut pass, &key.form.read, |pass| of_t(pass, key.name))?;
        }
        for column in &self.columns {
            pass.push_sql(", ");
            read(&mut pass, &self.table, *column)?;
        }
        pass.push_sql(" FROM ");
        self.table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(" AS t");
        if !self.full {
            pass.unsafe_to_cache_prepared();
        }
        if DB::ROWS > 1 {
            pass.push_sql(", ");
            let columns = self.keys().iter().map(Listed::Key).collect();
            DB::list(&mut pass, &List { columns, rows: self.range.clone() })?;
            pass.push_sql(" WHERE ");
            self.is_row(&mut pass, |pass, position| {
                pass.push_sql(&format!("n.column{}", position + 1));
                Ok(())
            })?;
        } else {
            for row in self.range.clone() {
                pass.push_sql(if row > self.range.start { " OR " } else { " WHERE " });
                self.is_row(&mut pass, |pass, position| DB::key(pass, &self.keys()[position], row))?;
            }
        }
        pass.push_sql(self.lock);
        Ok(())
    }
}

impl<DB: Lists> ReadBack<DB> {
    fn is_row<'b>(
        &'b self,
        pass: &mut AstPass<'_, 'b, DB>,
        key: impl Fn(&mut AstPass<'_, 'b, DB>, usize) -> QueryResult<()>,
    ) -> QueryResult<()> {
        pass.push_sql("(");
        for (position, column) in self.table.key.iter().enumerate() {
            pass.push_sql(if position > 0 { " AND " } else { "" });
            let equal = &column.form.operators.equal;
            compare(pass, equal, |pass| key_of_t(pass, column), |pass| key(pass, position))?;
        }
        pass.push_sql(")");
        Ok(())
    }
}

impl<DB: Backend> Query for ReadBack<DB> {
    type SqlType = Untyped;
}

statement!(ReadBack);
