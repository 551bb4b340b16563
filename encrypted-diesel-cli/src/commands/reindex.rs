//! `encrypted-diesel reindex`: blind indexes follow a new index key, context or normalizer.

use clap::Args;

use crate::error::Error;
use crate::exit::{self, Exit};
use crate::target::COLUMNS_AND_INDEXES;
use crate::walk::{self, Verb};

/// Rebuild outdated blind indexes
#[derive(Args)]
#[command(after_long_help = exit::HELP, mut_arg("columns", |columns| columns.help(COLUMNS_AND_INDEXES)))]
pub(crate) struct Options {
    #[command(flatten)]
    walk: walk::Options,
}

/// Walks through the columns.
pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    walk::run(Verb::Reindex, options.walk, false)
}
