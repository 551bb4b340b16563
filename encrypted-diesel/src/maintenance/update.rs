//! Writing what a batch has changed.

use std::ops::Range;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use super::bind::{KeyValue, Stored, StoredColumn};
use super::row_key::RowKey;
use super::statement::{Binds, of_t, statement};
use super::table::Table;

/// What is written into a row, if its values are still those that were read.
pub(super) struct Change {
    pub(super) row: RowKey,
    pub(super) key: Vec<KeyValue>,
    pub(super) new: Vec<Stored>,
    pub(super) old: Vec<Stored>,
}

pub(super) struct Update<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    /// What is written.
    pub(super) written: Vec<StoredColumn>,
    /// What must not have changed.
    pub(super) compared: Vec<StoredColumn>,
    pub(super) changes: Arc<Vec<Change>>,
    /// Which of the changes.
    pub(super) range: Range<usize>,
    /// Whether these are as many as in most statements, so that the database should keep this one.
    pub(super) full: bool,
}

impl<DB: Binds> QueryFragment<DB> for Update<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if !self.full {
            pass.unsafe_to_cache_prepared();
        }
        pass.push_sql("UPDATE ");
        self.table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(" AS t SET ");
        let changes = &self.changes[self.range.clone()];
        match changes {
            [change] => self.one(&mut pass, change),
            changes => self.several(&mut pass, changes),
        }
    }
}

impl<DB: Binds> Update<DB> {
    fn one<'b>(&'b self, pass: &mut AstPass<'_, 'b, DB>, change: &'b Change) -> QueryResult<()> {
        self.assignments(pass, |pass, position| DB::stored(pass, &change.new[position]))?;
        pass.push_sql(" WHERE ");
        self.conditions(
            pass,
            |pass, position| DB::key(pass, &change.key[position]),
            |pass, position| DB::stored(pass, &change.old[position]),
        )
    }

    /// Each change is a row `n` of the columns `column1`, `column2` and so on, as SQLite and PostgreSQL name
    /// them: the primary key, what is compared, what is written.
    fn several<'b>(&'b self, pass: &mut AstPass<'_, 'b, DB>, changes: &'b [Change]) -> QueryResult<()> {
        let named = |first: usize| {
            move |pass: &mut AstPass<'_, 'b, DB>, position: usize| {
                pass.push_sql(&format!("n.column{}", first + position + 1));
                Ok(())
            }
        };
        let (keys, compared) = (self.table.key.len(), self.compared.len());
        self.assignments(pass, named(keys + compared))?;
        pass.push_sql(" FROM (VALUES ");
        for (row, change) in changes.iter().enumerate() {
            pass.push_sql(if row > 0 { ", (" } else { "(" });
            for (position, value) in change.key.iter().enumerate() {
                pass.push_sql(if position > 0 { ", " } else { "" });
                DB::key(pass, value)?;
            }
            for value in change.old.iter().chain(&change.new) {
                pass.push_sql(", ");
                DB::stored(pass, value)?;
            }
            pass.push_sql(")");
        }
        pass.push_sql(") AS n WHERE ");
        self.conditions(pass, named(0), named(keys))
    }

    fn assignments<'b>(
        &self,
        pass: &mut AstPass<'_, 'b, DB>,
        value: impl Fn(&mut AstPass<'_, 'b, DB>, usize) -> QueryResult<()>,
    ) -> QueryResult<()> {
        for (position, column) in self.written.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            pass.push_identifier(column.name)?;
            pass.push_sql(" = ");
            value(pass, position)?;
        }
        Ok(())
    }

    fn conditions<'b>(
        &self,
        pass: &mut AstPass<'_, 'b, DB>,
        key: impl Fn(&mut AstPass<'_, 'b, DB>, usize) -> QueryResult<()>,
        old: impl Fn(&mut AstPass<'_, 'b, DB>, usize) -> QueryResult<()>,
    ) -> QueryResult<()> {
        for (position, column) in self.table.key.iter().enumerate() {
            pass.push_sql(if position > 0 { " AND " } else { "" });
            of_t(pass, column.name)?;
            pass.push_sql(" = ");
            key(pass, position)?;
        }
        for (position, column) in self.compared.iter().enumerate() {
            pass.push_sql(" AND ");
            DB::column(pass, *column)?;
            pass.push_sql(DB::SAME);
            old(pass, position)?;
        }
        Ok(())
    }
}

statement!(Update);
