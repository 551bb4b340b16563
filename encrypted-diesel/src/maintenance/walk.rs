//! Reading a table a batch at a time, in the order of its primary key, and writing what has changed.

use std::ops::Range;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::connection::LoadConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::{ExecuteDsl, LoadQuery};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::bind::{Bytes, KeyValue, Stored, StoredColumn};
use super::dialect::Dialect;
use super::row_key::{KeyColumn, KeyKind, RowKey};
use super::status::{Count, CountByKey};
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
type RawRow = (
    (Option<String>, Option<String>, Option<String>, Option<String>),
    (Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes),
);

/// A connection of Diesel's to a database whose tables can be walked through.
///
/// Implemented for all of them, a pool's and diesel-async's `AsyncConnectionWrapper` among them.
pub trait WalkConnection: Connection<Backend: Dialect> {
    #[doc(hidden)]
    fn read(&mut self, select: Select<Self::Backend>) -> QueryResult<Vec<Row>>;

    #[doc(hidden)]
    fn write(&mut self, update: Update<Self::Backend>) -> QueryResult<usize>;

    #[doc(hidden)]
    fn count(&mut self, count: CountByKey<Self::Backend>) -> QueryResult<Vec<Count>>;
}

impl<Conn, DB> WalkConnection for Conn
where
    DB: Dialect + 'static,
    Conn: Connection<Backend = DB> + LoadConnection,
    for<'query> Select<DB>: LoadQuery<'query, Conn, RawRow>,
    Update<DB>: ExecuteDsl<Conn, DB>,
    for<'query> CountByKey<DB>: LoadQuery<'query, Conn, Count>,
{
    fn read(&mut self, select: Select<DB>) -> QueryResult<Vec<Row>> {
        let (keys, columns) = (select.table.key.len(), select.columns.len());
        let rows: Vec<RawRow> = select.load(self)?;
        Ok(rows.into_iter().map(|row| Row::new(row, keys, columns)).collect())
    }

    fn write(&mut self, update: Update<DB>) -> QueryResult<usize> {
        update.execute(self)
    }

    fn count(&mut self, count: CountByKey<DB>) -> QueryResult<Vec<Count>> {
        count.load(self)
    }
}

/// A row, as the database has it.
pub(super) struct Row {
    pub(super) key: RowKey,
    pub(super) stored: Vec<Bytes>,
}

impl Row {
    fn new((keys, columns): RawRow, key_len: usize, column_len: usize) -> Self {
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

/// What `Select` and `Update` bind.
pub(super) trait Binds: Dialect {
    fn key<'b>(pass: &mut AstPass<'_, 'b, Self>, value: &'b KeyValue) -> QueryResult<()>;
    fn stored<'b>(pass: &mut AstPass<'_, 'b, Self>, value: &'b Stored) -> QueryResult<()>;

    /// A column in a comparison.
    fn column(pass: &mut AstPass<'_, '_, Self>, column: StoredColumn) -> QueryResult<()> {
        let (before, behind) = Self::TO_BYTES.unwrap_or_default();
        pass.push_sql(before);
        of_t(pass, column.name)?;
        pass.push_sql(behind);
        Ok(())
    }
}

/// A column of the table, which each statement names `t`: what is selected may have the column's own name.
pub(super) fn of_t<DB: Backend>(pass: &mut AstPass<'_, '_, DB>, column: &str) -> QueryResult<()> {
    pass.push_sql("t.");
    pass.push_identifier(column)
}

impl<DB> Binds for DB
where
    DB: Dialect,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn key<'b>(pass: &mut AstPass<'_, 'b, DB>, value: &'b KeyValue) -> QueryResult<()> {
        match value {
            KeyValue::Integer(number) => pass.push_bind_param::<BigInt, _>(number),
            KeyValue::Text(text) => pass.push_bind_param::<Text, _>(text),
            KeyValue::Bytes(bytes) => pass.push_bind_param::<Binary, _>(bytes),
            KeyValue::Uuid(text) => {
                pass.push_sql("CAST(");
                pass.push_bind_param::<Text, _>(text)?;
                pass.push_sql(" AS uuid)");
                Ok(())
            }
        }
    }

    fn stored<'b>(pass: &mut AstPass<'_, 'b, DB>, value: &'b Stored) -> QueryResult<()> {
        match value {
            Stored::Text(text) => pass.push_bind_param::<Nullable<Text>, _>(text),
            Stored::Bytes(bytes) => pass.push_bind_param::<Nullable<Binary>, _>(bytes),
        }
    }
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

/// The columns are in the statement, and not in the type.
macro_rules! statement {
    ($name:ident) => {
        impl<DB: Backend> QueryId for $name<DB> {
            type QueryId = ();

            const HAS_STATIC_QUERY_ID: bool = false;
        }

        impl<DB: Backend, Conn> RunQueryDsl<Conn> for $name<DB> {}
    };
}

statement!(Select);
statement!(Update);
