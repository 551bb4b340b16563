//! `encrypted-diesel key`: the keys of the lists, whether in the clear or wrapped by services.

mod check;
mod rewrap;

use clap::{Args, Subcommand};

use crate::error::Error;
use crate::exit::Exit;

/// Check the lists of keys, and rewrap keys
#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Options),
    Rewrap(rewrap::Options),
}

pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    match options.command {
        Command::Check(options) => check::run(&options),
        Command::Rewrap(options) => rewrap::run(options).map(|()| Exit::Done),
    }
}
