//! `encrypted-diesel rotate`: values move to the primary key.

use clap::Args;

use crate::error::Error;
use crate::exit::{self, Exit};
use crate::walk::{self, Verb};

/// Re-encrypt values not under the primary key or current context
#[derive(Args)]
#[command(after_long_help = exit::HELP)]
pub(crate) struct Options {
    #[command(flatten)]
    walk: walk::Options,
}

/// Walks through the columns.
pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    walk::run(Verb::Rotate, options.walk, false)
}
