//! What the command line says, and which module does it: one subcommand, one module.

mod database_url;
mod diesel_toml;
mod diesel_tool;
mod env_file;
mod error;
mod keygen;
mod schema_patch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::error::Error;

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
    SchemaPatch(schema_patch::Options),
}

/// Does what the command line says. Exits with 0, with 1 after an error, with 2 if the command line
/// is wrong.
pub(crate) fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Keygen(options) => keygen::run(options),
        Command::SchemaPatch(options) => schema_patch::run(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
