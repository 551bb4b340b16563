//! `encrypted-diesel decrypt`: back to plaintext, for those who say so.

use clap::Args;

use super::Error;
use super::exit::Exit;
use super::walks::{self, Verb};

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    walks: walks::Options,

    /// Say that the values are to be plaintext in the database, its logs and its backups
    #[arg(long)]
    confirm_plaintext: bool,
}

pub(super) fn run(options: Options) -> Result<Exit, Error> {
    if options.walks.target.columns.is_empty() {
        return Err(Error::DecryptAll);
    }
    if !options.confirm_plaintext && !options.walks.walk.dry_run {
        return Err(Error::Unconfirmed);
    }
    walks::run(Verb::Decrypt, options.walks)
}
