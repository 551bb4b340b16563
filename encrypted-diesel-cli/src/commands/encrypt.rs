//! `encrypted-diesel encrypt`: plaintext that an application has written becomes ciphertext.

use clap::Args;

use crate::error::Error;
use crate::exit::{self, Exit};
use crate::walk::{self, Verb};

/// Encrypt plaintext values and write their blind indexes
///
/// Values that are already encrypted stay as they are. For a column declared with `from`, the command reads the
/// plaintext from that other column and fills the rows where this one is NULL.
#[derive(Args)]
#[command(after_long_help = exit::HELP)]
pub(crate) struct Options {
    #[command(flatten)]
    walk: walk::Options,
}

/// Walks through the columns.
pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    walk::run(Verb::Encrypt, options.walk)
}
