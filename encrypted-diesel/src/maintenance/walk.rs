use std::fmt;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};
use std::thread;

use diesel::backend::Backend;
use diesel::result::{Error as DieselError, QueryResult};

use super::agreement::Agreement;
use super::batch::Batch;
use super::cursor::Cursor;
use super::keyless;
use super::pace::Pace;
use super::pass::{Pass, Progress};
use super::run_batch::{Settings, plan, query_error, run_batch};
use super::sql::changers::{CountChangers, ReadState};
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::row_key::RowKey;
use super::sql::table::Table;
use super::survey::refuse_unsafe;
use super::task::{Plan, Task};
use super::walked::Walked;
use crate::keyring::{Keyring, scope};

/// A walk through a table, one batch of rows at a time.
///
/// Made by [`EncryptedColumn`](super::EncryptedColumn) and [`BlindIndexes`](super::BlindIndexes). It can be run any
/// number of times: it keeps nothing between runs, since the rows themselves show what is left to do.
pub struct Walk<DB: Backend> {
    table: Arc<Table<DB>>,
    task: Arc<dyn Task>,
    settings: Settings,
    share: bool,
    rate: Option<u32>,
    is_stopped: Arc<dyn Fn() -> bool + Send + Sync>,
}

/// The maximum number of passes. Later passes return to rows that somebody else was changing.
const PASSES: u32 = 10;

impl<DB: Backend> Walk<DB> {
    pub(super) fn new(table: &Arc<Table<DB>>, task: impl Task + 'static) -> Self {
        Self {
            table: Arc::clone(table),
            task: Arc::new(task),
            settings: Settings::default(),
            share: false,
            rate: None,
            is_stopped: Arc::new(|| false),
        }
    }

    /// How many rows a batch reads, works on and writes. 1,000 by default, and at least 1.
    #[must_use]
    pub fn batch_size(mut self, rows: usize) -> Self {
        self.settings.limit = rows.clamp(1, isize::MAX.unsigned_abs());
        self
    }

    /// Writes nothing, and counts what would be written.
    ///
    /// It cannot foresee what the database would refuse: a duplicate in a unique index, or a value that is too long for
    /// its column.
    #[must_use]
    pub fn dry_run(mut self) -> Self {
        self.settings.dry_run = true;
        self
    }

    /// How many times to retry a batch that the database aborted in favor of another transaction: after a deadlock, a
    /// serialization failure, a lock timeout, or SQLite's "database is locked". 5 by default.
    ///
    /// Inside the caller's own transaction, nothing is retried, because that transaction is lost as well.
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Self {
        self.settings.retries = retries;
        self
    }

    /// Shares the table with other processes: skips rows that they are working on, and comes back to them at the
    /// end.
    ///
    /// On PostgreSQL and MySQL this locks each row as it is read (`SKIP LOCKED`, so MySQL 8 or MariaDB 10.6). SQLite
    /// has one writer at a time, and ignores it.
    ///
    /// Without it, several processes are safe as well, but do the same work twice.
    #[must_use]
    pub fn share(mut self) -> Self {
        self.share = true;
        self
    }

    /// Works on at most this many rows a second, at least 1, to spare a live server.
    #[must_use]
    pub fn rate(mut self, rows_per_second: u32) -> Self {
        self.rate = Some(rows_per_second.max(1));
        self
    }

    /// Stops before the next batch once `is_stopped` returns true. It is asked often, from every worker.
    #[must_use]
    pub fn stop_when(mut self, is_stopped: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.is_stopped = Arc::new(is_stopped);
        self
    }

    /// Walks the whole table, and calls `on_batch` after each batch.
    ///
    /// From its first batch to its last, it uses the keyring that was current when it began.
    ///
    /// Rows that somebody else changed meanwhile are left alone, and visited again in another pass: up to 10 passes
    /// in all. A batch that was retried makes another pass necessary as well, and so do rows that the database counts
    /// and the pass has not reached.
    ///
    /// # Errors
    ///
    /// Those of the database, [`Error::NotInitialized`](crate::Error::NotInitialized), and
    /// [`Error::NoIndexKey`](crate::Error::NoIndexKey) where blind indexes are involved. Batches before the failure
    /// stay written.
    pub fn run<Conn>(&self, connection: &mut Conn, on_batch: impl FnMut(&Batch)) -> QueryResult<Walked>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        let keyring = current()?;
        scope(&keyring, || {
            self.passes(std::slice::from_mut(connection), on_batch, |connections, pass| {
                connections.iter_mut().for_each(|connection| pass.work(connection));
            })
        })
    }

    /// The same with several connections, each with a worker on a thread of its own. With two, one encrypts while
    /// the database writes for the other.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run). It also fails if `connections` is empty.
    ///
    /// # Panics
    ///
    /// If `on_batch` panics, once the other workers have finished their batches.
    pub fn run_on<Conn>(
        &self,
        connections: &mut [Conn],
        on_batch: impl FnMut(&Batch) + Send,
    ) -> QueryResult<Walked>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB> + Send,
    {
        let keyring = &current()?;
        scope(keyring, || {
            self.passes(connections, on_batch, |connections, pass| {
                thread::scope(|threads| {
                    let work = |connection| scope(keyring, || pass.work(connection));
                    let workers: Vec<_> = connections
                        .iter_mut()
                        .map(|connection| threads.spawn(move || work(connection)))
                        .collect();
                    for worker in workers {
                        worker.join().unwrap_or_else(|panic| resume_unwind(panic));
                    }
                });
            })
        })
    }

    /// Runs one batch: the rows after the row `after`, or the first rows of the table.
    ///
    /// For job queues: a job runs one batch, and puts [`Batch::last`] into the next job. `None` there ends the pass; start
    /// again from the first row if any batch has [`missed`](Batch::missed) rows. [`rate`](Self::rate),
    /// [`share`](Self::share) and [`stop_when`](Self::stop_when) are left to the queue.
    ///
    /// ```
    /// # use diesel::prelude::*;
    /// # use diesel::sqlite::Sqlite;
    /// use encrypted_diesel::maintenance::{RowKey, Walk};
    ///
    /// /// What a job does: `after` is what the job before it returned, or `None` for the first.
    /// fn job(
    ///     walk: &Walk<Sqlite>,
    ///     connection: &mut SqliteConnection,
    ///     after: Option<Vec<String>>,
    /// ) -> QueryResult<Option<Vec<String>>> {
    ///     let after: Option<RowKey> = after.map(RowKey::from_iter);
    ///     let batch = walk.batch(connection, after.as_ref())?;
    ///     Ok(batch.last.map(|last| last.values().map(str::to_owned).collect()))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub fn batch<Conn>(&self, connection: &mut Conn, after: Option<&RowKey>) -> QueryResult<Batch>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        scope(&current()?, || self.batch_after(connection, after))
    }

    fn batch_after<Conn>(&self, connection: &mut Conn, after: Option<&RowKey>) -> QueryResult<Batch>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        // Without locks, even if the walk shares: a skipped row would not be counted, and no pass would come back to it.
        let cursor = Cursor::after(after);
        let (table, plan, settings) = self.prepare(connection)?;
        let mut batch = Batch::default();
        run_batch(&table, &*self.task, connection, &cursor, &settings, &|| false, &mut batch)?;
        if batch.last.is_none() {
            keyless::report(connection, &table, &plan, self.settings.limit, |keyless| {
                batch.read += keyless.read;
                batch.bad.extend(keyless.bad);
            })?;
        }
        Ok(batch)
    }

    /// Finds the table, refuses it if rows would be missed or values could be lost, and asks what may change a value that
    /// is written into it.
    fn prepare<Conn>(&self, connection: &mut Conn) -> QueryResult<(Arc<Table<DB>>, Plan, Settings)>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        let mut table = connection.resolve(&self.table)?;
        refuse_unsafe(&self.table, &self.task.surveyed(), connection)?;
        let plan = plan(&*self.task)?;
        let asks = self.task.writes() && !self.task.writes_plaintext() && !self.settings.dry_run;
        if asks {
            // Before it is asked what may change a value, so that nothing comes in between.
            let state = connection.read_state(ReadState::new(&table)?)?;
            let mut found = Arc::unwrap_or_clone(table);
            found.state = state;
            table = Arc::new(found);
        }
        let may_change = !asks || connection.count_changers(CountChangers::new(&table, &plan.written)?)? > 0;
        let longest = if self.task.writes() { connection.longest_statement()? } else { None };
        Ok((table, plan, Settings { may_change, longest, ..self.settings }))
    }

    /// Whether rows are locked as they are read: a walk that writes nothing needs no locks.
    fn locks(&self) -> bool
    where
        DB: Dialect,
    {
        self.share && DB::LOCK.is_some() && self.task.writes() && !self.settings.dry_run
    }

    /// Walks the table until no rows are left that somebody else was changing. `work` runs the workers of one pass.
    fn passes<Conn, F: FnMut(&Batch)>(
        &self,
        connections: &mut [Conn],
        mut on_batch: F,
        mut work: impl FnMut(&mut [Conn], &Pass<'_, DB, F>),
    ) -> QueryResult<Walked>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        let Some(first) = connections.first_mut() else {
            return Err(DieselError::QueryBuilderError("a walk needs a connection".into()));
        };
        let (table, plan, settings) = self.prepare(first)?;
        let writes = self.task.writes() && !self.settings.dry_run;
        let agreement = Agreement::begin(first, &table, &plan, writes, settings.may_change)?;
        let pace = Pace::new(self.rate);
        let limit = pace.limit(self.settings.limit);
        let mut walked = Walked::default();
        for number in 0..PASSES {
            // Rows that others are working on are skipped at first, and waited for at the end.
            let lock = self.locks() && number == 0;
            let pass = Pass {
                table: &table,
                task: &*self.task,
                is_stopped: &*self.is_stopped,
                settings: Settings { limit, lock, ..settings },
                number,
                cursor: Cursor::default(),
                most: agreement.most(),
                pace: &pace,
                progress: Mutex::new(Progress { on_batch, walked, failed: None }),
            };
            work(connections, &pass);
            (on_batch, walked) = pass.end()?;
            if walked.stopped {
                return Ok(walked);
            }
            walked.unreached = agreement.unreached(&mut connections[0], &walked)?;
            let is_once_more = walked.unreached > 0 && !(agreement.is_of_all() && number > 0);
            if walked.missed == 0 && !walked.retried && !lock && !is_once_more {
                break;
            }
        }
        // Rows may have been hidden meanwhile.
        refuse_unsafe(&self.table, &self.task.surveyed(), &mut connections[0])?;
        // Rows without a key come at the end.
        keyless::report(&mut connections[0], &table, &plan, self.settings.limit, |batch| {
            let batch = Batch { pass: walked.pass, ..batch };
            walked.add(&batch);
            on_batch(&batch);
        })?;
        Ok(walked)
    }
}

/// The keyring of the whole walk.
fn current() -> QueryResult<Arc<Keyring>> {
    Keyring::current().map_err(query_error)
}

impl<DB: Backend> Clone for Walk<DB> {
    fn clone(&self) -> Self {
        let Self { table, task, settings, share, rate, is_stopped } = self;
        Self {
            table: Arc::clone(table),
            task: Arc::clone(task),
            settings: *settings,
            share: *share,
            rate: *rate,
            is_stopped: Arc::clone(is_stopped),
        }
    }
}

impl<DB: Backend> fmt::Debug for Walk<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table: _, task: _, settings, share, rate, is_stopped: _ } = self;
        f.debug_struct("Walk")
            .field("settings", settings)
            .field("share", share)
            .field("rate", rate)
            .finish_non_exhaustive()
    }
}
