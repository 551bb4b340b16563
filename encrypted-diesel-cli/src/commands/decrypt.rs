//! `encrypted-diesel decrypt`: back to plaintext, for those who say so.

use clap::Args;

use crate::error::Error;
use crate::exit::Exit;
use crate::walk::{self, Verb};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    walks: walk::Options,

    /// Say that the values are to be plaintext in the database, its logs and its backups
    #[arg(long)]
    confirm_plaintext: bool,
}

pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    if options.walks.target.columns.is_empty() {
        return Err(Error::DecryptAll);
    }
    if !options.confirm_plaintext && !options.walks.walk.dry_run {
        return Err(Error::Unconfirmed);
    }
    walk::run(Verb::Decrypt, options.walks)
}
