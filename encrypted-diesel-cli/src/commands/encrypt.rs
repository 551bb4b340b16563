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

    /// Encrypt values as they are, even if another program seems to have encrypted or hashed them
    ///
    /// They become the plaintext of this crate's envelopes, so an application reads the other program's ciphertexts.
    #[arg(long)]
    confirm_foreign: bool,
}

/// Walks through the columns.
pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    walk::run(Verb::Encrypt, options.walk, options.confirm_foreign)
}
