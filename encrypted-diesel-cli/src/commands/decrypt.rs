//! `encrypted-diesel decrypt`: back to plaintext, on an explicit request only.

use clap::Args;

use crate::error::Error;
use crate::exit::{self, Exit};
use crate::walk::{self, Verb};

/// Decrypt values in place
///
/// First drop a CHECK that keeps plaintext out, or nothing is decrypted. Blind indexes stay, and still show which values are
/// equal: set them to NULL, or drop their columns. For a column declared with `from`, set the column to NULL instead.
#[derive(Args)]
#[command(after_long_help = exit::HELP, mut_arg("columns", |columns| columns.help(COLUMNS)),
    override_usage = "encrypted-diesel decrypt [OPTIONS] --confirm-plaintext <COLUMN>..."
)]
pub(crate) struct Options {
    #[command(flatten)]
    walk: walk::Options,

    /// Confirm that the values will be plaintext in the database, its logs and its backups
    #[arg(long)]
    confirm_plaintext: bool,
}

const COLUMNS: &str = "Tables or columns, such as `users` or `users.email`: name at least one";

/// Walks through the columns, which must be named.
pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    if options.walk.names_no_column() {
        return Err(Error::DecryptAll);
    }
    if !options.confirm_plaintext && !options.walk.is_dry_run() {
        return Err(Error::Unconfirmed);
    }
    walk::run(Verb::Decrypt, options.walk, false)
}
