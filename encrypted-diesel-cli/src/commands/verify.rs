//! `encrypted-diesel verify`: a check that reads everything and writes nothing.

use clap::Args;

use crate::error::Error;
use crate::exit::{self, Exit};
use crate::target::COLUMNS_AND_INDEXES;
use crate::walk::{self, Verb};

/// Check that every value decrypts and every index matches
///
/// Reports rows by primary key and never shows a value.
#[derive(Args)]
#[command(
    after_long_help = exit::HELP,
    mut_arg("columns", |columns| columns.help(COLUMNS_AND_INDEXES)),
    mut_arg("dry_run", |dry_run| dry_run.hide(true)) // it writes nothing
)]
pub(crate) struct Options {
    #[command(flatten)]
    walk: walk::Options,
}

/// Walks through the columns.
pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    walk::run(Verb::Verify, options.walk, false)
}
