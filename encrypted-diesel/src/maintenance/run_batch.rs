//! One batch: read, work, write.

use std::sync::Arc;

use diesel::result::{DatabaseErrorKind, Error as DieselError, QueryResult};

use super::batch::{BadRow, Batch, Problem};
use super::cursor::Cursor;
use super::failure::hide_plaintext;
use super::retries::Retries;
use super::sql::bind::{Bytes, Keys, StoredColumn, Values};
use super::sql::connection::{MOST_BYTES, WalkConnection};
use super::sql::dialect::Dialect;
use super::sql::row::Row;
use super::sql::row_key::RowKey;
use super::sql::select::Select;
use super::sql::table::Table;
use super::sql::transaction::{in_transaction, is_inside};
use super::sql::update::{Changes, Moved};
use super::task::{Plan, Task};
use super::write::Writer;
use crate::error::Error;
use crate::keyring::{Keyring, with_current};

/// How a batch is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// How many rows are read at most.
    pub(super) limit: usize,
    /// Whether rows are locked as they are read, and those that others have locked are skipped.
    pub(super) lock: bool,
    /// Whether nothing is written, and what would be is counted.
    pub(super) dry_run: bool,
    /// Whether the database may change what is written.
    pub(super) may_change: bool,
    /// The longest statement that the server takes, in bytes, if it has a limit.
    pub(super) longest: Option<usize>,
    /// How often the batch is started again after a deadlock or a serialization failure.
    pub(super) retries: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { limit: 1_000, lock: false, dry_run: false, may_change: true, longest: None, retries: 5 }
    }
}

/// Runs the next batch, with one keyring from its first row to its last. Returns false at the end of the table. Once
/// `is_stopped` returns true, nothing is retried.
///
/// If it fails, `batch` has what was written before.
pub(super) fn run_batch<DB, Conn>(
    table: &Arc<Table<DB>>,
    task: &dyn Task,
    connection: &mut Conn,
    cursor: &Cursor,
    settings: &Settings,
    is_stopped: &dyn Fn() -> bool,
    batch: &mut Batch,
) -> QueryResult<bool>
where
    DB: Dialect,
    Conn: WalkConnection<Backend = DB>,
{
    let keyring = Keyring::current().map_err(query_error)?;
    let mut plan = task.plan(&keyring).map_err(query_error)?;
    let is_guarded = settings.may_change && !plan.written.is_empty();
    let guarded = if is_guarded { plan.others(&table.guarded) } else { Vec::new() };
    plan.compared.extend(&guarded);
    // A transaction of the caller's is lost with ours, so nothing is retried inside it.
    let is_outermost = !is_inside(connection)?;
    let retries = Retries { most: if is_outermost { settings.retries } else { 0 }, is_stopped };
    let run = BatchRun {
        table,
        task,
        keyring: &keyring,
        plan: &plan,
        guarded,
        settings: *settings,
        retries,
        is_outermost,
    };
    let done = match settings.lock {
        true => run.under_locks(connection, cursor, batch),
        false => run.without_locks(connection, cursor, batch),
    };
    if task.writes_plaintext() { hide_plaintext(batch, done) } else { done }
}

/// The plan of a task, with the current keyring.
pub(super) fn plan(task: &dyn Task) -> QueryResult<Plan> {
    with_current(|keyring| task.plan(keyring)).map_err(query_error)
}

pub(super) fn query_error(error: Error) -> DieselError {
    DieselError::QueryBuilderError(Box::new(error))
}

struct BatchRun<'a, DB: Dialect> {
    table: &'a Arc<Table<DB>>,
    task: &'a dyn Task,
    keyring: &'a Keyring,
    plan: &'a Plan,
    /// The last of the columns that are compared. They are read after those of the task.
    guarded: Vec<StoredColumn>,
    settings: Settings,
    retries: Retries<'a>,
    /// Whether the caller has no transaction of its own.
    is_outermost: bool,
}

impl<DB: Dialect> BatchRun<'_, DB> {
    /// Reads, then writes in a transaction of its own. A row that somebody else changes in between is left as it is: the
    /// statement that writes compares what it replaces.
    fn without_locks<Conn>(
        &self,
        connection: &mut Conn,
        cursor: &Cursor,
        batch: &mut Batch,
    ) -> QueryResult<bool>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let (read, _) = self.retries.run::<DB, _>(|| cursor.advance(|after| self.read(connection, after)));
        let Some((rows, last)) = read? else { return Ok(false) };
        self.work_and_write(connection, rows, last, self.retries, batch).map(|()| true)
    }

    /// Reads and writes in one transaction, which holds the locks.
    fn under_locks<Conn>(
        &self,
        connection: &mut Conn,
        cursor: &Cursor,
        batch: &mut Batch,
    ) -> QueryResult<bool>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        // Where this batch began, once it was read and the shared cursor has moved on.
        let mut began = None;
        let (done, retried) = self.retries.run::<DB, _>(|| {
            let own = began.take().map(|after: Option<RowKey>| Cursor::after(after.as_ref()));
            let cursor = own.as_ref().unwrap_or(cursor);
            in_transaction(connection, |connection| {
                let read = cursor.advance(|after| {
                    let read = self.read(connection, after)?;
                    began = Some(after.cloned());
                    Ok(read)
                });
                let Some((rows, last)) = read? else { return Ok(None) };
                let mut batch = Batch::default();
                self.work_and_write(connection, rows, last, Retries::NONE, &mut batch)?;
                Ok(Some(batch))
            })
        });
        let done = match done {
            // At a commit, Diesel does not tell all kinds of errors apart. Without locks, the rows show the cause.
            Err(DieselError::DatabaseError(
                DatabaseErrorKind::Unknown | DatabaseErrorKind::SerializationFailure,
                _,
            )) if began.is_some() => {
                let cursor = Cursor::after(began.flatten().as_ref());
                self.without_locks(connection, &cursor, batch)?;
                batch.retried = true;
                return Ok(true);
            }
            done => done?,
        };
        let Some(done) = done else { return Ok(false) };
        // Rows that appeared meanwhile may have pushed others out of it, which the cursor has already passed.
        *batch = Batch { retried: retried > 0, ..done };
        Ok(true)
    }

    /// Reads the rows after a row: as many as the limit and the memory allow, and at least one.
    fn read<Conn>(
        &self,
        connection: &mut Conn,
        after: Option<&RowKey>,
    ) -> QueryResult<(Vec<Row>, Option<RowKey>)>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let columns = [&self.plan.read[..], &self.guarded].concat();
        let select = |limit| {
            let Settings { lock, .. } = self.settings;
            Select::new(self.table, &columns, &self.plan.which, after, limit, lock)
        };
        loop {
            let most = self.settings.limit;
            let (limit, there) = if DB::STREAMS {
                (most, None)
            } else {
                let lengths = connection.measure(select(most)?.lengths())?;
                (fitting(&lengths), Some(lengths.len()))
            };
            let rows = connection.read(select(limit)?)?;
            let is_whole = there.is_none_or(|there| there == limit);
            let is_last = is_whole && there.unwrap_or(rows.len()) < most;
            match rows.last() {
                _ if is_last && rows.iter().map(Row::bytes).sum::<usize>() <= MOST_BYTES => {
                    return Ok((rows, None));
                }
                Some(last) if after == Some(&last.key) => {
                    let message = format!("the key of the row {} does not come after itself", last.key);
                    return Err(DieselError::QueryBuilderError(message.into()));
                }
                Some(last) => {
                    let last = last.key.clone();
                    return Ok((rows, Some(last)));
                }
                // They are gone meanwhile, and others may come after them.
                None => {}
            }
        }
    }

    fn work_and_write<Conn>(
        &self,
        connection: &mut Conn,
        rows: Vec<Row>,
        last: Option<RowKey>,
        retries: Retries<'_>,
        batch: &mut Batch,
    ) -> QueryResult<()>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        *batch = Batch { read: rows.len(), last, ..Batch::default() };
        let changes = self.work(rows, batch)?;
        match changes.rows.len() {
            0 => {}
            count if self.settings.dry_run => batch.written = count,
            _ => {
                let writer = Writer {
                    table: self.table,
                    plan: self.plan,
                    changes: Arc::new(changes),
                    limit: self.settings.limit,
                    retries,
                    is_own_transaction: self.is_outermost,
                    may_change: self.settings.may_change,
                    is_nested: self.settings.lock || !self.is_outermost,
                };
                return writer.write(connection, batch);
            }
        }
        Ok(())
    }

    /// Works on each row.
    fn work(&self, rows: Vec<Row>, batch: &mut Batch) -> QueryResult<Changes> {
        let Plan { written, compared, .. } = self.plan;
        let mut changed = Vec::with_capacity(rows.len());
        let mut old: Vec<_> = compared.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        let mut new: Vec<_> = written.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for mut row in rows {
            let guarded = row.stored.split_off(self.plan.read.len().min(row.stored.len()));
            match self.task.work(self.keyring, &row.stored) {
                Ok(None) => {}
                Err(problem) => batch.bad.push(BadRow { key: row.key, problem }),
                Ok(Some(values)) if self.is_too_long(&row, &values) => {
                    let problem = Problem::Refused("the server takes no statement that long".to_owned());
                    batch.bad.push(BadRow { key: row.key, problem });
                }
                Ok(Some(values)) => {
                    changed.push(row.key);
                    new.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
                    row.stored.truncate(compared.len() - guarded.len());
                    let stored = row.stored.into_iter().chain(guarded);
                    old.iter_mut().zip(stored).for_each(|(column, value)| column.push(value));
                }
            }
        }
        Ok(Changes {
            keys: Keys::new(&self.table.key, changed.iter())?,
            moved: self.moved(&changed, &new)?,
            rows: changed,
            old: values(compared, old, DB::TO_BYTES.is_some()),
            new: values(written, new, false),
        })
    }
}

impl<DB: Dialect> BatchRun<'_, DB> {
    /// The primary keys that rows are given, if a column of it is written.
    fn moved(&self, rows: &[RowKey], new: &[Vec<Bytes>]) -> QueryResult<Option<Moved>> {
        let parts = self.table.key.iter().enumerate();
        let written = parts.filter_map(|(part, key)| {
            let position = self.plan.written.iter().position(|column| column.name == key.name)?;
            Some((part, &new[position]))
        });
        let written: Vec<_> = written.collect();
        if written.is_empty() {
            return Ok(None);
        }
        let mut rows = rows.to_vec();
        for (part, values) in written {
            for (row, value) in rows.iter_mut().zip(values) {
                row.set_part(part, self.table.key[part].kind, value.as_deref().map_or(&[], Vec::as_slice));
            }
        }
        Ok(Some(Moved { keys: Keys::new(&self.table.key, rows.iter())?, rows }))
    }
}

impl<DB: Dialect> BatchRun<'_, DB> {
    /// Whether an update that replaces the row's columns with these values is longer than the server takes.
    fn is_too_long(&self, row: &Row, values: &[Bytes]) -> bool {
        /// More than the words of the statement and the key take.
        const REST: usize = 8 * 1024;

        let new: usize = values.iter().flatten().map(|value| value.len()).sum();
        self.settings.longest.is_some_and(|longest| row.bytes() + new + REST > longest)
    }
}

/// How many rows from the first fit into the memory of a batch: at least one, if there is one.
fn fitting(lengths: &[Vec<u64>]) -> usize {
    let mut bytes = 0_usize;
    let fits = lengths.iter().take_while(|row| {
        bytes = row.iter().fold(bytes, |bytes, length| {
            bytes.saturating_add(usize::try_from(*length).unwrap_or(usize::MAX))
        });
        bytes <= MOST_BYTES
    });
    fits.count().max(1).min(lengths.len())
}

/// The values of each column, as they are bound.
fn values(columns: &[StoredColumn], values: Vec<Vec<Bytes>>, as_bytes: bool) -> Vec<Values> {
    let columns = columns.iter().zip(values);
    columns.map(|(column, values)| Values::new(column.bound_as(as_bytes), values.into_iter())).collect()
}
