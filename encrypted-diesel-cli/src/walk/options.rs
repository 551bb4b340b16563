use clap::Args;
use encrypted_diesel::maintenance::{Dialect, Walk};

use super::interrupt;

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

impl Options {
    /// The walk, with these options.
    pub(super) fn apply<DB: Dialect>(&self, walk: Walk<DB>) -> Walk<DB> {
        let Self { batch, jobs: _, share, rate, dry_run } = self;
        let mut walk =
            walk.batch_size(usize::try_from(*batch).unwrap_or(usize::MAX)).stop_when(interrupt::is_asked);
        if *share {
            walk = walk.share();
        }
        if let Some(rate) = rate {
            walk = walk.rate(*rate);
        }
        if *dry_run { walk.dry_run() } else { walk }
    }
}
