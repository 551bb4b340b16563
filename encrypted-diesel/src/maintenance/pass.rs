use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::backend::Backend;
use diesel::result::{Error as DieselError, QueryResult};

use super::batch::Batch;
use super::cursor::Cursor;
use super::failure::is_transient;
use super::pace::Pace;
use super::run_batch::{Settings, run_batch};
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::table::Table;
use super::task::Task;
use super::walked::Walked;

/// One pass through a table, for all workers that share it.
pub(super) struct Pass<'a, DB: Backend, F> {
    pub(super) table: &'a Arc<Table<DB>>,
    pub(super) task: &'a dyn Task,
    pub(super) is_stopped: &'a (dyn Fn() -> bool + Send + Sync),
    pub(super) settings: Settings,
    /// Which pass it is, from 0.
    pub(super) number: u32,
    pub(super) cursor: Cursor,
    /// How many rows it reads at most, since a trigger may add rows for those that are written.
    pub(super) most: u64,
    pub(super) pace: &'a Pace,
    pub(super) progress: Mutex<Progress<F>>,
}

pub(super) struct Progress<F> {
    pub(super) on_batch: F,
    pub(super) walked: Walked,
    /// The first error of any worker. It ends the pass for all.
    pub(super) failed: Option<DieselError>,
}

impl<DB: Dialect, F: FnMut(&Batch)> Pass<'_, DB, F> {
    /// Runs batches until the end of the table.
    pub(super) fn work<Conn>(&self, connection: &mut Conn)
    where
        Conn: WalkConnection<Backend = DB>,
    {
        while !self.is_over() {
            self.pace.wait(self.settings.limit, || self.is_over() || (self.is_stopped)());
            if self.is_over() {
                return;
            }
            if (self.is_stopped)() {
                self.progress().walked.stopped = true;
                return;
            }
            let Self { table, task, cursor, settings, is_stopped, .. } = self;
            let mut batch = Batch::default();
            let done = run_batch(table, *task, connection, cursor, settings, is_stopped, &mut batch);
            batch.pass = self.number;
            let mut progress = self.progress();
            if batch.written > 0 || matches!(done, Ok(true)) {
                progress.walked.add(&batch);
                (progress.on_batch)(&batch);
            }
            match done {
                Ok(true) => {}
                Ok(false) => return,
                // It would have been retried, so the next walk does it.
                Err(error) if is_transient::<DB>(&error) && (self.is_stopped)() => {
                    progress.walked.stopped = true;
                }
                Err(error) => {
                    progress.failed.get_or_insert(error);
                }
            }
        }
    }

    /// Whether no batch is left, or none should begin because a worker has failed or its callback has panicked.
    fn is_over(&self) -> bool {
        let is_over = |progress: &Progress<F>| progress.failed.is_some() || progress.walked.read >= self.most;
        self.cursor.is_at_end() || self.progress.is_poisoned() || is_over(&self.progress())
    }

    /// Returns the callback and the counts, once all workers are done.
    pub(super) fn end(self) -> QueryResult<(F, Walked)> {
        let Progress { on_batch, walked, failed } =
            self.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        failed.map_or(Ok((on_batch, walked)), Err)
    }

    /// The counts are consistent even if a worker panicked, so poisoning can be ignored.
    fn progress(&self) -> MutexGuard<'_, Progress<F>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
