//! The statement that writes the changes of a batch.

use std::ops::Range;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use super::bind::{Keys, StoredColumn, Values};
use super::list::{List, Listed, Lists};
use super::row_key::RowKey;
use super::statement::{Binds, and_filter, compared, key_of_t, of_t, statement};
use super::table::Table;
use super::template::compare;

/// The new values of rows, and the old ones that they replace.
pub(in crate::maintenance) struct Changes {
    pub(in crate::maintenance) rows: Vec<RowKey>,
    pub(in crate::maintenance) keys: Vec<Keys>,
    pub(in crate::maintenance) old: Vec<Values>,
    pub(in crate::maintenance) new: Vec<Values>,
    /// The primary keys that the rows are given, if a column of it is written.
    pub(in crate::maintenance) moved: Option<Moved>,
}

/// Primary keys that rows are given.
pub(in crate::maintenance) struct Moved {
    pub(in crate::maintenance) rows: Vec<RowKey>,
    pub(in crate::maintenance) keys: Vec<Keys>,
}

pub(in crate::maintenance) struct Update<DB: Backend> {
    pub(in crate::maintenance) table: Arc<Table<DB>>,
    /// The columns that are written.
    pub(in crate::maintenance) written: Vec<StoredColumn>,
    /// The columns that must not have changed.
    pub(in crate::maintenance) compared: Vec<StoredColumn>,
    pub(in crate::maintenance) changes: Arc<Changes>,
    /// Which of the changes.
    pub(in crate::maintenance) range: Range<usize>,
    /// Whether it writes as many rows as most statements do, so that the database should cache it.
    pub(in crate::maintenance) full: bool,
}

impl<DB: Lists> QueryFragment<DB> for Update<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(DB::UPDATE);
        self.table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(" AS t SET ");
        let Changes { rows: _, keys, old, new, moved: _ } = &*self.changes;
        if self.range.len() == 1 {
            let row = self.range.start;
            self.assignments(&mut pass, |pass, position| match self.written[position].elements() {
                Some(_) => DB::array(pass, &new[position], row),
                None => DB::value(pass, &new[position], row),
            })?;
            pass.push_sql(" WHERE ");
            return self.conditions(
                &mut pass,
                |pass, position| DB::key(pass, &keys[position], row),
                |pass, position| DB::value(pass, &old[position], row),
            );
        }
        let named = |first: usize| {
            move |pass: &mut AstPass<'_, 'b, DB>, position: usize| {
                pass.push_sql(&format!("n.column{}", first + position + 1));
                Ok(())
            }
        };
        self.assignments(&mut pass, named(keys.len() + old.len()))?;
        pass.push_sql(" FROM ");
        let values = old.iter().chain(new).map(Listed::Value);
        let list =
            List { columns: keys.iter().map(Listed::Key).chain(values).collect(), rows: self.range.clone() };
        if !self.full {
            list.changes_with_each_batch(&mut pass);
        }
        DB::list(&mut pass, &list)?;
        pass.push_sql(" WHERE ");
        self.conditions(&mut pass, named(0), named(keys.len()))
    }
}

impl<DB: Binds> Update<DB> {
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
        &'b self,
        pass: &mut AstPass<'_, 'b, DB>,
        key: impl Fn(&mut AstPass<'_, 'b, DB>, usize) -> QueryResult<()>,
        old: impl Fn(&mut AstPass<'_, 'b, DB>, usize) -> QueryResult<()>,
    ) -> QueryResult<()> {
        for (position, column) in self.table.key.iter().enumerate() {
            pass.push_sql(if position > 0 { " AND " } else { "" });
            let equal = &column.form.operators.equal;
            compare(pass, equal, |pass| key_of_t(pass, column), |pass| key(pass, position))?;
        }
        for (position, column) in self.compared.iter().enumerate() {
            pass.push_sql(" AND ");
            self.same(pass, *column, |pass| old(pass, position))?;
        }
        and_filter(pass, &self.table)
    }

    /// Equality in which NULL equals NULL.
    fn same<'b>(
        &self,
        pass: &mut AstPass<'_, 'b, DB>,
        column: StoredColumn,
        old: impl Fn(&mut AstPass<'_, 'b, DB>) -> QueryResult<()>,
    ) -> QueryResult<()> {
        if let Some(same) = DB::SAME {
            compared(pass, &self.table, column)?;
            pass.push_sql(same);
            return old(pass);
        }
        pass.push_sql("(");
        compared(pass, &self.table, column)?;
        pass.push_sql(DB::EQUAL);
        old(pass)?;
        pass.push_sql(" OR ");
        of_t(pass, column.name)?;
        pass.push_sql(" IS NULL AND ");
        old(pass)?;
        pass.push_sql(" IS NULL)");
        Ok(())
    }
}

statement!(Update);
