//! One batch: read, work, write.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use diesel::associations::HasTable;
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::query_source::QuerySource;
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError, QueryResult};

use super::batch::{BadRow, Batch, Problem};
use super::bind::{Bytes, Keys, StoredColumn, Values};
use super::connection::WalkConnection;
use super::cursor::{Cursor, Step};
use super::dialect::Dialect;
use super::row_key::{KeyColumn, KeyColumns, RowKey};
use super::select::{Rows, Select};
use super::update::{Changes, Update};

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
pub(super) type Outcome = Option<Result<Vec<Bytes>, Problem>>;

/// Which columns of which rows.
pub(super) struct Walk {
    pub(super) rows: Arc<Rows>,
    pub(super) read: Vec<StoredColumn>,
    pub(super) written: Vec<StoredColumn>,
    /// What must be as it was read when the row is written: the first of `read`.
    pub(super) compared: Vec<StoredColumn>,
}

impl Walk {
    pub(super) fn new(
        rows: Rows,
        read: Vec<StoredColumn>,
        written: Vec<StoredColumn>,
        compared: Vec<StoredColumn>,
    ) -> Self {
        Self { rows: Arc::new(rows), read, written, compared }
    }
}

impl<DB: Dialect> Table<DB> {
    /// Reads a batch, works on each row, and writes what has become of it.
    ///
    /// A row that is changed by someone else in between is left as it is: where the database can, rows are
    /// locked, and everywhere the statement that writes compares what it replaces.
    pub(super) fn walk<Conn>(
        self: &Arc<Self>,
        connection: &mut Conn,
        walk: &Walk,
        step: &Step<'_>,
        work: impl Fn(&[Bytes]) -> QueryResult<Outcome>,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let writes = !walk.written.is_empty() && !step.dry_run;
        let step = Step { exclusive: step.exclusive && writes, ..*step };
        // Where this batch began, once it has been read, and the cursor is behind it.
        let mut begun = None;
        let mut retry = 0;
        loop {
            let cursor = begun.take().map(|after: Option<RowKey>| Cursor::after(after.as_ref()));
            let step = Step { cursor: cursor.as_ref().unwrap_or(step.cursor), ..step };
            let done = if DB::LOCK.is_some() && writes {
                connection.transaction(|connection| self.batch(connection, walk, &step, &mut begun, &work))
            } else {
                self.batch(connection, walk, &step, &mut begun, &work)
            };
            match done {
                Err(error) if retry < step.retries && is_transient(&error) => {
                    std::thread::sleep(Duration::from_millis(100 << retry.min(6)));
                    retry += 1;
                }
                done => return done,
            }
        }
    }

    fn batch<Conn>(
        self: &Arc<Self>,
        connection: &mut Conn,
        walk: &Walk,
        step: &Step<'_>,
        begun: &mut Option<Option<RowKey>>,
        work: &impl Fn(&[Bytes]) -> QueryResult<Outcome>,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let read = step.cursor.advance(|after| {
            let rows = connection.read(Select {
                table: Arc::clone(self),
                columns: walk.read.clone(),
                rows: Arc::clone(&walk.rows),
                after: after.map_or(Ok(Vec::new()), |row| Keys::of(&self.key, std::iter::once(row)))?,
                limit: step.limit,
                lock: step.exclusive,
            })?;
            *begun = Some(after.cloned());
            let last = if rows.len() < step.limit { None } else { rows.last().map(|row| row.key.clone()) };
            Ok((rows, last))
        })?;
        let (rows, last) = read.unwrap_or_default();

        let mut batch = Batch { read: rows.len(), last, ..Batch::default() };
        let mut changed = Vec::with_capacity(rows.len());
        let mut old: Vec<_> = walk.compared.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        let mut new: Vec<_> = walk.written.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            match work(&row.stored)? {
                None => {}
                Some(Err(problem)) => batch.bad.push(BadRow { key: row.key, problem }),
                Some(Ok(values)) => {
                    changed.push(row.key);
                    new.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
                    old.iter_mut().zip(row.stored).for_each(|(column, value)| column.push(value));
                }
            }
        }
        if changed.is_empty() {
            return Ok(batch);
        }
        if step.dry_run {
            batch.written = changed.len();
            return Ok(batch);
        }
        let changes = Changes {
            keys: Keys::of(&self.key, changed.iter())?,
            rows: changed,
            old: values(&walk.compared, old, DB::TO_BYTES.is_some()),
            new: values(&walk.written, new, false),
        };
        self.write(connection, walk, Arc::new(changes), step.limit, &mut batch)?;
        Ok(batch)
    }

    fn write<Conn>(
        self: &Arc<Self>,
        connection: &mut Conn,
        walk: &Walk,
        changes: Arc<Changes>,
        limit: usize,
        batch: &mut Batch,
    ) -> QueryResult<()>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let rows = DB::ROWS.min(limit);
        let update = |connection: &mut Conn, range: Range<usize>| {
            let update = Update {
                table: Arc::clone(self),
                written: walk.written.clone(),
                compared: walk.compared.clone(),
                changes: Arc::clone(&changes),
                full: range.len() == rows,
                range,
            };
            if DB::FAILURE_ENDS_TRANSACTION {
                connection.transaction(|connection| connection.write(update)) // within the batch's: a savepoint
            } else {
                connection.write(update)
            }
        };
        let count = changes.rows.len();
        for first in (0..count).step_by(rows) {
            let range = first..count.min(first.saturating_add(rows));
            match update(connection, range.clone()) {
                Ok(written) => batch.written += written,
                // Then each by itself, to see which it is.
                Err(DieselError::DatabaseError(kind, information)) if may_be_one_row(kind, &*information) => {
                    for position in range {
                        let problem = match update(connection, position..position + 1) {
                            Ok(written) => {
                                batch.written += written;
                                continue;
                            }
                            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                                Problem::NotUnique
                            }
                            Err(DieselError::DatabaseError(kind, information))
                                if may_be_one_row(kind, &*information) =>
                            {
                                Problem::Refused(information.message().to_owned())
                            }
                            Err(error) => return Err(error),
                        };
                        batch.bad.push(BadRow { key: changes.rows[position].clone(), problem });
                    }
                }
                Err(error) => return Err(error),
            }
        }
        let is_refused = |row: &&BadRow| matches!(row.problem, Problem::NotUnique | Problem::Refused(_));
        batch.missed = count - batch.written - batch.bad.iter().filter(is_refused).count();
        Ok(())
    }
}

/// Whether a statement may have failed for what is written into one row: that it is too long, or against a
/// constraint.
fn may_be_one_row(
    kind: DatabaseErrorKind,
    information: &(dyn DatabaseErrorInformation + Send + Sync),
) -> bool {
    match kind {
        DatabaseErrorKind::UniqueViolation
        | DatabaseErrorKind::CheckViolation
        | DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::NotNullViolation => true,
        _ => says(information, &["too long", "incorrect string value"]),
    }
}

/// Whether the database has ended a transaction that may as well be begun anew.
fn is_transient(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(_, information) => {
            says(&**information, &["deadlock", "lock wait timeout", "database is locked"])
        }
        _ => false,
    }
}

/// Diesel knows few kinds of errors, so for others there is what the database says.
fn says(information: &(dyn DatabaseErrorInformation + Send + Sync), words: &[&str]) -> bool {
    let message = information.message().to_lowercase();
    words.iter().any(|word| message.contains(word))
}

/// The values of each column, as they are bound.
fn values(columns: &[StoredColumn], values: Vec<Vec<Bytes>>, as_bytes: bool) -> Vec<Values> {
    let columns = columns.iter().zip(values);
    columns.map(|(column, values)| Values::new(column.bound_as(as_bytes), values.into_iter())).collect()
}
