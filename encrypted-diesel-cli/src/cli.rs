//! What the command line says, and which module does it: one subcommand, one module.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{decrypt, draft, keygen, schema_patch, status};
use crate::exit::{self, Exit};
use crate::output;
use crate::walk::{self, Verb};

/// The command-line companion of the crate encrypted-diesel
#[derive(Parser)]
#[command(name = "encrypted-diesel", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Keygen(keygen::Options),
    Draft(draft::Options),

    #[command(after_long_help = exit::HELP)]
    Status(status::Options),

    /// Encrypt the plaintext that is there, and write its blind indexes
    ///
    /// What is an envelope already is left as it is. Where a column is declared with `from`, the plaintext of
    /// that column is encrypted into it, in the rows in which it is NULL.
    #[command(after_long_help = exit::HELP)]
    Encrypt(walk::Options),

    /// Encrypt anew what is not under the first key, or not in the present context
    #[command(after_long_help = exit::HELP)]
    Rotate(walk::Options),

    /// Write the blind indexes that are not what would be written today
    #[command(after_long_help = exit::HELP)]
    Reindex(walk::Options),

    /// Make sure that all values open, and that all blind indexes are those of their values
    ///
    /// Names rows by their primary keys, and shows no values.
    #[command(after_long_help = exit::HELP)]
    Verify(walk::Options),

    /// Write plaintext in the place of what is encrypted
    ///
    /// Blind indexes are left as they are, and still show which values are equal: set them to NULL, or drop
    /// their columns.
    #[command(after_long_help = exit::HELP)]
    Decrypt(decrypt::Options),

    SchemaPatch(schema_patch::Options),
}

/// Does what the command line says. The exit statuses are those that `--help` lists.
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Keygen(options) => keygen::run(options).map(|()| Exit::Done),
        Command::Draft(options) => draft::run(options).map(|()| Exit::Done),
        Command::Status(options) => status::run(options),
        Command::Encrypt(options) => walk::run(Verb::Encrypt, options),
        Command::Rotate(options) => walk::run(Verb::Rotate, options),
        Command::Reindex(options) => walk::run(Verb::Reindex, options),
        Command::Verify(options) => walk::run(Verb::Verify, options),
        Command::Decrypt(options) => decrypt::run(options),
        Command::SchemaPatch(options) => schema_patch::run(options).map(|()| Exit::Done),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::say(format_args!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
