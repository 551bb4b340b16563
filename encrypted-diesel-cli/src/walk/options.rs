use clap::Args;
use encrypted_diesel::maintenance::{Dialect, Walk};

use super::interrupt;

/// How to walk.
#[derive(Args)]
#[group(skip)] // flattened into others
pub(crate) struct Options {
    /// Read, process and write this many rows at a time
    #[arg(long, value_name = "ROWS", default_value = "5000", value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,

    /// Divide the work among this many workers, each with its own connection
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
