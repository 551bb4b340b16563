//! One batch: read, work, write.

use std::ops::Range;
use std::sync::Arc;

use diesel::associations::HasTable;
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::query_source::QuerySource;
use diesel::result::{DatabaseErrorKind, Error as DieselError, QueryResult};

use super::batch::{BadRow, Batch, Problem};
use super::bind::{Bytes, KeyValue, Stored, StoredColumn};
use super::connection::WalkConnection;
use super::dialect::Dialect;
use super::row_key::{KeyColumn, KeyColumns, RowKey};
use super::select::Select;
use super::update::{Change, Update};

/// A table, and how its rows are told apart.
pub(super) struct Table<DB: Backend> {
    pub(super) name: Box<dyn QueryFragment<DB> + Send + Sync>,
    pub(super) key: Vec<KeyColumn>,
}

/// A column whose table can be walked through.
#[doc(hidden)]
pub trait TableOf<DB: Backend> {
    fn table() -> Table<DB>;
}

impl<C, T, K, F, DB> TableOf<DB> for C
where
    C: Column<Table = T>,
    T: HasTable<Table = T> + diesel::Table<PrimaryKey = K> + QuerySource<FromClause = F>,
    K: Expression + KeyColumns<K::SqlType>,
    F: QueryFragment<DB> + Send + Sync + 'static,
    DB: Backend,
{
    fn table() -> Table<DB> {
        Table { name: Box::new(T::table().from_clause()), key: K::key_columns() }
    }
}

/// What is to become of a row: nothing, what is written, or why that cannot be.
pub(super) type Outcome = Option<Result<Vec<Stored>, Problem>>;

/// Which columns of which rows.
pub(super) struct Walk<'a> {
    pub(super) read: &'a [StoredColumn],
    pub(super) written: &'a [StoredColumn],
    /// What must be as it was read when the row is written: the first of `read`.
    pub(super) compared: &'a [StoredColumn],
    /// Values of the first column that begin so are passed over, and then NULL is, too.
    pub(super) other_than: &'a [Vec<u8>],
    pub(super) after: Option<&'a RowKey>,
    pub(super) limit: usize,
}

impl<DB: Dialect> Table<DB> {
    /// Reads a batch, works on each row, and writes what has become of it.
    ///
    /// A row that is changed by someone else in between is left as it is: where the database can, rows are
    /// locked, and everywhere the statement that writes compares what it replaces.
    pub(super) fn walk<Conn>(
        self: &Arc<Self>,
        connection: &mut Conn,
        walk: &Walk<'_>,
        work: impl Fn(&[Bytes]) -> QueryResult<Outcome>,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        if DB::LOCK.is_some() && !walk.written.is_empty() {
            connection.transaction(|connection| self.batch(connection, walk, &work))
        } else {
            self.batch(connection, walk, &work)
        }
    }

    fn batch<Conn>(
        self: &Arc<Self>,
        connection: &mut Conn,
        walk: &Walk<'_>,
        work: &impl Fn(&[Bytes]) -> QueryResult<Outcome>,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let as_bytes = DB::TO_BYTES.is_some();
        let compared = |column: &StoredColumn, value: Bytes| Stored::compared(*column, value, as_bytes);
        let other_than: Vec<_> = match walk.read {
            [first, ..] => {
                walk.other_than.iter().map(|prefix| compared(first, Some(prefix.clone()))).collect()
            }
            [] => Vec::new(),
        };
        let after = walk.after.map_or(Ok(Vec::new()), |row| KeyValue::parse(&self.key, row))?;
        let rows = connection.read(Select {
            table: Arc::clone(self),
            columns: walk.read.to_vec(),
            other_than,
            after,
            limit: walk.limit,
            lock: !walk.written.is_empty(),
        })?;

        let mut batch = Batch { read: rows.len(), ..Batch::default() };
        if rows.len() == walk.limit {
            batch.last = rows.last().map(|row| row.key.clone());
        }
        let mut changes = Vec::with_capacity(rows.len());
        for row in rows {
            match work(&row.stored)? {
                None => {}
                Some(Err(problem)) => batch.bad.push(BadRow { key: row.key, problem }),
                Some(Ok(new)) => {
                    let key = KeyValue::parse(&self.key, &row.key)?;
                    let old = walk.compared.iter().zip(row.stored).map(|(column, old)| compared(column, old));
                    changes.push(Change { row: row.key, key, new, old: old.collect() });
                }
            }
        }
        self.write(connection, walk, changes, &mut batch)?;
        Ok(batch)
    }

    fn write<Conn>(
        self: &Arc<Self>,
        connection: &mut Conn,
        walk: &Walk<'_>,
        changes: Vec<Change>,
        batch: &mut Batch,
    ) -> QueryResult<()>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        if changes.is_empty() {
            return Ok(());
        }
        let changes = Arc::new(changes);
        let rows = DB::ROWS.min(walk.limit);
        let update = |connection: &mut Conn, range: Range<usize>| {
            let update = Update {
                table: Arc::clone(self),
                written: walk.written.to_vec(),
                compared: walk.compared.to_vec(),
                changes: Arc::clone(&changes),
                full: range.len() == rows || range.len() == 1,
                range,
            };
            if DB::FAILURE_ENDS_TRANSACTION {
                connection.transaction(|connection| connection.write(update)) // within the batch's: a savepoint
            } else {
                connection.write(update)
            }
        };
        for first in (0..changes.len()).step_by(rows) {
            let range = first..changes.len().min(first + rows);
            match update(connection, range.clone()) {
                Ok(written) => batch.written += written,
                // Then each by itself, to see which it is.
                Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                    for position in range {
                        match update(connection, position..position + 1) {
                            Ok(written) => batch.written += written,
                            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                                let key = changes[position].row.clone();
                                batch.bad.push(BadRow { key, problem: Problem::NotUnique });
                            }
                            Err(error) => return Err(error),
                        }
                    }
                }
                Err(error) => return Err(error),
            }
        }
        let not_unique = batch.bad.iter().filter(|row| row.problem == Problem::NotUnique).count();
        batch.missed = changes.len() - batch.written - not_unique;
        Ok(())
    }
}
