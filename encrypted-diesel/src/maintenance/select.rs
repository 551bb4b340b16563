//! Reading a batch, in the order of the primary key.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{Binary, Nullable, Text};

use super::bind::{Bytes, KeyValue, Stored, StoredColumn};
use super::row_key::{KeyColumn, KeyKind, RowKey};
use super::statement::{Binds, of_t, statement};
use super::table::Table;

/// At most so many columns are in a primary key.
const KEYS: usize = 4;
/// At most so many are read beside it: the values and indexes of one `Indexed`.
const COLUMNS: usize = 12;

type Key = Nullable<Text>;
type Value = Nullable<Binary>;
type RowSqlType = (
    (Key, Key, Key, Key),
    (Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value, Value),
);
pub(super) type RawRow = (
    (Option<String>, Option<String>, Option<String>, Option<String>),
    (Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes),
);

/// A row, as the database has it.
pub(super) struct Row {
    pub(super) key: RowKey,
    pub(super) stored: Vec<Bytes>,
}

impl Row {
    pub(super) fn new((keys, columns): RawRow, key_len: usize, column_len: usize) -> Self {
        let (k0, k1, k2, k3) = keys;
        let (a, b, c, d, e, f, g, h, i, j, k, l) = columns;
        // A part of a primary key is not NULL.
        let key = [k0, k1, k2, k3].map(Option::unwrap_or_default).into_iter().take(key_len).collect();
        let stored = [a, b, c, d, e, f, g, h, i, j, k, l].into_iter().take(column_len).collect();
        Self { key: RowKey(key), stored }
    }
}

/// Which rows: those in which the first column is not NULL and begins otherwise.
pub(super) struct Select<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    pub(super) columns: Vec<StoredColumn>,
    pub(super) other_than: Vec<Stored>,
    pub(super) after: Vec<KeyValue>,
    pub(super) limit: usize,
    pub(super) lock: bool,
}

impl<DB: Binds> QueryFragment<DB> for Select<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT ");
        for position in 0..KEYS {
            match self.table.key.get(position) {
                None => pass.push_sql("NULL"),
                Some(KeyColumn { name, kind: KeyKind::Bytes }) => {
                    pass.push_sql(DB::TO_HEX.0);
                    of_t(&mut pass, name)?;
                    pass.push_sql(DB::TO_HEX.1);
                }
                Some(KeyColumn { name, .. }) => {
                    pass.push_sql("CAST(");
                    of_t(&mut pass, name)?;
                    pass.push_sql(" AS ");
                    pass.push_sql(DB::TEXT);
                    pass.push_sql(")");
                }
            }
            pass.push_sql(", ");
        }
        for position in 0..COLUMNS {
            match self.columns.get(position) {
                None => pass.push_sql("NULL"),
                Some(column) => of_t(&mut pass, column.name)?,
            }
            pass.push_sql(if position + 1 < COLUMNS { ", " } else { " FROM " });
        }
        self.table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(" AS t WHERE 1=1");
        if let ([column, ..], [_, ..]) = (&self.columns[..], &self.other_than[..]) {
            pass.push_sql(" AND ");
            of_t(&mut pass, column.name)?;
            pass.push_sql(" IS NOT NULL");
            for beginning in &self.other_than {
                pass.push_sql(" AND substr(");
                DB::column(&mut pass, *column)?;
                pass.push_sql(&format!(", 1, {}) <> ", beginning.len()));
                DB::stored(&mut pass, beginning)?;
            }
        }
        // (a, b) > (x, y) in a form in which every database uses the primary key.
        for (position, (column, value)) in self.table.key.iter().zip(&self.after).enumerate() {
            let last = position + 1 == self.after.len();
            pass.push_sql(" AND ");
            if !last {
                of_t(&mut pass, column.name)?;
                pass.push_sql(" >= ");
                DB::key(&mut pass, value)?;
                pass.push_sql(" AND (");
            }
            of_t(&mut pass, column.name)?;
            pass.push_sql(" > ");
            DB::key(&mut pass, value)?;
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

impl<DB: Backend> Query for Select<DB> {
    type SqlType = RowSqlType;
}

statement!(Select);
