//! Reading a batch, in the order of the primary key.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::row::Field as _;
use diesel::sql_types::{Binary, Untyped};

use super::bind::{Bytes, Keys, StoredColumn, Values};
use super::row_key::{KeyColumn, KeyKind, RowKey};
use super::statement::{Binds, begins, of_t, read, statement};
use super::table::Table;

/// A row, as the database has it.
pub(super) struct Row {
    pub(super) key: RowKey,
    pub(super) stored: Vec<Bytes>,
}

/// All that was selected: the primary key as text, then the columns.
pub(super) struct RawRow(Vec<Bytes>);

impl RawRow {
    pub(super) fn from_row<'a, DB: Backend>(row: &impl diesel::row::Row<'a, DB>) -> deserialize::Result<Self>
    where
        Vec<u8>: FromSql<Binary, DB>,
    {
        let value = |column| match row.get(column) {
            Some(field) => field.value().map(Vec::<u8>::from_sql).transpose(),
            None => Ok(None),
        };
        (0..row.field_count()).map(value).collect::<Result<_, _>>().map(Self)
    }
}

impl Row {
    pub(super) fn new(RawRow(mut columns): RawRow, keys: usize) -> QueryResult<Self> {
        let stored = columns.split_off(keys.min(columns.len()));
        // A part of a primary key is not NULL.
        let text = |part: Bytes| String::from_utf8(part.unwrap_or_default());
        let key = columns.into_iter().map(text).collect::<Result<_, _>>();
        let key = key.map_err(|error| DieselError::DeserializationError(error.into()))?;
        Ok(Self { key: RowKey(key), stored })
    }
}

/// Which rows are read.
pub(super) enum Rows {
    All,
    /// Those in which the first column is not NULL, and begins with none of these.
    BeginningOtherwise(Values),
    /// Those in which the first column begins with one of these.
    BeginningWith(Values),
    /// Those in which the first column is not NULL, and the second is.
    ToFill,
}

pub(super) struct Select<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    pub(super) columns: Vec<StoredColumn>,
    pub(super) rows: Arc<Rows>,
    /// The row behind which they are: a value for each part of the primary key, or none.
    pub(super) after: Vec<Keys>,
    pub(super) limit: usize,
    pub(super) lock: bool,
}

impl<DB: Binds> QueryFragment<DB> for Select<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT ");
        for (position, KeyColumn { name, kind }) in self.table.key.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            let (before, behind) = match kind {
                KeyKind::Bytes => DB::TO_HEX,
                KeyKind::Integer | KeyKind::Text | KeyKind::Uuid => DB::TO_TEXT,
            };
            pass.push_sql(before);
            of_t(&mut pass, name)?;
            pass.push_sql(behind);
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
        match (&*self.rows, &self.columns[..]) {
            (Rows::BeginningOtherwise(beginnings), [column, ..]) => {
                is(pass, column, " IS NOT NULL")?;
                (0..beginnings.len()).try_for_each(|position| {
                    // Of no bytes SQLite takes NULL for a part.
                    pass.push_sql(" AND (");
                    begins(pass, *column, beginnings, position)?;
                    pass.push_sql(") IS NOT TRUE");
                    Ok(())
                })
            }
            (Rows::BeginningWith(beginnings), [column, ..]) => {
                pass.push_sql(" AND (1=0");
                (0..beginnings.len()).try_for_each(|position| {
                    pass.push_sql(" OR ");
                    begins(pass, *column, beginnings, position)
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

impl<DB: Backend> Query for Select<DB> {
    type SqlType = Untyped;
}

statement!(Select);
