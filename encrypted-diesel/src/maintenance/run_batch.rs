//! One batch: read, work, write.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::TransactionManager;
use diesel::result::{DatabaseErrorKind, Error as DieselError, QueryResult};

use super::batch::{BadRow, Batch, Problem};
use super::cursor::Cursor;
use super::failure::{hide_plaintext, is_transient, may_be_one_row};
use super::sql::bind::{Bytes, Keys, StoredColumn, Values};
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::row::Row;
use super::sql::row_key::RowKey;
use super::sql::select::Select;
use super::sql::table::Table;
use super::sql::update::{Changes, Update};
use super::task::{Plan, Task};
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
    /// How often the batch is started again after a deadlock or a serialization failure.
    pub(super) retries: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { limit: 1_000, lock: false, dry_run: false, retries: 5 }
    }
}

/// Runs the next batch, with one keyring from its first row to its last; `None` at the end of the table. Once
/// `is_stopped` returns true, nothing is retried.
pub(super) fn run_batch<DB, Conn>(
    table: &Arc<Table<DB>>,
    task: &dyn Task,
    connection: &mut Conn,
    cursor: &Cursor,
    settings: &Settings,
    is_stopped: &dyn Fn() -> bool,
) -> QueryResult<Option<Batch>>
where
    DB: Dialect,
    Conn: WalkConnection<Backend = DB>,
{
    let keyring = with_current(|keyring| Ok(keyring.clone())).map_err(query_error)?;
    let plan = task.plan(&keyring).map_err(query_error)?;
    let run = BatchRun { table, task, keyring: &keyring, plan: &plan, settings: *settings };
    let in_transaction = DB::LOCK.is_some() && task.writes() && !settings.dry_run;
    let batch = run.with_retries(connection, cursor, in_transaction, is_stopped);
    if task.writes_plaintext() { hide_plaintext(batch) } else { batch }
}

/// The plan of a task, with the current keyring.
pub(super) fn plan(task: &dyn Task) -> QueryResult<Plan> {
    with_current(|keyring| task.plan(keyring)).map_err(query_error)
}

fn query_error(error: Error) -> DieselError {
    DieselError::QueryBuilderError(Box::new(error))
}

struct BatchRun<'a, DB: Dialect> {
    table: &'a Arc<Table<DB>>,
    task: &'a dyn Task,
    keyring: &'a Keyring,
    plan: &'a Plan,
    settings: Settings,
}

impl<DB: Dialect> BatchRun<'_, DB> {
    fn with_retries<Conn>(
        &self,
        connection: &mut Conn,
        cursor: &Cursor,
        in_transaction: bool,
        is_stopped: &dyn Fn() -> bool,
    ) -> QueryResult<Option<Batch>>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        // A transaction of the caller's is lost with ours.
        let status = Conn::TransactionManager::transaction_manager_status_mut(connection);
        let retries = match status.transaction_depth()? {
            None => self.settings.retries,
            Some(_) => 0,
        };
        // Where this batch began, once it was read and the shared cursor has moved on.
        let mut began = None;
        let mut retry = 0;
        loop {
            let own = began.take().map(|after: Option<RowKey>| Cursor::after(after.as_ref()));
            let cursor = own.as_ref().unwrap_or(cursor);
            let done = if in_transaction {
                connection.transaction(|connection| self.run(connection, cursor, &mut began))
            } else {
                self.run(connection, cursor, &mut began)
            };
            match done {
                Err(error) if retry < retries && is_transient(&error) && !is_stopped() => {
                    std::thread::sleep(Duration::from_millis(100 << retry.min(6)));
                    retry += 1;
                }
                // Rows that appeared meanwhile may have pushed others out of it, which the cursor has already passed.
                done => return Ok(done?.map(|batch| Batch { retried: retry > 0, ..batch })),
            }
        }
    }

    /// A row that somebody else changes in between is left as it is: the statement that writes compares what it
    /// replaces.
    fn run<Conn>(
        &self,
        connection: &mut Conn,
        cursor: &Cursor,
        began: &mut Option<Option<RowKey>>,
    ) -> QueryResult<Option<Batch>>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let Some((rows, last)) = self.read(connection, cursor, began)? else { return Ok(None) };
        let mut batch = Batch { read: rows.len(), last, ..Batch::default() };
        let changes = self.work(rows, &mut batch)?;
        match changes.rows.len() {
            0 => {}
            count if self.settings.dry_run => batch.written = count,
            _ => self.write(connection, &Arc::new(changes), &mut batch)?,
        }
        Ok(Some(batch))
    }

    fn read<Conn>(
        &self,
        connection: &mut Conn,
        cursor: &Cursor,
        began: &mut Option<Option<RowKey>>,
    ) -> QueryResult<Option<(Vec<Row>, Option<RowKey>)>>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let Settings { limit, lock, .. } = self.settings;
        cursor.advance(|after| {
            let select = Select::new(self.table, &self.plan.read, &self.plan.which, after, limit, lock)?;
            let rows = connection.read(select)?;
            *began = Some(after.cloned());
            let last = if rows.len() < limit { None } else { rows.last().map(|row| row.key.clone()) };
            Ok((rows, last))
        })
    }

    /// Works on each row.
    fn work(&self, rows: Vec<Row>, batch: &mut Batch) -> QueryResult<Changes> {
        let Plan { written, compared, .. } = self.plan;
        let mut changed = Vec::with_capacity(rows.len());
        let mut old: Vec<_> = compared.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        let mut new: Vec<_> = written.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            match self.task.work(self.keyring, &row.stored) {
                Ok(None) => {}
                Err(problem) => batch.bad.push(BadRow { key: row.key, problem }),
                Ok(Some(values)) => {
                    changed.push(row.key);
                    new.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
                    old.iter_mut().zip(row.stored).for_each(|(column, value)| column.push(value));
                }
            }
        }
        Ok(Changes {
            keys: Keys::new(&self.table.key, changed.iter())?,
            rows: changed,
            old: values(compared, old, DB::TO_BYTES.is_some()),
            new: values(written, new, false),
        })
    }

    fn write<Conn>(&self, connection: &mut Conn, changes: &Arc<Changes>, batch: &mut Batch) -> QueryResult<()>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let rows = DB::ROWS.min(self.settings.limit);
        let count = changes.rows.len();
        for first in (0..count).step_by(rows) {
            let range = first..count.min(first.saturating_add(rows));
            match self.update(connection, changes, range.clone()) {
                Ok(written) => batch.written += written,
                // Then row by row, to see which one it is.
                Err(DieselError::DatabaseError(kind, information)) if may_be_one_row(kind, &*information) => {
                    for position in range {
                        self.write_one(connection, changes, position, batch)?;
                    }
                }
                Err(error) => return Err(error),
            }
        }
        let is_refused = |row: &&BadRow| matches!(row.problem, Problem::NotUnique | Problem::Refused(_));
        batch.missed = count - batch.written - batch.bad.iter().filter(is_refused).count();
        Ok(())
    }

    fn write_one<Conn>(
        &self,
        connection: &mut Conn,
        changes: &Arc<Changes>,
        position: usize,
        batch: &mut Batch,
    ) -> QueryResult<()>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let problem = match self.update(connection, changes, position..position + 1) {
            Ok(written) => {
                batch.written += written;
                return Ok(());
            }
            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Problem::NotUnique,
            Err(DieselError::DatabaseError(kind, information)) if may_be_one_row(kind, &*information) => {
                Problem::Refused(information.message().to_owned())
            }
            Err(error) => return Err(error),
        };
        batch.bad.push(BadRow { key: changes.rows[position].clone(), problem });
        Ok(())
    }

    fn update<Conn>(
        &self,
        connection: &mut Conn,
        changes: &Arc<Changes>,
        range: Range<usize>,
    ) -> QueryResult<usize>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let update = Update {
            table: Arc::clone(self.table),
            written: self.plan.written.clone(),
            compared: self.plan.compared.clone(),
            changes: Arc::clone(changes),
            full: range.len() == DB::ROWS.min(self.settings.limit),
            range,
        };
        if DB::FAILURE_ENDS_TRANSACTION {
            connection.transaction(|connection| connection.write(update)) // inside the batch's: a savepoint
        } else {
            connection.write(update)
        }
    }
}

/// The values of each column, as they are bound.
fn values(columns: &[StoredColumn], values: Vec<Vec<Bytes>>, as_bytes: bool) -> Vec<Values> {
    let columns = columns.iter().zip(values);
    columns.map(|(column, values)| Values::new(column.bound_as(as_bytes), values.into_iter())).collect()
}
