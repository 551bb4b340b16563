//! One walk through a table, shared by one or more workers.

use std::sync::{Mutex, PoisonError};
use std::thread;

use clap::Args;
use diesel::result::{Error as DieselError, QueryResult};
use encrypted_diesel::maintenance::{BadRow, Batch, Cursor, Step};

use super::interrupt;
use super::pace::Pace;
use super::progress::Progress;

/// How to walk.
#[derive(Args)]
#[group(skip)] // flattened into others
pub(crate) struct Options {
    /// Read, process and write this many rows at a time
    #[arg(long, value_name = "ROWS", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,

    /// Share a walk among this many workers, each with its own connection
    ///
    /// With two, one encrypts while the database writes for the other.
    #[arg(long, value_name = "N", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) jobs: u32,

    /// Skip rows that other processes or transactions have locked, and return to them at the end
    ///
    /// On PostgreSQL and MySQL, several processes can share a table this way. Each row is locked as it is read.
    #[arg(long)]
    share: bool,

    /// Process at most this many rows a second, to spare a live server [default: no limit]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,

    /// Write nothing, and count the rows that would be written
    ///
    /// A dry run cannot foresee what the database would refuse: a duplicate in a unique index, or a value that is too
    /// long for its column.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The result of a walk.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Rows that were written, or would be.
    pub(crate) written: u64,
    /// Rows that were read in the last pass.
    pub(crate) read: u64,
    /// Rows that changed each time they were about to be written.
    pub(crate) missed: u64,
    /// Rows that were left unchanged because of a problem.
    pub(crate) left: u64,
    /// The first of these rows.
    pub(crate) bad: Vec<BadRow>,
    /// Values that `encrypt` does not report but leaves unencrypted, such as those that only start like an envelope.
    pub(crate) not_encrypted: u64,
    pub(crate) interrupted: bool,
    /// Why the walk did not finish.
    pub(crate) failed: Option<DieselError>,
}

/// How many bad rows to keep for the report, whatever the size of the table.
const KEPT: usize = 1_000;

/// How many times to walk through a table for the rows that others held.
const PASSES: u32 = 10;

/// How many times to retry a batch that the database ends in favor of another transaction.
const RETRIES: u32 = 5;

/// Walks through a table until no row remains that was skipped because others held it.
pub(crate) fn walk<C: Send>(
    connections: &mut [C],
    options: &Options,
    writes: bool,
    progress: &Progress,
    step: impl Fn(&mut C, &Step<'_>) -> QueryResult<Batch> + Sync,
) -> Walked {
    let pace = Pace::new(options.rate);
    let mut walked = Walked::default();
    for pass in 0..PASSES {
        // Skip rows that other processes hold at first, and wait for them at the end.
        let exclusive = writes && options.share && pass == 0;
        let cursor = Cursor::default();
        let limit = pace.limit(options.batch.try_into().unwrap_or(usize::MAX));
        let template = Step { cursor: &cursor, limit, exclusive, dry_run: options.dry_run, retries: RETRIES };
        let before = walked.written;
        walked = Walked { written: before, ..Walked::default() };
        one_pass(connections, &template, &pace, progress, &step, &mut walked);
        if walked.interrupted || walked.failed.is_some() || (walked.missed == 0 && !exclusive) {
            break;
        }
    }
    walked
}

fn one_pass<C: Send>(
    connections: &mut [C],
    template: &Step<'_>,
    pace: &Pace,
    progress: &Progress,
    step: &(impl Fn(&mut C, &Step<'_>) -> QueryResult<Batch> + Sync),
    walked: &mut Walked,
) {
    let walked = Mutex::new(walked);
    let work = |connection: &mut C| {
        while !template.cursor.is_at_end() && lock(&walked).failed.is_none() {
            pace.wait(template.limit);
            if interrupt::is_asked() {
                lock(&walked).interrupted = true;
                return;
            }
            match step(connection, template) {
                Ok(batch) => {
                    progress.add(batch.read);
                    lock(&walked).add(batch);
                }
                Err(error) => {
                    lock(&walked).failed.get_or_insert(error);
                }
            }
        }
    };
    let work = &work;
    match connections {
        [connection] => work(connection),
        connections => thread::scope(|scope| {
            for connection in connections {
                scope.spawn(move || work(connection));
            }
        }),
    }
}

/// A worker that panicked leaves the counts whole, so a poisoned lock is fine.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Walked {
    fn add(&mut self, batch: Batch) {
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        self.read += count(batch.read);
        self.written += count(batch.written);
        self.missed += count(batch.missed);
        self.left += count(batch.bad.len());
        let room = KEPT.saturating_sub(self.bad.len());
        self.bad.extend(batch.bad.into_iter().take(room));
    }
}
