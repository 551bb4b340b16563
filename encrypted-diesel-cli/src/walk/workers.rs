//! One walk through a table, by one worker or several.

use std::sync::{Mutex, PoisonError};
use std::thread;

use clap::Args;
use diesel::result::{Error as DieselError, QueryResult};
use encrypted_diesel::maintenance::{BadRow, Batch, Cursor, Step};

use super::interrupt;
use super::pace::Pace;
use super::progress::Progress;

/// How a walk goes.
#[derive(Args)]
#[group(skip)] // flattened into others
pub(crate) struct Options {
    /// How many rows are read, worked on and written at a time
    #[arg(long, value_name = "ROWS", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,

    /// How many workers share a walk, each with a connection of its own
    ///
    /// With two, one encrypts while the database writes for the other.
    #[arg(long, value_name = "N", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) jobs: u32,

    /// Pass over rows that other processes or transactions are at, and come back to them in the end
    ///
    /// So several processes share a table, on PostgreSQL and MySQL. It takes a lock on each row as it is read.
    #[arg(long)]
    share: bool,

    /// How many rows a second are worked on at most, to spare a live server [default: as many as it goes]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,

    /// Write nothing, and say what would be written
    ///
    /// What the database would not take is not foreseen: a value that is there already where an index is unique,
    /// or that is longer than its column.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What a walk has come to.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Rows that were written, or would be.
    pub(crate) written: u64,
    /// Rows that were read in the last pass.
    pub(crate) read: u64,
    /// Rows that others have changed whenever they were about to be written.
    pub(crate) missed: u64,
    /// Rows that were left as they are.
    pub(crate) left: u64,
    /// The first of these.
    pub(crate) bad: Vec<BadRow>,
    /// Values that `encrypt` has left without a word, such as those that begin like an envelope and are none.
    pub(crate) not_encrypted: u64,
    pub(crate) interrupted: bool,
    /// Why it did not come to its end.
    pub(crate) failed: Option<DieselError>,
}

/// At most so many rows are kept to be reported, whatever the size of the table.
const KEPT: usize = 1_000;

/// At most so many times a table is walked through to find the rows that others have kept.
const PASSES: u32 = 10;

/// Batches that the database ends for others' sake are begun anew so many times.
const RETRIES: u32 = 5;

/// Walks through a table until no row is left that was passed over because others had it.
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
        // Rows that other processes work on are passed over at first, and waited for in the end.
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

/// A worker that panicked has left what it wrote as a whole.
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
