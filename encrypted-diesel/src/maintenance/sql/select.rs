//! Reading a batch, in the order of the primary key.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::Untyped;

use super::bind::{Keys, StoredColumn, Values};
use super::dialect::Dialect;
use super::row_key::{KeyColumn, KeyKind, RowKey};
use super::statement::{Binds, has_prefix, of_t, read, statement};
use super::table::Table;
use crate::envelope::Container;

/// Which rows are read.
pub(in crate::maintenance) enum Which {
    All,
    /// Those in which the first column is not NULL, and begins with none of these.
    WithoutPrefix(Vec<Vec<u8>>),
    /// Those in which the first column begins with one of these.
    WithPrefix(Vec<Vec<u8>>),
    /// Those in which the first column is not NULL, and the second is.
    ToFill,
}

enum Rows {
    All,
    WithoutPrefix(Values),
    WithPrefix(Values),
    ToFill,
}

pub(in crate::maintenance) struct Select<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    columns: Vec<StoredColumn>,
    rows: Rows,
    /// The row that they come after: a value for each part of the primary key, or none.
    after: Vec<Keys>,
    limit: usize,
    lock: bool,
}

impl<DB: Dialect> Select<DB> {
    pub(in crate::maintenance) fn new(
        table: &Arc<Table<DB>>,
        columns: &[StoredColumn],
        which: &Which,
        after: Option<&RowKey>,
        limit: usize,
        lock: bool,
    ) -> QueryResult<Self> {
        let prefixes = |prefixes: &Vec<Vec<u8>>| {
            let column = columns.first().copied().unwrap_or_else(|| StoredColumn::new("", Container::Bytes));
            Values::compared::<DB>(column, prefixes.iter().cloned())
        };
        Ok(Self {
            table: Arc::clone(table),
            columns: columns.to_vec(),
            rows: match which {
                Which::All => Rows::All,
                Which::WithoutPrefix(list) => Rows::WithoutPrefix(prefixes(list)),
                Which::WithPrefix(list) => Rows::WithPrefix(prefixes(list)),
                Which::ToFill => Rows::ToFill,
            },
            after: after.map_or(Ok(Vec::new()), |row| Keys::new(&table.key, std::iter::once(row)))?,
            limit,
            lock,
        })
    }
}

impl<DB: Binds> QueryFragment<DB> for Select<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT ");
        for (position, column) in self.table.key.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            read_key(&mut pass, column)?;
        }
        for column in &self.columns {
            pass.push_sql(", ");
            read(&mut pass, *column)?;
        }
        pass.push_sql(" FROM ");
        self.table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(" AS t WHERE 1=1");
        self.which(&mut pass)?;
        // (a, b) > (x, y) in a form in which every database uses the primary key.
        for (position, (column, value)) in self.table.key.iter().zip(&self.after).enumerate() {
            let last = position + 1 == self.after.len();
            pass.push_sql(" AND ");
            if !last {
                of_t(&mut pass, column.name)?;
                pass.push_sql(" >= ");
                DB::key(&mut pass, value, 0)?;
                pass.push_sql(" AND (");
            }
            of_t(&mut pass, column.name)?;
            pass.push_sql(" > ");
            DB::key(&mut pass, value, 0)?;
            if !last {
                pass.push_sql(" OR (1=1");
            }
        }
        for _ in 1..self.after.len() {
            pass.push_sql("))");
        }
        pass.push_sql(" ORDER BY ");
        for (position, column) in self.table.key.iter().enumerate() {
            if position > 0 {
                pass.push_sql(", ");
            }
            of_t(&mut pass, column.name)?;
        }
        pass.push_sql(&format!(" LIMIT {}", self.limit));
        if self.lock {
            pass.push_sql(DB::LOCK.unwrap_or_default());
        }
        Ok(())
    }
}

impl<DB: Binds> Select<DB> {
    fn which<'b>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let is = |pass: &mut AstPass<'_, 'b, DB>, column: &StoredColumn, null| {
            pass.push_sql(" AND ");
            of_t(pass, column.name)?;
            pass.push_sql(null);
            Ok(())
        };
        match (&self.rows, &self.columns[..]) {
            (Rows::WithoutPrefix(prefixes), [column, ..]) => {
                is(pass, column, " IS NOT NULL")?;
                (0..prefixes.len()).try_for_each(|position| {
                    // SQLite's substr of an empty blob is NULL.
                    pass.push_sql(" AND (");
                    has_prefix(pass, *column, prefixes, position)?;
                    pass.push_sql(") IS NOT TRUE");
                    Ok(())
                })
            }
            (Rows::WithPrefix(prefixes), [column, ..]) => {
                pass.push_sql(" AND (1=0");
                (0..prefixes.len()).try_for_each(|position| {
                    pass.push_sql(" OR ");
                    has_prefix(pass, *column, prefixes, position)
                })?;
                pass.push_sql(")");
                Ok(())
            }
            (Rows::ToFill, [from, column, ..]) => {
                is(pass, from, " IS NOT NULL")?;
                is(pass, column, " IS NULL")
            }
            _ => Ok(()),
        }
    }
}

/// Reads a part of the primary key as text.
pub(super) fn read_key<DB: Dialect>(pass: &mut AstPass<'_, '_, DB>, column: &KeyColumn) -> QueryResult<()> {
    let KeyColumn { name, kind } = column;
    let (before, after) = match kind {
        KeyKind::Bytes => DB::TO_HEX,
        KeyKind::Integer | KeyKind::Text | KeyKind::Uuid => DB::TO_TEXT,
    };
    pass.push_sql(before);
    of_t(pass, name)?;
    pass.push_sql(after);
    Ok(())
}

impl<DB: Backend> Query for Select<DB> {
    type SqlType = Untyped;
}

statement!(Select);
